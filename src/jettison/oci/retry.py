"""What may be asked again, when, and how often."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from jettison.errors import RegistryError

#: Statuses that announce a passing fault.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class Passing(RegistryError):
    """A failure that may pass: what is asked for can be asked again."""

    def __init__(self, message: str, response: httpx.Response | None = None) -> None:
        super().__init__(message)
        self.response = response


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a request is tried, and the pauses between, in seconds: ``first``, doubled, up to ``longest``."""

    attempts: int = 6
    first: float = 0.5
    longest: float = 20.0
    #: A registry that asks for a longer pause than this is not waited for.
    patience: float = 120.0

    def pause(self, attempt: int, response: httpx.Response | None = None) -> float | None:
        """Seconds to wait after attempt number ``attempt`` (from 1), or ``None`` to give up."""
        if attempt >= self.attempts:
            return None
        asked = _retry_after(response) if response is not None else None
        if asked is not None:
            return asked if asked <= self.patience else None
        return random.uniform(0.5, 1.0) * min(self.longest, self.first * 2.0 ** (attempt - 1))


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, from a number or a date (RFC 9110, 10.2.3)."""
    text: str = response.headers.get("retry-after", "")
    try:
        if text.isdecimal():
            return float(text)
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
