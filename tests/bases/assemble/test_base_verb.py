"""``jettison base`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bases.assemble.debian import Repository
from jettison.cli.main import group


def base(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["--quiet", *arguments])


@pytest.mark.integration
def test_makes_tags_and_copies(repository: Repository, tmp_path: Path) -> None:
    repository.package("app", {"/usr/bin/app": "1"})
    repository.publish()
    where = ["--mirror", repository.url, "--security-mirror", repository.url, "--keyring", str(repository.key.keyring)]
    store = ["--store", str(tmp_path / "store")]
    lock = ["--lock", str(tmp_path / "lock")]
    done = base(
        *store, "base", "app", *where, *lock, "--arch", "amd64", "-t", "app", "-o", f"oci:{tmp_path}/out", "--json"
    )
    assert done.exit_code == 0, done.output
    value = json.loads(done.stdout)
    assert value["tags"] == ["app"]
    assert value["packages"] == [{"name": "app", "version": "1", "architecture": "all"}]
    assert value["created"] == "2026-11-01T00:00:00Z"
    assert (tmp_path / "out/index.json").exists()
    again = base(*store, "base", "app", *lock, "--arch", "linux/amd64")
    assert again.stdout.strip() == value["digest"]
    for compression in ("gzip:9", "none"):
        other = base(*store, "base", "app", *lock, "--arch", "amd64", "--compression", compression)
        assert other.exit_code == 0, other.output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "name a PACKAGE or a --preset"),
        (["a", "--update-lock"], "--update-lock needs --lock FILE"),
        (["a", "--compression", "zstd:chunked"], "push and copy make zstd:chunked"),
    ],
)
def test_wrong_usage(arguments: list[str], reason: str, tmp_path: Path) -> None:
    done = base("--store", str(tmp_path), "base", *arguments)
    assert done.exit_code == 2
    assert reason in done.output
