"""``--chown`` and ``--chmod``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from jettison.errors import BuildError, ContainerError
from jettison.runtime.users import resolve_user

_CLAUSE = re.compile(r"([ugoa]*)([-+=])([rwxXst]*)")
_BITS = {"r": 0o444, "w": 0o222, "x": 0o111}
_WHO = {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}


def owner(rootfs: Path, chown: str) -> tuple[int, int]:
    """Numeric ids of ``USER[:GROUP]``, names looked up in the root file system's own files.

    A number alone is user and group (Dockerfile reference, COPY --chown); a name alone brings its group. Raises
    ``BuildError``.
    """
    name, colon, group = chown.partition(":")
    if name.isdigit() and (not colon or group.isdigit()):
        return int(name), int(group) if colon else int(name)
    try:
        found = resolve_user(rootfs, chown.removesuffix(":"))
    except ContainerError as error:
        reason = str(error).partition(": ")[2]
        raise BuildError(f"cannot use --chown={chown}: {reason}") from error
    return found.uid, found.gid


def mode(chmod: str) -> Callable[[int, bool], int]:
    """What changes a mode (of a directory or not): octal digits or chmod(1)'s ``u+x,go=r``. Raises ``BuildError``."""
    if re.fullmatch(r"[0-7]{1,4}", chmod):
        bits = int(chmod, 8)
        return lambda _mode, _is_directory: bits
    clauses = [_CLAUSE.fullmatch(clause) for clause in chmod.split(",")]
    if not all(clauses):
        raise BuildError(f"cannot use --chmod={chmod}: it is neither octal nor of the form u+x,go=r")

    def change(old: int, is_directory: bool) -> int:
        for clause in clauses:
            if clause:
                old = _apply(old, clause, is_directory)
        return old

    return change


def _apply(old: int, clause: re.Match[str], is_directory: bool) -> int:
    who = 0
    for letter in clause[1] or "a":
        who |= _WHO[letter]
    bits = 0
    for letter in clause[3]:
        if letter in _BITS:
            bits |= _BITS[letter]
        elif letter == "X" and (is_directory or old & 0o111):
            bits |= 0o111
        elif letter == "s":
            bits |= 0o6000
        elif letter == "t":
            bits |= 0o1000
    bits &= who
    if clause[2] == "+":
        return old | bits
    if clause[2] == "-":
        return old & ~bits
    return old & ~(who & 0o777) | bits
