"""Constraints in each ecosystem's own syntax."""

from __future__ import annotations

from contextlib import suppress

import pytest

from jettison.security.versions import satisfies

#: Scheme and constraint; versions that it holds; versions that it does not.
HELD = [
    # node-semver's documentation of ranges
    ("npm", "^1.2.3", "1.2.3 1.9.9", "1.2.2 2.0.0 2.0.0-rc.1 1.3.0-beta"),
    ("npm", "^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2"),
    ("npm", "^0.0.3", "0.0.3", "0.0.4"),
    ("npm", "^0.0", "0.0.0 0.0.9", "0.1.0"),
    ("npm", "^1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.3 1.9.0", "1.2.4-beta.2 1.2.3-beta.1"),
    ("npm", "~1.2.3", "1.2.3 1.2.9", "1.3.0"),
    ("npm", "~1", "1.0.0 1.9.0", "2.0.0"),
    ("npm", "~> 1.2", "1.2.0 1.2.9", "1.3.0"),
    ("npm", "1.2.3 - 2.3.4", "1.2.3 2.3.4", "2.3.5 1.2.2"),
    ("npm", "1.2.3 - 2.3", "1.2.3 2.3.9", "2.4.0"),
    ("npm", "1.2 - 2", "1.2.0 2.9.9", "3.0.0"),
    ("npm", "^1.2 || 3.x", "1.2.0 3.0.0 3.9.9", "2.0.0 4.0.0"),
    ("npm", ">=1 <2", "1.0.0 1.9.9", "2.0.0 0.9.9"),
    ("npm", ">= 1.2.3 <= 1.2.5", "1.2.3 1.2.5", "1.2.6"),
    ("npm", ">1.2", "1.3.0", "1.2.9"),
    ("npm", "<=1.2", "1.2.9", "1.3.0"),
    ("npm", "<1.2", "1.1.9", "1.2.0"),
    ("npm", "<1.2.3|| >2.0.0", "1.0.0 2.0.1", "1.2.3"),
    ("npm", "*", "0.0.0 9.9.9", "1.0.0-a"),
    ("npm", "", "1.0.0", "1.0.0-a"),
    ("npm", "<*", "", "0.0.0"),
    ("npm", "<=v2.0.0-alpha7", "1.0.0 2.0.0-alpha7", "2.0.0-alpha8"),
    ("npm", "=1.2.3", "1.2.3 v1.2.3 1.2.3+x", "1.2.4"),
    # Gem::Requirement
    ("gem", "~> 4.2, >= 4.2.5", "4.2.5 4.9", "4.2.4 5.0 5.0.a"),
    ("gem", "~> 4.2.5", "4.2.5 4.2.9", "4.3 4.3.0.rc1 4.2.5.rc1"),
    ("gem", "~> 4", "4 4.9", "5 3.9"),
    ("gem", ">= 1.0.a", "1.0.a 1.0", "0.9"),
    ("gem", "!= 1.0", "1.1", "1.0.0"),
    ("gem", "2.0", "2.0.0", "2.0.1"),
    # The Cargo book, "Specifying dependencies"
    ("cargo", "1.2.3", "1.2.3 1.9.0", "2.0.0 1.2.2"),
    ("cargo", "0.2", "0.2.0 0.2.9", "0.3.0"),
    ("cargo", "~1.2", "1.2.0 1.2.9", "1.3.0"),
    ("cargo", "1.*", "1.0.0 1.9.0", "2.0.0"),
    ("cargo", ">= 1.2, < 1.5", "1.2.0 1.4.9", "1.5.0 1.4.0-alpha"),
    ("cargo", "=7.2.0", "7.2.0", "7.2.1"),
    # Composer's documentation of versions and constraints
    ("composer", ">=1.3.0,<1.3.1", "1.3.0 v1.3.0 1.3.0-beta1", "1.3.1 1.3.1-beta1"),
    ("composer", ">=2.3,<2.3.2-p2", "2.3.2 2.3.2-p1", "2.3.2-p2"),
    ("composer", "<1.0.0-beta1", "1.0.0-alpha5", "1.0.0-beta1 1.0.0"),
    ("composer", "1.0.*", "1.0.0 1.0.9", "1.1.0"),
    ("composer", "1.0 - 2.0", "1.0.0 2.0.9", "2.1.0"),
    ("composer", "1.0.0 - 2.1.0", "1.0.0 2.1.0", "2.1.1"),
    ("composer", "~1.2", "1.2.0 1.9.0", "2.0.0"),
    ("composer", "~1.2.3", "1.2.3 1.2.9", "1.3.0"),
    ("composer", "^1.2.3", "1.2.3 1.9", "2.0.0 2.0.0-alpha"),
    ("composer", "^0.3", "0.3.0 0.3.9", "0.4.0"),
    ("composer", ">=1.0 <1.1 || >=1.2", "1.0.5 1.2.0", "1.1.0"),
    ("composer", "!=1.0", "1.1", "1.0.0"),
    ("composer", "*", "1.0 2.0-dev", ""),
    ("pypi", ">=1.0,<2", "1.0 1.5rc1", "2.0 0.9"),
    ("pypi", "~=1.4.2", "1.4.2 1.4.9", "1.5"),
    ("pypi", "==1.2.*", "1.2 1.2.9", "1.3"),
    # Maven's "Dependency version requirement specification", NuGet's "Version ranges"
    ("maven", "[1.0,2.0)", "1.0 1.9 2.0-SNAPSHOT", "2.0 0.9"),
    ("maven", "(,1.0],[1.2,)", "0.1 1.0 1.2 5", "1.1"),
    ("maven", "[1.5]", "1.5 1.5.0", "1.5.1"),
    ("maven", ">= 1.0, < 2.0", "1.0 1.9", "2.0"),
    ("nuget", "(1.0,2.0]", "1.5 2.0", "1.0 2.0.0.1"),
    ("nuget", "[1.0, 2.0)", "1.0 2.0-beta", "2.0"),
    ("golang", ">= 1.2.0, < 1.2.5", "v1.2.0 1.2.4", "1.2.5"),
    ("golang", "< 1.21.3", "go1.21.2 1.21rc2", "go1.21.3"),
    ("deb", "<< 1.0-1", "1.0-0 1.0~rc1-1", "1.0-1"),
    ("rpm", ">= 1:2.0, < 1:3", "1:2.0-1", "2.0-1 1:3"),
    ("apk", "<1.2.3-r4", "1.2.3-r3", "1.2.3-r4"),
    ("generic", ">= 1.1.1, < 1.1.1w", "1.1.1 1.1.1v", "1.1.1w"),
]


