"""``jettison lint``: files, forms, and what is mended."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = (
    "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7\nUSER 1000\nCMD run it\n"
)


def lint(*arguments: str | Path, status: int = 0, given: bytes | None = None, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "jettison", "lint", *map(str, arguments)],
        capture_output=True, check=False, input=given, timeout=60, cwd=cwd,
    )  # fmt: skip
    assert done.returncode == status, (done.stdout, done.stderr)
    assert b"Traceback" not in done.stderr
    return (done.stdout + done.stderr).decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(TEXT)
    return tmp_path / "Dockerfile"


def test_text_with_the_line_and_a_caret(file: Path) -> None:
    said = lint("Dockerfile", "--only", "exec-form", cwd=file.parent)
    assert said.startswith("Dockerfile:4:1: warning exec-form: CMD in shell form")
    assert "\n  CMD run it\n  ^~~~~~~~~~\n" in said
    assert "1 found in 1 file; 1 more with --fix --unsafe, to be proved by a build" in said


def test_nothing_found(file: Path) -> None:
    assert lint(file, "--only", "exec-form", "--severity", "error") == "nothing found\n"


def test_check(file: Path) -> None:
    lint(file, "--check", status=3)
    file.write_text("FROM scratch\n")
    lint(file, "--check", "--severity", "warning")


def test_json(file: Path) -> None:
    (found,) = json.loads(lint(file, "--format", "json", "--only", "DL3025"))
    assert (found["rule"], found["line"], found["column"], found["end_line"], found["end_column"]) == (
        "exec-form", 4, 1, 4, 11,
    )  # fmt: skip


def test_sarif(file: Path) -> None:
    (run,) = json.loads(lint(file, "--format", "sarif"))["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= known
    assert all(result["level"] in ("error", "warning", "note") for result in run["results"])
    (fixed,) = (result for result in run["results"] if result["ruleId"] == "apt-lists")
    (replacement,) = fixed["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"]["text"].endswith("rm -rf /var/lib/apt/lists/*")


def test_names_and_marks_that_others_trip_over(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/Dockerfile").write_bytes(b"\xef\xbb\xbfFROM debian\n")
    (run,) = json.loads(lint(".", "--format", "sarif", "--only", "from-tag", cwd=tmp_path))["runs"]
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/Dockerfile"
    assert "\n  FROM debian\n       ^~~~~~\n" in lint(".", "--only", "from-tag", cwd=tmp_path)


def test_github(file: Path) -> None:
    said = lint("Dockerfile", "--format", "github", "--only", "exec-form", cwd=file.parent)
    assert said.startswith("::warning file=Dockerfile,line=4,endLine=4,col=1,title=exec-form::CMD in shell form")


def test_mended_in_place(file: Path) -> None:
    file.chmod(0o640)
    lint(file, "--fix", "--unsafe")
    text = file.read_text()
    assert 'CMD ["run", "it"]\n' in text
    assert "&& rm -rf /var/lib/apt/lists/*" in text
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["Dockerfile"]


def test_a_difference_changes_nothing(file: Path) -> None:
    said = lint(file, "--diff", "--unsafe")
    assert '+CMD ["run", "it"]\n' in said
    assert file.read_text() == TEXT


def test_standard_input(file: Path) -> None:
    assert lint("-", "--only", "exec-form", given=TEXT.encode()).startswith("<standard input>:4:1: warning")
    assert 'CMD ["run", "it"]\n' in lint("-", "--fix", "--unsafe", given=TEXT.encode())


def test_every_dockerfile_of_a_directory(file: Path) -> None:
    for name in ("a/Dockerfile.dev", "b/app.Dockerfile", "c/Containerfile", "node_modules/x/Dockerfile", "d/notes.txt"):
        (file.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (file.parent / name).write_text("FROM a:1\nCMD x y\n")
    found = json.loads(lint(file.parent, "--format", "json", "--only", "exec-form", "--jobs", "2"))
    assert sorted(str(Path(one["file"]).relative_to(file.parent)) for one in found) == [
        "Dockerfile", "a/Dockerfile.dev", "b/app.Dockerfile", "c/Containerfile",
    ]  # fmt: skip


def test_settings_of_the_repository(file: Path) -> None:
    (file.parent / "jettison.toml").write_text('[lint]\nignore = ["DL3025"]\nseverity = "warning"\n')
    assert "exec-form" not in lint(file)
    assert "apt-lists" not in lint(file)
    assert "apt-lists" in lint(file, "--severity", "style")


def test_any_bytes(tmp_path: Path) -> None:
    for number, data in enumerate((b"", b"\xff\xfe\0", b"FROM a\nRUN \xff\xc3 && (\n", b"\0" * 1000)):
        (tmp_path / f"Dockerfile.{number}").write_bytes(data)
    for form in ("text", "json", "sarif", "github"):
        lint(tmp_path, "--format", form)
    lint(tmp_path, "--fix", "--unsafe")


def test_clear_errors(tmp_path: Path) -> None:
    assert "there is no such file" in lint(tmp_path / "none", status=1)
    assert "there is no Dockerfile in it" in lint(tmp_path, status=1)
    assert "there is no such rule" in lint(tmp_path, "--only", "nonsense", status=1)


def test_every_rule_is_listed() -> None:
    from jettison.rewrite.rules import RULES

    said = lint("--list-rules")
    assert all(f"{rule.name} " in said for rule in RULES)
