"""Who a container runs as: ``USER`` resolved by the image's own /etc/passwd and /etc/group, as Docker does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jettison.errors import ContainerError

_LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class User:
    """Numeric ids, supplementary groups (the primary one among them, as Docker has it), and the home directory."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    home: str = "/"


def resolve_user(rootfs: Path, user: str) -> User:
    """``""``, ``name``, ``uid``, ``name:group``, ``uid:gid``. Raises ``ContainerError`` for an unknown name."""
    name, _, group = user.partition(":")
    passwd = list(_rows(read_inside(rootfs, "/etc/passwd"), 7))
    groups = list(_rows(read_inside(rootfs, "/etc/group"), 4))
    wanted = name or "0"
    row = next((r for r in passwd if r[0] == wanted or (wanted.isdigit() and r[2] == wanted)), None)
    if row is None and not wanted.isdigit():
        raise ContainerError(f"cannot run as user {name!r}: the image's /etc/passwd has no such user")
    uid, gid = (_number(row[2]), _number(row[3])) if row else (int(wanted), 0)
    home = row[5] if row and row[5] else "/"
    if group:
        gid = _group(group, groups)
        return User(uid, gid, (gid,), home)
    login = row[0] if row else ""
    extra = sorted(_number(r[2]) for r in groups if login and login in r[3].split(","))
    return User(uid, gid, tuple(dict.fromkeys((gid, *extra))), home)


def _group(group: str, groups: list[list[str]]) -> int:
    for row in groups:
        if row[0] == group:
            return _number(row[2])
    if group.isdigit():
        return int(group)
    raise ContainerError(f"cannot run as group {group!r}: the image's /etc/group has no such group")


def _rows(text: str, columns: int) -> Iterator[list[str]]:
    for line in text.splitlines():
        row = line.split(":")
        if len(row) >= columns and row[2].isdigit():
            yield row


def _number(text: str) -> int:
    return int(text) if text.isdigit() and int(text) < 1 << 32 else 0


def read_inside(rootfs: Path, path: str) -> str:
    """A small text file of the root file system, its symlinks followed inside; empty where there is none."""
    try:
        with open(inside_root(rootfs, path), encoding="utf-8", errors="surrogateescape") as file:
            return file.read(_LIMIT)
    except OSError:
        return ""


def inside_root(rootfs: Path, path: str, readlink: Callable[[str], str] = os.readlink) -> str:
    """Where ``path`` is on this machine, with every symlink followed as the container would."""
    root = str(rootfs)
    todo = [part for part in reversed(path.split("/")) if part and part != "."]
    here, followed = "", 0
    while todo:
        part = todo.pop()
        if part == "..":
            here = here.rpartition("/")[0]
            continue
        here = f"{here}/{part}"
        if not os.path.islink(root + here):
            continue
        followed += 1
        if followed > 40:
            raise ContainerError(f"cannot follow {path}: its symlinks form a loop")
        target = readlink(root + here)
        here = "" if target.startswith("/") else here.rpartition("/")[0]
        todo.extend(part for part in reversed(target.split("/")) if part and part != ".")
    return root + here
