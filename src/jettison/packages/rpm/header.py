"""The header of an installed package (rpm documentation, "RPM Header format"): an index of tags, then their data."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_NAME, _VERSION, _RELEASE, _EPOCH, _VENDOR, _ARCH, _SOURCERPM = 1000, 1001, 1002, 1003, 1011, 1022, 1044
_DIRINDEXES, _BASENAMES, _DIRNAMES, _OLDFILENAMES = 1116, 1117, 1118, 1027
_STRINGS = frozenset((6, 8, 9))  # a string, an array of them, a string in several languages
_INT32 = 4
_ENTRY = struct.Struct(">4I")  # tag, type, offset, count
#: The most tags of one package, bytes of its data (rpm's own limits), and files.
_TAGS, _DATA, _FILES = 65_535, 256 << 20, 1_000_000

Values = Mapping[int, list[str] | list[int]]


def read(blob: bytes) -> Values:
    """The tags that are used here; raises ``ValueError`` for what is no header."""
    if len(blob) < 8:
        raise ValueError("a header of a package is too short")
    tags, size = struct.unpack_from(">2I", blob)
    start = 8 + tags * _ENTRY.size
    if not 0 < tags <= _TAGS or size > _DATA or start + size > len(blob):
        raise ValueError("a header of a package is longer than what is there")
    data = blob[start : start + size]
    wanted = {_NAME, _VERSION, _RELEASE, _EPOCH, _VENDOR, _ARCH, _SOURCERPM, _DIRINDEXES, _BASENAMES, _DIRNAMES}
    return {
        tag: _value(data, kind, offset, count)
        for tag, kind, offset, count in _ENTRY.iter_unpack(blob[8:start])
        if tag in wanted or tag == _OLDFILENAMES
    }


def _value(data: bytes, kind: int, offset: int, count: int) -> list[str] | list[int]:
    if offset > len(data) or count > _FILES:
        raise ValueError("a tag of a package is outside of its header")
    if kind in _STRINGS:
        found = data[offset:].split(b"\0", count) if count > 1 else [data[offset : _end(data, offset)], b""]
        if len(found) <= count:
            raise ValueError("a tag of a package has no end")
        return [value.decode("utf-8", "surrogateescape") for value in found[:count]]
    if kind == _INT32 and offset + 4 * count <= len(data):
        return list(struct.unpack_from(f">{count}I", data, offset))
    raise ValueError("a tag of a package is of a wrong type")


def _end(data: bytes, offset: int) -> int:
    end = data.find(b"\0", offset)
    return len(data) if end < 0 else end


def string(values: Values, tag: int) -> str:
    """The first value of ``tag``; ``""`` where it has none."""
    return next((str(value) for value in values.get(tag, [])), "")


def name(values: Values) -> str:
    """What the package is called; raises ``ValueError`` for a package without a name or version."""
    found = string(values, _NAME)
    if not found or not string(values, _VERSION):
        raise ValueError("a package has no name or no version")
    return found


def version(values: Values) -> str:
    """``[epoch:]version-release``; an epoch of 0 is none."""
    epoch = string(values, _EPOCH)
    return (f"{epoch}:" if epoch not in ("", "0") else "") + _plain_version(values)


def _plain_version(values: Values) -> str:
    release = string(values, _RELEASE)
    return string(values, _VERSION) + (f"-{release}" if release else "")


def architecture(values: Values) -> str:
    """``x86_64``, ``noarch``."""
    return string(values, _ARCH)


def vendor(values: Values) -> str:
    """Who built it."""
    return string(values, _VENDOR)


def source(values: Values) -> tuple[str, str]:
    """Name and version of the source package, whose file is called ``NAME-VERSION-RELEASE.src.rpm``.

    The file's name has no epoch: it is the package's own where both have one version.
    """
    parts = string(values, _SOURCERPM).removesuffix(".rpm").rpartition(".")[0].rsplit("-", 2)
    if len(parts) != 3 or not parts[0]:
        return name(values), version(values)
    plain = f"{parts[1]}-{parts[2]}"
    return parts[0], version(values) if plain == _plain_version(values) else plain


def files(values: Values) -> list[str]:
    """The paths that the package brought, as it was built; raises ``ValueError`` where their index is wrong."""
    directories, basenames = values.get(_DIRNAMES, []), values.get(_BASENAMES, [])
    indexes = [number for number in values.get(_DIRINDEXES, []) if isinstance(number, int)]
    if len(indexes) != len(basenames) or any(number >= len(directories) for number in indexes):
        raise ValueError("the files of a package are in no directory")
    whole = [str(path) for path in values.get(_OLDFILENAMES, [])]
    return whole + [f"{directories[index]}{base}" for index, base in zip(indexes, basenames, strict=True)]
