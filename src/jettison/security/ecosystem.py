"""Under which names the advisories of a package are kept: OSV schema, "Defined ecosystems"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component
from jettison.packages.model import Package
from jettison.security.advisories.database import Database
from jettison.security.advisories.sources.debian import RELEASES as DEBIAN

#: purl type -> ecosystem.
LANGUAGES = {
    "npm": "npm", "pypi": "PyPI", "gem": "RubyGems", "composer": "Packagist", "golang": "Go", "cargo": "crates.io",
    "maven": "Maven", "nuget": "NuGet",
}  # fmt: skip
#: Name of a program without a record -> where its advisories are. Bitnami names upstream's own versions.
PROGRAMS = {
    "node": (("node", "node"), ("Bitnami", "node")),
    "go": (("Go", "stdlib"), ("Go", "toolchain"), ("Bitnami", "golang")),
    "python": (("Bitnami", "python"),), "ruby": (("Bitnami", "ruby"),), "php": (("Bitnami", "php"),),
    "java": (("Bitnami", "java"),), "openssl": (("Bitnami", "openssl"),), "nginx": (("Bitnami", "nginx"),),
    "httpd": (("Bitnami", "apache"),), "haproxy": (("Bitnami", "haproxy"),), "redis": (("Bitnami", "redis"),),
    "memcached": (("Bitnami", "memcached"),), "postgresql": (("Bitnami", "postgresql"),),
    "mariadb": (("Bitnami", "mariadb"),), "perl": (("Bitnami", "perl"),),
}  # fmt: skip
#: os-release ID -> name, and how many numbers of VERSION_ID are its release; 0: it has none.
_RELEASES = {
    "debian": ("Debian", 1), "ubuntu": ("Ubuntu", 2), "alpine": ("Alpine", 2), "wolfi": ("Wolfi", 0),
    "chainguard": ("Chainguard", 0), "almalinux": ("AlmaLinux", 1), "rocky": ("Rocky Linux", 1), "rhel": ("Red Hat", 1),
    "opensuse-leap": ("openSUSE", 2), "sles": ("SUSE", 2), "azurelinux": ("Azure Linux", 1),
    "mariner": ("Azure Linux", 1),
    "photon": ("Photon OS", 2), "mageia": ("Mageia", 1), "openeuler": ("openEuler", 2), "fedora": ("Fedora", 1),
    "amzn": ("Amazon Linux", 1), "ol": ("Oracle Linux", 1), "alpaquita": ("Alpaquita", 0),
}  # fmt: skip
_PREFIXES = {"Alpine": "v", "openSUSE": "Leap ", "SUSE": "Linux Enterprise Server "}
#: Whose advisories name binary packages and all of them; the others name source packages, or both.
_BINARY = ("AlmaLinux",)
#: Where distributions install nothing (Filesystem Hierarchy Standard 3.0, 3.13, 3.17 and 4.9): others do.
_LOCAL = re.compile(r"/(?:opt|srv|usr/local)/")


@dataclass(frozen=True, slots=True)
class Lookup:
    """What to ask the database for, and which version to compare."""

    ecosystem: str
    package: str
    version: str


def release(distribution: Distribution) -> str:
    """A distribution's ecosystem (``Debian:12``, ``Alpine:v3.20``, ``Wolfi``).

    One that OSV does not have is named as os-release does, so that it can be said that it is not covered.
    """
    name, numbers = _RELEASES.get(distribution.id, (distribution.id, 2))
    if not numbers:
        return name
    shown = ".".join(distribution.version.split("_")[0].split(".")[:numbers]) or distribution.codename
    if name == "Debian":
        shown = DEBIAN.get(shown, shown)  # testing and sid have no VERSION_ID
    if name == "SUSE":
        shown = " SP".join(shown.split("."))
    if name == "Alpine" and "_" in distribution.version:
        return "Alpine:edge"
    return f"{name}:{_PREFIXES.get(name, '')}{shown}" if shown else name


def ecosystem(component: Component, distribution: Distribution | None) -> str:
    """Where the advisories of a component are (``Debian:12``, ``PyPI``); empty where nobody can tell."""
    package = component.package
    if package.is_distribution:
        return release(distribution) if distribution is not None else ""
    if package.type == "generic":
        return PROGRAMS[package.name][-1][0] if package.name in PROGRAMS else ""
    return LANGUAGES.get(package.type, "")


def lookups(component: Component, distribution: Distribution | None) -> tuple[Lookup, ...]:
    """Every place in which advisories of the component may be."""
    package, named = component.package, ecosystem(component, distribution)
    if not named:
        return ()
    if package.type == "generic":
        return tuple(Lookup(where, name, package.version) for where, name in PROGRAMS[package.name])
    if package.is_distribution:
        return tuple(_of_distribution(package, named))
    return (Lookup(named, package.name, package.version),)


def _of_distribution(package: Package, named: str) -> list[Lookup]:
    """By the source package, whose version a rebuild of the binary one (``+b1``) does not change."""
    by_name = Lookup(named, package.name, package.version)
    if package.type == "rpm" and named.startswith(_BINARY):
        return [by_name]
    source = package.source or package.name
    version = package.attributes.get("source_version", "") or package.version
    by_source = Lookup(named, source, version)
    return list(dict.fromkeys([by_source, by_name])) if package.type == "rpm" else [by_source]


def has_no_group(component: Component) -> bool:
    """Whether it is a jar that does not say which group its artifact is of: Maven has several of many names."""
    return component.package.type == "maven" and ":" not in component.package.name


def is_covered(component: Component, distribution: Distribution | None, database: Database) -> bool:
    """Whether the database can have an advisory of it: any of its ecosystem, or, of a program, any of its own.

    One that has only Bitnami's advisories of Node.js says nothing of Go.
    """
    places = lookups(component, distribution)
    if component.package.type == "generic":
        return any(database.advisories(place.ecosystem, place.package) for place in places)
    return not has_no_group(component) and any(database.covers(place.ecosystem) for place in places)


def is_maintained(component: Component, distribution: Distribution | None, database: Database) -> bool:
    """Whether the distribution mends what is in its owner's files, so that the owner's advisories count for it.

    Not below ``/opt``, ``/srv`` and ``/usr/local``, and not where advisories of the distribution are known and none
    is of the owner: anybody can make a package of a distribution's format.
    """
    if component.owner is None:
        return True
    if _LOCAL.match(component.place):
        return False
    owner = Component(component.owner)
    known = (each for each in lookups(owner, distribution) if database.advisories(each.ecosystem, each.package))
    return not is_covered(owner, distribution, database) or any(known)
