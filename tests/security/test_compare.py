"""What became of findings, and what VEX and the ignore file take out of the count."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidConfiguration, InvalidInput
from jettison.filetree import FileTree
from jettison.packages.inventory import Component, Inventory
from jettison.packages.model import Package
from jettison.packages.unowned import Unowned
from jettison.security import coverage, ignore, vex
from jettison.security.compare import compare
from jettison.security.model import Finding, Fix, Scan, Severity
from make import tree
from security.matching import DEBIAN, deb, inventory

NAMES = ("git", "curl", "perl", "openssl")


def package(name: str) -> Package:
    return deb(name, "1.0-1", files=(f"/usr/bin/{name}", f"/usr/share/doc/{name}/copyright"))


def scan(*names: str) -> Scan:
    found = inventory(*map(package, names))
    findings = tuple(
        Finding(component, f"CVE-2024-{number}000", (), Severity.HIGH, "", Fix.UNFIXED)
        for component in found.components
        for number in (1, 2)
    )
    return Scan("registry.example/app:1", found, findings)


def files(*names: str) -> FileTree:
    return tree({path: path.encode() for name in names for path in package(name).files})


def test_a_finding_is_removed_only_when_no_file_of_its_package_is_left() -> None:
    before, after = scan("git", "curl", "perl"), scan("curl")
    left = tree({path: path.encode() for path in ("/usr/bin/curl", "/usr/bin/perl", "/usr/share/doc/git/copyright")})
    found = compare(before, after, files("git", "curl", "perl"), left)
    assert {finding.component.package.name for finding in found.removed} == {"git"}
    assert {finding.component.package.name for finding in found.remaining} == {"curl"}
    assert {finding.component.package.name for finding in found.cannot_tell} == {"perl"}
    assert [component.package.name for component in found.gone] == ["git"]


def test_without_files_nothing_is_removed_where_there_are_no_records_at_all() -> None:
    before = scan("git", "curl")
    assert len(compare(before, Scan("b", Inventory((), DEBIAN))).cannot_tell) == 4
    found = compare(before, scan("curl"))
    assert (len(found.removed), len(found.remaining)) == (2, 2)
    assert found.after.unknown[-1].startswith("records were compared, not files: 2 findings")


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_every_finding_is_in_one_column(one: set[str], two: set[str], left: set[str], told: bool) -> None:
    before, after = scan(*sorted(one)), scan(*sorted(two))
    found = compare(before, after, files(*one), files(*left | two) if told else None)
    columns = (*found.removed, *found.remaining, *found.cannot_tell)
    assert sorted(map(repr, columns)) == sorted(map(repr, before.findings))
    assert len(found.added) == 2 * len(two - one)


def test_openvex_states_what_is_gone_and_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    found = compare(scan("git", "curl", "perl"), scan("curl"), files("git", "curl", "perl"), files("curl", "perl"))
    written = vex.write(found)
    assert written == vex.write(found)
    told = json.loads(written)
    assert [each["vulnerability"]["name"] for each in told["statements"]] == ["CVE-2024-1000", "CVE-2024-2000"]
    (inside,) = told["statements"][0]["products"][0]["subcomponents"]
    assert inside["@id"] == "pkg:deb/debian/git@1.0-1?arch=amd64&distro=debian-12"
    applied = vex.apply("registry.example/app:1", found.before.findings, vex.parse(written, "out.json"), DEBIAN)
    assert {each.component.package.name for each in applied if each.suppressed} == {"git"}
    assert {each.suppressed for each in applied} == {"", "VEX out.json: component_not_present"}
    other = vex.apply("registry.example/other:1", found.before.findings, vex.parse(written, "out.json"), DEBIAN)
    assert other == found.before.findings


def statement(status: str, product: object, timestamp: str = "2026-01-01T00:00:00Z") -> dict[str, object]:
    return {"vulnerability": {"name": "CVE-2024-1000"}, "status": status, "products": [product], "timestamp": timestamp}


def openvex(*statements: object) -> bytes:
    return json.dumps({"@context": "https://openvex.dev/ns/v0.2.0", "statements": statements}).encode()


@pytest.mark.parametrize(
    ("product", "applies"),
    [
        ("pkg:deb/debian/git", True),
        ("pkg:deb/debian/git@1.0-1?distro=debian-12.5", True),
        ("pkg:deb/debian/git@1.0-2", False),
        ("pkg:deb/debian/git@1.0-1?arch=arm64", False),
        ("pkg:deb/ubuntu/git", False),
        ("pkg:oci/app?tag=1", True),
        ("pkg:oci/app?tag=2", False),
    ],
)
def test_products_are_matched_by_what_they_say(product: str, applies: bool) -> None:
    said = vex.parse(openvex(statement("not_affected", {"@id": product})), "v.json")
    applied = vex.apply("registry.example/app:1", scan("git").findings, said, DEBIAN)
    assert [bool(each.suppressed) for each in applied] == [applies, False]


def test_the_latest_statement_holds() -> None:
    product = {"@id": "pkg:deb/debian/git"}
    first, last = statement("not_affected", product), statement("affected", product, "2026-02-01T00:00:00Z")
    for order in ((first, last), (last, first)):
        applied = vex.apply("a", scan("git").findings, vex.parse(openvex(*order), "v.json"), DEBIAN)
        assert not any(each.suppressed for each in applied)


def test_cyclonedx_analyses_are_read() -> None:
    told = {
        "bomFormat": "CycloneDX",
        "components": [{"bom-ref": "r1", "name": "git", "purl": "pkg:deb/debian/git@1.0-1"}],
        "vulnerabilities": [
            {
                "id": "CVE-2024-1000",
                "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
                "affects": [{"ref": "r1"}],
            },
            {"id": "CVE-2024-2000", "analysis": {"state": "in_triage"}, "affects": [{"ref": "r1"}]},
        ],
    }
    said = vex.parse(json.dumps(told).encode(), "bom.json")
    applied = vex.apply("a", scan("git").findings, said, DEBIAN)
    assert [each.suppressed for each in applied] == ["VEX bom.json: code_not_reachable", ""]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"[" * 100_000, openvex({"status": "odd"}), openvex(1)])
def test_what_is_no_vex_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^cannot read VEX document v\.json: "):
        vex.parse(content, "v.json")


def test_ignored_findings_need_a_reason_and_end(tmp_path: Path) -> None:
    file = tmp_path / "ignore.toml"
    file.write_text(
        '[[ignore]]\nid = "CVE-2024-1000"\npackage = "git"\nreason = "not reached"\nuntil = 2026-06-30\n'
        '[[ignore]]\nid = "CVE-1999-0001"\nreason = "gone"\n'
    )
    entries = ignore.read(file)
    found, told = ignore.apply(scan("git", "curl").findings, entries, date(2026, 6, 30))
    assert [each.component.package.name for each in found if each.suppressed == "ignored: not reached"] == ["git"]
    assert told == ("the ignore file's CVE-1999-0001 hits nothing",)
    found, told = ignore.apply(scan("git").findings, entries, date(2026, 7, 1))
    assert not any(each.suppressed for each in found)
    assert told[0] == "the ignore file's CVE-2024-1000 of git ended on 2026-06-30: it counts again"


@pytest.mark.parametrize("text", ["x", "[ignore]\n", '[[ignore]]\nid = "a"\n', '[[ignore]]\nid="a"\nreason="b"\nx=1\n',
                                  '[[ignore]]\nid="a"\nreason="b"\nuntil="2026-01-01"\n', "other = 1\n"])  # fmt: skip
def test_an_ignore_file_that_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "ignore.toml").write_text(text)
    with pytest.raises(InvalidConfiguration, match=r"cannot read .*ignore\.toml"):
        ignore.read(tmp_path / "ignore.toml")


def test_images_without_records_or_distribution_say_so() -> None:
    libc = Unowned("/usr/lib/x86_64-linux-gnu/libc.so.6", "elf", 10)
    said = " | ".join(coverage.unknown(Inventory((), DEBIAN, (), (libc,)), None))
    assert "no dpkg records, though it is Debian GNU/Linux 12 (bookworm)" in said
    assert "no advisory database: 0 packages not checked" in said
    assert "1 program or script of no package, 10 bytes" in said
    nameless = Inventory((Component(package("git")),), None)
    assert "no distribution (/etc/os-release is missing or says none): 1 package" in " ".join(
        coverage.unknown(nameless, None)
    )
    assert "files of one are there" in " ".join(coverage.unknown(Inventory((), None, (), (libc,)), None))
