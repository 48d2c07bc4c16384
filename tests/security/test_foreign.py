"""Results of Trivy, Grype and Syft as scans."""

from __future__ import annotations

import contextlib
import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidInput
from jettison.security import foreign
from jettison.security.compare import compare
from jettison.security.model import Fix, Severity
from security.mutations import broken

DATA = Path(__file__).parent / "data"
TRIVY: dict[str, Any] = {
    "SchemaVersion": 2,
    "ArtifactName": "debian:12",
    "Trivy": {"Version": "0.59.1"},
    "Metadata": {"OS": {"Family": "debian", "Name": "12.5"}},
    "Results": [
        {
            "Class": "os-pkgs",
            "Type": "debian",
            "Packages": [
                {
                    "Name": "bash", "Version": "5.2.15", "Release": "2+b2", "SrcName": "bash",
                    "Identifier": {"PURL": "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12.5"},
                },
            ],
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-2024-0001", "PkgName": "bash", "InstalledVersion": "5.2.15-2+b2",
                    "PkgIdentifier": {"PURL": "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12.5"},
                    "Severity": "HIGH", "SeveritySource": "debian", "Status": "will_not_fix", "Title": "a",
                },
                {
                    "VulnerabilityID": "CVE-2024-0002", "PkgName": "bash", "InstalledVersion": "5.2.15-2+b2",
                    "Severity": "UNKNOWN", "Status": "fixed", "FixedVersion": "5.2.15-3",
                },
            ],
        }
    ],
}  # fmt: skip
GRYPE: dict[str, Any] = {
    "matches": [
        {
            "vulnerability": {
                "id": "GHSA-aaaa-bbbb-cccc", "severity": "Critical", "fix": {"versions": ["2.0"], "state": "fixed"},
                "namespace": "github:language:python",
            },
            "relatedVulnerabilities": [{"id": "CVE-2024-0001"}],
            "artifact": {"name": "django", "version": "1.9", "type": "python", "purl": "pkg:pypi/django@1.9",
                         "locations": [{"path": "/app/django.dist-info/METADATA"}]},
        }
    ],
    "source": {"type": "image", "target": {"userInput": "app:1"}},
    "distro": {"name": "debian", "version": "12"},
    "descriptor": {"name": "grype", "version": "0.87.0"},
}  # fmt: skip

SYFT: dict[str, Any] = {
    "artifacts": [
        {
            "name": "bash", "version": "5.2.15-2+b2", "type": "deb", "purl": "pkg:deb/debian/bash@5.2.15-2%2Bb2",
            "locations": [{"path": "/var/lib/dpkg/status"}],
            "metadata": {"source": "bash", "sourceVersion": "5.2.15-2"},
            "upstreams": [{"name": "bash", "version": "5.2.15-2"}],
        }
    ],
    "source": {"type": "image", "metadata": {"userInput": "app:1"}},
    "distro": {"id": "debian", "versionID": "12", "prettyName": "Debian 12"},
    "descriptor": {"name": "syft", "version": "1.18.1"},
}  # fmt: skip


def golden(name: str) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress((DATA / f"{name}.json.zst").read_bytes())


def test_trivys_vulnerabilities_keep_their_status() -> None:
    found = foreign.read(json.dumps(TRIVY).encode(), "t.json")
    assert (found.by, found.image, found.unknown) == ("trivy 0.59.1", "debian:12", ())
    assert [(each.id, each.severity, each.fix, each.fixed_in) for each in found.findings] == [
        ("CVE-2024-0001", Severity.HIGH, Fix.WILL_NOT_FIX, ""),
        ("CVE-2024-0002", Severity.UNKNOWN, Fix.FIXED, "5.2.15-3"),
    ]
    assert len(found.inventory.components) == 1


def test_grypes_matches_have_the_cve_first() -> None:
    found = foreign.read(json.dumps(GRYPE).encode(), "g.json")
    (finding,) = found.findings
    assert (found.by, found.image) == ("grype 0.87.0", "app:1")
    assert (finding.id, finding.aliases, finding.fixed_in) == ("CVE-2024-0001", ("GHSA-aaaa-bbbb-cccc",), "2.0")
    assert finding.component.place == "/app/django.dist-info/METADATA"
    assert "lists no packages but those that something hits" in found.unknown[0]


@pytest.mark.parametrize(
    ("name", "packages"),
    [
        ("syft-slim-status", {"deb": 18}),
        ("syft-slim-none", {}),
        ("trivy-slim-status", {"deb": 18}),
        ("trivy-slim-none", {"npm": 25}),
    ],
)
def test_recorded_results_give_their_packages(name: str, packages: dict[str, int]) -> None:
    found = foreign.read(golden(name), name)
    assert Counter(package.type for package in found.inventory.packages) == packages
    assert any("found no package of debian" in each for each in found.unknown) == ("deb" not in packages)


def test_two_results_are_compared_and_missing_records_remove_nothing() -> None:
    before = foreign.read(json.dumps(TRIVY).encode(), "t.json")
    assert len(compare(before, foreign.read(golden("trivy-slim-none"), "after")).cannot_tell) == 2
    found = compare(before, foreign.read(golden("trivy-slim-status"), "after"))
    assert len(found.removed) == 2
    assert "records were compared, not files" in found.after.unknown[-1]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"{" * 9, b"[" * 100_000])
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not foreign.recognise(content)
    with pytest.raises(InvalidInput, match=r"cannot read x\.json"):
        foreign.read(content, "x.json")


def test_a_broken_result_is_refused_by_name() -> None:
    broken = {"matches": [{"vulnerability": 1}], "descriptor": {}}
    with pytest.raises(InvalidInput, match=r"cannot read x\.json"):
        foreign.read(json.dumps(broken).encode(), "x.json")


def test_what_trivy_says_is_not_affected_is_not_counted() -> None:
    told = copy.deepcopy(TRIVY)
    told["Results"][0]["Vulnerabilities"][0]["Status"] = "not_affected"
    found = foreign.read(json.dumps(told).encode(), "t.json")
    assert [each.id for each in found.findings] == ["CVE-2024-0002"]
    assert [(each.id, each.suppressed) for each in found.suppressed] == [("CVE-2024-0001", "debian: not affected")]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"matches": [{"vulnerability": {"id": None}, "artifact": {}}], "descriptor": {}}, "id is missing"),
        (TRIVY | {"Results": "x"}, "Results is no list of objects"),
        (TRIVY | {"Results": [5]}, "Results is no list of objects"),
        (TRIVY | {"Results": [{"Vulnerabilities": [{"PkgName": "a"}]}]}, "VulnerabilityID is missing"),
        (TRIVY | {"Results": [{"Vulnerabilities": [{"PkgName": 5}]}]}, "PkgName is no text"),
        ({"artifacts": [{"name": []}], "source": {}, "descriptor": {}}, "name is no text"),
    ],
)
def test_broken_results_are_refused_in_words(told: object, reason: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^cannot read x\.json: {reason}$"):
        foreign.read(json.dumps(told).encode(), "x.json")


@given(st.data())
def test_any_value_may_be_broken(data: st.DataObject) -> None:
    told = data.draw(st.sampled_from([TRIVY, GRYPE, SYFT]))
    mutated = data.draw(broken(told))
    with contextlib.suppress(InvalidInput):
        foreign.read(json.dumps(mutated).encode(), "x.json")
