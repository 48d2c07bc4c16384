"""Every package that the sources offer, found by name or by what it provides; read only as far as asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jettison.bases.assemble.relations import Relation, parse
from jettison.bases.assemble.versions import order
from jettison.errors import InvalidInput, NotFound
from jettison.packages.deb822 import paragraphs

_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]*\Z")
_FILE = re.compile(r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9+.,:~_/%-]+\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_PACKAGE = re.compile(r"^Package:[ \t]*(\S+)", re.MULTILINE)
_PROVIDES = re.compile(r"^Provides:((?:.*)(?:\n[ \t].*)*)", re.MULTILINE)
_PRIORITIES = ("required", "important", "standard", "optional", "extra")


@dataclass(frozen=True, slots=True)
class Package:
    """One version of a package: where its file is, its SHA256 and size in bytes, and what its paragraph says."""

    name: str
    version: str
    architecture: str
    url: str
    sha256: str
    size: int
    archive: str
    fields: Mapping[str, str]

    def relations(self, *names: str) -> tuple[tuple[Relation, ...], ...]:
        """The groups of these fields, in their order."""
        return tuple(group for name in names for group in parse(self.fields.get(name, "")))

    @property
    def provides(self) -> tuple[Relation, ...]:
        """Virtual packages, some with a version."""
        return tuple(relation for group in self.relations("Provides") for relation in group)

    @property
    def rank(self) -> tuple[int, str]:
        """Which of several providers is taken: the one of the highest priority, then the first by name."""
        priority = self.fields.get("Priority", "")
        return _PRIORITIES.index(priority) if priority in _PRIORITIES else len(_PRIORITIES), self.name


class Universe:
    """The packages of all sources, for one architecture. The highest version of a name is the one that counts."""

    def __init__(self, architecture: str, pins: Mapping[str, str] | None = None) -> None:
        """``pins`` are versions by name: of these packages only that one counts."""
        self.architecture = architecture
        self._pins = pins or {}
        self._paragraphs: dict[str, list[tuple[str, str, str]]] = {}
        self._providers: dict[str, list[str]] = {}
        self._known: dict[str, Package | None] = {}

    def add(self, text: str, url: str, archive: str) -> None:
        """Add a Packages index of the repository at ``url``."""
        for paragraph in text.split("\n\n"):
            found = _PACKAGE.search(paragraph)  # the first line nearly always
            if not found:
                continue
            name = found[1]
            self._paragraphs.setdefault(name, []).append((paragraph, url, archive))
            if "\nProvides:" not in paragraph:  # as most, which saves the slower search
                continue
            provides = _PROVIDES.search(paragraph)
            for virtual in _names(provides[1]) if provides else ():
                self._providers.setdefault(virtual, []).append(name)

    def package(self, name: str) -> Package | None:
        """The highest version of a package, or the pinned one; of equal versions that of the first source."""
        if name not in self._known:
            self._known[name] = self._best(name)
        return self._known[name]

    def providers(self, name: str) -> tuple[Package, ...]:
        """The packages whose current version provides ``name``, the best first."""
        found = {provider: self.package(provider) for provider in self._providers.get(name, ())}
        real = [package for package in found.values() if package and any(p.name == name for p in package.provides)]
        return tuple(sorted(real, key=lambda package: package.rank))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names of packages, sorted."""
        return tuple(sorted(self._paragraphs))

    def _best(self, name: str) -> Package | None:
        found = list(self._versions(name))
        if name in self._pins:
            pin = self._pins[name]
            there = ", ".join(sorted({package.version for package in found}, key=order)) or "none"
            found = [package for package in found if order(package.version) == order(pin)]
            if not found:
                raise NotFound(f"cannot take {name}={pin}: the sources have {there}")
        return max(found, key=lambda package: order(package.version), default=None)

    def _versions(self, name: str) -> Iterator[Package]:
        for paragraph, url, archive in self._paragraphs.get(name, ()):
            fields = dict(next(paragraphs(paragraph), ()))
            if fields.get("Architecture") in ("all", self.architecture):
                yield package(fields, url, archive)


def _names(provides: str) -> Sequence[str]:
    return [word.split("(")[0].split(":")[0].strip() for word in provides.split(",")]


def package(fields: Mapping[str, str], url: str, archive: str) -> Package:
    """A paragraph of a Packages index. Raises ``InvalidInput`` where a field is missing or is no such thing."""
    name = fields.get("Package", "")
    size, file = fields.get("Size", ""), fields.get("Filename", "").removeprefix("./")
    good = (
        _NAME.match(name),
        _FILE.match(file),
        _SHA256.match(fields.get("SHA256", "")),
        size.isdecimal() and len(size) < 16,
        _NAME.match(fields.get("Architecture", "")),
    )
    if not all(good):
        raise InvalidInput(f"cannot use the package {name[:100]!r} of {url}: its paragraph is not complete or not sane")
    order(fields.get("Version", ""))
    return Package(
        name,
        fields["Version"],
        fields["Architecture"],
        f"{url}/{file}",
        fields["SHA256"],
        int(size),
        archive,
        fields,
    )
