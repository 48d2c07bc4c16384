"""Words of a shell, and values of a Dockerfile, written so that they come out as they were.

A RUN's text reaches the shell unexpanded, with its continued lines joined (Docker's reference, "RUN"), so the shell's
rules count there. ENV, LABEL and the like have rules of their own (``jettison.dockerfile.variables``).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from jettison.errors import Unsupported

#: The longest line that is written, where the words allow it.
WIDTH = 110
#: What a shell and a Dockerfile both take as it is, at any place in a line.
_BARE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]|[\ud800-\udfff]")
_PLAIN_VALUE = re.compile(r"[^\s\"'\\$`#<>]+")


def shell_word(text: str) -> str:
    """``text`` as one word of a POSIX shell, on one line of a Dockerfile.

    Line breaks, other control characters and bytes that are not UTF-8 go through ``printf``. Raises
    ``Unsupported`` for a line break at the end, which command substitution takes away.
    """
    if not _CONTROL.search(text):
        return text if _BARE.fullmatch(text) else shlex.quote(text)
    if text.endswith("\n"):
        raise Unsupported(f"cannot write {text!r} into a Dockerfile: a shell loses the line break at its end")
    escaped = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in "\\%'" else f"\\{byte:03o}"
        for byte in text.encode("utf-8", "surrogateescape")
    )
    if escaped.startswith("-"):
        escaped = f"\\055{escaped[1:]}"  # no option of printf
    return f"\"$(printf '{escaped}')\""


def is_bare(text: str) -> bool:
    """Whether ``text`` means itself, to a shell and in a Dockerfile."""
    return _BARE.fullmatch(text) is not None


def path_word(path: str) -> str:
    """A path as a word that is relative to ``/``, and no option."""
    name = path.lstrip("/") or "."
    return shell_word(f"./{name}" if name.startswith("-") else name)


def wrap(words: Iterable[str], indent: str, width: int = WIDTH) -> list[str]:
    """Words on lines of at most ``width`` columns (more for a word that is longer), two left for a continuation."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width - 2:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return lines


def value(text: str, what: str, escape: str = "\\") -> str:
    """``text`` as the value of ENV, LABEL, USER and the like, with nothing expanded.

    Raises ``Unsupported`` for a line break, which no Dockerfile can say; ``what`` names the value.
    """
    if "\n" in text or "\r" in text:
        raise Unsupported(f"cannot write {what} into a Dockerfile: its value has a line break")
    if _PLAIN_VALUE.fullmatch(text) and escape not in text:
        return text
    for special in (escape, '"', "$"):
        text = text.replace(special, escape + special)
    return f'"{text}"'


def duration(nanoseconds: int) -> str:
    """A duration as Go reads it, in the largest unit that is exact: ``30s``, ``1500ms``, ``5m``."""
    for size, unit in ((60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")):
        if nanoseconds % size == 0:
            return f"{nanoseconds // size}{unit}"
    return f"{nanoseconds}ns"
