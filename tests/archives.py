"""Tar archives for tests, written by the standard library, member by member, also such as no tool would write."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from jettison.filetree import index
from jettison.oci.unpack import unpack

CONTENT = b"content"


def member(name: str, kind: bytes = tarfile.REGTYPE, content: bytes = b"", **fields: object) -> bytes:
    """One member, headers and content; ``fields`` are those of ``tarfile.TarInfo``."""
    info = tarfile.TarInfo(name)
    info.type, info.size, info.mode = kind, len(content), 0o755
    for field, value in fields.items():
        setattr(info, field, value)
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape") + content + bytes(-len(content) % 512)


def file(name: str, content: bytes = CONTENT, **fields: object) -> bytes:
    return member(name, tarfile.REGTYPE, content, **fields)


def directory(name: str, **fields: object) -> bytes:
    return member(name, tarfile.DIRTYPE, **fields)


def link(name: str, target: str) -> bytes:
    return member(name, tarfile.SYMTYPE, linkname=target)


def hard_link(name: str, target: str) -> bytes:
    return member(name, tarfile.LNKTYPE, linkname=target)


def archive(*members: bytes) -> io.BytesIO:
    """The members, and the end mark."""
    return io.BytesIO(b"".join(members) + bytes(1024))


def patched(block: bytes, at: int, value: bytes) -> bytes:
    """The member with other bytes in its header, whose sum is made right again."""
    head = block[:at] + value + block[at + len(value) : 512]
    head = head[:148] + b" " * 8 + head[156:]
    return head[:148] + b"%06o\0 " % sum(head) + head[156:] + block[512:]


def unpacked(root: Path, *members: bytes) -> dict[str, str]:
    """Unpack the members into ``root``; gives each path there in one line."""
    unpack(archive(*members), root)
    return {path: str(entry) for path, entry in index([root]).items() if path != "/"}
