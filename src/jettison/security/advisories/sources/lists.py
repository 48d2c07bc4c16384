"""Values of JSON that may be of any type, as those that are wanted."""

from __future__ import annotations

from typing import Any

#: Characters of a summary.
_LONGEST = 200


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: Any) -> tuple[str, ...]:
    """The texts in a list, or the one text."""
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def line(value: Any) -> str:
    """The first line of a text, cut."""
    if not isinstance(value, str):
        return ""
    first = value.strip().partition("\n")[0].strip()
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1].rstrip() + "…"
