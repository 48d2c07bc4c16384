"""Readers of single values. Each raises ``ValueError`` whose text is what was expected."""

from __future__ import annotations

import datetime
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from jettison.configuration.model import LIBCS, POLICIES, RANKS, REASONS, SEVERITIES
from jettison.errors import InvalidReference
from jettison.oci.reference import name

#: What may stand in the tag of a base image.
PLACEHOLDERS = ("{version}", "{major}", "{minor}", "{code}", "{release}", "{java}")
Reader = Callable[[Any], Any]
#: What a shell would expand, outside single quotes.
_NEEDS_SHELL = re.compile(r"[|&;<>()$`*?\[~#\n]")


def check(condition: object, expected: str) -> None:
    """Raise ``ValueError(expected)`` unless ``condition`` holds."""
    if not condition:
        raise ValueError(expected)


def text(value: Any) -> str:
    """A text that is not empty and can be an argument of a program."""
    check(isinstance(value, str) and value and "\0" not in value, "a text")
    return str(value)


def _boolean(value: Any) -> bool:
    check(isinstance(value, bool), "true or false")
    return bool(value)


def integer(value: Any, lowest: int, highest: int, expected: str) -> int:
    """A whole number from ``lowest`` to ``highest``."""
    check(isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest, expected)
    return int(value)


def _seconds(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    check(number and 0 < value < 86400, "a number of seconds above 0")
    return float(value)


def _policy(value: Any) -> str:
    check(value in POLICIES, f"one of {', '.join(POLICIES)}")
    return str(value)


def _severity(value: Any) -> str:
    check(value in SEVERITIES, f"one of {', '.join(SEVERITIES)}")
    return str(value)


def rank(value: Any) -> str:
    """A severity of vulnerabilities."""
    check(value in RANKS, f"one of {', '.join(RANKS)}")
    return str(value)


def counts(value: Any) -> dict[str, int]:
    """Severity -> count: a table, or a text such as ``critical=0,high=5``."""
    known = (*RANKS, "unknown")
    expected = f"a table of counts for {', '.join(known)}"
    if isinstance(value, str):
        pairs = [part.partition("=") for part in value.split(",")]
        names = {name.strip() for name, _, _ in pairs}
        good = all(equals and count.strip().isdecimal() for _, equals, count in pairs)
        check(good and len(names) == len(pairs), "critical=0,high=5, each severity once")
        value = {name.strip(): int(count) for name, _, count in pairs}
    check(isinstance(value, dict) and value.keys() <= set(known), expected)
    return {name: integer(count, 0, 10**9, expected) for name, count in value.items()}


def _reason(value: Any) -> str:
    check(value in REASONS, f"a list of {', '.join(REASONS)}")
    return str(value)


def _libc(value: Any) -> str:
    check(value in LIBCS, f"one of {', '.join(LIBCS)}")
    return str(value)


def _date(value: Any) -> str:
    """A date of TOML or a text, as ``YYYY-MM-DD``."""
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError("a date, 2026-01-31") from None


def _reference(value: Any) -> str:
    """An image in a registry."""
    try:
        name(text(value))
    except InvalidReference:
        raise ValueError("an image's reference") from None
    return str(value)


def _images(value: Any) -> str:
    """References whose tags may have placeholders, the repositories none."""
    repository, _, tag = text(value).rpartition(":")
    for placeholder in PLACEHOLDERS:
        tag = tag.replace(placeholder, "0")
    try:
        _reference(f"{repository}:{tag}" if repository else tag)
    except ValueError:
        raise ValueError(f"references, with {', '.join(PLACEHOLDERS)} in their tags") from None
    return str(value)


def listed(value: Any, read: Reader, expected: str) -> tuple[Any, ...]:
    """A list whose items ``read`` accepts."""
    check(isinstance(value, list), expected)
    return tuple(read(item) for item in value)


def _texts(value: Any) -> dict[str, str]:
    good = isinstance(value, dict) and all(
        isinstance(item, str | int) and not isinstance(item, bool) for item in value.values()
    )
    check(good, "a table of texts")
    return {name: str(item) for name, item in value.items()}


def command(value: Any) -> tuple[str, ...]:
    """The words of a command: a list as it is; one line split, or handed to ``/bin/sh -c`` where it needs a shell."""
    if isinstance(value, list):
        check(value, "a command")
        return tuple(text(word) for word in value)
    line = text(value)
    if _NEEDS_SHELL.search(re.sub(r"'[^']*'", "", line)):
        return ("/bin/sh", "-c", line)
    try:
        words = tuple(shlex.split(line))
    except ValueError:
        raise ValueError("a command whose quotes are closed") from None
    check(words, "a command")
    return words


def port(value: Any) -> int:
    """A TCP port, 1 to 65535."""
    return integer(value, 1, 65535, "a port from 1 to 65535")


_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}


def size(value: Any) -> int:
    """Bytes: a whole number, or a text such as ``60MB`` (10⁶) or ``60MiB`` (2²⁰)."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *(k|m|g|ki|mi|gi)?b?", str(value).lower())
    if isinstance(value, bool) or not found:
        raise ValueError('a size in bytes or a text such as "60MB"')
    return int(float(found[1]) * _UNITS[found[2] or ""])


#: Kind of value, as ``KEYS`` names it -> its reader.
READERS: Mapping[str, Reader] = {
    "text": text,
    "texts": _texts,
    "boolean": _boolean,
    "seconds": _seconds,
    "policy": _policy,
    "size": size,
    "severity": _severity,
    "rank": rank,
    "counts": counts,
    "reasons": lambda value: listed(value, _reason, f"a list of {', '.join(REASONS)}"),
    "libc": _libc,
    "image": _reference,
    "images": lambda value: listed(value, _images, "a list of references"),
    "date": _date,
    "port": port,
    "command": command,
    "count": lambda value: integer(value, 0, 10**9, "a whole number"),
    "code": lambda value: integer(value, 0, 999, "a whole number from 0 to 999"),
    "words": lambda value: listed(value, text, "a list of texts"),
    "ports": lambda value: listed(value, port, "a list of ports"),
    "commands": lambda value: listed(value, command, "a list of commands"),
}
