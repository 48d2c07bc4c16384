"""A plan survives its record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jettison.closure.model import Evidence
from jettison.errors import InvalidInput
from jettison.plan import Plan, Policy, from_json, to_json

evidence = some.builds(Evidence, some.sampled_from(["opened", "elf", "mention"]), some.text(max_size=5))
plans = some.builds(
    Plan,
    some.sampled_from(Policy),
    some.dictionaries(some.text(max_size=5), some.lists(evidence, max_size=3).map(tuple), max_size=5),
    some.dictionaries(some.text(max_size=5), some.binary(max_size=5), max_size=2),
    some.lists(some.text(max_size=5), max_size=2).map(tuple),
    some.lists(some.text(max_size=5), max_size=2).map(tuple),
)


@given(plans)
def test_a_plan_is_read_as_it_was_written(plan: Plan) -> None:
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


def test_a_path_that_is_not_utf8_survives() -> None:
    plan = Plan(Policy.TIGHT, {"/caf\udce9": (Evidence("opened", "x"),)})
    assert from_json(json.loads(json.dumps(to_json(plan)).encode())) == plan


@pytest.mark.parametrize("value", [None, {}, {"version": 2}, {"version": 1, "keep": []}, []])
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput, match="cannot read plan"):
        from_json(value)
