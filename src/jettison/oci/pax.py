"""The numbers and the extended records of tar headers (POSIX.1-2008, pax, "pax Header Block")."""

from __future__ import annotations

from jettison.errors import InvalidArchive

#: Extended records by their key; values are bytes, as xattrs are.
Records = dict[str, bytes]

#: Keys that GNU's first sparse format repeats; they are put together as its second one writes them.
_REPEATED = ("GNU.sparse.offset", "GNU.sparse.numbytes")
SPARSE_MAP = "GNU.sparse.map"


def number(field: bytes) -> int:
    """A number of a header field: octal, GNU's base 256, or (extended records) decimal, its fraction cut off."""
    if field[0] & 0x80:
        negative = field[0] == 0xFF
        return int.from_bytes(field if negative else bytes((field[0] & 0x7F,)) + field[1:], "big", signed=negative)
    text = field.partition(b"\0")[0].strip()
    try:
        return int(text or b"0", 8)
    except ValueError as error:
        raise InvalidArchive(f"cannot read tar: {field!r} is not a number") from error


def decimal(value: bytes) -> int:
    """A number of an extended record; its fraction is cut off."""
    try:
        return int(value.partition(b".")[0] or b"0")
    except ValueError as error:
        raise InvalidArchive(f"cannot read tar: {value[:40]!r} is not a number") from error


def records(data: bytes) -> Records:
    """Read ``LENGTH KEY=VALUE\\n`` records. Raises ``InvalidArchive``."""
    found: Records = {}
    at = 0
    data = data.rstrip(b"\0")  # some writers count the padding in
    while at < len(data):
        length, space, _ = data[at : at + 21].partition(b" ")
        end = at + int(length) if space and length.isdigit() else 0
        key, equals, value = data[at + len(length) + 1 : end].partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise InvalidArchive("cannot read tar: an extended header is damaged")
        _add(found, key.decode("utf-8", "surrogateescape"), value[:-1])
        at = end
    return found


def _add(found: Records, key: str, value: bytes) -> None:
    if key in _REPEATED:
        before = found.get(SPARSE_MAP)
        key, value = SPARSE_MAP, value if before is None else before + b"," + value
    found[key] = value


def record(key: str, value: bytes) -> bytes:
    """One record; its length counts itself."""
    rest = b" " + key.encode("utf-8", "surrogateescape") + b"=" + value + b"\n"
    length = len(rest) + 1
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return str(length).encode() + rest
