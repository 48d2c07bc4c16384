"""One kind of secret: how it is recognised, and what is no secret though it looks like one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jettison.security.model import Severity

#: Characters of a token that are shown, where its kind does not say it already.
_SHOWN = 4
#: What is shorter gives too much away by them.
_LONG = 16
_PLACEHOLDER = re.compile(
    rb"(?i)example|change_?-?me|placeholder|dummy|redacted|replace|insert|your[-_ ]?(?:own|pass|secret|token|key|api)"
    rb"|x{4}|\*{3}|\.{3}|^<|^\[|\$\{|\$\(|\{\{|%\(|^\$\w+\Z|^%|12345678|abcdefgh|deadbeef"
)
_NONE = frozenset({b"", b"true", b"false", b"yes", b"no", b"on", b"off", b"none", b"null", b"nil", b"undefined"})


@dataclass(frozen=True, slots=True)
class Token:
    """A secret that is recognised wherever it stands.

    A file is searched by ``pattern`` only where one of ``words`` is in it. Group 1, or the whole match, is the
    secret; ``random``: it is none where it is not random enough. ``example`` is one (none that was ever in use).
    """

    kind: str
    says: str
    words: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    example: bytes
    severity: Severity = Severity.HIGH
    random: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A secret that is recognised by the file in which it stands.

    ``path`` is searched for in the path, ``pattern`` in the content: group 1 is the secret, where it has one.
    ``example`` is a path and a content.
    """

    kind: str
    says: str
    path: re.Pattern[str]
    pattern: re.Pattern[bytes]
    example: tuple[str, bytes]
    severity: Severity = Severity.HIGH


def is_placeholder(value: bytes) -> bool:
    """Whether somebody wrote it down to be replaced: ``changeme``, ``${TOKEN}``, ``xxxx``, one letter repeated."""
    plain = value.strip(b"\"' \t\r\n")
    return plain.lower() in _NONE or len(set(plain)) < 3 or _PLACEHOLDER.search(plain[:200]) is not None


def redacted(value: bytes) -> str:
    """The first characters of a long secret, in ASCII; only an ellipsis for a short one."""
    return value[:_SHOWN].decode("ascii", "replace") + "…" if len(value) >= _LONG else "…"
