"""Conditions on what a scan found."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.configuration import Gates
from jettison.configuration.model import RANKS
from jettison.report.printable import printable
from jettison.report.security.model import Side


def broken(wanted: Gates, found: Side) -> Iterator[str]:
    """What does not hold, as sentences."""
    if wanted.max_severity is not None:
        yield from _worse(RANKS[: RANKS.index(wanted.max_severity)], wanted.max_severity, found)
    for severity, limit in wanted.max_count.items():
        count = found.counts.get(severity, 0)
        if count > limit:
            yield f"{count} vulnerabilities of severity {severity}, at most {limit} allowed"
    for reason in wanted.fail_on:
        yield from _reason(reason, found)


def _worse(ranks: tuple[str, ...], limit: str, found: Side) -> Iterator[str]:
    worse = [f"{found.counts[rank]} {rank}" for rank in ranks if found.counts.get(rank)]
    if worse:
        yield f"vulnerabilities worse than {limit}: {', '.join(worse)}"


def _reason(reason: str, found: Side) -> Iterator[str]:
    if reason == "unknown-inventory" and found.not_known:
        yield f"not everything is known: {printable('; '.join(found.not_known))}"
    elif reason == "exploited" and found.known_exploited:
        yield f"{found.known_exploited} vulnerabilities are known to be exploited"
    elif reason == "fixable" and found.fixable:
        yield f"{found.fixable} vulnerabilities have a fixed version"
    elif reason == "secrets":
        secrets = [weakness for weakness in found.weaknesses if weakness.kind.startswith("secret")]
        if secrets:
            yield f"{len(secrets)} secrets, the first in {printable(secrets[0].path or 'the configuration')}"
