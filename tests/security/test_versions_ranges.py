"""Which versions an advisory hits, and which one has it mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import Unsupported
from jettison.security.model import Advisory, Range
from jettison.security.versions import SCHEMES, compare, fixed_in, is_affected, satisfies, scheme


def advisory(ecosystem="npm", **values):
    return Advisory("CVE-2026-1", ecosystem, "package", **values)


@pytest.mark.parametrize(
    ("ecosystem", "name"),
    [
        ("Debian:12", "deb"), ("Ubuntu:22.04:LTS", "deb"), ("Ubuntu:Pro:18.04:LTS", "deb"), ("Alpine:v3.20", "apk"),
        ("Wolfi", "apk"), ("Chainguard", "apk"), ("AlmaLinux:9", "rpm"), ("Rocky Linux:9", "rpm"),
        ("Red Hat:enterprise_linux:9::appstream", "rpm"), ("SUSE:Linux Enterprise Server 15 SP5", "rpm"),
        ("openSUSE:Leap 15.6", "rpm"), ("PyPI", "pypi"), ("npm", "npm"), ("node", "npm"), ("Go", "golang"),
        ("crates.io", "cargo"), ("RubyGems", "gem"), ("Maven", "maven"), ("Maven:https://repo.example", "maven"),
        ("NuGet", "nuget"), ("Packagist", "composer"), ("Bitnami", "generic"),
    ],
)  # fmt: skip
def test_ecosystems_have_a_scheme(ecosystem, name):
    assert scheme(ecosystem) == name
    assert name in SCHEMES


def test_ecosystems_without_an_order_are_refused():
    for ask in (lambda: scheme("Hackage"), lambda: compare("hackage", "1", "1"), lambda: satisfies("", "1", "1")):
        with pytest.raises(Unsupported, match="cannot compare versions"):
            ask()


@pytest.mark.parametrize(
    ("version", "affected"), [("0.1.0", True), ("1.9.9", True), ("2.0.0", False), ("3.0.0", True), ("3.2.0", True),
                              ("3.2.1", False), ("4.0.0-rc.1", False), ("4.0.0", True), ("99.0.0", True)],
)  # fmt: skip
def test_ranges_end_before_what_is_fixed_and_with_what_is_last(version, affected):
    ranges = (Range("0", fixed="2.0.0"), Range("3.0.0", last_affected="3.2.0"), Range("4.0.0"))
    assert is_affected(version, advisory(ranges=ranges)) is affected


def test_zero_is_before_every_version():
    assert is_affected("0~~-0", advisory("Debian:12", ranges=(Range("0", fixed="1"),))) is True
    assert is_affected("0.0.0-0", advisory("Go", ranges=(Range("0", fixed="1.0.0"),))) is True
    assert is_affected("0.0.0-a", advisory("npm", ranges=(Range("", fixed="1.0.0"),))) is True


def test_versions_are_named_one_by_one_in_any_spelling():
    listed = advisory("PyPI", versions=("1.0", "2004d"))
    assert [is_affected(version, listed) for version in ("1.0", "1.0.0", "2004d", "1.1")] == [True, True, True, False]
    assert is_affected("2004e", listed) is None


def test_versions_add_to_ranges():
    both = advisory("PyPI", ranges=(Range("2", fixed="3"),), versions=("1.0",))
    assert [is_affected(version, both) for version in ("1.0", "2.5", "3.5")] == [True, True, False]


def test_without_ranges_all_but_the_patched_are_affected():
    gem = advisory("RubyGems", patched=("~> 3.25.5", ">= 4.28.2"), unaffected=("< 1.0",))
    answers = {"0.9": False, "1.0": True, "3.25.5": False, "3.26.0": True, "4.28.2": False, "5.0.0.rc1": False}
    assert {version: is_affected(version, gem) for version in answers} == answers


def test_an_advisory_that_names_no_version_hits_all():
    assert is_affected("1.0.0", advisory("crates.io")) is True


def test_patched_wins_over_vulnerable():
    node = advisory("node", vulnerable=("6.x", "<=4.9"), patched=("^6.7.0",))
    answers = {"6.6.0": True, "6.7.0": False, "4.9.3": True, "5.0.0": False}
    assert {version: is_affected(version, node) for version in answers} == answers


@pytest.mark.parametrize(("ecosystem", "text"), [("npm", "<2.0.0"), ("npm", "1.x"), ("crates.io", "< 2.0.0")])
def test_previews_of_vulnerable_versions_are_vulnerable(ecosystem, text):
    assert is_affected("1.5.0-beta.1", advisory(ecosystem, vulnerable=(text,))) is True
    assert satisfies(scheme(ecosystem), "1.5.0-beta.1", text) is False


def test_what_cannot_be_read_is_unknown_unless_something_else_decides():
    assert is_affected("(devel)", advisory("Go", ranges=(Range("0", fixed="1.0.0"),))) is None
    assert is_affected("dev-main", advisory("Packagist", vulnerable=("<1.0",))) is None
    assert is_affected("1.0.0", advisory(vulnerable=("next",))) is None
    assert is_affected("1.0.0", advisory(vulnerable=("next", "<2.0.0"))) is True
    assert is_affected("1.0.0", advisory(vulnerable=("<2.0.0",), patched=("next",))) is None
    assert is_affected("3.0.0", advisory(vulnerable=("<2.0.0",), patched=("next",))) is False
    assert is_affected("1.0.0", advisory(patched=("next", ">=1.0.0"))) is False
    assert is_affected("2", advisory("PyPI", ranges=(Range("0", fixed="1.0-n653"),))) is None
    assert is_affected("1", advisory("PyPI", ranges=(Range("0", fixed="1.0-n653"), Range("0")))) is True
    assert is_affected("1", advisory("Hackage", ranges=(Range("0"),))) is None
    assert is_affected("1", advisory("Hackage", versions=("1",))) is True
    assert is_affected("9" * 300, advisory(ranges=(Range("0"),))) is None


def test_the_fix_is_the_end_of_the_range_that_holds_the_version():
    several = advisory("Go", ranges=(Range("0", fixed="1.20.8"), Range("1.21.0-0", fixed="1.21.1"), Range("1.22.0")))
    versions = ("go1.19", "go1.21", "1.21rc2", "1.22.1", "1.21.1", "(devel)")
    assert [fixed_in(version, several) for version in versions] == ["1.20.8", "1.21.1", "1.21.1", "", "", ""]


def test_the_fix_is_the_lowest_patched_version_after_this_one():
    gem = advisory("RubyGems", patched=("~> 3.25.5", "~> 4.27.5", ">= 4.28.2"))
    assert [fixed_in(version, gem) for version in ("3.20.0", "3.26.0", "4.28.0", "9")] == [
        "3.25.5",
        "4.27.5",
        "4.28.2",
        "",
    ]
    node = advisory("npm", vulnerable=("<=1.2.3",), patched=(">1.2.3 <1.9.0 || >=2.0.0",))
    assert fixed_in("1.0.0", node) == "2.0.0"
    assert fixed_in("1.0.0", advisory("crates.io", patched=("> 0.9.4",))) == ""
    assert fixed_in("1.0.0", advisory("node", patched=("^6.7.0 || 4.x",))) == "6.7.0"
    assert fixed_in("1.0.0", advisory("crates.io", patched=(">= 1.2",))) == "1.2.0"
    assert fixed_in("1.0.0", advisory("npm", patched=("<0.0.0",))) == ""
    assert fixed_in("1", advisory("Hackage", ranges=(Range("0", fixed="2"),))) == ""


numbers = st.builds("{}.{}.{}".format, *[st.integers(0, 4)] * 3)


@given(
    version=numbers, low=numbers, high=numbers, ecosystem=st.sampled_from(["npm", "PyPI", "Debian:12", "Alpine:v3.20"])
)
def test_a_range_and_its_constraint_agree(version, low, high, ecosystem):
    separator = " " if ecosystem == "npm" else ","
    written = advisory(ecosystem, vulnerable=(f">={low}{separator}<{high}",))
    ranged = advisory(ecosystem, ranges=(Range(low, fixed=high),))
    assert is_affected(version, written) == is_affected(version, ranged)
    if is_affected(version, ranged):
        assert fixed_in(version, ranged) == high
        assert is_affected(high, ranged) is False
