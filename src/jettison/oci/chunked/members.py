"""A tar archive as the raw bytes of headers and the contents between them, nothing left out.

What the formats with a table of contents cannot say faithfully is odd: from there on all is raw bytes, and ``odd``
says why. The fields are read as Go's archive/tar reads them, since clients compare the table with the headers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from jettison.errors import InvalidArchive
from jettison.oci.codec import CHUNK
from jettison.oci.pax import Records, decimal, number, records
from jettison.oci.tar import BLOCK, XATTR, Stream

TYPES: Mapping[bytes, str] = {
    b"0": "reg", b"\0": "reg", b"1": "hardlink", b"2": "symlink", b"3": "char", b"4": "block", b"5": "dir",
    b"6": "fifo",
}  # fmt: skip
#: Headers of headers may have this many bytes, and so many of them may precede a member.
_EXTRA_LIMIT, _EXTRA_COUNT = 1 << 20, 8
_SIZE_LIMIT = (1 << 63) - 1
_GNU, _USTAR = b"ustar  \0", b"ustar\0"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_TIME = b"\0"
_SAID = "cannot read tar: "


@dataclass(frozen=True, slots=True)
class Entry:
    """What one member's header says; times are RFC 3339 or empty, ``name`` is just as it is written there."""

    name: str
    kind: str
    link: str = ""
    mode: int = 0
    uid: int = 0
    gid: int = 0
    size: int = 0
    modified: str = ""
    accessed: str = ""
    changed: str = ""
    device: tuple[int, int] = (0, 0)
    xattrs: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """``raw``, as it stands before the content (headers, after the padding of the member before).

    Without ``entry`` it is what is left: ``content`` goes on to the end of the stream.
    """

    raw: bytes
    entry: Entry | None
    content: Iterator[bytes]
    odd: str = ""


def parts(stream: Stream) -> Iterator[Part]:
    """Every member, then the rest. The content of each is to be read before the next is asked for."""
    source = _Source(stream)
    while True:
        raw, entry, odd = _next(source)
        if entry is None:
            yield Part(raw, None, source.rest(), odd)
            return
        yield Part(raw, entry, source.content(entry.size))
        if source.short:
            yield Part(b"", None, iter(()), "it is truncated")
            return


def _next(source: _Source) -> tuple[bytes, Entry | None, str]:
    """The bytes up to the next content, and what they say; with a reason where that is odd."""
    raw = [source.take(source.padding)]
    more: Records = {}
    for _ in range(_EXTRA_COUNT):
        raw.append(block := source.take(BLOCK))
        if not any(block):
            raw.append(after := source.take(BLOCK) if block else b"")
            return b"".join(raw), None, "there is something after its end" if any(after) else ""
        try:
            if (kind := block[156:157]) not in (b"x", b"L", b"K"):
                return b"".join(raw), _entry(block, more), ""
            size = _checked_size(block)
            raw.append(data := source.take(size + -size % BLOCK))
            more |= records(data[:size]) if kind == b"x" else {_LONG[kind]: data[:size].partition(b"\0")[0]}
        except (InvalidArchive, ValueError, OverflowError) as error:
            return b"".join(raw), None, _reason(error)
    return b"".join(raw), None, "too many headers before one member"


def _reason(error: Exception) -> str:
    if isinstance(error, InvalidArchive):
        return str(error).removeprefix(_SAID)
    if isinstance(error, UnicodeError):
        return "it has a name that is not UTF-8"
    return "it has a number or a time that the format cannot say"


_LONG = {b"L": "path", b"K": "linkpath"}


def _checked_size(block: bytes) -> int:
    _verify(block)
    if not 0 <= (size := number(block[124:136])) <= _EXTRA_LIMIT:
        raise InvalidArchive(f"cannot read tar: a header of {size} bytes")
    return size


def _verify(block: bytes) -> None:
    if len(block) < BLOCK:
        raise InvalidArchive("cannot read tar: it is truncated")
    if number(block[148:156]) != sum(block) - sum(block[148:156]) + 256:
        raise InvalidArchive("cannot read tar: a header is damaged")


