"""A real small database, and inventories to match with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.packages.model import Package
from jettison.security.advisories.build import build
from jettison.security.advisories.database import Database, opened
from jettison.security.match import scan
from jettison.security.model import Scan

DEBIAN = Distribution("debian", "12", "Debian GNU/Linux 12 (bookworm)")


def record(identifier: str, ecosystem: str, name: str, fixed: str = "", **more: Any) -> dict[str, Any]:
    """An OSV record of one package: fixed in ``fixed``, or never."""
    events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
    kind = "SEMVER" if ecosystem in ("Go", "npm", "crates.io") else "ECOSYSTEM"
    affected = [
        {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": kind, "events": events}]}
        | more.pop("affected", {})
    ]
    return {"id": identifier, "modified": "2026-01-02T03:04:05Z", "affected": affected} | more


@contextmanager
def database(directory: Path, records: Iterable[Mapping[str, Any]] = (), **files: Any) -> Iterator[Database]:
    """A database of these records, and of other files that hold advisories."""
    sources = directory / "advisories"
    sources.mkdir(parents=True)
    for number, told in enumerate(records):
        (sources / f"{number}.json").write_text(json.dumps(told))
    for name, told in files.items():
        (sources / f"{name}.json").write_text(json.dumps(told))
    build([sources], directory / "advisories.db")
    with opened(directory / "advisories.db") as found:
        yield found


def deb(name: str, version: str, source: str = "", source_version: str = "", files: Iterable[str] = ()) -> Package:
    """A Debian package."""
    return Package(
        "deb",
        name,
        version,
        "amd64",
        source or name,
        frozenset(files),
        frozenset({f"/var/lib/dpkg/info/{name}.list"}),
        attributes={"source_version": source_version or version},
    )


def inside(kind: str, name: str, version: str, path: str = "/app") -> Package:
    """A language's package, or a program."""
    return Package(kind, name, version, files=frozenset({path}), records=frozenset({path}))


def inventory(
    *packages: Package, distribution: Distribution | None = DEBIAN, owner: Package | None = None
) -> Inventory:
    """An inventory of these; ``owner`` has those that are no distribution's."""
    components = [Component(package, owner=None if package.is_distribution else owner) for package in packages]
    return Inventory(tuple(components), distribution)


def scanned(directory: Path, records: Iterable[Mapping[str, Any]], *packages: Package, **more: Any) -> Scan:
    """The packages matched with the records."""
    with database(directory, records) as found:
        return scan("registry.example/app:1", inventory(*packages, **more), found)
