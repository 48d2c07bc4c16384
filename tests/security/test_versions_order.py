"""Each scheme's order: against golden pairs, dpkg, the specifications' examples, and the laws of an order."""

from __future__ import annotations

import functools
import itertools
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.security.versions import SCHEMES, compare

DATA = Path(__file__).parent / "data"

#: Versions of each scheme in their order; those that are the same are in one tuple. From the specifications named.
LADDERS: dict[str, tuple[tuple[str, ...], ...]] = {
    # deb-version(7), and the examples of Debian's policy 5.6.12
    "deb": (("~~",), ("~~a",), ("~",), ("1.0~beta1~svn1245",), ("1.0~beta1",), ("1.0", "0:1.0", "1.0-0"), ("1.0-1",),
            ("1.0a",), ("1.0+b1",), ("1.0.1",), ("1.9",), ("1.10", "1.010"), ("1:0.1",)),
    # rpm-version(7)
    "rpm": (("1.0~rc1",), ("1.0", "0:1.0", "1.0."), ("1.0-1",), ("1.0-1.el9",), ("1.0-2",), ("1.0^git1",), ("1.0a",),
            ("1.0.1", "1.0_1", "1.0.01"), ("1.1",), ("2",), ("10",), ("1:0.1",)),
    # apk-package(5)
    "apk": (("1.0_alpha",), ("1.0_alpha1",), ("1.0_beta",), ("1.0_pre1",), ("1.0_rc1",), ("1.0",), ("1.0-r0",),
            ("1.0-r1",), ("1.0~abc",), ("1.0_cvs",), ("1.0_svn",), ("1.0_git20240101",), ("1.0_hg",), ("1.0_p1",),
            ("1.0a",), ("1.0b",), ("1.0.01",), ("1.0.1",), ("1.1",), ("1.10",), ("2",)),
    # The examples of Maven's POM reference, "Version Order Specification"
    "maven": (("1-alpha-1", "1a1", "1-a1"), ("1-beta-1", "1b1"), ("1-milestone-1", "1m1"), ("1-rc", "1-cr", "1-RC"),
              ("1-snapshot", "1-SNAPSHOT"), ("1", "1.0", "1.0.0", "1-ga", "1-final", "1-release", "1.ga", "1-0"),
              ("1-sp",), ("1-foo2",), ("1-foo10",), ("1-1",), ("1-1-1",), ("1.1",), ("2",)),
    "pypi": (("1.0.dev1",), ("1.0a1", "1.0-alpha1"), ("1.0b2",), ("1.0rc1", "1.0c1"), ("1.0", "1", "v1.0.0"),
             ("1.0+local",), ("1.0.post1", "1.0-1"), ("1.1",), ("1!0.1",)),
    # semver.org, section 11
    "npm": (("1.0.0-alpha",), ("1.0.0-alpha.1",), ("1.0.0-alpha.beta",), ("1.0.0-beta",), ("1.0.0-beta.2",),
            ("1.0.0-beta.11",), ("1.0.0-rc.1",), ("1.0.0", "v1.0.0", "1.0.0+build"), ("2.0.0",), ("2.1.0",)),
    "gem": (("1.a",), ("1.b1",), ("1.rc",), ("1", "1.0", "1.0.0"), ("1.0.1",), ("1.1.a",), ("1.1",), ("1.10",)),
    "golang": (("v0.0.0-20200101000000-abcdefabcdef",), ("1.21.0-0",), ("go1.21rc2", "1.21.0-rc.2", "v1.21.0-rc.2"),
               ("go1.21", "1.21.0", "go1.21.0 X:boringcrypto"), ("go1.21.3",), ("v2.0.0", "v2.0.0+incompatible")),
    "cargo": (("1.0.0-alpha.1",), ("1.0.0-rc.1",), ("1.0.0", "1.0.0+x"), ("1.0.1",)),
    "composer": (("1.0-dev",), ("1.0.0-alpha1", "v1.0a1"), ("1.0-beta2",), ("1.0.0RC1", "1.0-rc1"),
                 ("1.0", "v1.0.0", "1.0.0.0", "1.0-stable"), ("1.0-p1", "1.0.0-patch1", "1.0-pl1"), ("1.9",),
                 ("1.x-dev",), ("2.0-dev",), ("2024-01-02",)),
    "nuget": (("1.0.0-alpha", "1.0-ALPHA"), ("1.0.0-beta.2",), ("1.0.0-beta.11",), ("1.0.0", "1.0", "1.0.0.0"),
              ("1.0.0.1",), ("1.0.1",)),
    "generic": (("0.9.8",), ("0.9.8z",), ("0.9.8za",), ("1.1.0-rc1",), ("1.1.1beta2",), ("1.1.1", "1.1.1.0", "1.1.1-0"),
("1.1.1-7",), ("1.1.1-10",), ("1.1.1-10.el8",),
                ("1.1.1a",), ("1.1.1w",), ("1.1.2",), ("9.6p1",), ("9.6p2",), ("10",)),
}  # fmt: skip

