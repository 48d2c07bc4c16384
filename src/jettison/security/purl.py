"""Package URLs: a name for a package that every scanner understands (package-url/purl-spec, PURL-TYPES)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from packageurl import PackageURL

from jettison.errors import InvalidInput
from jettison.packages.distribution import Distribution
from jettison.packages.model import Package

#: The namespace of a distribution whose os-release says no more than that its packages are of this type.
_NAMESPACES = {"deb": "debian", "apk": "alpine", "rpm": "redhat"}
#: What os-release calls it, and what purls do.
_SAID = {"rhel": "redhat", "opensuse-leap": "opensuse", "opensuse-tumbleweed": "opensuse"}
#: Types whose names have their last part behind this sign.
_SEPARATORS = {"npm": "/", "composer": "/", "golang": "/", "maven": ":"}
#: Characters; longer ones are no names.
_LONGEST = 4096


def purl(package: Package, distribution: Distribution | None = None) -> str:
    """The package URL of ``package`` in an image of ``distribution``; ``""`` for what has no name.

    Distribution packages have ``arch``, ``distro``, ``epoch`` and ``upstream`` (the source package) as Syft writes
    them, for scanners match a distribution's advisories by these.
    """
    namespace, name = _divided(package, distribution)
    version = package.version
    qualifiers: dict[str, str] = {}
    if package.is_distribution:
        version, qualifiers = _qualified(package, distribution)
    try:
        return PackageURL(package.type, namespace, name, version or None, qualifiers).to_string()
    except ValueError:
        return ""


def package_of(text: str) -> Package:
    """The package that a package URL names. Raises ``InvalidInput`` for what is none."""
    try:
        if len(text) > _LONGEST:
            raise ValueError("it is too long")
        found = PackageURL.from_string(text)
    except ValueError as error:
        raise InvalidInput(f"cannot read package URL {text[:100]!r}: {error}") from error
    qualifiers = found.qualifiers if isinstance(found.qualifiers, Mapping) else {}
    version = found.version or ""
    if found.type == "rpm" and qualifiers.get("epoch", "0").strip() not in ("", "0") and ":" not in version:
        version = f"{qualifiers['epoch']}:{version}"
    itself = found.name if found.type in ("deb", "apk") else ""
    source, source_version = _upstream(found.type, qualifiers.get("upstream", itself), version)
    attributes = {"source_version": source_version} if source_version else {}
    architecture = qualifiers.get("arch", "")
    return Package(found.type, _name(found), version, architecture, source, attributes=attributes)


def distribution_of(text: str) -> Distribution | None:
    """The distribution that a package URL's ``distro`` names (``debian-12``); ``None`` where it names none."""
    try:
        qualifiers = PackageURL.from_string(text[:_LONGEST]).qualifiers
    except ValueError:
        return None
    said = qualifiers.get("distro", "") if isinstance(qualifiers, Mapping) else ""
    identifier, dash, version = said.rpartition("-")
    if not dash or not version[:1].isdigit():
        identifier, version = said, ""
    return Distribution(identifier, version) if identifier else None


def _divided(package: Package, distribution: Distribution | None) -> tuple[str | None, str]:
    """The namespace and the name."""
    if package.is_distribution:
        if distribution is None:
            return _NAMESPACES[package.type], package.name
        return _SAID.get(distribution.id, distribution.id), package.name
    if package.type == "pypi":
        return None, re.sub(r"[-_.]+", "-", package.name).lower()
    namespace, _, name = package.name.rpartition(_SEPARATORS.get(package.type, "\0"))
    return namespace or None, name


def _name(found: PackageURL) -> str:
    separator = _SEPARATORS.get(found.type)
    parts = (found.namespace, found.name) if separator and found.namespace else (found.name,)
    return (separator or "").join(part for part in parts if part)


def _qualified(package: Package, distribution: Distribution | None) -> tuple[str, dict[str, str]]:
    """The version, and the qualifiers of a distribution's package."""
    version, said = package.version, {"arch": package.architecture}
    if package.type == "rpm" and (divided := re.fullmatch(r"(\d+):(.*)", version)):
        said["epoch"], version = divided.groups()
    if distribution is not None:
        said["distro"] = "-".join(part for part in (distribution.id, distribution.version) if part)
    source_version = package.attributes.get("source_version", "")
    if package.type == "rpm" and package.source and source_version:
        said["upstream"] = f"{package.source}-{source_version.rpartition(':')[2]}.src.rpm"
    elif package.source and (package.source != package.name or source_version not in ("", package.version)):
        other = source_version not in ("", package.version)
        said["upstream"] = f"{package.source}@{source_version}" if other else package.source
    return version, {key: value for key, value in said.items() if value}


def _upstream(kind: str, said: str, version: str) -> tuple[str, str]:
    """The source package and its version."""
    said = unquote(said) if "%" in said else said
    if kind == "rpm":
        parts = re.fullmatch(r"(.+)-([^-]+-[^-]+?)(?:\.(?:no)?src\.rpm)?", said)
        return (parts[1], parts[2]) if parts else (said, "")
    source, _, other = said.partition("@")
    return source, other or (version if source else "")
