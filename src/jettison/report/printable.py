"""Texts that an image may have brought, for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""What is no printable character (an escape sequence, a byte that is not UTF-8) becomes ``\x1b``, ``\udcff``."""
    return "".join(char if char.isprintable() or char == "\n" else _escaped(char) for char in text)


def line(text: str) -> str:
    r"""The same in one line: a name with a line break in it must not look like a line of ours."""
    return printable(text).replace("\n", "\\n")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
