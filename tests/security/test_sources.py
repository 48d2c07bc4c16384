"""Every kind of file that advisories come in."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidInput
from jettison.security.advisories.parts import parts
from jettison.security.advisories.sources import items, osv
from jettison.security.advisories.sources.events import intervals
from jettison.security.advisories.values import Exploited, Item, Origin, Probability, Rated, Skipped
from jettison.security.model import Advisory, Fix, Range, Severity
from jettison.security.versions import is_affected
from security import advisory_files as files

VECTOR = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"


def told(path: Path) -> list[Item]:
    """Everything that the one file at ``path`` tells."""
    (part,) = parts(path)
    found = items(part)
    assert found is not None, f"{path} is not recognised"
    return list(found)


def advisories(path: Path) -> list[Advisory]:
    return [item for item in told(path) if isinstance(item, Advisory)]


def record(**more: Any) -> list[Item]:
    return list(osv.records(files.osv(**more)))


def only(**more: Any) -> Advisory:
    (found,) = [item for item in record(**more) if isinstance(item, Advisory)]
    return found


def test_an_osv_record(tmp_path: Path) -> None:
    value = files.osv(
        aliases=["CVE-2024-0001"],
        summary="SQL injection\nand more",
        severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        database_specific={"severity": "MODERATE"},
        references=[{"type": "WEB", "url": "https://x"}, {"type": "ADVISORY", "url": "https://example.com/a"}],
    )
    origin, found = told(files.written(tmp_path / "any-name", json.dumps(value, indent=2)))
    assert origin == Origin("GHSA", "2026-01-02T03:04:05Z", "CC-BY-4.0")
    assert found == Advisory(
        id="GHSA-aaaa-bbbb-cccc",
        ecosystem="PyPI",
        package="django",
        aliases=("CVE-2024-0001",),
        ranges=(Range("0", "2.0"),),
        severity=Severity.MEDIUM,
        severity_source="GHSA",
        cvss="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        source="GHSA",
        summary="SQL injection",
        url="https://example.com/a",
    )


def test_lines_of_osv_records_are_all_read(tmp_path: Path) -> None:
    lines = "".join(json.dumps(files.osv(f"GHSA-{n}")) + "\n" for n in range(3))
    assert [each.id for each in advisories(files.written(tmp_path / "x", lines))] == ["GHSA-0", "GHSA-1", "GHSA-2"]


def test_what_was_withdrawn_is_passed_over() -> None:
    assert record(withdrawn="2026-01-01T00:00:00Z") == [Skipped("withdrawn")]


def test_git_ranges_say_nothing_of_versions() -> None:
    events = [{"introduced": "0"}, {"fixed": "deadbeef"}]
    affected = {"package": {"ecosystem": "PyPI", "name": "x"}, "ranges": [{"type": "GIT", "events": events}]}
    assert record(affected=[affected])[1:] == [Skipped("without versions of a package")]
    assert only(affected=[affected | {"versions": ["1.0"]}]).versions == ("1.0",)
    assert record(affected=[{"ranges": []}])[1:] == [Skipped("without versions of a package")]


def test_what_is_only_unmaintained_is_no_vulnerability() -> None:
    (affected,) = files.osv(ecosystem="crates.io")["affected"]
    assert record(affected=[affected | {"database_specific": {"informational": "unmaintained"}}])[1:] == [
        Skipped("no vulnerability")
    ]
    assert only(affected=[affected | {"database_specific": {"informational": "unsound"}}])


def test_several_entries_of_a_package_are_one_advisory() -> None:
    first, second = files.osv()["affected"][0], files.osv()["affected"][0]
    second["ranges"][0]["events"] = [{"introduced": "3.0"}, {"last_affected": "3.4"}]
    assert only(affected=[first, second]).ranges == (Range("0", "2.0"), Range("3.0", "", "3.4"))


@pytest.mark.parametrize(
    ("events", "ranges"),
    [
        ("i0 f1", [("0", "1", "")]),
        ("i0 f1 i2 f3", [("0", "1", ""), ("2", "3", "")]),
        ("i0 l1", [("0", "", "1")]),
        ("i2", [("2", "", "")]),
        ("f1 i0", [("0", "1", "")]),
        ("i0 i1 f2", [("0", "2", "")]),
        ("i1 L2", [("1", "2", "")]),
        ("i2 f1 i0", [("0", "1", ""), ("2", "", "")]),
        ("f3 i0 f2", [("0", "2", "")]),
        ("i1 L*", [("1", "", "")]),
        ("f1", []),
        ("", []),
    ],
)
def test_events_become_ranges(events: str, ranges: list[tuple[str, str, str]]) -> None:
    kinds = {"i": "introduced", "f": "fixed", "l": "last_affected", "L": "limit"}
    found = intervals("PyPI", [{kinds[each[0]]: each[1:]} for each in events.split()])
    assert list(found) == [Range(*each) for each in ranges]


@given(st.permutations(["i0", "f2", "i3", "f4", "f5", "l9", "i7"]))
def test_the_order_of_events_means_nothing(events: list[str]) -> None:
    kinds = {"i": "introduced", "f": "fixed", "l": "last_affected"}
    found = intervals("npm", [{kinds[each[0]]: f"{each[1:]}.0.0".replace("0.0.0", "0")} for each in events])
    assert list(found) == [Range("0", "2.0.0"), Range("3.0.0", "4.0.0"), Range("7.0.0", "", "9.0.0")]


@pytest.mark.parametrize(
    ("events", "affected"),
    [
        ([{"introduced": "3.5.0"}, {"fixed": "3.0.0"}, {"introduced": "0"}], True),
        ([{"fixed": "2.0.0"}, {"introduced": "1.0.0"}], False),
        ([{"introduced": "0"}, {"fixed": "5.0.0"}, {"fixed": "3.0.0"}], False),
        ([{"introduced": "0", "fixed": "3.0.0"}], False),
        ([{"introduced": "3.5.0"}, {"limit": "3.6.0"}, {"limit": "5.0.0"}], True),
        ([{"introduced": "0"}, {"limit": "3.6.0"}, {"introduced": "3.7.0"}], False),
        ([{"introduced": "0"}, {"limit": "*"}], True),
    ],
)
def test_events_are_evaluated_as_the_schema_says(events: list[dict[str, str]], affected: bool) -> None:
    found = {"package": {"ecosystem": "npm", "name": "lodash"}, "ranges": [{"type": "SEMVER", "events": events}]}
    assert is_affected("4.0.0", only(affected=[found])) is affected


def test_events_with_a_version_that_cannot_be_read_stay_in_their_order() -> None:
    found = intervals("npm", [{"introduced": "9.0.0"}, {"fixed": "?"}, {"introduced": "0"}])
    assert list(found) == [Range("0", "?")]


def test_the_last_version_that_github_knows_ends_an_open_range() -> None:
    affected = files.osv()["affected"][0]
    affected["ranges"][0]["events"] = [{"introduced": "0"}]
    affected["database_specific"] = {"last_known_affected_version_range": "<= 4.1"}
    assert only(affected=[affected]).ranges == (Range("0", "", "4.1"),)


@pytest.mark.parametrize(
    ("more", "severity", "source"),
    [
        ({"severity": [{"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}]}, "high", "CVSS 2.0"),
        (
            {"severity": [{"type": "CVSS_V4", "score": VECTOR}]},
            "critical",
            "CVSS 4.0",
        ),
        ({"severity": [{"type": "CVSS_V3", "score": "CVSS:3.0/nonsense"}]}, "unknown", ""),
        ({"severity": [{"type": "CVSS_V3", "score": 7}], "database_specific": {"severity": "LOW"}}, "low", "GHSA"),
        ({"severity": "high", "database_specific": ["x"], "summary": 5}, "unknown", ""),
    ],
)  # fmt: skip
def test_severities(more: dict[str, Any], severity: str, source: str) -> None:
    found = only(**more)
    assert (found.severity, found.severity_source) == (severity, source)


def test_a_distribution_names_what_it_mends() -> None:
    found = only(identifier="RLSA-2024:1", ecosystem="Rocky Linux:9", name="openssl", related=["CVE-2024-1000"],
                 summary="Important: openssl update")  # fmt: skip
    assert found.aliases == ("CVE-2024-1000",)
    assert (found.severity, found.severity_source) == (Severity.HIGH, "Rocky Linux")
    assert only(related=["CVE-2024-1000"]).aliases == ()


def test_ubuntu_has_priorities_and_long_releases() -> None:
    found = only(identifier="UBUNTU-CVE-2024-1000", ecosystem="Ubuntu:22.04:LTS", upstream=["CVE-2024-1000"],
                 severity=[{"type": "Ubuntu", "score": "negligible"}])  # fmt: skip
    assert (found.ecosystem, found.package) == ("Ubuntu:22.04", "Django")
    assert (found.severity, found.severity_source) == (Severity.NEGLIGIBLE, "Ubuntu")
    assert found.aliases == ("CVE-2024-1000",)


def test_debians_urgency_in_osv() -> None:
    (affected,) = files.osv(ecosystem="Debian:11")["affected"]
    found = only(identifier="DEBIAN-CVE-1", affected=[affected | {"ecosystem_specific": {"urgency": "end-of-life"}}])
    assert (found.fix, found.severity) == (Fix.WILL_NOT_FIX, Severity.UNKNOWN)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted({
        "package", "ecosystem", "name", "ranges", "type", "events", "introduced", "fixed", "versions", "severity",
        "score", "database_specific", "ecosystem_specific", "url"})), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["affected", "aliases", "severity", "summary", "references", "upstream",
                                        "database_specific", "withdrawn", "details"]), ANYTHING))  # fmt: skip
def test_any_record_is_read(more: dict[str, Any]) -> None:
    assert record(**more)


def test_debians_tracker(tmp_path: Path) -> None:
    found = {(each.id, each.ecosystem): each for each in advisories(files.written(tmp_path / "json", files.DEBIAN))}
    assert len(found) == 7
    fixed = found["CVE-2024-0001", "Debian:12"]
    assert (fixed.fix, fixed.ranges, fixed.package) == (Fix.FIXED, (Range("0", "3.0.14-1"),), "openssl")
    assert (fixed.severity, fixed.severity_source) == (Severity.HIGH, "Debian")
    never = found["CVE-2024-0001", "Debian:13"]
    assert (never.fix, never.ranges, never.severity) == (Fix.NOT_AFFECTED, (Range("0", "0"),), Severity.NEGLIGIBLE)
    assert found["CVE-2024-0001", "Debian:11"].fix is Fix.WILL_NOT_FIX
    assert "not determined" in found["CVE-2024-0001", "Debian:sid"].summary
    assert found["CVE-2024-0002", "Debian:12"].fix is Fix.WILL_NOT_FIX
    assert found["CVE-2024-0002", "Debian:13"].fix is Fix.UNFIXED
    unrated = found["CVE-2024-0003", "Debian:12"]
    assert (unrated.severity, unrated.severity_source) == (Severity.UNKNOWN, "")


def test_alpines_secdb(tmp_path: Path) -> None:
    found = {each.id: each for each in advisories(files.written(tmp_path / "x", files.ALPINE))}
    assert set(found) == {
        "CVE-2024-4741",
        "CVE-2024-5535",
        "CVE-2024-9999",
        "CVE-2023-0466",
        "CVE-2021-4044",
        "VSV00001",
    }
    assert {each.ecosystem for each in found.values()} == {"Alpine:v3.20"}
    assert found["CVE-2024-5535"].ranges == (Range("0", "3.3.1-r1"),)
    assert found["CVE-2023-0466"].fix is Fix.NOT_AFFECTED
    assert found["CVE-2021-4044"].aliases == ("XSA-123",)


def test_wolfi_has_no_releases(tmp_path: Path) -> None:
    secdb = {**files.ALPINE, "urlprefix": "https://packages.wolfi.dev"}
    assert {each.ecosystem for each in advisories(files.written(tmp_path / "x", secdb))} == {"Wolfi"}


def test_cisas_catalogue(tmp_path: Path) -> None:
    found = told(files.written(tmp_path / "x", json.dumps(files.KEV, indent=1)))
    assert found == [Exploited("CVE-2024-0001"), Origin("CISA KEV", "2026-01-05T10:00:00.0000Z", "CC0-1.0")]
    found = told(files.written(tmp_path / "x", files.KEV_CSV))
    assert [item for item in found if isinstance(item, Exploited)] == [Exploited(f"CVE-2024-000{n}") for n in (1, 9)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_epss(tmp_path: Path, pack: Any) -> None:
    (tmp_path / "x").write_bytes(pack(files.EPSS.encode()))
    origin, *rest = told(tmp_path / "x")
    assert origin == Origin("EPSS", "2026-01-06T00:00:00+0000")
    assert rest == [Probability("CVE-2024-0001", 0.925), Probability("CVE-2024-0002", 0.00043)]


def test_a_probability_is_between_0_and_1(tmp_path: Path) -> None:
    files.written(tmp_path / "x", "cve,epss,percentile\nCVE-2024-0001,7,0\n")
    with pytest.raises(InvalidInput, match="x: 7 is no probability"):
        told(tmp_path / "x")


def test_severities_by_cve(tmp_path: Path) -> None:
    found = told(files.written(tmp_path / "x", "CVE-2024-0001\tHIGH\talma\nCVE-2024-0002\tWHAT\talma\n"))
    assert found[1:] == [Rated("CVE-2024-0001", Severity.HIGH, "AlmaLinux")]


def test_the_snapshot(tmp_path: Path) -> None:
    lines = [
        {"e": "Go", "p": "example.com/x", "r": [["0", "1.0", None]], "id": "GO-1", "al": ["CVE-2024-0001"]},
        {"e": "Go", "p": "example.com/x", "r": [["2.0", None, "2.1"]], "id": "GO-1", "al": ["CVE-2024-0001"]},
        {"e": "Packagist", "p": "A/B", "br": [[">=2", "<3"], ["<1"]], "id": "a/b/1", "al": []},
        {"e": "crates.io", "p": "x", "patched": [">= 1"], "unaff": ["< 0.5"], "id": "R-1", "info": "unsound"},
        {"e": "crates.io", "p": "y", "patched": [], "unaff": [], "id": "RUSTSEC-2", "al": [], "info": "unmaintained"},
        {"e": "node", "p": "node", "vul": "6.x", "patched": "^6.9.0", "id": "?", "al": [], "s": "MEDIUM"},
        {"e": "node", "p": "node", "vul": "8.x", "patched": None, "id": "?", "al": ["CVE-2024-0005"]},
        {"e": "Debian:12", "p": "acl", "f": "2.2-2", "id": "CVE-2009-4411", "suite": "unstable", "u": "high"},
    ]  # fmt: skip
    found = advisories(files.written(tmp_path / "x", "".join(json.dumps(line) + "\n" for line in lines)))
    go, php, rust, node, cve, debian = found
    assert go.ranges == (Range("0", "1.0"), Range("2.0", "", "2.1"))
    assert (php.package, php.vulnerable) == ("a/b", (">=2,<3", "<1"))
    assert (rust.patched, rust.unaffected, rust.summary) == ((">= 1",), ("< 0.5",), "unsound")
    assert (node.vulnerable, node.patched, node.severity) == (("6.x",), ("^6.9.0",), Severity.MEDIUM)
    assert node.id.startswith("NSWG-node-")
    assert cve.id == "CVE-2024-0005"
    assert (debian.ranges, debian.fix, debian.severity) == ((Range("0", "2.2-2"),), Fix.FIXED, Severity.UNKNOWN)


def test_a_record_without_an_identifier_has_the_same_wherever_it_stands(tmp_path: Path) -> None:
    one, two = ({"e": "node", "p": "node", "vul": f"{n}.x", "patched": None, "id": "?", "al": []} for n in (4, 5))
    there = advisories(files.written(tmp_path / "x", f"{json.dumps(one)}\n{json.dumps(two)}\n"))
    alone = advisories(files.written(tmp_path / "x", f"{json.dumps(two)}\n"))
    assert there[1].id == alone[0].id != there[0].id


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"name": "x"}', "hello\n", "\0\1\2", '{"a": {"b": {"c": 1}}}'])
def test_what_is_nothing_of_this_is_not_recognised(tmp_path: Path, content: str) -> None:
    (part,) = parts(files.written(tmp_path / "x", content))
    assert items(part) is None


@pytest.mark.parametrize(
    "value", [files.DEBIAN, files.ALPINE, files.KEV, files.osv()], ids=["debian", "alpine", "kev", "osv"]
)
def test_what_is_cut_off_is_an_error(tmp_path: Path, value: Any) -> None:
    text = json.dumps(value)
    path = files.written(tmp_path / "cut", text[: len(text) - 3])
    with pytest.raises(InvalidInput, match=r"cannot read \S+/cut: "):
        told(path)
