"""Matching: which names, which versions, what is counted once, and what not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component
from jettison.packages.model import Package
from jettison.security.ecosystem import ecosystem, release
from jettison.security.match import scan
from jettison.security.model import Fix, Severity
from security.matching import database, deb, inside, inventory, record, scanned


@pytest.mark.parametrize(
    ("identifier", "version", "expected"),
    [
        ("debian", "12", "Debian:12"),
        ("debian", "12.5", "Debian:12"),
        ("ubuntu", "22.04", "Ubuntu:22.04"),
        ("alpine", "3.20.1", "Alpine:v3.20"),
        ("alpine", "3.21_alpha20240923", "Alpine:edge"),
        ("almalinux", "9.4", "AlmaLinux:9"),
        ("wolfi", "20230201", "Wolfi"),
        ("sles", "15.5", "SUSE:Linux Enterprise Server 15 SP5"),
        ("rocky", "9.3", "Rocky Linux:9"),
        ("void", "", "void"),
    ],
)
def test_a_distribution_has_the_name_of_its_ecosystem(identifier: str, version: str, expected: str) -> None:
    assert release(Distribution(identifier, version)) == expected


@pytest.mark.parametrize(
    ("codename", "expected"),
    [("bullseye", "11"), ("bookworm", "12"), ("trixie", "13"), ("forky", "14"), ("sid", "sid"), ("new", "new")],
)
def test_debian_is_known_by_its_code_name_where_it_has_no_number(codename: str, expected: str) -> None:
    assert release(Distribution("debian", codename=codename)) == f"Debian:{expected}"


def test_testing_is_matched_with_what_is_known_of_the_next_release(tmp_path: Path) -> None:
    testing = Distribution("debian", "", "Debian GNU/Linux forky/sid", codename="forky")
    tracker = {"git": {"CVE-2024-0001": {"releases": {"forky": {"status": "open", "urgency": "low"}}}}}
    with database(tmp_path, tracker=tracker) as found:
        made = scan("a", inventory(deb("git", "1"), distribution=testing), found)
    assert ([finding.id for finding in made.findings], made.unknown) == (["CVE-2024-0001"], ())


def test_a_package_of_no_known_distribution_has_no_ecosystem() -> None:
    assert ecosystem(Component(deb("git", "1")), None) == ""
    assert ecosystem(Component(inside("pypi", "django", "1")), None) == "PyPI"


def test_debian_is_matched_by_source_package_and_source_version(tmp_path: Path) -> None:
    records = [
        record("DEBIAN-CVE-2024-0001", "Debian:12", "brotli", "1.0.9-2+b7", upstream=["CVE-2024-0001"]),
        record("DEBIAN-CVE-2024-0002", "Debian:12", "brotli", "1.0.9-2", upstream=["CVE-2024-0002"]),
        record("DEBIAN-CVE-2024-0003", "Debian:12", "libbrotli1", upstream=["CVE-2024-0003"]),
        record("DEBIAN-CVE-2024-0004", "Debian:11", "brotli", upstream=["CVE-2024-0004"]),
    ]
    found = scanned(tmp_path, records, deb("libbrotli1", "1.0.9-2+b6", "brotli", "1.0.9-2"))
    assert [(finding.id, finding.fix, finding.fixed_in) for finding in found.findings] == [
        ("CVE-2024-0001", Fix.FIXED, "1.0.9-2+b7")
    ]
    assert found.unknown == ()


def test_alpine_is_matched_by_origin_and_almalinux_by_binary_name(tmp_path: Path) -> None:
    alpine = Package("apk", "libcrypto3", "3.3.0-r0", "x86_64", "openssl", records=frozenset({"/lib/apk/db/installed"}))
    rpm = Package(
        "rpm", "openssl-libs", "1:3.0.7-1.el9", "x86_64", "openssl", attributes={"source_version": "1:3.0.7-1.el9"}
    )
    records = [
        record("ALPINE-CVE-2024-5535", "Alpine:v3.20", "openssl", "3.3.1-r1", upstream=["CVE-2024-5535"]),
        record("ALSA-2024:1", "AlmaLinux:9", "openssl-libs", "1:3.0.7-2.el9", related=["CVE-2024-1", "CVE-2024-1111"]),
        record("ALSA-2024:2", "AlmaLinux:9", "openssl", "1:3.0.7-2.el9", related=["CVE-2024-2222"]),
    ]
    with database(tmp_path, records) as found:
        one = scan("a", inventory(alpine, distribution=Distribution("alpine", "3.20.3")), found)
        two = scan("b", inventory(rpm, distribution=Distribution("almalinux", "9.4")), found)
    assert [finding.id for finding in one.findings] == ["CVE-2024-5535"]
    assert [finding.id for finding in two.findings] == ["CVE-2024-1111"]


def test_several_vulnerabilities_of_one_distribution_advisory_count_apart(tmp_path: Path) -> None:
    rpm = Package("rpm", "bash", "5.1-1.el9", "x86_64", "bash")
    records = [record("ALSA-2024:9", "AlmaLinux:9", "bash", "5.1-2.el9", related=["CVE-2024-1111", "CVE-2024-2222"])]
    found = scanned(tmp_path, records, rpm, distribution=Distribution("almalinux", "9"))
    assert [finding.id for finding in found.findings] == ["CVE-2024-1111", "CVE-2024-2222"]
    assert all(finding.aliases == ("ALSA-2024:9",) for finding in found.findings)


def test_advisories_that_are_aliases_are_one_finding_with_ghsas_severity(tmp_path: Path) -> None:
    vector = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
    records = [
        record("PYSEC-2024-1", "PyPI", "django", "2.0", aliases=["CVE-2024-0001"], severity=vector),
        record(
            "GHSA-aaaa-bbbb-cccc", "PyPI", "django", "2.1", aliases=["CVE-2024-0001"],
            database_specific={"severity": "MODERATE"},
        ),
        record("GHSA-dddd-eeee-ffff", "PyPI", "django"),
    ]  # fmt: skip
    found = scanned(tmp_path, records, inside("pypi", "Django", "1.9"))
    first, second = sorted(found.findings, key=lambda finding: finding.id)
    assert (first.id, first.aliases) == ("CVE-2024-0001", ("GHSA-aaaa-bbbb-cccc", "PYSEC-2024-1"))
    assert (first.severity, first.severity_source) == (Severity.MEDIUM, "GHSA")
    assert (first.fix, first.fixed_in, first.cvss) == (Fix.FIXED, "2.1", vector[0]["score"])
    assert (second.id, second.fix, second.severity) == ("GHSA-dddd-eeee-ffff", Fix.UNFIXED, Severity.UNKNOWN)


def test_what_the_distribution_does_not_fix_and_is_not_affected_by(tmp_path: Path) -> None:
    def releases(**state: str) -> dict[str, object]:
        return {"releases": {"bookworm": state}}

    tracker = {
        "openssl": {
            "CVE-2024-0001": releases(status="open", urgency="low", nodsa="Minor", nodsa_reason="ignored"),
            "CVE-2024-0002": releases(status="resolved", fixed_version="0", urgency="high"),
            "CVE-2024-0003": releases(status="open", urgency="not yet assigned"),
        }
    }
    with database(tmp_path, tracker=tracker) as found:
        made = scan("a", inventory(deb("libssl3", "3.0.9-1", "openssl")), found)
    assert {finding.id: (finding.fix, finding.severity) for finding in made.findings} == {
        "CVE-2024-0001": (Fix.WILL_NOT_FIX, Severity.LOW),
        "CVE-2024-0003": (Fix.UNFIXED, Severity.UNKNOWN),
    }


def test_a_language_package_of_the_distribution_is_matched_through_that_one_only(tmp_path: Path) -> None:
    records = [
        record("GHSA-aaaa-bbbb-cccc", "PyPI", "requests", "3", aliases=["CVE-2024-0001"]),
        record("DEBIAN-CVE-2024-0001", "Debian:12", "requests", "2.28-1+deb12u1", upstream=["CVE-2024-0001"]),
    ]
    owner = deb("python3-requests", "2.28-1+deb12u1", "requests")
    backported = scanned(tmp_path / "owned", records, owner, inside("pypi", "requests", "2.28"), owner=owner)
    assert backported.findings == ()
    assert backported.notes == (
        "1 package in packages of the distribution is matched through those, which mend them without a new version",
    )
    alone = scanned(tmp_path / "alone", records, inside("pypi", "requests", "2.28"), distribution=None)
    assert [finding.id for finding in alone.findings] == ["CVE-2024-0001"]


@pytest.mark.parametrize(
    ("place", "known", "counted"),
    [
        ("/usr/share/app/node_modules/lodash/package.json", True, False),
        ("/usr/share/app/node_modules/lodash/package.json", False, True),
        ("/opt/app/node_modules/lodash/package.json", True, True),
        ("/usr/local/lib/node_modules/lodash/package.json", True, True),
    ],
)
def test_what_the_distribution_does_not_maintain_counts_by_itself(
    tmp_path: Path, place: str, known: bool, counted: bool
) -> None:
    records = [
        record("GHSA-aaaa-bbbb-cccc", "npm", "lodash", "4.17.21", aliases=["CVE-2024-0001"]),
        record("DEBIAN-CVE-2024-0002", "Debian:12", "app" if known else "other", "1", upstream=["CVE-2024-0002"]),
    ]
    owner = deb("app", "2", files=(place,))
    found = scanned(tmp_path, records, owner, inside("npm", "lodash", "4.17.15", place), owner=owner)
    assert [finding.id for finding in found.findings] == (["CVE-2024-0001"] if counted else [])
    assert [component.owner for component in found.inventory.components] == [None, None if counted else owner]
    assert bool(found.notes) is not counted


def test_an_owner_counts_where_nothing_is_known_of_its_distribution(tmp_path: Path) -> None:
    owner = deb("app", "2")
    records = [record("GHSA-aaaa-bbbb-cccc", "npm", "lodash", "4.17.21")]
    found = scanned(tmp_path, records, owner, inside("npm", "lodash", "4.17.15", "/usr/share/lodash"), owner=owner)
    assert found.findings == ()
    assert found.unknown == ("no advisories for Debian:12 in the database: 1 package not checked",)


def test_jars_without_a_group_are_not_checked_and_that_is_said(tmp_path: Path) -> None:
    records = [record("GHSA-aaaa-bbbb-cccc", "Maven", "org.yaml:snakeyaml", "2.0", aliases=["CVE-2022-1471"])]
    names = ("snakeyaml", "org.yaml:snakeyaml", "b", "c", "d")
    jars = [inside("maven", name, "1.26", f"/app/{name}.jar") for name in names]
    found = scanned(tmp_path, records, *jars, distribution=None)
    assert [finding.component.package.name for finding in found.findings] == ["org.yaml:snakeyaml"]
    assert found.unknown == ("4 jars name no Maven group: not checked (b 1.26, c 1.26, d 1.26 and 1 more)",)


def test_headers_of_the_kernel_are_shown_and_not_counted(tmp_path: Path) -> None:
    records = [record("DEBIAN-CVE-2024-0001", "Debian:12", "linux", upstream=["CVE-2024-0001"])]
    found = scanned(
        tmp_path, records, deb("linux-libc-dev", "6.1.1-1", "linux"), deb("linux-image-6.1", "6.1.1-1", "linux")
    )
    assert [finding.component.package.name for finding in found.findings] == ["linux-image-6.1"]
    assert [finding.suppressed for finding in found.suppressed] == ["headers only: there is no kernel in the package"]


def test_programs_without_a_record_are_matched_by_bitnamis_names_and_gos_standard_library(tmp_path: Path) -> None:
    records = [
        record("BIT-golang-2024-0001", "Bitnami", "golang", "1.22.0", aliases=["CVE-2024-0001"]),
        record("GO-2024-0001", "Go", "stdlib", "1.22.0", aliases=["CVE-2024-0001"]),
        record("GO-2024-0002", "Go", "toolchain", "1.22.0", aliases=["CVE-2024-0002"]),
        record("BIT-apache-2024-0003", "Bitnami", "apache", "2.4.60", aliases=["CVE-2024-0003"]),
    ]
    packages = [inside("generic", "go", "1.21.3"), inside("golang", "stdlib", "1.21.3"),
                inside("generic", "httpd", "2.4.59"), inside("generic", "busybox", "1.36.1")]  # fmt: skip
    found = scanned(tmp_path, records, *packages, distribution=None)
    assert [(finding.component.package.name, finding.id) for finding in found.findings] == [
        ("go", "CVE-2024-0001"), ("go", "CVE-2024-0002"), ("httpd", "CVE-2024-0003"), ("stdlib", "CVE-2024-0001"),
    ]  # fmt: skip
    assert found.unknown == ("1 package of no ecosystem with advisories not checked (busybox 1.36.1)",)


def test_versions_that_cannot_be_compared_are_told(tmp_path: Path) -> None:
    found = scanned(tmp_path, [record("GO-2024-0002", "Go", "example.com/a", "1.22.0")],
                    inside("golang", "example.com/a", "(devel)"), distribution=None)  # fmt: skip
    assert found.findings == ()
    assert found.unknown == ("1 version cannot be compared (example.com/a (devel))",)


def test_exploited_ones_and_probabilities_are_laid_over(tmp_path: Path) -> None:
    records = [record("DEBIAN-CVE-2024-0001", "Debian:12", "git", upstream=["CVE-2024-0001"])]
    exploited = {
        "title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2026.01.02",
        "dateReleased": "2026-01-02T00:00:00Z", "count": 1, "vulnerabilities": [{"cveID": "CVE-2024-0001"}],
    }  # fmt: skip
    with database(tmp_path, records, exploited=exploited) as found:
        (finding,) = scan("a", inventory(deb("git", "1")), found).findings
    assert finding.known_exploited


def test_findings_come_worst_first_and_the_database_is_named(tmp_path: Path) -> None:
    records = [
        record("GHSA-aaaa-bbbb-cccc", "npm", "a", database_specific={"severity": "LOW"}),
        record("GHSA-aaaa-bbbb-dddd", "npm", "a", database_specific={"severity": "CRITICAL"}),
    ]
    found = scanned(tmp_path, records, inside("npm", "a", "1.0.0"), distribution=None)
    assert [finding.severity for finding in found.findings] == [Severity.CRITICAL, Severity.LOW]
    assert [one.severity for one in found.findings].count(Severity.CRITICAL) == 1
    assert found.database is not None
    assert found.database.sources