PARTS = {
    "deb": ("1", "0", "10", "a", "~", "+", ".", "-", "A"),
    "rpm": ("1", "0", "10", "a", "~", "^", ".", "-", "A", "_"),
    "apk": ("1", ".0", ".01", ".10", "a", "_alpha", "_p1", "_git", "~ab", "-r1"),
    "maven": (".1", "-1", "-alpha", "-ga", "-sp", ".0"),
    "pypi": (".1", ".0", "a1", "rc2", ".post1", ".dev3", "+x"),
    "npm": ("-1", "-a", ".2", "-0", ".b", "+x"),
    "gem": (".1", ".0", ".a", ".b1", "-c"),
    "golang": (".0.0", ".1.0", "-1", "-a", ".2", "rc1", ".1"),
    "cargo": ("-1", "-a", ".2", "-0", ".b", "+x"),
    "composer": (".1", ".0", "-alpha", "-rc1", "-p1", "-dev", ".x-dev"),
    "nuget": (".1", ".0", "-1", "-a", "-B", ".2"),
    "generic": (".1", ".0", "a", "w", "rc1", "-1", "-a", ".2"),
}


def versions(scheme: str) -> st.SearchStrategy[str]:
    """Texts that are, by and large, versions of the scheme."""
    starts = ("1.0.0", "1.0.1", "1.10.0-a") if scheme in ("npm", "cargo") else ("0", "1", "2", "10")
    tail = st.lists(st.sampled_from(PARTS[scheme]), max_size=5).map("".join)
    return st.builds(str.__add__, st.sampled_from(starts), tail).filter(lambda text: readable(scheme, text))


def readable(scheme: str, text: str) -> bool:
    try:
        SCHEMES[scheme].key(text)
    except ValueError:
        return False
    return True


def test_every_scheme_has_a_ladder_and_laws():
    assert set(LADDERS) == set(PARTS) == set(SCHEMES)


@pytest.mark.parametrize("scheme", LADDERS)
def test_the_examples_of_the_specifications(scheme):
    steps = [(place, version) for place, step in enumerate(LADDERS[scheme]) for version in step]
    for (low, one), (high, other) in itertools.product(steps, steps):
        assert compare(scheme, one, other) == (low > high) - (low < high), (one, other)


def test_apk_orders_as_the_recorded_pairs_do():
    pairs = json.loads((DATA / "versions-apk.json").read_text())
    assert len(pairs) == 738
    assert [pair for pair in pairs if compare("apk", pair[0], pair[1]) != pair[2]] == []


def test_debian_orders_as_dpkg_does():
    dpkg = shutil.which("dpkg")
    assert dpkg, "this test needs dpkg"
    chance = random.Random(7)
    pool = ["".join(["1", *chance.choices(PARTS["deb"], k=4)]) for _ in range(120)] + ["1:1.0-1", "2:0~rc1-1+b2"]
    pool = [version for version in pool if readable("deb", version)]
    signs = {-1: "lt", 0: "eq", 1: "gt"}
    for one, other in zip(pool, reversed(pool), strict=True):
        command = [dpkg, "--compare-versions", one, signs[compare("deb", one, other)], other]
        assert subprocess.run(command, check=False).returncode == 0, command


@pytest.mark.integration
def test_rpm_orders_as_rpm_does():
    rpm = shutil.which("rpm")
    assert rpm, "this test needs rpm: install with scripts/test"
    chance = random.Random(7)
    pool = ["".join(["1", *chance.choices(PARTS["rpm"], k=4)]) for _ in range(300)]
    pool = [version for version in pool if readable("rpm", version)]
    pairs = list(zip(pool, reversed(pool), strict=True))
    calls = "".join(f'print(rpm.vercmp("{one}", "{other}"), " ")' for one, other in pairs)
    done = subprocess.run([rpm, "--eval", f"%{{lua: {calls}}}"], capture_output=True, text=True, check=True)
    assert [compare("rpm", *pair) for pair in pairs] == [int(sign) for sign in done.stdout.split()]


@pytest.mark.parametrize("scheme", PARTS)
def test_the_laws_of_an_order(scheme):
    three = st.tuples(*[versions(scheme)] * 3)

    @given(three)
    def laws(drawn):
        order = functools.partial(compare, scheme)
        first, second, third = sorted(drawn, key=SCHEMES[scheme].key)
        assert order(first, first) == 0
        assert order(first, second) == -order(second, first)
        assert order(first, second) <= 0
        assert order(second, third) <= 0
        assert order(first, third) <= 0
        if order(first, third) == 0:
            assert order(first, second) == 0 == order(second, third)

    laws()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", ["", " ", "\x00", "1" * 300, "1.\n2", "é", "(devel)", "1\U0001d7d8"])
def test_what_is_no_version_is_said_to_be_none(scheme, text):
    with pytest.raises(ValueError):
        compare(scheme, text, "1.0.0")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("part", ["1", "-", ".", "1-", "1a", "~", "a.", "0.", ".0-", "_p", "^", "1.-1."])
def test_the_longest_versions_are_read_or_refused(scheme, part):
    longest = ("1" + part * 256)[:256]
    for other in (longest[:-1], longest[:-2] + "1a", "1.0.0"):
        try:
            assert compare(scheme, longest, other) == -compare(scheme, other, longest)
        except ValueError:
            assert not (readable(scheme, longest) and readable(scheme, other))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "text", ["1-a" + "1" * 250 + "_", "1" * 255 + "!", "1.a" + ".a" * 120 + ".", "1-" + "0" * 250 + "\t"]
)
def test_hostile_texts_take_no_time(scheme, text):
    assert readable(scheme, text) in (True, False)


@pytest.mark.parametrize(
    ("scheme", "text"), [("pypi", "2004d"), ("composer", "dev-main"), ("npm", "1.2"), ("deb", "a:1")]
)
def test_versions_without_a_place_in_the_order(scheme, text):
    with pytest.raises(ValueError, match=r"is no|has no|Invalid"):
        compare(scheme, text, text)
