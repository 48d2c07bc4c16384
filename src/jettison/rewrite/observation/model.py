"""What writing by observation gives, and the parts that it is put together from."""

from __future__ import annotations

from dataclasses import dataclass

from jettison.plan import Plan


@dataclass(frozen=True, slots=True)
class Observed:
    """A Dockerfile and the plan that it carries out, which keeps at least what was asked for.

    ``notes`` say in sentences what is different from the plan that was given, and what no Dockerfile can say.
    """

    text: str
    plan: Plan
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Paths that are copied for one purpose, with the comment that says it."""

    comment: str
    paths: tuple[str, ...]
