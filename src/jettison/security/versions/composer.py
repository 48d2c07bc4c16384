"""Versions and constraints of Composer packages, as composer/semver documents them."""

from __future__ import annotations

import re
from functools import lru_cache

from jettison.security.versions.bounds import CACHED, checked, constraint
from jettison.security.versions.comparators import holds

_ALLOWED = re.compile(r"[0-9A-Za-z.:+_@#/ -]+")
_STABILITY = (
    r"(?:[._-]?(?P<stability>stable|beta|b|rc|alpha|a|patch|pl|p)(?P<number>[0-9]*(?:[.-][0-9]+)*))?(?P<dev>[.-]?dev)?"
)
_VERSION = re.compile(rf"v?(?P<numbers>[0-9]{{1,5}}(?:\.[0-9]+){{0,3}}){_STABILITY}", re.IGNORECASE)
_DATE = re.compile(
    rf"v?(?P<numbers>[0-9]{{4}}(?:[.:-]?[0-9]{{2}}){{1,6}}(?:[.:-]?[0-9]{{1,3}}){{0,2}}){_STABILITY}", re.I
)
_BRANCH = re.compile(r"v?(?P<numbers>[0-9]+(?:\.(?:[0-9]+|[xX*])){0,3})[.-]?dev", re.IGNORECASE)
_WILDCARD = re.compile(r"v?(?P<numbers>[0-9]+(?:\.[0-9]+){0,2})(?P<rest>(?:\.[xX*])*)")
_PREVIEW = re.compile(r"-[._-]?(?:stable|beta|b|rc|alpha|a|patch|pl|p|dev)[0-9.-]*(?:[.-]?dev)?$", re.IGNORECASE)
_DECORATION = re.compile(r"(?: as .*|@(?:stable|rc|beta|alpha|dev)|#.*|\+[^ ]*)", re.IGNORECASE)
_COMPARATOR = re.compile(r"(?P<operator>[<>]=?|==?|!=|<>|\^|~)?\s*(?P<version>[^\s<>=!^~,|]+)")
#: PHP's version_compare: the end of a version is after previews and before numbers, patches are after both.
_RANKS = {"dev": 0, "alpha": 1, "a": 1, "beta": 2, "b": 2, "rc": 3, "patch": 6, "pl": 6, "p": 6}
_END, _NUMBER = (4,), 5
_DEV = (0,)
#: What stands for the missing numbers of a branch (``1.x-dev``): later than all of its releases.
_LATEST = 9999999

Parts = tuple[tuple[int, ...], ...]
Comparator = tuple[str, Parts]


@lru_cache(maxsize=CACHED)
def key(version: str) -> Parts:
    """What sorts as Composer sorts. Branches without a number (``dev-main``) have no order: ``ValueError``."""
    text = _DECORATION.sub("", checked(version.strip(), _ALLOWED))
    for pattern, width in ((_VERSION, 4), (_DATE, 0)):
        if match := pattern.fullmatch(text):
            return (*_padded(re.findall("[0-9]+", match["numbers"]), width), *_stability(match), _END)
    if match := _BRANCH.fullmatch(text):
        numbers = [number if number.isdecimal() else str(_LATEST) for number in match["numbers"].split(".")]
        return (*_padded(numbers, 4, _LATEST), _DEV, _END)
    raise ValueError(f"{version!r} is no version of a Composer package")


def _padded(numbers: list[str], width: int, filling: int = 0) -> Parts:
    return tuple((_NUMBER, int(number)) for number in [*numbers, *[str(filling)] * (width - len(numbers))])


def _stability(match: re.Match[str]) -> Parts:
    word = (match["stability"] or "stable").lower()
    dev = (_DEV,) if match["dev"] else ()
    if word == "stable":
        return dev
    numbers = tuple((_NUMBER, int(number)) for number in re.findall("[0-9]+", match["number"] or ""))
    return ((_RANKS[word],), *numbers, *dev)


def satisfies(version: str, text: str) -> bool:
    """Whether one of the alternatives (``||``) holds a version: all of its comparators do."""
    version_key = key(version)
    return any(all(holds(version_key, *each) for each in alternative) for alternative in _parsed(text))


@lru_cache(maxsize=CACHED)
def _parsed(text: str) -> tuple[tuple[Comparator, ...], ...]:
    return tuple(_alternative(part.strip()) for part in re.split(r"\|\|?", constraint(text)))


def _alternative(text: str) -> tuple[Comparator, ...]:
    """The comparators that commas or spaces separate, or the two ends of ``1.0 - 2.0``."""
    ends = re.split(r"\s+-\s+", text)
    if len(ends) == 2:
        high = _WILDCARD.fullmatch(ends[1])
        upper = _below(_numbers(high)) if high and len(_numbers(high)) < 3 else ("<=", key(ends[1]))
        return (">=", _lowest(ends[0])), upper
    parts = list(_COMPARATOR.finditer(text))
    if not parts or _COMPARATOR.sub("", text).strip(" ,"):
        raise ValueError(f"{text!r} is no constraint")
    return tuple(each for part in parts for each in _comparators(part["operator"] or "", part["version"]))


def _comparators(operator: str, version: str) -> tuple[Comparator, ...]:
    """Previews of the version named are not before it, and are from it on, if it names none itself."""
    if version in ("*", "x", "X"):
        return ()
    wildcard = _WILDCARD.fullmatch(version)
    if operator in ("^", "~"):
        numbers = [part[1] for part in key(version)[:4]]
        given = version.partition("-")[0].count(".") + 1
        return (">=", _lowest(version)), _below(_upper(operator, numbers, given))
    if not operator and wildcard and wildcard["rest"]:
        numbers = _numbers(wildcard)
        return (">=", _lowest(".".join(map(str, numbers)))), _below(numbers)
    if operator in ("<", ">="):
        return ((operator, _lowest(version)),)
    return ((operator, key(version)),)


def _lowest(version: str) -> Parts:
    """A version's first preview, unless the version is a preview."""
    parts = key(version)
    return parts if _PREVIEW.search(version) else (*parts[:-1], _DEV, _END)


def _numbers(match: re.Match[str]) -> list[int]:
    return [int(number) for number in re.findall("[0-9]+", match["numbers"])]


def _upper(operator: str, numbers: list[int], given: int) -> list[int]:
    """The numbers that have to stay: with a caret up to the first that is not 0, with a tilde all but the last."""
    if operator == "~":
        return numbers[: max(1, min(given, 4) - 1)]
    return next((numbers[: place + 1] for place in range(min(given, 3)) if numbers[place]), numbers[: min(given, 3)])


def _below(numbers: list[int]) -> Comparator:
    """Before the first preview of the version in which the last of the numbers is one more."""
    raised = [*numbers[:-1], numbers[-1] + 1]
    return "<", (*_padded([str(number) for number in raised], 4), _DEV, _END)
