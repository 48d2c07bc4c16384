"""Relations between packages, read."""

from __future__ import annotations

import pytest

from jettison.bases.assemble.relations import Relation, parse
from jettison.errors import InvalidInput


def test_groups_and_alternatives_in_their_order() -> None:
    assert parse("libc6 (>= 2.36), debconf (>= 0.5) | debconf-2.0,\n python3:any") == (
        (Relation("libc6", ">=", "2.36"),),
        (Relation("debconf", ">=", "0.5"), Relation("debconf-2.0")),
        (Relation("python3"),),
    )


def test_an_empty_field_has_no_groups() -> None:
    assert parse(" ") == parse("") == ()


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("a (<< 2)", "1.9", "2"), ("a (<= 2)", "2", "2.1"), ("a (= 2)", "2", "2-1"), ("a (>= 2)", "2", "2~"),
        ("a (>> 2)", "2-1", "2"), ("a (< 2)", "2", "3"), ("a (> 2)", "2", "1"),
    ],
)  # fmt: skip
def test_operators_hold_as_in_policy(text: str, inside: str, outside: str) -> None:
    [[relation]] = parse(text)
    assert relation.allows(inside)
    assert not relation.allows(outside)


@pytest.mark.parametrize("text", ["A", "a (2)", "a (~ 2)", "a |", "a (>= 2", "../a", "a (>= 2) b"])
def test_refuses_what_is_no_relation(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read the relation"):
        parse(text)
