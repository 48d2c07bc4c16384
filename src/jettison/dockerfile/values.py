"""Values of flags: booleans and durations as Go reads them."""

from __future__ import annotations

import re

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")


def duration(text: str) -> int:
    """``1h30m``, ``500ms`` in nanoseconds; 0 for ``""``. Raises ``ValueError``."""
    if text in ("", "0"):
        return 0
    parts = _PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no duration, as 30s or 1m30s")
    return sum(round(float(number) * _UNITS[unit]) for number, unit in parts)


def boolean(text: str) -> bool:
    """Go's ParseBool; ``""`` is false. Raises ``ValueError``."""
    if text.lower() in ("1", "t", "true"):
        return True
    if text.lower() in ("", "0", "f", "false"):
        return False
    raise ValueError(f"{text!r} is neither true nor false")
