"""Conditions on what a scan found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jettison.configuration import Gates
from jettison.configuration.model import RANKS
from jettison.report.printable import line
from jettison.report.security.model import Security, Side
from jettison.report.tables import number


def broken(wanted: Gates, found: Security) -> Iterator[str]:
    """What does not hold, as sentences.

    Of two images, what remains of the first and what cannot be told count as well as what the second shows: records
    that were deleted on the way hide nothing. ``max_severity`` does not rank findings of unknown severity.
    """
    counts = counted(found)
    if wanted.max_severity is not None:
        yield from _worse(RANKS[: RANKS.index(wanted.max_severity)], wanted.max_severity, counts)
    for severity, limit in wanted.max_count.items():
        count = counts.get(severity, 0)
        if count > limit:
            yield f"{number(count, 'vulnerability', 'vulnerabilities')} of severity {severity}, at most {limit} allowed"
    for reason in wanted.fail_on:
        yield from _reason(reason, found.after)


def counted(found: Security) -> Mapping[str, int]:
    """By severity, the larger of what the last image shows and what of the first did not go, with what came."""
    parts = (found.remaining, found.cannot_tell, found.added)
    return {
        severity: max(count, sum(part.get(severity, 0) for part in parts))
        for severity, count in found.after.counts.items()
    }


def _worse(ranks: tuple[str, ...], limit: str, counts: Mapping[str, int]) -> Iterator[str]:
    worse = [f"{counts[rank]} {rank}" for rank in ranks if counts.get(rank)]
    if worse:
        yield f"vulnerabilities worse than {limit}: {', '.join(worse)}"


def _reason(reason: str, found: Side) -> Iterator[str]:
    if reason == "unknown-inventory" and found.not_known:
        yield f"not everything is known: {line('; '.join(found.not_known))}"
    elif reason == "exploited" and found.known_exploited:
        yield f"{number(found.known_exploited, 'vulnerability', 'vulnerabilities')} known to be exploited"
    elif reason == "fixable" and found.fixable:
        yield f"{number(found.fixable, 'vulnerability', 'vulnerabilities')} of which a fixed version exists"
    elif reason == "secrets":
        secrets = [weakness for weakness in found.weaknesses if weakness.kind.startswith("secret")]
        if secrets:
            yield f"{number(len(secrets), 'secret')}, the first in {line(secrets[0].path or 'the configuration')}"
