"""Take symbols and debug sections from ELF files.

``strip`` (binutils) reads files that may be hostile, so it runs on a copy, as nobody, within limits of time, memory
and output. A file that it refuses, or that carries data of its own behind the ELF sections (a self-extracting
program), stays as it is. Results are remembered in the store by the content's digest.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from elftools.elf.elffile import ELFFile

from jettison.errors import PrivilegeRequired
from jettison.filetree import FileEntry, FileTree
from jettison.oci.digest import Digest
from jettison.oci.layout import Store

_SECONDS = 60
_MEMORY = 2 << 30
_NOBODY = 65534
_EXECUTABLE_TYPES = (2, 3)  # ET_EXEC, ET_DYN (elf(5)); relocatable objects lose what they are for
_KIND = "strip"
#: Bytes of padding behind the last section that are no data.
_PADDING = 64


@dataclass(frozen=True, slots=True)
class Stripped:
    """The tree with stripped files in the place of the originals, and a line for each that could not be stripped."""

    tree: FileTree
    caveats: tuple[str, ...]


def strip_files(store: Store, tree: FileTree) -> Stripped:
    """Strip every ELF program and library of ``tree``. Raises ``PrivilegeRequired`` where ``strip`` is missing."""
    tool = shutil.which("strip")
    if tool is None or shutil.which("prlimit") is None:
        raise PrivilegeRequired(
            "cannot strip: the commands strip and prlimit are needed; install binutils and util-linux"
        )
    groups = _elf_files(tree)
    entries, caveats = dict(tree), []
    with store.scratch("strip") as scratch, ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        origins = (tree.open_path(tree[names[0]]) for names in groups)
        results = pool.map(lambda origin: _stripped(store, origin, tool, scratch), origins)
        for names, result in zip(groups, results, strict=True):
            if isinstance(result, str):
                caveats += [f"{names[0]} was not stripped: {result}"] if result else []
                continue
            size = result.stat().st_size
            entries |= {name: replace(entries[name], origin=str(result), size=size) for name in names}
    return Stripped(FileTree(entries), tuple(caveats))


def _elf_files(tree: FileTree) -> list[list[str]]:
    """ELF programs and libraries, the names of one hard-linked file together."""
    groups: dict[object, list[str]] = {}
    for path, entry in sorted(tree.items()):
        if _may_be_elf(entry) and _elf_type(tree.read(entry, 20)) in _EXECUTABLE_TYPES:
            groups.setdefault(entry.inode or path, []).append(path)
    return list(groups.values())


def _may_be_elf(entry: FileEntry) -> bool:
    return (
        entry.size > 64 and bool(entry.origin) and (entry.is_executable or ".so" in entry.name or ".node" in entry.name)
    )


def _elf_type(head: bytes) -> int:
    if head[:4] != b"\x7fELF" or len(head) < 18:
        return 0
    return int(struct.unpack_from("<H" if head[5] == 1 else ">H", head, 16)[0])


def _stripped(store: Store, origin: str, tool: str, scratch: Path) -> Path | str:
    """The file that holds the stripped content, or why there is none (``""`` where nothing was to be stripped)."""
    with open(origin, "rb") as file:
        key = hashlib.file_digest(file, "sha256").hexdigest()
    known = store.record(_KIND, key) or {}
    if "refused" in known:
        return str(known["refused"])
    if "digest" in known and store.has(Digest.parse(known["digest"])):
        return store.blob_path(Digest.parse(known["digest"]))
    with tempfile.TemporaryDirectory(dir=scratch) as work:
        refused = _trailing_data(origin) or _run(tool, origin, Path(work))
        if refused is None:
            digest = _keep(store, Path(work) / "out")
    if refused is not None:
        store.put_record(_KIND, key, {"refused": refused})
        return refused
    store.put_record(_KIND, key, {"digest": str(digest)})
    return store.blob_path(digest)


def _keep(store: Store, file: Path) -> Digest:
    with store.blob_writer() as writer, open(file, "rb") as source:
        while block := source.read(1 << 20):
            writer.write(block)
        return writer.commit().digest


def _run(tool: str, origin: str, work: Path) -> str | None:
    """Strip a copy of ``origin`` into ``work/out``; gives why that failed, ``""`` where nothing was to strip."""
    size = os.path.getsize(origin)
    shutil.copyfile(origin, work / "in")
    if os.geteuid() == 0:
        os.chown(work, _NOBODY, _NOBODY)
        os.chmod(work / "in", 0o444)
    try:
        done = _confined([tool, "--strip-all", "-o", "out", "in"], work, size)
    except subprocess.TimeoutExpired:
        return f"strip took more than {_SECONDS} s"
    out = work / "out"
    if done.returncode != 0 or out.is_symlink() or not out.is_file():
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return (lines[-1].rpartition(": ")[2] if lines else f"strip ended with {done.returncode}")[:200]
    return None if out.stat().st_size < size else ""


def _confined(command: list[str], work: Path, size: int) -> subprocess.CompletedProcess[bytes]:
    """Run ``command`` in ``work`` as nobody (where root may), within limits; its output is at most twice ``size``.

    Files are named relative to ``work``: the directories above it may be closed to nobody.
    """
    limits = [f"--cpu={_SECONDS}", f"--as={_MEMORY}", f"--fsize={size * 2 + 4096}", "--core=0"]
    nobody = {"user": _NOBODY, "group": _NOBODY, "extra_groups": ()} if os.geteuid() == 0 else {}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        ["prlimit", *limits, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_SECONDS,
        cwd=work,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": ".", "LC_ALL": "C"},
        **nobody,
    )


def _trailing_data(path: str) -> str:
    """Why stripping would cut off data: the file goes on behind its ELF sections. ``""`` if it does not."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        try:
            end = max(_extents(ELFFile(file)))
        except Exception:  # pyelftools raises whatever its parser meets in a broken file
            return "its ELF headers are broken"
    return f"{size - end} bytes follow its ELF sections" if size > end + _PADDING else ""


def _extents(elf: ELFFile) -> Iterator[int]:
    yield elf["e_shoff"] + elf["e_shnum"] * elf["e_shentsize"]
    yield elf["e_phoff"] + elf["e_phnum"] * elf["e_phentsize"]
    yield from (s["sh_offset"] + s["sh_size"] for s in elf.iter_sections() if s["sh_type"] != "SHT_NOBITS")
    yield from (s["p_offset"] + s["p_filesz"] for s in elf.iter_segments())
