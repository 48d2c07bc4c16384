"""A statement: a vulnerability does or does not concern a product, or a component of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """OpenVEX specification 0.2.0, "Status Labels"."""

    NOT_AFFECTED = "not_affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"

    @property
    def clears(self) -> bool:
        """Whether the vulnerability is no longer counted."""
        return self in (Status.NOT_AFFECTED, Status.FIXED)


@dataclass(frozen=True, slots=True)
class Target:
    """What a statement is about: an image or a package, and, in it, these components or (none named) all of it.

    Identifiers are package URLs or other names; ``versions``, if any, are the only ones that are meant.
    """

    product: str
    components: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """``names`` are those of one vulnerability, ``reason`` the justification, else the impact or the status.

    ``file`` is where it was read; of two that contradict each other the one with the later ``timestamp`` holds.
    """

    file: str
    names: frozenset[str]
    status: Status
    targets: tuple[Target, ...]
    reason: str
    timestamp: str = ""
