"""From events to ranges: OSV schema, "affected[].ranges[].events field" and "Evaluation"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jettison.errors import Unsupported
from jettison.security.model import Range
from jettison.security.versions import registry

_KINDS = ("introduced", "fixed", "last_affected", "limit")
_FIRST = ("introduced", "0")


def intervals(ecosystem: str, events: Sequence[Mapping[str, Any]], last_known: str = "") -> Iterator[Range]:
    """What the events hold, which may stand in any order. One that nothing ends goes to ``last_known``, if given.

    What begins within an interval, and what ends where there is none, changes nothing. Nothing is affected from the
    last limit on.
    """
    since = None
    for kind, version in _limited(_ordered(ecosystem, list(_flat(events)))):
        if kind == "introduced":
            since = version if since is None else since
        elif since is not None and kind != "limit":
            yield Range(since, last_affected=version) if kind == "last_affected" else Range(since, fixed=version)
            since = None
    if since is not None:
        yield Range(since, last_affected=last_known)


def _flat(events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """An event has one kind; older records had several in one."""
    for event in events:
        yield from ((kind, event[kind]) for kind in _KINDS if isinstance(event.get(kind), str))


def _ordered(ecosystem: str, events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """By version, and as given where that is the same or one of them cannot be read; ``0`` is before every one."""
    first = [event for event in events if event == _FIRST]
    later = [event for event in events if event != _FIRST and event != ("limit", "*")]
    if len(later) < 2:
        return first + later
    try:
        key = registry.of(registry.scheme(ecosystem)).key
        return first + sorted(later, key=lambda event: key(event[1]))
    except (Unsupported, ValueError):
        return first + later


def _limited(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Up to the last limit, which is then as good as a fix; of several any one does (``BeforeLimits``)."""
    places = [place for place, event in enumerate(events) if event[0] == "limit"]
    if not places:
        return events
    return [*events[: places[-1]], ("fixed", events[places[-1]][1])]
