"""Syft's own JSON (``-o syft-json``): an inventory, in which nothing was matched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component
from jettison.packages.model import Package
from jettison.security.foreign import parts
from jettison.security.foreign.parts import dicts, text
from jettison.security.model import Scan

#: Syft's type -> purl's, for artifacts without a purl.
_KINDS = {"python": "pypi", "go-module": "golang", "java-archive": "maven", "rust-crate": "cargo", "dotnet": "nuget",
          "php-composer": "composer", "deb": "deb", "apk": "apk", "rpm": "rpm", "npm": "npm", "gem": "gem"}  # fmt: skip


def recognised(told: dict[str, Any]) -> bool:
    """Whether it is one."""
    return isinstance(told.get("artifacts"), list) and isinstance(told.get("source"), dict) and "descriptor" in told


def read(told: dict[str, Any], name: str) -> Scan:
    """The scan, which says that no advisory was asked."""
    components = [Component(package(row)) for row in dicts(told["artifacts"])]
    by, system = author(told), distribution(told.get("distro"))
    return parts.scan(
        target(told) or name, by, components, system, (), unknown=[f"{by} lists packages and asks no advisories"]
    )


def author(told: dict[str, Any]) -> str:
    """``syft 1.18.1``: the descriptor, which Grype has as well."""
    descriptor = told["descriptor"] if isinstance(told["descriptor"], dict) else {}
    return f"{text(descriptor.get('name')) or 'syft'} {text(descriptor.get('version'))}".rstrip()


def target(told: dict[str, Any]) -> str:
    """What was scanned, as the user called it."""
    source = told.get("source")
    if not isinstance(source, dict):
        return ""
    inner = source.get("metadata", source.get("target"))
    if isinstance(inner, str):
        return inner
    said = text(inner.get("userInput") or inner.get("path")) if isinstance(inner, dict) else ""
    return said or text(source.get("name"))


def distribution(told: Any) -> Distribution | None:
    """``distro`` of Syft (``id``, ``versionID``) and of Grype (``name``, ``version``)."""
    if not isinstance(told, dict):
        return None
    identifier = text(told.get("id") or told.get("name")).lower()
    version = text(told.get("versionID") or told.get("version"))
    return Distribution(identifier, version, text(told.get("prettyName"))) if identifier else None


def package(row: dict[str, Any]) -> Package:
    """An artifact."""
    metadata = row.get("metadata") if isinstance(row.get("metadata"), dict) else {}
    assert isinstance(metadata, dict)
    upstream: dict[str, Any] = next(iter(dicts(row.get("upstreams"))), {})
    return parts.package(
        text(row.get("purl")),
        text(row.get("name")),
        text(row.get("version")),
        source=text(metadata.get("source") or metadata.get("originPackage") or upstream.get("name")),
        source_version=text(metadata.get("sourceVersion") or upstream.get("version")),
        place=min(_places(row), default=""),
        kind=_KINDS.get(text(row.get("type")), "generic"),
    )


def _places(row: dict[str, Any]) -> Iterator[str]:
    return filter(None, (text(place.get("path")) for place in dicts(row.get("locations"))))
