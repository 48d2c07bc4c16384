"""How old a database is: since its build, and since the newest advisories that it was built from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from jettison.errors import InvalidInput
from jettison.security.model import DatabaseInfo, Source

#: Days that a clock may be behind the one of whoever built the database, or published a record.
AHEAD = 1.0
_DAY = 86400


def info(path: object, built: str, sources: tuple[Source, ...]) -> DatabaseInfo:
    """What is known of the database at ``path``. Raises ``InvalidInput`` where it was built at no time, or will be."""
    then = _moment(built)
    if then is None:
        raise InvalidInput(f"cannot read {path}: it was built at {built[:40]!r}")
    age = _days(then)
    if age < -AHEAD:
        raise InvalidInput(f"cannot use {path}: it says that it was built at {built}, which is in the future; "
                           "set this machine's clock, or make the database again")  # fmt: skip
    return DatabaseInfo(built, max(0.0, age), sources, _newest(sources))


def _newest(sources: Iterable[Source]) -> float | None:
    """Days since the newest date of those that have advisories. One in the future says nothing."""
    moments = [_moment(source.date) for source in sources if source.advisories]
    ages = [age for moment in moments if moment is not None and (age := _days(moment)) >= -AHEAD]
    return max(0.0, min(ages)) if ages else None


def _moment(text: str) -> datetime | None:
    """ISO 8601; without a time zone, UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _days(then: datetime) -> float:
    return (datetime.now(UTC) - then).total_seconds() / _DAY
