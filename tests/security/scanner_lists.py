"""What Syft, Trivy and Jettison list for one image, in one form, and the differences that are known, with reasons."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from jettison.packages.inventory import Inventory

SYFT = Path(sys.executable).parent / "syft"
DIFFERENCES = Path(__file__).parent / "scanner-differences.toml"
_SYFT = {
    "python": "pypi", "php-composer": "composer", "go-module": "golang", "rust-crate": "cargo",
    "java-archive": "maven", "dotnet": "nuget", "binary": "generic",
}  # fmt: skip
_TRIVY = {
    "debian": "deb", "ubuntu": "deb", "none": "deb", "alpine": "apk",
    "node-pkg": "npm", "npm": "npm", "yarn": "npm", "pnpm": "npm",
    "python-pkg": "pypi", "gobinary": "golang", "rustbinary": "cargo", "jar": "maven", "gemspec": "gem",
    "composer-vendor": "composer", "dotnet-core": "nuget",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """One package as a list has it. ``name`` is the artifact alone for Maven, and as PEP 503 has it for Python."""

    type: str
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.type} {self.name} {self.version}".strip()


def listed(kind: str, name: str, version: str) -> Listed:
    """In the form that lists share: no ``v`` or ``go`` before a version, no word for an unknown one."""
    if kind == "pypi":
        name = re.sub(r"[-_.]+", "-", name).lower()
    if kind == "maven":
        name = name.rpartition(":")[2]
    if kind in ("golang", "composer"):
        version = re.sub(r"\A(?:go|v)(?=[0-9])", "", version)
    return Listed(kind, name, "" if version in ("UNKNOWN", "(devel)") else version)


def ours(inventory: Inventory) -> frozenset[Listed]:
    """What Jettison lists."""
    return frozenset(listed(p.type, p.name, p.version) for p in inventory.packages)


def syft(source: str) -> dict[str, Any]:
    """Run Syft on a source such as ``dir:/root`` or ``oci-dir:/layout``; its own JSON."""
    return _json([str(SYFT), source, "--quiet", "--output", "json"])


def trivy(program: Path, *source: str) -> dict[str, Any]:
    """Run Trivy on a source such as ``rootfs /root`` or ``image --input /layout``; its own JSON, licenses and all."""
    options = ["--quiet", "--scanners", "license", "--list-all-pkgs", "--format", "json", "--offline-scan"]
    return _json([str(program), *source[:1], *options, *source[1:]])


def _json(arguments: list[str]) -> dict[str, Any]:
    done = subprocess.run(arguments, capture_output=True, check=False)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.stderr.decode()[-1000:]}"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def of_syft(document: Mapping[str, Any]) -> frozenset[Listed]:
    """What a JSON document of Syft lists."""
    return frozenset(
        listed(_SYFT.get(found["type"], found["type"]), found["name"], found["version"])
        for found in document.get("artifacts") or ()
    )


def of_trivy(document: Mapping[str, Any]) -> frozenset[Listed]:
    """What a JSON document of Trivy lists."""
    found = set()
    for result in document.get("Results") or ():
        kind = _TRIVY.get(result.get("Type", ""), result.get("Type", ""))
        for package in result.get("Packages") or ():
            found.add(listed(kind, package["Name"], _trivy_version(package)))
    return frozenset(found)


def _trivy_version(package: Mapping[str, Any]) -> str:
    epoch = f"{package['Epoch']}:" if package.get("Epoch") else ""
    release = f"-{package['Release']}" if package.get("Release") else ""
    return f"{epoch}{package.get('Version', '')}{release}"


@dataclass(frozen=True, slots=True)
class Known:
    """Why ``only`` one of ``scanner`` and ``jettison`` lists packages ``names`` (globs) of ``type`` in ``images``."""

    scanner: str
    only: str
    type: str
    names: tuple[str, ...]
    images: tuple[str, ...]
    reason: str

    def covers(self, scanner: str, only: str, image: str, package: Listed) -> bool:
        return (
            fnmatchcase(scanner, self.scanner)
            and only == self.only
            and package.type == self.type
            and any(fnmatchcase(image, glob) for glob in self.images)
            and any(fnmatchcase(f"{package.name} {package.version}", f"{glob} *") for glob in self.names)
        )


def known() -> tuple[Known, ...]:
    """The differences of ``scanner-differences.toml``."""
    rows = tomllib.loads(DIFFERENCES.read_text())["difference"]
    return tuple(
        Known(row["scanner"], row["only"], row["type"], tuple(row["names"]), tuple(row["images"]), row["reason"])
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A package that only one lists, and why, where that is known. ``other`` is its version in the other list."""

    only: str
    package: Listed
    other: str
    reason: str


def differences(
    scanner: str, image: str, mine: Iterable[Listed], theirs: Iterable[Listed], rows: Iterable[Known]
) -> Iterator[Difference]:
    """Every package that is in one list only, sorted."""
    mine, theirs, rows = frozenset(mine), frozenset(theirs), tuple(rows)
    for only, here, there in ((scanner, theirs, mine), ("jettison", mine, theirs)):
        side = "jettison" if only == "jettison" else "scanner"
        versions = {(package.type, package.name): package.version for package in there}
        for package in sorted(here - there):
            reason = next((row.reason for row in rows if row.covers(scanner, side, image, package)), "")
            yield Difference(only, package, versions.get((package.type, package.name), ""), reason)
