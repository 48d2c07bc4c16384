"""What statements say of findings. They take findings out of the count; they never add any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from packageurl import PackageURL

from jettison.packages.distribution import Distribution
from jettison.security.model import Finding
from jettison.security.purl import purl
from jettison.security.vex.model import Statement, Target


def apply(
    image: str, findings: Sequence[Finding], statements: Sequence[Statement], distribution: Distribution | None = None
) -> tuple[Finding, ...]:
    """The same findings; those that are cleared say by which document and why."""
    by_name: dict[str, list[Statement]] = {}
    for statement in sorted(statements, key=lambda statement: statement.timestamp):
        for name in statement.names:
            by_name.setdefault(name, []).append(statement)
    return tuple(_applied(image, finding, by_name, distribution) for finding in findings)


def _applied(
    image: str, finding: Finding, by_name: Mapping[str, list[Statement]], distribution: Distribution | None
) -> Finding:
    if finding.suppressed:
        return finding
    said = [statement for name in (finding.id, *finding.aliases) for statement in by_name.get(name, ())]
    if not said:
        return finding
    named = purl(finding.component.package, distribution)
    about = [statement for statement in said if any(_hits(target, image, named) for target in statement.targets)]
    last = max(about, key=lambda statement: statement.timestamp, default=None)
    # Of several at the same moment the one that keeps the finding holds.
    if last is None or not all(each.status.clears for each in about if each.timestamp == last.timestamp):
        return finding
    return replace(finding, suppressed=f"VEX {last.file}: {last.reason}")


def _hits(target: Target, image: str, package: str) -> bool:
    if target.versions and _parsed(package)[2] not in target.versions:
        return False
    if target.components:
        return _is_image(target.product, image) and any(_is_package(each, package) for each in target.components)
    return _is_image(target.product, image) or _is_package(target.product, package)


def _is_image(product: str, image: str) -> bool:
    """``pkg:oci`` by the last part of the repository (purl-types, oci), and its tag or digest if it says one."""
    if product == image:
        return True
    kind, name, version, said = _parsed(product)
    if kind not in ("oci", "docker"):
        return False
    reference, _, digest = image.partition("@")
    path, _, tag = reference.rpartition("/")
    short, _, tag = tag.partition(":")
    repository = f"{path}/{short}" if path else short
    return (
        name.rpartition("/")[2].lower() == short.lower()
        and _same(said.get("tag", ""), tag or "latest")
        and (not version or not digest or version == digest)
        and (not said.get("repository_url") or not path or said["repository_url"] in (repository, path))
    )


def _is_package(wanted: str, package: str) -> bool:
    """Type and name are the same, the version and each qualifier where ``wanted`` has one."""
    kind, name, version, said = _parsed(wanted)
    its_kind, its_name, its_version, its = _parsed(package)
    if not kind or (kind, name) != (its_kind, its_name) or (version and version != its_version):
        return False
    return all(_same(value, its.get(key, "")) or _within(key, value, its) for key, value in said.items())


def _same(wanted: str, found: str) -> bool:
    return not wanted or wanted == found


def _within(key: str, value: str, its: Mapping[str, str]) -> bool:
    """``debian-12`` and ``debian-12.5`` are the same distribution; what has no architecture is of every one."""
    found = its.get(key, "")
    if key == "arch":
        return not found
    return key == "distro" and (value.startswith(found + ".") or found.startswith(value + "."))


@lru_cache(maxsize=1 << 14)
def _parsed(text: str) -> tuple[str, str, str, Mapping[str, str]]:
    """Type, whole name, version, qualifiers; empty for what is no package URL."""
    try:
        found = PackageURL.from_string(text)
    except ValueError:
        return "", "", "", {}
    said = found.qualifiers if isinstance(found.qualifiers, dict) else {}
    return found.type, "/".join(filter(None, (found.namespace, found.name))), found.version or "", said
