"""Character sets: the gconv modules of glibc, by every name that ``gconv-modules`` gives them.

musl converts without modules, so in its images there is nothing to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from jettison.filetree import FileTree, Kind

_CHARSET = re.compile(
    rb"(?i)\b(?:ISO[-_]?8859[-_]?\d{1,2}|CP[-_]?\d{3,4}|(?:WINDOWS|MS)[-_]?\d{3,4}|EUC[-_]?(?:JP|KR|CN|TW)|SHIFT[-_]?JIS"
    rb"|SJIS|BIG5(?:[-_]?HKSCS)?|UHC|GBK|GB2312|GB18030|KOI8[-_]?[RUT]?|TIS[-_]?620|UTF[-_]?(?:7|16|32)(?:LE|BE)?"
    rb"|UCS[-_]?[24]|LATIN[-_]?\d{1,2}|(?:IBM|EBCDIC)[-_]?\w{2,8}|\d{3,4}(?=//)|JOHAB|HZ|ISO[-_]?2022[-_]?(?:JP|KR|CN)"
    rb"|ISO[-_]?646[-_]?\w{2,4}|MACINTOSH|MAC[-_]?\w{2,12}|VISCII|TCVN|ARMSCII[-_]?8|ASMO[-_]?449)\b"
)
#: A program that converts from or to a name that it is told.
_IMPORTS = b"\0iconv_open\0"
_COMPUTED = re.compile(
    rb"\biconv\s*\(\s*(?:[^'\",()\s][^,()]*,|(?:\"[^\"\n]*\"|'[^'\n]*')\s*,\s*[^'\",()\s])"  # iconv($from, …)
    rb"|\biconv\b[^\n|;]*\s-[ft]\s*[\"']?\$"  # iconv -f "$1"
    rb"|[\"']-[ft][\"']\s*,\s*[A-Za-z_$]"  # ["iconv", "-f", name]
)
_LIMIT = 1 << 20


class Charsets:
    """The conversions that a tree has."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree

    def mentioned(self, text: bytes, content: bytes) -> Iterator[str]:
        """The modules of the character sets in ``text``, the strings of ``content``; all, where a name is computed."""
        if b"iconv" not in content or not self._directories:
            return
        names = {_squeezed(raw.decode("ascii", "replace")) for raw in _CHARSET.findall(text)}
        found = {self._modules[name] for name in names if name in self._modules}
        yield from found
        if (_IMPORTS in content and not found) or _COMPUTED.search(text):
            for directory in self._directories:
                yield from (path for path in self._tree.below(directory) if self._tree[path].kind is not Kind.DIRECTORY)

    @cached_property
    def _directories(self) -> tuple[str, ...]:
        bases = ("/usr/lib", "/lib", "/usr/lib64", "/lib64")
        parents = [path for base in bases for path in (base, *self._tree.children(base))]
        return tuple(dict.fromkeys(f"{path}/gconv" for path in parents if f"{path}/gconv" in self._tree))

    @cached_property
    def _modules(self) -> Mapping[str, str]:
        """Every name of a character set, squeezed -> its module."""
        found: dict[str, str] = {}
        aliases: dict[str, str] = {}
        for directory in self._directories:
            for words in self._lines(directory):
                if words[0] == "alias":
                    aliases[_squeezed(words[1])] = _squeezed(words[2])
                elif words[0] == "module" and len(words) > 3:
                    self._add(found, words, directory)
            for path in self._tree.children(directory):
                if path.endswith(".so"):
                    found.setdefault(_squeezed(path.rpartition("/")[2].removesuffix(".so")), path)
        return found | {alias: found[name] for alias, name in aliases.items() if name in found}

    def _add(self, found: dict[str, str], words: list[str], directory: str) -> None:
        """``module FROM// TO// FILE COST``, of which one side is glibc's own ``INTERNAL``."""
        path = f"{directory}/{words[3]}.so"
        if path in self._tree:
            found |= {_squeezed(name): path for name in words[1:3] if name != "INTERNAL"}

    def _lines(self, directory: str) -> Iterator[list[str]]:
        for path in (f"{directory}/gconv-modules", *self._tree.children(f"{directory}/gconv-modules.d")):
            entry = self._tree.get(path)
            if entry is not None and entry.kind is Kind.FILE:
                for line in self._tree.read(entry, _LIMIT).decode("utf-8", "replace").splitlines():
                    words = line.partition("#")[0].split()
                    if len(words) > 2:
                        yield words


def _squeezed(name: str) -> str:
    """``ISO-8859-1//`` as ``ISO88591``; Windows' and Microsoft's names as the code pages that they are."""
    return re.sub(r"^(?:WINDOWS|MS)(?=\d)", "CP", re.sub(r"[-_/]", "", name).upper())