@pytest.mark.parametrize(("scheme", "constraint", "inside", "outside"), HELD)
def test_a_constraint_holds_what_it_should(scheme, constraint, inside, outside):
    assert [version for version in inside.split() if not satisfies(scheme, version, constraint)] == []
    assert [version for version in outside.split() if satisfies(scheme, version, constraint)] == []


@pytest.mark.parametrize(
    ("scheme", "constraint"),
    [
        ("npm", "next"), ("npm", "1.2.3 and 2"), ("npm", ">>1.0.0"), ("npm", "1" * 5000), ("npm", "1.2.3.4"),
        ("gem", "~> x"), ("gem", ">= 1.0,"), ("gem", "=> 1.0"), ("cargo", ""), ("cargo", "1.0 || 2.0"),
        ("composer", "dev-main"), ("composer", ""), ("composer", "@@"), ("composer", "~"), ("composer", "1.0 -"),
        ("pypi", "about 1"), ("maven", "[1.0"), ("maven", "[1.0,2.0) or so"), ("maven", ""), ("nuget", "(1,2,3)"),
        ("golang", "^1.0.0"), ("deb", ""), ("deb", "<>= 1"), ("rpm", ">= "), ("apk", "~1.0"), ("generic", "latest"),
    ],
)  # fmt: skip
def test_what_is_no_constraint_is_said_to_be_none(scheme, constraint):
    with pytest.raises(ValueError):
        satisfies(scheme, "1.0.0", constraint)


@pytest.mark.parametrize("scheme", ["npm", "gem", "cargo", "composer", "pypi", "maven", "nuget", "golang", "deb"])
@pytest.mark.parametrize("part", [" ", "1.0.0 ", ">", "|| ", "[1,2),", "1 - 1", ",", "x.", "-1", "~^"])
def test_long_constraints_are_read_or_refused_at_once(scheme, part):
    with suppress(ValueError):
        assert satisfies(scheme, "1.0.0", (part * 2048)[:2048]) in (True, False)
