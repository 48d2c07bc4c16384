"""What the image has, by the names that programs use: commands on PATH, libraries by soname, time zones, locales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from jettison.filetree import FileTree, Kind

PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_ZONES = "/usr/share/zoneinfo"
_ZONE_VARIANTS = ("posix", "right")


class Names:
    """Indexes of one tree, each made when it is first asked for."""

    def __init__(self, tree: FileTree, search: Iterable[str] = ()) -> None:
        self._tree = tree
        self._search = tuple(dict.fromkeys((*(path for path in search if path.startswith("/")), *PATH)))

    @cached_property
    def commands(self) -> Mapping[str, str]:
        """Command -> the path at which PATH finds it."""
        found: dict[str, str] = {}
        for directory in self._search:
            end, _ = self._tree.walk(directory)
            for path in self._tree.children(end or ""):
                name = path.rpartition("/")[2]
                if name not in found:
                    entry = self._tree.resolve(path)
                    if entry is not None and entry.is_executable:
                        found[name] = f"{directory}/{name}"
        return found

    def command(self, word: str) -> str | None:
        """The path of a command."""
        return self.commands.get(word)

    @cached_property
    def libraries(self) -> Mapping[str, tuple[str, ...]]:
        """File name of a shared library -> its paths."""
        found: dict[str, list[str]] = {}
        for path, entry in self._tree.items():
            name = path.rpartition("/")[2]
            if ".so" in name and entry.kind in (Kind.FILE, Kind.SYMLINK):
                found.setdefault(name, []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def zones(self) -> Mapping[str, str]:
        """``America/New_York`` -> its file."""
        found = {}
        for path in self._tree.below(_ZONES):
            name = path[len(_ZONES) + 1 :]
            if name and self._tree[path].kind is not Kind.DIRECTORY and name.partition("/")[0] not in _ZONE_VARIANTS:
                found[name] = path
        return found
