"""Which packages are taken, and why there is nothing to take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.bases.assemble.resolve import resolve
from jettison.bases.assemble.universe import Universe
from jettison.errors import InvalidInput, NotFound

_SUMS = f"Filename: pool/a.deb\nSize: 1\nSHA256: {'0' * 64}\n"


def universe(*lines: str, pins: dict[str, str] | None = None) -> Universe:
    """Packages as ``NAME VERSION; Field: value; …``."""
    made = Universe("amd64", pins)
    paragraphs = []
    for line in lines:
        head, *fields = line.split("; ")
        name, version = head.split()
        paragraphs.append("\n".join([f"Package: {name}", f"Version: {version}", "Architecture: all", *fields, _SUMS]))
    made.add("\n".join(paragraphs), "http://mirror", "main")
    return made


def names(found: Universe, *wanted: str, **options: object) -> list[str]:
    return [package.name for package in resolve(found, wanted, **options)]  # type: ignore[arg-type]


def test_follows_depends_and_pre_depends_alone() -> None:
    found = universe("a 1; Depends: b; Pre-Depends: c; Recommends: d", "b 1", "c 1; Depends: a", "d 1")
    assert names(found, "a") == ["a", "b", "c"]
    assert names(found, "a", dependencies=False) == ["a"]
    assert names(found, "a", without=frozenset({"b"})) == ["a", "c"]


def test_takes_the_first_alternative_unless_another_is_there() -> None:
    found = universe("a 1; Depends: b | c", "b 1", "c 1", "d 1; Depends: c, a")
    assert names(found, "a") == ["a", "b"]
    assert names(found, "a", "c") == ["a", "c"]
    assert names(found, "d") == ["a", "c", "d"]


def test_goes_past_alternatives_that_cannot_be_had() -> None:
    found = universe("a 1; Depends: b | c", "b 1; Depends: e", "e 1; Depends: gone", "c 1")
    assert names(found, "a") == ["a", "c"]


def test_virtual_packages_are_provided_by_the_most_important() -> None:
    found = universe(
        "a 1; Depends: awk", "gawk 1; Provides: awk; Priority: optional", "mawk 1; Provides: awk; Priority: required"
    )
    assert names(found, "a") == ["a", "mawk"]
    assert names(found, "a", "gawk") == ["a", "gawk"]


def test_a_version_is_provided_only_where_it_is_said() -> None:
    found = universe("a 1; Depends: v (>= 2)", "b 1; Provides: v", "c 1; Provides: v (= 1)", "d 1; Provides: v (= 2)")
    assert names(found, "a") == ["a", "d"]


def test_a_renamed_package_is_found_by_its_old_name() -> None:
    assert names(universe("libssl3t64 3; Provides: libssl3 (= 3)"), "libssl3") == ["libssl3t64"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["b 1"], "cannot resolve a: no source has it"),
        (["x 1; Provides: a", "y 1; Provides: a"], "it is a virtual package; name one of x, y"),
        (["aaaaa 1; Depends: b", "a 1; Depends: b"], "cannot resolve a: it needs b, which no source has"),
        (["a 1; Depends: b (>= 2)", "b 1"], r"it needs b \(>= 2\), but the sources have b 1"),
        (["a 1; Depends: b", "b 1; Depends: c | d"], r"it needs b; b: it needs c \| d, which no source has"),
        (["a 1; Depends: b (= 1), c", "b 1", "c 1; Depends: b (= 2)"], r"it needs c; c: it needs b \(= 2\), but"),
    ],
)
def test_says_what_is_missing(lines: list[str], reason: str) -> None:
    with pytest.raises(NotFound, match=reason):
        names(universe(*lines), "a")


def test_packages_that_exclude_each_other_do_not_go_together() -> None:
    found = universe("a 1; Depends: b, c", "b 1", "c 1; Breaks: b (<< 2)", "d 1; Depends: c | e, b", "e 1; Depends: b")
    with pytest.raises(InvalidInput, match="cannot resolve: c 1 excludes b"):
        names(found, "a")
    assert names(universe("a 1; Conflicts: v; Provides: v"), "a") == ["a"]


def test_of_alternatives_one_is_taken_that_nothing_excludes() -> None:
    found = universe("a 1; Depends: x, b | c", "x 1; Conflicts: b", "b 1", "c 1")
    assert names(found, "a") == ["a", "c", "x"]


def test_the_highest_version_counts_or_the_pinned_one() -> None:
    lines = ["a 1.9", "a 1.10; Depends: b", "b 1"]
    assert names(universe(*lines), "a") == ["a", "b"]
    assert names(universe(*lines, pins={"a": "1.9"}), "a") == ["a"]


@pytest.mark.parametrize("field", ["Filename: ../a.deb", "Filename: /a", "Size: -1", "SHA256: x", "Architecture: a/b"])
def test_refuses_paragraphs_that_are_not_sane(field: str) -> None:
    made = Universe("amd64")
    key = field.partition(":")[0]
    lines = ["Package: a", "Version: 1", "Architecture: all", *_SUMS.splitlines()]
    made.add("\n".join([line for line in lines if not line.startswith(f"{key}:")] + [field]), "http://mirror", "main")
    if key == "Architecture":
        assert made.package("a") is None
        return
    with pytest.raises(InvalidInput, match="cannot use the package 'a' of http://mirror"):
        made.package("a")


def test_a_chain_may_have_any_length() -> None:
    count = 3000
    found = universe(*(f"p{number} 1; Depends: p{number + 1}" for number in range(count)), f"p{count} 1")
    assert len(resolve(found, ["p0"], without=frozenset())) == count + 1


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=3), max_size=3)
    )
)
def test_what_is_taken_has_what_it_needs(needs: dict[str, list[list[str]]]) -> None:
    """Against the definition: every group of a taken package is met; where there is an error, no set meets all."""
    lines = [f"{name} 1; Depends: {', '.join(' | '.join(group) for group in groups)}" for name, groups in needs.items()]
    possible = set(needs)
    while broken := {n for n in possible if not all(set(group) & possible for group in needs[n])}:
        possible -= broken
    if "a" not in possible:
        with pytest.raises(NotFound):
            names(universe(*lines), "a")
        return
    taken = set(names(universe(*lines), "a"))
    assert "a" in taken
    assert all(set(group) & taken for name in taken for group in needs[name])
