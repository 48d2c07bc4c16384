"""Alpine's secdb: which package version fixed what (secdb.alpinelinux.org); also Wolfi's and Chainguard's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from jettison.security.advisories import names
from jettison.security.advisories.jsonstream import members
from jettison.security.advisories.sources.lists import dicts, texts
from jettison.security.advisories.values import Item, Origin
from jettison.security.model import Advisory, Fix, Range

#: Identifiers in an entry; what is in brackets and other remarks are none.
_IDENTIFIER = re.compile(r"[A-Za-z]{2,}-?[0-9][\w:.-]*|[A-Za-z]{2,}(?:-[\w:.]+)+")
#: Hosts of ``urlprefix`` -> the distribution, where it has no releases.
_ROLLING = (("wolfi", "Wolfi"), ("chainguard", "Chainguard"), ("cgr.dev", "Chainguard"))


def recognised(keys: set[str]) -> bool:
    """Whether an object with these members is a secdb."""
    return "packages" in keys and bool(keys & {"reponame", "urlprefix", "distroversion", "apkurl"})


def read(stream: BinaryIO, modified: str) -> Iterator[Item]:
    """An advisory for each identifier of each package. ``packages`` comes last: what it is of is known by then."""
    head: dict[str, Any] = {}
    packages: list[dict[str, Any]] = []
    for key, value in members(stream):
        if key == "packages":
            packages = dicts(value)
        elif isinstance(value, str):
            head[key] = value
    ecosystem = _ecosystem(head)
    yield Origin(names.family(ecosystem), modified)
    for each in packages:
        package = each.get("pkg")
        if isinstance(package, dict) and isinstance(package.get("name"), str):
            yield from _package(ecosystem, package["name"], package.get("secfixes"))


def _ecosystem(head: dict[str, Any]) -> str:
    for host, name in _ROLLING:
        if host in head.get("urlprefix", ""):
            return name
    release = head.get("distroversion", "")
    if not release:
        raise ValueError("it says of no release that it is its secdb")
    return f"Alpine:{release.removesuffix('-main').removesuffix('-community')}"


def _package(ecosystem: str, name: str, secfixes: Any) -> Iterator[Advisory]:
    for version, entries in secfixes.items() if isinstance(secfixes, dict) else ():
        for entry in texts(entries):
            for identifier, aliases in _identifiers(entry):
                yield _advisory(ecosystem, name, version, identifier, aliases)


def _identifiers(entry: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``CVE-1 CVE-2`` are two; ``CVE-1 XSA-1`` is one with another name, and so is what has no CVE."""
    found = list(dict.fromkeys(_IDENTIFIER.findall(re.sub(r"\(.*?\)", " ", entry))))
    numbered = [each for each in found if names.is_cve(each)]
    if len(numbered) > 1:
        yield from ((each, ()) for each in numbered)
    elif found:
        first = numbered[0] if numbered else found[0]
        yield first, tuple(each for each in found if each != first)


def _advisory(ecosystem: str, name: str, version: str, identifier: str, aliases: tuple[str, ...]) -> Advisory:
    """A version of 0 says that no version of this package was ever affected."""
    return Advisory(
        id=identifier,
        ecosystem=ecosystem,
        package=name,
        aliases=aliases,
        ranges=(Range(fixed=version),),
        fix=Fix.NOT_AFFECTED if version == "0" else Fix.FIXED,
        source=names.family(ecosystem),
    )
