"""Where the dynamic loader finds a library (ld.so(8); musl's dynamic linker)."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from jettison.closure import elf
from jettison.closure.elf import Elf
from jettison.closure.model import Edge, Evidence
from jettison.filetree import FileEntry, FileTree, Kind

_DEFAULT = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_PLATFORMS = {62: "x86_64", 183: "aarch64", 3: "i686", 40: "armv7l"}
_CONF_LIMIT = 1 << 16
_UNWINDS = re.compile(rb"\0pthread_(?:cancel|exit)\0")


class Loader:
    """Closer: the interpreter and the libraries of ELF files, found as the loader of the image finds them."""

    name = "elf"

    def __init__(self, tree: FileTree, library_path: Iterable[str] = ()) -> None:
        self._tree = tree
        self._library_path = tuple(path for path in library_path if path)
        self._known: dict[str, Elf | None] = {}
        #: DT_RPATH of what was seen: it is inherited by whatever is loaded later.
        self._inherited: dict[str, None] = {}

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        found = self.elf(entry) if elf.may_be_elf(entry) else None
        if found is None:
            return
        evidence = Evidence("elf", entry.path)
        if found.interpreter:
            yield Edge(found.interpreter, evidence)
        needed = list(found.needed)
        if _UNWINDS.search(found.strings) and not found.soname.startswith(("libc.", "libpthread.")):
            needed.append("libgcc_s.so.1")  # glibc loads it to unwind a cancelled thread
        for name in needed:
            for path in self.find(name, found, entry):
                yield Edge(path, evidence)

    def elf(self, entry: FileEntry) -> Elf | None:
        """The file's dynamic linking information, read once."""
        if entry.path not in self._known:
            self._known[entry.path] = elf.read(self._tree, entry)
        return self._known[entry.path]

    def find(self, name: str, loader: Elf, entry: FileEntry) -> list[str]:
        """The paths of a library that ``entry`` asks for: the first one that fits, and its hwcaps variants."""
        if "/" in name:
            path = self._expanded(name, loader, entry)
            return [path] if path.startswith("/") and self._fits(path, loader) else []
        for directory in self._search(loader, entry):
            variants = [f"{directory}/{sub}{name}" for sub in self._hwcaps(directory)]
            found = [path for path in variants if self._fits(path, loader)]
            if found:
                return found
        return []

    def _search(self, loader: Elf, entry: FileEntry) -> Iterator[str]:
        own = [self._expanded(path, loader, entry) for path in (loader.rpath if not loader.runpath else ())]
        self._inherited.update(dict.fromkeys(own))
        yield from own
        yield from self._library_path
        yield from (self._expanded(path, loader, entry) for path in loader.runpath)
        yield from self.directories
        yield from self._inherited

    def _expanded(self, path: str, loader: Elf, entry: FileEntry) -> str:
        wide = loader.target[0] == 2
        values = {"ORIGIN": entry.parent, "LIB": "lib64" if wide else "lib",
                  "PLATFORM": _PLATFORMS.get(loader.target[2], "")}  # fmt: skip
        for key, value in values.items():
            path = path.replace(f"${{{key}}}", value).replace(f"${key}", value)
        return path

    def _fits(self, path: str, loader: Elf) -> bool:
        entry = self._tree.resolve(path)
        if entry is None or entry.kind is not Kind.FILE:
            return False
        found = self.elf(entry)
        return found is not None and found.target == loader.target

    def _hwcaps(self, directory: str) -> list[str]:
        end, _ = self._tree.walk(f"{directory}/glibc-hwcaps")
        return ["", *(f"glibc-hwcaps/{path.rpartition('/')[2]}/" for path in self._tree.children(end or ""))]

    @cached_property
    def directories(self) -> tuple[str, ...]:
        """The directories that need no naming: ld.so.conf's, the architecture's, the defaults; musl's path."""
        found = dict.fromkeys(self._conf("/etc/ld.so.conf", 0))
        for base in ("/lib", "/usr/lib"):
            end, _ = self._tree.walk(base)
            if end:
                multiarch = [p for p in self._tree.children(end) if fnmatch.fnmatch(p, "*/*-linux-gnu*")]
                found |= dict.fromkeys(f"{base}/{path.rpartition('/')[2]}" for path in multiarch)
        found |= dict.fromkeys(_DEFAULT)
        for path in self._tree.children("/etc"):
            if fnmatch.fnmatch(path, "/etc/ld-musl-*.path"):
                text = self._tree.read(self._tree[path], _CONF_LIMIT).decode("utf-8", "replace")
                found |= dict.fromkeys(text.replace("\n", ":").split(":"))
        found |= dict.fromkeys(("/usr/local/lib",))
        return tuple(path for path in found if path.startswith("/"))

    def _conf(self, path: str, depth: int) -> Iterator[str]:
        entry = self._tree.resolve(path)
        if entry is None or entry.kind is not Kind.FILE or depth > 8:
            return
        for line in self._tree.read(entry, _CONF_LIMIT).decode("utf-8", "replace").splitlines():
            words = line.partition("#")[0].split()
            if len(words) > 1 and words[0] == "include":
                for pattern in words[1:]:
                    yield from self._included(pattern, entry.parent, depth)
            elif words and words[0].startswith("/"):
                yield words[0].rstrip("/")

    def _included(self, pattern: str, directory: str, depth: int) -> Iterator[str]:
        full = pattern if pattern.startswith("/") else f"{directory}/{pattern}"
        parent = full.rpartition("/")[0]
        for path in self._tree.children(self._tree.walk(parent)[0] or ""):
            if fnmatch.fnmatchcase(f"{parent}/{path.rpartition('/')[2]}", full):
                yield from self._conf(path, depth + 1)
