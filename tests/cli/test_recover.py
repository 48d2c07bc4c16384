"""``jettison recover``: every term is named, and what it is given is checked."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jettison.cli.main import group
from jettison.errors import InvalidInput
from jettison.filetree import index
from jettison.measure.model import Bench, Machine, to_json
from jettison.oci.config import ImageConfig
from jettison.oci.image import Image
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store
from jettison.oci.reference import parse


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """``app:1`` of 30 files and ``app:small`` of one."""
    found = Store.open(tmp_path / "store")
    for name, files in (("app:1", 30), ("app:small", 1)):
        root = tmp_path / name.replace(":", "-")
        root.mkdir()
        for number in range(files):
            (root / str(number)).write_bytes(random.Random(number).randbytes(100_000))
        tree = index([root])
        layer = store_layer(found, tree, sorted(set(tree) - {"/"}))
        image = found.put_image(Image(ImageConfig(diff_ids=(layer.diff_id,)), (layer,)))
        assert image.descriptor
        found.tag(str(parse(name)), image.descriptor)
    return tmp_path / "store"


def call(store: Path, *arguments: str) -> Result:
    command = ["--quiet", "--store", str(store), "recover", "app:1", "app:small", *arguments]
    return CliRunner().invoke(group, command, env={"COLUMNS": "200"})


def found(store: Path, *arguments: str) -> dict[str, Any]:
    done = call(store, "--json", *arguments)
    assert done.exit_code == 0, done.output
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def test_every_term_is_named(store: Path) -> None:
    done = call(store, "--nodes", "3,10000")
    assert done.exit_code == 0, done.output
    for term in ("detect", "toleration", "schedule", "provision", "queue", "pull", "start", "p50", "p95", "last pod"):
        assert term in done.output
    said = " ".join(done.output.split())
    for sentence in ("waits about 350 s before it evicts", "not calibrated", "serializeImagePulls", "10,000"):
        assert sentence in said


def test_json_has_the_terms_and_their_sum(store: Path) -> None:
    value = found(store, "--nodes", "5", "--pods", "4", "--egress", "unshaped")
    before, after = value["outcomes"][0]
    for side in (before, after):
        assert sum(side["last_terms"].values()) == pytest.approx(side["last"])
    assert after["last_terms"]["pull"] < before["last_terms"]["pull"]
    assert after["egress_bytes"] < before["egress_bytes"]
    assert value["setting"]["cluster"]["egress"] is None
    assert value["setting"]["costs"]["calibrated"] is False
    assert len(value["before"]["layers"]) == 1
    assert value["before"]["files"] == 30


def test_scenarios_are_defaults_that_single_terms_override(store: Path) -> None:
    short = found(store, "--nodes", "5", "--scenario", "short-toleration")
    assert short["setting"]["waits"]["toleration"] == 10
    mine = found(store, "--nodes", "5", "--scenario", "short-toleration", "--toleration", "30", "--detect", "40")
    assert [mine["setting"]["waits"][name] for name in ("detect", "toleration")] == [40, 30]
    fresh = found(store, "--nodes", "5", "--scenario", "node-replacement", "--provision", "90")
    assert fresh["outcomes"][0][0]["pulling_nodes"] == 1
    assert fresh["outcomes"][0][0]["last_terms"]["provision"] == 90


def test_a_share_of_the_nodes_crashes(store: Path) -> None:
    value = found(store, "--nodes", "10,100", "--crashed", "33%", "--pods", "2", "--p2p", "--warm", "0.5")
    assert [pair[0]["pods"] for pair in value["outcomes"]] == [6, 66]
    assert value["setting"]["cluster"]["peers"] is True


def test_what_survivors_hold_is_not_fetched(store: Path) -> None:
    value = found(store, "--nodes", "5", "--base", "app:1", "--also", "app:small", "--parallel", "4")
    before, after = value["outcomes"][0]
    assert before["moved_bytes"] == pytest.approx(4 * value["after"]["compressed_bytes"])
    assert after["moved_bytes"] == pytest.approx(4 * value["after"]["compressed_bytes"])


def test_a_bench_calibrates(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    path.write_text(to_json(Bench("2026-11-24", (Machine(2),), (), (), rates={"codec": 7e6, "file": 0.5})))
    value = found(store, "--nodes", "5", "--bench", str(path), "--rtt", "20", "--start", "2")
    costs = value["setting"]["costs"]
    assert [costs[name] for name in ("codec", "per_file", "round_trip", "start")] == [7e6, 0.5, 0.02, 2]
    assert any("Calibrated by a bench of 2026-11-24" in note for note in value["notes"])


def test_a_page_has_the_chart(store: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert call(store, "--nodes", "3,100", "--html", str(page)).exit_code == 0
    text = page.read_text()
    assert 'id="recovery"' in text
    assert "Time to ready over the number of nodes" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nodes", "three"], "cannot use --nodes"),
        (["--nodes", ",".join(["3"] * 21)], "cannot use --nodes"),
        (["--nodes", "1"], "cannot model 1 nodes"),
        (["--nodes", "999999999"], "cannot model 999999999 nodes"),
        (["--crashed", "0"], "cannot use --crashed"),
        (["--crashed", "100%"], "cannot use --crashed"),
        (["--crashed", "5"], "at least one must survive"),
        (["--link", "fast"], "cannot use the link 'fast'"),
        (["--pods", "501"], "cannot model 501 pods"),
        (["--start", "nan"], "cannot model start nan"),
        (["--detect", "inf"], "cannot model detect inf"),
    ],
)
def test_what_makes_no_sense_is_refused(store: Path, arguments: list[str], message: str) -> None:
    done = call(store, *arguments)
    assert isinstance(done.exception, InvalidInput)
    assert message in str(done.exception)


@pytest.mark.parametrize("rates", ['{"codec": "fast"}', '{"codec": 0}', '{"codec": null}', '{"file": 1e999}', "{}"])
def test_a_bench_of_nonsense_is_refused(store: Path, tmp_path: Path, rates: str) -> None:
    path = tmp_path / "bench.json"
    text = to_json(Bench("2026-11-24", (Machine(2),), (), (), rates={}))
    path.write_text(text.replace('"rates": {}', f'"rates": {rates}'))
    done = call(store, "--bench", str(path))
    assert isinstance(done.exception, InvalidInput), done.exception


def test_a_file_that_is_no_bench_is_named(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"schema_version": 99}')
    done = call(store, "--bench", str(path))
    assert isinstance(done.exception, InvalidInput)
    assert "schema version 99" in str(done.exception)
