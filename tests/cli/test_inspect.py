"""``jettison inspect`` and ``jettison diff`` as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jettison.oci.layout import Store
from samples import noise, sample

pytestmark = pytest.mark.integration


def jettison(store: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jettison", "--store", store, *arguments]
    done = subprocess.run(command, text=True, capture_output=True, timeout=60, env={**os.environ, "COLUMNS": "120"})
    assert done.returncode == status, (done.stdout, done.stderr)
    return done


@pytest.fixture
def store(tmp_path: Path) -> Path:
    found = Store.open(tmp_path / "store")
    for name, layers in {
        "app:1": ({"/bin/app": noise(90_000), "/cache": noise(10_000, 1)}, {"/.wh.cache": b""}),
        "app:2": ({"/bin/app": noise(90_000, 2)},),
    }.items():
        image = sample(found, *layers)
        assert image.descriptor is not None
        found.tag(f"docker.io/library/{name}", image.descriptor)
    return found.root


def test_inspect(store: Path) -> None:
    text = jettison(store, "inspect", "app:1").stdout
    assert "efficiency 90.0 %" in text
    assert "10.0 kB wasted" in text
    assert "/cache  deleted in layer 2" in text
    document = json.loads(jettison(store, "inspect", "app:1", "--json").stdout)
    assert (document["wasted_bytes"], document["layer_bytes"], document["files"]) == (10_000, 100_000, 1)
    assert document["waste"][0]["kind"] == "deleted"


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (("--lowest-efficiency", "0.95"), "its efficiency is 0.9000, at least 0.95 is wanted"),
        (("--highest-wasted-bytes", "9kB"), "10.0 kB (10,000 bytes) are wasted, at most 9,000 bytes are allowed"),
        (("--highest-wasted-share", "0.05"), "10.0 % are wasted, at most 5 % is allowed"),
    ],
)
def test_gates_of_inspect(store: Path, gate: tuple[str, str], said: str) -> None:
    found = jettison(store, "inspect", "app:1", *gate, status=3)
    assert f"jettison: cannot accept app:1: {said}" in found.stderr
    jettison(store, "inspect", "app:2", *gate)


@pytest.mark.parametrize("gate", ["--lowest-efficiency", "--highest-wasted-share"])
def test_a_gate_is_a_number(store: Path, gate: str) -> None:
    assert "not nan" in jettison(store, "inspect", "app:1", gate, "nan", status=2).stderr


def test_diff(store: Path) -> None:
    document = json.loads(jettison(store, "diff", "app:1", "app:2", "--json").stdout)
    assert not document["same"]
    assert [(change["path"], change["what"]) for change in document["paths"]] == [("/bin/app", ["content"])]
    assert "/bin/app" in jettison(store, "diff", "app:1", "app:2").stdout
    jettison(store, "diff", "--check", "app:1", "app:2", status=3)
    assert "no difference" in jettison(store, "diff", "--check", "app:1", "app:1").stdout
    assert "cannot" in jettison(store, "diff", "app:1", "localhost:1/nothing", status=1).stderr
