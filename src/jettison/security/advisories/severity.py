"""How bad a vulnerability is: words that publishers use, and CVSS vectors."""

from __future__ import annotations

from functools import lru_cache

from jettison.security.model import Severity

#: What publishers write -> what it means. GHSA and Red Hat say "moderate", Red Hat and AlmaLinux "important".
WORDS = {
    "critical": Severity.CRITICAL,
    "important": Severity.HIGH,
    "high": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "negligible": Severity.NEGLIGIBLE,
    "unimportant": Severity.NEGLIGIBLE,
    "none": Severity.NEGLIGIBLE,
}
#: The longest vector with every optional metric of CVSS 4.0 has less than 200 characters.
_LONGEST = 400


def word(text: object) -> Severity:
    """A publisher's word; ``UNKNOWN`` for any other."""
    return WORDS.get(text.strip().lower(), Severity.UNKNOWN) if isinstance(text, str) else Severity.UNKNOWN


@lru_cache(maxsize=8192)
def vector(text: str) -> tuple[Severity, str]:
    """The base severity of a CVSS vector and what to call it (``CVSS 3.1``); unknown and empty for what is none.

    CVSS 2 has no severities of its own; those are of the NVD: low to 3.9, medium to 6.9, high above.
    """
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    if len(text) > _LONGEST:
        return Severity.UNKNOWN, ""
    try:
        if text.startswith("CVSS:4"):
            return word(CVSS4(text).severity), "CVSS 4.0"
        if text.startswith("CVSS:3"):
            return word(CVSS3(text).severities()[0]), f"CVSS {text[5:8]}"
        return word(CVSS2(text.strip("()")).severities()[0]), "CVSS 2.0"
    except (CVSSError, ArithmeticError, LookupError, ValueError):
        return Severity.UNKNOWN, ""


def rank(source: str) -> int:
    """Which word counts first: 0 the distribution or publisher itself, 1 GHSA, 2 a CVSS vector."""
    if source == "GHSA":
        return 1
    return 2 if source.startswith("CVSS") else 0
