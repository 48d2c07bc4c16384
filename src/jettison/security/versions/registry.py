"""Which scheme an ecosystem's versions are in, and what the schemes can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from jettison.errors import Unsupported
from jettison.security.versions import (
    apk,
    cargo,
    comparators,
    composer,
    debian,
    generic,
    golang,
    intervals,
    maven,
    npm,
    nuget,
    pypi,
    rpm,
    rubygems,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scheme:
    """``key`` gives what versions are ordered by, ``satisfies`` reads the scheme's own constraints.

    ``includes`` is the same as ``satisfies`` for the constraints of advisories, in which previews count.
    """

    key: Callable[[str], Any]
    satisfies: Callable[[str, str], bool]
    includes: Callable[[str, str], bool]


def _scheme(key: Callable[[str], Any], satisfies: Callable[[str, str], bool]) -> Scheme:
    return Scheme(key, satisfies, satisfies)


def _plain(key: Callable[[str], Any]) -> Scheme:
    return _scheme(key, partial(comparators.satisfies, key))


def _intervals(key: Callable[[str], Any]) -> Scheme:
    return _scheme(key, partial(intervals.satisfies, key))


SCHEMES = {
    "deb": _plain(debian.key),
    "rpm": _plain(rpm.key),
    "apk": _plain(apk.key),
    "maven": _intervals(maven.key),
    "pypi": _scheme(pypi.key, pypi.satisfies),
    "npm": Scheme(npm.key, npm.satisfies, npm.includes),
    "gem": _scheme(rubygems.key, rubygems.satisfies),
    "golang": _scheme(golang.key, golang.satisfies),
    "cargo": Scheme(cargo.key, cargo.satisfies, cargo.includes),
    "composer": _scheme(composer.key, composer.satisfies),
    "nuget": _intervals(nuget.key),
    "generic": _plain(generic.key),
}

#: Names of ecosystems without the release behind the colon, in lower case: OSV's, and of more distributions that use
#: the same packages.
ECOSYSTEMS = {
    "debian": "deb", "ubuntu": "deb", "echo": "deb", "minimos": "apk",
    "alpine": "apk", "wolfi": "apk", "chainguard": "apk", "alpaquita": "apk", "bellsoft hardened containers": "apk",
    "almalinux": "rpm", "rocky linux": "rpm", "red hat": "rpm", "suse": "rpm", "opensuse": "rpm", "mageia": "rpm",
    "openeuler": "rpm", "azure linux": "rpm", "fedora": "rpm", "amazon linux": "rpm", "oracle linux": "rpm",
    "photon os": "rpm",
    "pypi": "pypi", "npm": "npm", "node": "npm", "go": "golang", "crates.io": "cargo", "rubygems": "gem",
    "maven": "maven", "nuget": "nuget", "packagist": "composer", "bitnami": "generic", "generic": "generic",
}  # fmt: skip


def scheme(ecosystem: str) -> str:
    """The scheme of an ecosystem of OSV (``Debian:12``, ``PyPI``): a key of ``SCHEMES``; raises ``Unsupported``."""
    name = ecosystem.partition(":")[0].strip().lower()
    if name not in ECOSYSTEMS:
        raise Unsupported(f"cannot compare versions: no order is known for {ecosystem[:80]!r}")
    return ECOSYSTEMS[name]


def of(name: str) -> Scheme:
    """The scheme with this name; raises ``Unsupported``."""
    if name not in SCHEMES:
        raise Unsupported(f"cannot compare versions: no scheme {name[:80]!r}")
    return SCHEMES[name]


def compare(name: str, one: str, other: str) -> int:
    """-1, 0 or 1: whether a version is before, the same as, or after the other. ``ValueError`` for what is none."""
    key = of(name).key
    first, second = key(one), key(other)
    return int(first > second) - int(first < second)


def satisfies(name: str, version: str, constraint: str) -> bool:
    """Whether the constraint, in the scheme's own syntax, holds the version. ``ValueError`` where either is unread."""
    return of(name).satisfies(version, constraint)
