"""Debian's security tracker: which CVE is open in which release (security-tracker.debian.org/tracker/data/json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from jettison.security.advisories import severity
from jettison.security.advisories.jsonstream import members
from jettison.security.advisories.sources.lists import line
from jettison.security.advisories.values import Item, Origin, Skipped
from jettison.security.model import Advisory, Fix, Range, Severity

#: Code names of releases; the tracker has no numbers.
RELEASES = {
    "wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13",
    "forky": "14", "duke": "15", "sid": "sid",
}  # fmt: skip
_NAME = "Debian"
_URL = "https://security-tracker.debian.org/tracker/"


def recognised(key: str, value: Any) -> bool:
    """Whether a member of the file is a package's: CVEs with their releases."""
    if not isinstance(value, dict):
        return False
    return any(isinstance(each, dict) and isinstance(each.get("releases"), dict) for each in value.values())


def read(stream: BinaryIO, modified: str) -> Iterator[Item]:
    """An advisory for each CVE of each package in each release."""
    yield Origin(_NAME, modified)
    for package, found in members(stream):
        if not isinstance(found, dict):
            raise ValueError(f"it has no object for {package[:80]!r}")
        for identifier, entry in found.items():
            yield from _entry(package, identifier, entry)


def _entry(package: str, identifier: str, entry: Any) -> Iterator[Item]:
    if not isinstance(entry, dict) or not isinstance(entry.get("releases"), dict):
        yield Skipped("without releases")
        return
    for codename, state in entry["releases"].items():
        if codename in RELEASES and isinstance(state, dict):
            yield _state(package, identifier, RELEASES[codename], state, line(entry.get("description")))
        else:
            yield Skipped("of a release without a number")


def _state(package: str, identifier: str, release: str, state: dict[str, Any], summary: str) -> Advisory:
    urgency = str(state.get("urgency", "")).rstrip("*")
    fix, ranges = _fix(state, urgency)
    said = severity.word(urgency)
    note = _note(state)
    return Advisory(
        id=identifier,
        ecosystem=f"Debian:{release}",
        package=package,
        ranges=ranges,
        severity=said,
        severity_source=_NAME if said is not Severity.UNKNOWN else "",
        fix=fix,
        source=_NAME,
        summary=f"{note}: {summary}" if note and summary else note or summary,
        url=_URL + identifier,
    )


def _fix(state: dict[str, Any], urgency: str) -> tuple[Fix, tuple[Range, ...]]:
    """What Debian did. A fixed version of 0 says that no version of the release was ever affected."""
    fixed = state.get("fixed_version")
    if state.get("status") == "resolved" and isinstance(fixed, str) and fixed:
        return (Fix.NOT_AFFECTED if fixed == "0" else Fix.FIXED), (Range(fixed=fixed),)
    ignored = state.get("nodsa_reason") == "ignored" or urgency == "end-of-life"
    return (Fix.WILL_NOT_FIX if ignored else Fix.UNFIXED), (Range(),)


def _note(state: dict[str, Any]) -> str:
    """What else the tracker says of an open one, for people."""
    if state.get("status") == "undetermined":
        return "Debian has not determined whether this release is affected"
    return f"no advisory of its own ({line(state['nodsa'])})" if state.get("nodsa") else ""
