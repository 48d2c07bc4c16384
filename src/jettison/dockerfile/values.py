"""Values of flags: booleans and durations as Go reads them, and words."""

from __future__ import annotations

import re

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|ms|s|m|h)")


def duration(text: str) -> int:
    """``1h30m``, ``500ms`` in nanoseconds; 0 for ``""``. Raises ``ValueError``."""
    if text in ("", "0"):
        return 0
    parts = _PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no duration, as 30s or 1m30s")
    total = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if total >= 1 << 63:
        raise ValueError(f"{text!r} is too long a duration")
    return round(total)


def first_word(text: str) -> tuple[str, str]:
    """The first word, and what follows the white space behind it."""
    first, rest = [*text.split(None, 1), "", ""][:2]
    return first, rest.rstrip()


def whole(text: str) -> int:
    """A whole number of at most nine digits; ``""`` is 0. Raises ``ValueError``."""
    if not re.fullmatch(r"[0-9]{0,9}", text):
        raise ValueError(f"{text!r} is no whole number, as 3")
    return int(text or 0)


def boolean(text: str) -> bool:
    """Go's ParseBool; ``""`` is false. Raises ``ValueError``."""
    if text.lower() in ("1", "t", "true"):
        return True
    if text.lower() in ("", "0", "f", "false"):
        return False
    raise ValueError(f"{text!r} is neither true nor false")
