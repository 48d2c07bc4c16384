"""Locales and character sets that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from jettison.filetree import FileTree, Kind

_LOCALE = re.compile(rb"\b[a-z]{2,3}_[A-Z]{2}(?:\.(?:UTF-?8|utf-?8|ISO-?8859-?\d+|iso8859\d+))?(?:@[a-z]+)?\b")
_SETS = re.compile(rb"\bsetlocale\b|\bnewlocale\b|\blocale\b|\bLC_[A-Z]+|\bLANG\b|\bIntl\b")
_CHARSET = re.compile(
    rb"(?i)\b(?:ISO[-_]?8859[-_]?\d{1,2}|CP\d{3,4}|WINDOWS[-_]?\d{3,4}|EUC[-_]?(?:JP|KR|CN|TW)|SHIFT[-_]?JIS|SJIS|BIG5"
    rb"(?:[-_]?HKSCS)?|GBK|GB2312|GB18030|KOI8[-_]?[RUT]?|TIS[-_]?620|UTF[-_]?(?:7|16|32)(?:LE|BE)?|UCS[-_]?[24]"
    rb"|LATIN[-_]?\d|IBM\d{3,4}|JOHAB|HZ|ISO[-_]?2022[-_]?(?:JP|KR|CN)|MACINTOSH|VISCII)\b"
)


class Locales:
    """The locales and the conversions that a tree has."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """Locale, without its character set and in lower case -> its directory; all of them in one archive."""
        found: dict[str, str] = {}
        for base in ("/usr/lib/locale", "/usr/share/locale", "/usr/share/i18n/locales/musl"):
            for path in self._tree.children(base):
                name = path.rpartition("/")[2]
                if name != "locale-archive":
                    found.setdefault(f"{base} {name}", path)
        return found

    @cached_property
    def _gconv(self) -> Mapping[str, str]:
        """Character set, squeezed -> its module."""
        found = {}
        for base in ("/usr/lib", "/lib"):
            for directory in self._tree.children(base):
                for path in self._tree.children(f"{directory}/gconv"):
                    if path.endswith(".so"):
                        found[_squeezed(path.rpartition("/")[2].removesuffix(".so"))] = path
        return found

    def mentioned(self, text: bytes, *, converts: bool) -> Iterator[str]:
        """What ``text`` names of them: locale directories or the archive, and gconv modules where it ``converts``."""
        if _SETS.search(text):
            names = {raw.decode("ascii", "replace") for raw in _LOCALE.findall(text)}
            for name in names:
                yield from self._locale(name)
            if names and "/usr/lib/locale/locale-archive" in self._tree:
                yield "/usr/lib/locale/locale-archive"
        if converts and self._gconv:
            for raw in set(_CHARSET.findall(text)):
                yield from self._charset(raw.decode("ascii", "replace"))

    def _locale(self, name: str) -> Iterator[str]:
        language = name.partition(".")[0].partition("@")[0]
        for key, directory in self._places.items():
            place = key.partition(" ")[2]
            if place.partition(".")[0].partition("@")[0] == language or place == language.partition("_")[0]:
                yield from (p for p in self._tree.below(directory) if self._tree[p].kind is not Kind.DIRECTORY)

    def _charset(self, name: str) -> Iterator[str]:
        squeezed = _squeezed(name)
        variants = {squeezed, squeezed.replace("WINDOWS", "CP"), squeezed.replace("SHIFTJIS", "SJIS"),
                    squeezed.replace("LATIN", "ISO8859"), re.sub(r"^ISO8859", "ISO8859", squeezed)}  # fmt: skip
        for variant in variants:
            if variant in self._gconv:
                yield self._gconv[variant]


def _squeezed(name: str) -> str:
    return re.sub(r"[-_]", "", name).upper()
