"""The order of Debian versions."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.bases.assemble.versions import order
from jettison.errors import InvalidInput
from tools import need

PART = st.text("0019az.+~", min_size=1, max_size=6)
VERSION = st.builds(
    lambda epoch, upstream, revision: f"{epoch}{upstream}{revision}",
    st.sampled_from(["", "0:", "00:", "1:", "12:"]),
    PART.map(lambda text: "1" + text),
    st.one_of(st.just(""), PART.map(lambda text: "-" + text)),
)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.0~rc1", "1.0"), ("1.0~~", "1.0~"), ("1.0~~a", "1.0~"), ("1.0", "1.0-1"), ("1.9", "1.10"),
        ("9", "1:0"), ("1.0a", "1.0+"), ("2.36-9+deb12u9", "2.36-9+deb12u10"), ("1.0-1", "1.0-1+b1"),
    ],
)  # fmt: skip
def test_is_the_order_of_policy(lower: str, higher: str) -> None:
    assert order(lower) < order(higher)


@pytest.mark.parametrize(("one", "other"), [("1.0", "1.0-0"), ("0:1", "1"), ("1.01", "1.1"), ("1.a", "1.a0")])
def test_some_versions_are_equal_though_written_differently(one: str, other: str) -> None:
    assert order(one) == order(other)


def test_numbers_may_have_any_length() -> None:
    assert order("1." + "9" * 10_000) < order("1.1" + "0" * 10_000)


@pytest.mark.parametrize("text", ["", ":1", "a:1", "1.0-", "1 0", "1_0", "1:", "1\n", "-1", "1-a_b"])
def test_refuses_what_is_no_version(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read version"):
        order(text)


@pytest.mark.integration
@settings(max_examples=300, deadline=None)
@given(VERSION, VERSION)
def test_agrees_with_dpkg(one: str, other: str) -> None:
    need("dpkg")
    ours = (order(one) > order(other)) - (order(one) < order(other))
    relation = {-1: "lt", 0: "eq", 1: "gt"}[ours]
    assert subprocess.run(["dpkg", "--compare-versions", one, relation, other], check=False).returncode == 0