def _entry(block: bytes, more: Records) -> Entry:
    _verify(block)
    name = _utf8(more.get("path") or _name(block))
    kind = _kind(block, name, more)
    size = decimal(more["size"]) if more.get("size") else number(block[124:136])
    if not 0 <= size <= _SIZE_LIMIT or (size and kind != "reg"):
        raise InvalidArchive(f"cannot read tar: {name!r} has a size of {size} bytes")
    accessed, changed = _gnu_times(block)
    return Entry(
        name,
        kind,
        _utf8(more.get("linkpath") or _text(block[157:257])),
        number(block[100:108]),
        _number(more, "uid", block[108:116]),
        _number(more, "gid", block[116:124]),
        size,
        _time(more.get("mtime"), block[136:148]),
        _time(more.get("atime"), accessed),
        _time(more.get("ctime"), changed),
        (number(block[329:337]), number(block[337:345])) if block[257:262] == b"ustar" else (0, 0),
        {
            key.removeprefix(XATTR): value
            for key, value in sorted(more.items())
            if key.startswith(XATTR) and key.encode()
        },
    )


def _kind(block: bytes, name: str, more: Records) -> str:
    flag = block[156:157]
    if flag not in TYPES or any(key.startswith("GNU.sparse.") for key in more):
        what = "a sparse file" if flag in TYPES or flag == b"S" else f"of type {flag!r}"
        raise InvalidArchive(f"cannot read tar: {name!r} is {what}")
    if TYPES[flag] == "reg" and name.endswith("/"):
        if flag == b"0":
            raise InvalidArchive(f"cannot read tar: the file {name!r} is named as a directory")
        return "dir"
    return TYPES[flag]


def _name(block: bytes) -> bytes:
    prefix = _text(block[345:500]) if block[257:263] == _USTAR else b""
    if prefix and block[508:512] == b"tar\0":
        raise InvalidArchive("cannot read tar: it is in star's format")
    return prefix + b"/" + _text(block[:100]) if prefix else _text(block[:100])


def _gnu_times(block: bytes) -> tuple[bytes, bytes]:
    return (block[345:357], block[357:369]) if block[257:265] == _GNU else (_NO_TIME, _NO_TIME)


def _text(data: bytes) -> bytes:
    return data.partition(b"\0")[0]


def _utf8(text: bytes) -> str:
    if b"\0" in text:
        raise InvalidArchive("cannot read tar: a NUL byte in a name")
    return text.decode()


def _number(more: Records, key: str, data: bytes) -> int:
    value = more.get(key)
    return decimal(value) if value else number(data)


def _xattrs(more: Records) -> Mapping[str, bytes]:
    found = {key.removeprefix(XATTR): value for key, value in sorted(more.items()) if key.startswith(XATTR)}
    if any("\udc80" <= letter <= "\udcff" for key in found for letter in key):
        raise InvalidArchive("cannot read tar: the name of an extended attribute is not UTF-8")
    return found


def _time(record: bytes | None, data: bytes) -> str:
    """RFC 3339 in UTC to the nanosecond; empty where there is none."""
    if not record:
        return "" if not data[0] else _rfc3339(number(data), "")
    whole, _, fraction = record.partition(b".")
    seconds = decimal(whole)
    digits = fraction[:9].decode("ascii").ljust(9, "0")
    if record.startswith(b"-") and int(digits):
        seconds, digits = seconds - 1, f"{10**9 - int(digits):09}"
    return _rfc3339(seconds, digits.rstrip("0"))


def _rfc3339(seconds: int, fraction: str) -> str:
    moment = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment.rjust(19, '0')}{'.' + fraction if fraction else ''}Z"


class _Source:
    """The archive's bytes. ``padding`` is what stands between the last content and the next block."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._held, self._at = b"", 0
        self.padding = 0
        #: Whether a content ended before its size.
        self.short = False

    def take(self, size: int) -> bytes:
        """``size`` bytes, fewer only at the end."""
        end = self._at + size
        if end <= len(self._held):
            taken, self._at = self._held[self._at : end], end
            return taken
        return b"".join(self._pieces(size))

    def content(self, size: int) -> Iterator[bytes]:
        self.padding = -size % BLOCK
        for piece in self._pieces(size):
            size -= len(piece)
            yield piece
        self.short = size > 0

    def rest(self) -> Iterator[bytes]:
        yield from self._pieces(_SIZE_LIMIT)

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size:
            if self._at == len(self._held):
                self._held, self._at = bytes(self._stream.read(CHUNK)), 0
            piece = self._held[self._at : self._at + size]
            if not piece:
                return
            self._at += len(piece)
            size -= len(piece)
            yield piece
