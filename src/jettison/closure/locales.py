"""Locales that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from jettison.filetree import FileTree, Kind

_LOCALE = re.compile(rb"\b[a-z]{2,3}_[A-Z]{2}(?:\.(?:UTF-?8|utf-?8|ISO-?8859-?\d+|iso8859\d+))?(?:@[a-z]+)?\b")
_PLAIN = re.compile(rb"\bC\.(?:UTF-?8|utf-?8)\b")
_SETS = re.compile(rb"\bsetlocale\b|\bnewlocale\b|\blocale\b|\b(?:LC_[A-Z]+|lc_[a-z]+)|\bLANG\b|\bIntl\b")


class Locales:
    """The locales that a tree has."""

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

    def mentioned(self, text: bytes) -> Iterator[str]:
        """What ``text`` names of them: locale directories, and the archive."""
        if _PLAIN.search(text):
            yield from (p for p in self._tree.below("/usr/lib/locale/C.utf8") if self._tree[p].kind is Kind.FILE)
        if _SETS.search(text):
            names = {raw.decode("ascii", "replace") for raw in _LOCALE.findall(text)}
            for name in names:
                yield from self._locale(name)
            if names and "/usr/lib/locale/locale-archive" in self._tree:
                yield "/usr/lib/locale/locale-archive"

    def _locale(self, name: str) -> Iterator[str]:
        language = name.partition(".")[0].partition("@")[0]
        for key, directory in self._places.items():
            place = key.partition(" ")[2]
            if place.partition(".")[0].partition("@")[0] == language or place == language.partition("_")[0]:
                yield from (p for p in self._tree.below(directory) if self._tree[p].kind is not Kind.DIRECTORY)
