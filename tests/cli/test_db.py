"""``jettison db`` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jettison.cli.main import group
from jettison.errors import InvalidInput, JettisonError, NotFound

SNAPSHOT = Path(__file__).parents[2] / "data/advisories"


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, ["-q", "db", *map(str, arguments)])


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the database is in these tests."""
    path = tmp_path / "advisories.db"
    monkeypatch.setenv("JETTISON_DB", str(path))
    return path


def test_build_and_status(database: Path) -> None:
    done = call("build", SNAPSHOT / "rust.jsonl.zst", SNAPSHOT / "kev.jsonl.zst")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{database}: 948 advisories of 2 sources, ")
    text = call("status").output
    assert str(database) in text
    assert "0.0 days ago" in text
    assert "1,404 CVEs known to be exploited" in text
    found = json.loads(call("status", "--json").output)
    assert found["path"] == str(database)
    assert found["schema"] == 1
    assert found["ecosystems"] == {"crates.io": 948}
    assert found["sources"][1] == {
        "name": "RustSec", "date": "2026-08-21", "advisories": 948, "ecosystems": ["crates.io"], "licence": "CC0-1.0",
    }  # fmt: skip


def test_build_as_json_to_another_file(tmp_path: Path, database: Path) -> None:
    done = call("build", SNAPSHOT / "go.jsonl.zst", "-o", tmp_path / "sub/go.db", "--json")
    assert json.loads(done.output)["path"] == str(tmp_path / "sub/go.db")
    assert not database.exists()
    assert call("status", tmp_path / "sub/go.db").exit_code == 0


def failure(*arguments: str | Path) -> JettisonError:
    error = call(*arguments).exception
    assert isinstance(error, JettisonError)
    assert error.exit_code == 1
    assert "\n" not in str(error)
    return error


def test_what_goes_wrong_is_one_line(tmp_path: Path, database: Path) -> None:
    assert isinstance(failure("status"), NotFound)
    assert isinstance(failure("build", tmp_path / "missing"), NotFound)
    assert isinstance(failure("update", "--mirror", tmp_path / "missing"), InvalidInput)
    database.write_text("no database")
    assert "no advisory database" in str(failure("status"))
    call("build", SNAPSHOT / "rust.jsonl.zst")
    assert "days old" in str(failure("status", "--max-age", "0"))
    assert call("build").exit_code == 2
