"""The string constants of a file: the whole of a text, and of an ELF file what its read-only and data sections hold.

Symbol names, debug information and code are no constants of the program: ``clear`` in a symbol table is a function.
"""

from __future__ import annotations

import re
import struct

_PRINTABLE = re.compile(rb"[\x20-\x7e\t]{3,}")
_SHF_ALLOC, _SHF_EXECUTE = 2, 4
_PROGBITS = 1
_GO = b"\xff Go buildinf:"
#: What a program imports to run another one, and the name of the function by which a Go program does.
_EXECUTES = re.compile(rb"\0(?:exec[lv]p?e?|execvpe|fexecve|posix_spawnp?|system|popen)(?:@|\0)")
_GO_EXECUTES = b"syscall.forkExec\0"
#: Rust and Go pack their strings without separators: only what delimits itself (a path, a soname) can be told.
#: Where the standard library was compiled: rust-lang.org's builds, and Debian's (``/usr/src/rustc-1.63.0/``).
_RUST = re.compile(rb"/rustc[/-]")


def of_elf(content: bytes) -> bytes:
    """The printable constants of an ELF file, one a line; of the whole file where it has no section headers."""
    sections = _data_sections(content)
    return b"\n".join(_PRINTABLE.findall(b"\0".join(sections) if sections else content))


def separated(content: bytes) -> bool:
    """Whether an ELF file's strings end with a NUL byte each, as C has it."""
    return _GO not in content and not _RUST.search(content)


def runs_commands(content: bytes) -> bool:
    """Whether an ELF file can start another program."""
    if _GO in content:
        return _GO_EXECUTES in content
    return _RUST.search(content) is not None or _EXECUTES.search(content) is not None


def _data_sections(content: bytes) -> list[bytes]:
    try:
        return _sections(content)
    except (struct.error, IndexError):
        return []


def _sections(content: bytes) -> list[bytes]:
    wide, order = content[4] == 2, "<" if content[5] == 1 else ">"
    if wide:
        table, (size, count) = (
            *struct.unpack_from(f"{order}Q", content, 40),
            struct.unpack_from(f"{order}HH", content, 58),
        )
    else:
        table, (size, count) = (
            *struct.unpack_from(f"{order}I", content, 32),
            struct.unpack_from(f"{order}HH", content, 46),
        )
    found = []
    for number in range(count):
        at = table + number * size
        if wide:
            _, kind, flags, _, offset, length = struct.unpack_from(f"{order}IIQQQQ", content, at)
        else:
            _, kind, flags, _, offset, length = struct.unpack_from(f"{order}IIIIII", content, at)
        if kind == _PROGBITS and flags & _SHF_ALLOC and not flags & _SHF_EXECUTE:
            found.append(content[offset : offset + length])
    return found
