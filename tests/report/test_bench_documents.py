"""A bench's JSON is refused by name or can be shown; what is shown says which machine it is of."""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from jettison.cli.bench_page import page
from jettison.errors import InvalidInput
from jettison.measure.merge import merge
from jettison.measure.model import (
    Action,
    Bench,
    Floor,
    ImageFacts,
    LayerFacts,
    Machine,
    Measurement,
    Sample,
    State,
    from_json,
    to_json,
)
from jettison.report.bench import show

SMALL, LARGE = Machine(1, "Atom", 2**31, "ext4", "6.1", "Debian 12", 1, {"docker": "20.10"}), Machine(32, "EPYC", 2**38)
IMAGES = tuple(
    ImageFacts(name, "sha256:0", 10, 20, 3, (LayerFacts("sha256:1", 10, 20, 3),)) for name in ("app:1", "app:2")
)


def _pull(image: str, machine: Machine, seconds: float, **given: Any) -> Measurement:
    samples = (Sample(seconds), Sample(seconds, 0.5, 7, 10))
    return Measurement(image, "jettison", Action.PULL, State.COLD, "100mbit", samples, machine=machine.name, **given)


BENCH = Bench(
    "2026-11-24",
    (SMALL, LARGE),
    IMAGES,
    (
        _pull("app:1", SMALL, 3.0, verified=True), _pull("app:2", LARGE, 1.0, verified=False),
        _pull("app:2", SMALL, 2.0, note="slow"),
    ),
    (Floor("app:1", Action.PULL, "100mbit", 1.0, 0.4, 0.7, 0.1, 0.05, SMALL.name),),
    {"codec": 800e6, "disk": 1e9, "file": 1e-5, "round_trip": 1e-4, "cores": 2.0},
    ("not shaped: no root",),
)  # fmt: skip
DOCUMENT: Any = json.loads(to_json(BENCH))

Path = tuple[str | int, ...]


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """Where each value is."""
    if above:
        yield above
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from paths(one, (*above, key))


def changed(path: Path, value: Any) -> Any:
    """The document with another value there."""
    document = copy.deepcopy(DOCUMENT)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return document


def shown(bench: Bench) -> str:
    console = Console(width=100, highlight=False, color_system=None)
    with console.capture() as captured:
        show(bench, console)
    return captured.get()


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**400)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner), max_leaves=3)


def _read(document: str) -> tuple[Bench | None, str]:
    try:
        return from_json(document, "a.json"), ""
    except InvalidInput as error:
        return None, str(error)


@settings(deadline=None)
@given(st.sampled_from(sorted(paths(DOCUMENT), key=str)), VALUES)
@example(("measurements", 0, "samples", 0, "seconds"), 5e-324)
@example(("measurements", 0, "samples", 0, "seconds"), 1e308)
@example(("images", 0, "name"), "\ud800")
@example(("images",), [])
@example(("machines", 0, "tools"), {"a\n\x1b[1m\ud800": 1})
@example(("measurements", 0, "action"), "x" * 10_000)
@example(("machines",), [])
@example(("measurements",), [])
@example(("machines", 0, "memory_bytes"), 10**300)
def test_refused_by_name_or_shown(path: Path, value: Any) -> None:
    found, said = _read(json.dumps(changed(path, value)))
    if found is None:
        assert said.startswith("cannot read a.json: it ")
        assert said.isprintable(), "one line"
        assert len(said) < 300
        return
    assert from_json(to_json(found), "a.json") == found
    assert "not shaped" in shown(found) or path[0] == "notes"
    page(found).encode()
    assert merge([found])


WRONG: list[tuple[Path, Any]] = [
    *[
        (("measurements", 0, "samples", 0, "seconds"), value)
        for value in ("abc", None, math.nan, math.inf, -5, 0, True)
    ],
    *[(("measurements", 0, "samples", 1, "wire_bytes"), value) for value in ("x", -1, 1.5)],
    *[(("machines", 0, "cores"), value) for value in ("x", 0, 1.5, True)],
    (("machines", 0, "tools"), []),
    (("machines", 0, "tools", "docker"), 1),
    *[(("notes",), value) for value in ([1], "abc", None)],
    *[(("measurements", 0, "link"), value) for value in (5, None)],
    *[(("measurements", 0, key), None) for key in ("tool", "note", "image", "action", "machine")],
    (("measurements", 0, "verified"), "yes"),
    (("measurements", 0, "action"), "sleep"),
    (("measurements", 0, "samples"), []),
    (("floors", 0, "link"), "a"),
    (("floors", 0, "machine"), 1),
    (("images", 0, "compressed_bytes"), "x"),
    (("images", 0, "layers"), {}),
    (("rates", "codec"), "x"),
    (("rates",), []),
    (("complete",), "no"),
    (("date",), 1),
    (("schema_version",), True),
    (("schema_version",), "1"),
]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_wrong_values(path: Path, value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"cannot read a\.json: it is no result of jettison bench"):
        from_json(json.dumps(changed(path, value)), "a.json")


@pytest.mark.parametrize("place", [(), ("machines", 0), ("images", 0), ("measurements", 0), ("floors", 0)])
def test_added_keys_are_ignored(place: Path) -> None:
    assert from_json(json.dumps(changed((*place, "added"), [{"a": 1}])), "a.json") == BENCH


def test_marks_what_was_compared() -> None:
    lines = shown(BENCH).splitlines()
    assert [re.split(r"\s{2,}", line.strip())[-1] for line in lines if "jettison " in line and " s " in line] == [
        "same", "other", "10 B",
    ]  # fmt: skip
    assert any(line.strip().startswith("files: whether mode, owner") for line in lines)
    silent = replace(BENCH, measurements=BENCH.measurements[2:])
    assert "files: whether" not in shown(silent)


def test_says_which_machine() -> None:
    text = shown(BENCH)
    for words in (
        "pull, cold, 100mbit, 1 core, 2 GiB",
        "pull, cold, 100mbit, 32 cores, 256 GiB",
        "measured on 1 core,",
    ):
        assert words in text
    assert '<th scope="col">machine</th>' in page(BENCH)
    assert "<td>32 cores, 256 GiB</td>" in page(BENCH)
    assert re.search(r"on 1 core, 2 GiB *\n *floor .*\n *pull ", text)
    two = replace(BENCH, machines=(SMALL, replace(SMALL, cpus=None)))
    assert "measured here:" in shown(two), "with some of its processors it is the same machine"
    one = replace(BENCH, machines=BENCH.machines[:1])
    assert "measured here:" in shown(one)
    assert '<th scope="col">machine</th>' not in page(one)


def test_the_headline_compares_on_one_machine() -> None:
    before = page(BENCH).partition("<nav")[0]
    assert "pull (100mbit)" in before
    assert "3.0 s" in before
    assert "2.0 s" in before
    assert "1.0 s" not in before
