"""The steps of ``action.yml``: what runs, with which rights, and what is handed on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from github_action import ACTION, ROOT, STEPS, GitHub, post, serving, step
from tools import need


@pytest.fixture
def github() -> Iterator[GitHub]:
    with serving() as server:
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A directory with a program that ends by itself."""
    need("runc", "busybox")
    (tmp_path / "output").touch()
    place = tmp_path / "project"
    place.mkdir()
    (place / "busybox").write_bytes(Path("/bin/busybox").read_bytes())
    (place / "padding").write_bytes(b"x" * 3_000_000)
    (place / "Dockerfile").write_text(
        "FROM scratch\nCOPY --chmod=755 busybox /bin/busybox\nCOPY padding /var/cache/padding\n"
        'CMD ["/bin/busybox", "echo", "hello"]\n'
    )
    return place


@pytest.mark.integration
def test_run_and_comment(tmp_path: Path, project: Path, github: GitHub) -> None:
    done = step("Run Jettison", tmp_path, {"path": str(project), "flags": "--no-scan --max-size 50MB"})
    assert done.returncode == 0, done.stderr
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert set(outputs) == set(ACTION["outputs"])
    assert json.loads(Path(outputs["report"]).read_text())["outcome"] == "shrunk"
    assert "| on disk |" in (tmp_path / "step-summary").read_text()
    for _ in range(2):
        posted = post(tmp_path, github)
        assert (posted.returncode, posted.stdout, posted.stderr) == (0, "", "")
    assert len(github.comments) == 2, "the second run changes the first one's comment"
    assert "**" in github.comments[1]["body"]
    assert [kind for kind, *_ in github.asked] == ["GET", "POST", "GET", "PATCH"]
    assert {key for *_, key in github.asked} == {"Bearer secret"}


@pytest.mark.integration
def test_a_gate_that_does_not_hold_fails_the_step_and_is_reported(tmp_path: Path, project: Path) -> None:
    done = step("Run Jettison", tmp_path, {"path": str(project), "flags": "--no-scan --max-size 1kB"})
    assert done.returncode == 3
    assert "summary=" in (tmp_path / "output").read_text()


def test_a_verb_that_it_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    done = step("Run Jettison", tmp_path, {"verb": "prune"})
    assert "verb is shrink or rewrite" in done.stderr
    assert done.returncode == 2


def test_flags_with_an_open_quotation_mark_are_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    done = step("Run Jettison", tmp_path, {"flags": "--command 'echo"})
    assert (done.returncode, done.stderr) == (2, "jettison action: cannot read flags: No closing quotation\n")


@pytest.mark.parametrize("path", ["-h", "--help", "--load"])
def test_a_path_that_begins_with_a_dash_is_a_path(tmp_path: Path, path: str) -> None:
    (tmp_path / "output").touch()
    done = step("Run Jettison", tmp_path, {"path": path})
    assert done.returncode not in (0, 2)
    assert f"{tmp_path}/{path}: it is not a directory" in done.stderr
    assert (tmp_path / "output").read_text() == "", "no help page is handed on as the report"


def test_modules_of_the_repository_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    modules = tmp_path / "modules"
    modules.mkdir()
    for place in (tmp_path, modules):
        for name in ("json", "types", "click", "httpx", "jettison", "sitecustomize", "subprocess"):
            (place / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n")
    done = step("Run Jettison", tmp_path, {"path": "./nothing"}, PYTHONPATH=f"{modules}:.", PYTHONSTARTUP="json.py")
    assert "cannot" in done.stderr
    assert not (tmp_path / "ran").exists()


def test_root_is_given_only_the_variables_that_jettison_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import action

    given = {"PATH": "/bin", "HOME": "/home/me", "JETTISON_STORE": "/s", "DOCKER_CONFIG": "/d", "HTTPS_PROXY": "p"}
    unsafe = dict.fromkeys(("PYTHONPATH", "PYTHONHOME", "LD_PRELOAD", "BASH_ENV", "GITHUB_TOKEN", "MYPATH"), "x")
    assert action.passed_on(given | unsafe, ["--http", "/MYPATH", "--env", "PYTHONPATH=/app"]) == given
    names = {"A": "1", "B": "2", "C": "3", "D": "4"}
    words = ["--env", "A", "-eB", "--build-arg=C", "--secret", "id=x,env=D"]
    assert action.passed_on(given | unsafe | names, words) == given | names


def test_sudo_keeps_those_variables_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import action

    monkeypatch.setattr(os, "geteuid", lambda: 1001)
    command = action.as_root(["python", "-I"], {"PATH": "/bin", "HOME": "/home/me"})
    assert command == ["sudo", "--preserve-env=HOME,PATH", "--", "python", "-I"]


def test_what_an_earlier_use_wrote_is_not_handed_on_by_a_later_one(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    (tmp_path / "jettison").mkdir()
    for name in ("summary.md", "report.html", "badge.svg", "report.json"):
        (tmp_path / "jettison" / name).write_text("of an earlier use")
    done = step("Run Jettison", tmp_path, {"path": "./nothing"})
    assert done.returncode != 0
    assert (tmp_path / "output").read_text() == ""
    assert not (tmp_path / "step-summary").exists() or not (tmp_path / "step-summary").read_text()


@pytest.mark.parametrize("name", ["a --> b", "a--b", "-", "a\nb", "<", "a" * 200])
def test_a_name_that_a_mark_cannot_hold(tmp_path: Path, name: str) -> None:
    (tmp_path / "output").touch()
    done = step("Run Jettison", tmp_path, {"name": name})
    assert done.returncode == 2
    assert done.stderr.startswith("jettison action: cannot use the name ")
    assert done.stderr.count("\n") == 1


def test_the_installation_step_is_a_script_that_is_there() -> None:
    assert STEPS["Install Jettison"]["run"] == '"$GITHUB_ACTION_PATH/scripts/setup"'
    assert os.access(ROOT / "scripts/setup", os.X_OK)
    assert "install_jettison" in (ROOT / "scripts/setup").read_text()
