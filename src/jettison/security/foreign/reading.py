"""Which scanner wrote a result, by what is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jettison.errors import InvalidInput
from jettison.security.foreign import grype, syft, trivy
from jettison.security.model import Scan

#: Bytes; Syft's result of a full desktop has 60 MB.
LIMIT = 512 << 20

_READERS: tuple[tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any], str], Scan]], ...] = (
    (trivy.recognised, trivy.read),
    (grype.recognised, grype.read),
    (syft.recognised, syft.read),
)


def recognise(content: bytes) -> bool:
    """Whether it is a result of one of them."""
    return len(content) <= LIMIT and _reader(_loaded(content)) is not None


def read(content: bytes, name: str) -> Scan:
    """The result as a scan. Raises ``InvalidInput`` with ``name``, the file's, for what is none or is broken."""
    if len(content) > LIMIT:
        raise InvalidInput(f"cannot read {name}: it has more than {LIMIT} bytes")
    told = _loaded(content)
    reader = _reader(told)
    if reader is None:
        raise InvalidInput(f"cannot read {name}: it is no JSON result of Trivy, Grype or Syft")
    try:
        return reader(told, name)
    except ValueError as error:
        raise InvalidInput(f"cannot read {name}: {str(error)[:100]}") from error


def _reader(told: Any) -> Callable[[dict[str, Any], str], Scan] | None:
    if not isinstance(told, dict):
        return None
    return next((read for recognised, read in _READERS if recognised(told)), None)


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
