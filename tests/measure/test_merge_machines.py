"""Results of several machines as one: nothing of one machine becomes another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jettison.measure import floor
from jettison.measure.links import UNSHAPED
from jettison.measure.merge import merge
from jettison.measure.model import (
    Action,
    Bench,
    ImageFacts,
    LayerFacts,
    Machine,
    Measurement,
    Sample,
    State,
    from_json,
    to_json,
)

GIB = 2**30
FACTS = ImageFacts("app", "sha256:0", 10, 20, 3, (LayerFacts("a", 6, 100_000_000, 0),))


def bench(machine: Machine, codec: float, seconds: float) -> Bench:
    """One that reaches half of its floor where ``seconds`` is twice 100 MB over ``codec``."""
    known = {"codec": codec, "disk": 1e12, "file": 0.0, "round_trip": 0.0, "cores": float(machine.cores)}
    found = Measurement(
        "app", "jettison", Action.DECOMPRESS, State.COLD, UNSHAPED, (Sample(seconds),), machine=machine.name
    )
    return Bench("2026", (machine,), (FACTS,), (found,), floor.floors(FACTS, [], known, machine), known)


SLOW = bench(Machine(2, "Atom", 8 * GIB), 25e6, 4.0)
FAST = bench(Machine(2, "EPYC", 8 * GIB), 250e6, 0.4)


def test_each_machine_has_its_floor() -> None:
    found = merge([SLOW, FAST])
    assert [floor.share(one, found.floors) for one in found.measurements] == [pytest.approx(0.5)] * 2
    assert len(found.floors) == len(SLOW.floors) + len(FAST.floors)


def test_machines_of_one_name_are_told_apart() -> None:
    found = merge([SLOW, FAST])
    assert [machine.name for machine in found.machines] == ["2 cores, 8 GiB, Atom", "2 cores, 8 GiB, EPYC"]
    assert [one.machine for one in found.measurements] == [machine.name for machine in found.machines]
    assert {one.machine for one in found.floors} == {machine.name for machine in found.machines}
    assert from_json(to_json(found), "it") == found


@pytest.mark.parametrize(
    ("machines", "names"),
    [
        ((Machine(2), Machine(2, kernel="6.1")), ["2 cores, 0 GiB", "2 cores, 0 GiB, Linux 6.1"]),
        ((Machine(2), Machine(4, cpus=2)), ["2 cores, 0 GiB, of 2 cores", "2 cores, 0 GiB, of 4 cores"]),
        ((Machine(2), Machine(2, memory_bytes=1)), ["2 cores, 0 GiB", "2 cores, 0 GiB (2)"]),
        (
            (Machine(2, "A"), Machine(2, "A", disk="xfs"), Machine(2, "B")),
            ["2 cores, 0 GiB, A", "2 cores, 0 GiB, A, xfs", "2 cores, 0 GiB, B"],
        ),
        ((Machine(1), Machine(2)), ["1 core, 0 GiB", "2 cores, 0 GiB"]),
    ],
)
def test_names(machines: tuple[Machine, ...], names: list[str]) -> None:
    found = merge([bench(machine, 1e6, 1.0) for machine in machines])
    assert [machine.name for machine in found.machines] == names
    assert [one.machine for one in found.measurements] == names


def test_merging_again_changes_nothing() -> None:
    third = bench(Machine(2, "Atom", 8 * GIB, "xfs"), 50e6, 2.0)
    once = merge([SLOW, FAST, third])
    assert merge([merge([SLOW, FAST]), third]) == once
    assert merge([once]) == once
    assert merge([once, SLOW, FAST]) == once


def test_a_document_of_before_floors_had_machines() -> None:
    old = replace(SLOW, floors=tuple(replace(one, machine="") for one in SLOW.floors))
    text = to_json(old).replace(',\n      "machine": ""', "")
    assert from_json(text, "it") == SLOW
    some = replace(old, machines=(replace(old.machines[0], cpus=1),))
    text = to_json(some).replace(',\n      "machine": ""', "")
    assert {one.machine for one in from_json(text, "it").floors} == {""}, "they were those of all processors"
