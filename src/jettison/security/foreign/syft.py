"""Syft's own JSON (``-o syft-json``): an inventory, in which nothing was matched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component
from jettison.packages.model import Package
from jettison.security.foreign import parts
from jettison.security.model import Scan
from jettison.security.shapes import required, rows, table, word

#: Syft's type -> purl's, for artifacts without a purl.
_KINDS = {"python": "pypi", "go-module": "golang", "java-archive": "maven", "rust-crate": "cargo", "dotnet": "nuget",
          "php-composer": "composer", "deb": "deb", "apk": "apk", "rpm": "rpm", "npm": "npm", "gem": "gem"}  # fmt: skip


def recognised(told: dict[str, Any]) -> bool:
    """Whether it is one."""
    return isinstance(told.get("artifacts"), list) and isinstance(told.get("source"), dict) and "descriptor" in told


def read(told: dict[str, Any], name: str) -> Scan:
    """The scan, which says that no advisory was asked."""
    components = [Component(package(row)) for row in rows(told, "artifacts")]
    by, system = author(told), distribution(table(told, "distro"))
    return parts.scan(
        target(told) or name, by, components, system, (), unknown=[f"{by} lists packages and asks no advisories"]
    )


def author(told: dict[str, Any]) -> str:
    """``syft 1.18.1``: the descriptor, which Grype has as well."""
    descriptor = table(told, "descriptor")
    return f"{word(descriptor, 'name') or 'syft'} {word(descriptor, 'version')}".rstrip()


def target(told: dict[str, Any]) -> str:
    """What was scanned, as the user called it."""
    source = table(told, "source")
    key = "metadata" if "metadata" in source else "target"
    if isinstance(source.get(key), str):
        return word(source, key)
    inner = table(source, key)
    return word(inner, "userInput") or word(inner, "path") or word(source, "name")


def distribution(told: dict[str, Any]) -> Distribution | None:
    """``distro`` of Syft (``id``, ``versionID``) and of Grype (``name``, ``version``)."""
    identifier = (word(told, "id") or word(told, "name")).lower()
    version = word(told, "versionID") or word(told, "version")
    return Distribution(identifier, version, word(told, "prettyName")) if identifier else None


def package(row: dict[str, Any]) -> Package:
    """An artifact, whose metadata may be of any kind."""
    name, metadata = required(row, "name"), row.get("metadata")
    said: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    upstream: dict[str, Any] = next(iter(rows(row, "upstreams")), {})
    return parts.package(
        word(row, "purl"),
        name,
        word(row, "version"),
        source=_text(said, "source") or _text(said, "originPackage") or word(upstream, "name"),
        source_version=_text(said, "sourceVersion") or word(upstream, "version"),
        place=min(_places(row), default=""),
        kind=_KINDS.get(word(row, "type"), "generic"),
    )


def _text(metadata: dict[str, Any], key: str) -> str:
    """A text; each kind of package has members of its own, which may be objects under the same name."""
    value = metadata.get(key)
    return value if isinstance(value, str) else ""


def _places(row: dict[str, Any]) -> Iterator[str]:
    return filter(None, (word(place, "path") for place in rows(row, "locations")))
