"""Exit codes, and errors in one line on standard error."""

from __future__ import annotations

import errno
from pathlib import Path

import click
import pytest

import jettison.cli.main as main
from jettison.errors import DockerfileError, GateFailed, JettisonError, NotFound


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A verb ``prune`` that raises what is put into the list."""
    errors: list[BaseException] = []

    @click.command()
    def command() -> None:
        raise errors[0]

    get_command = main.Verbs.get_command

    def found(self: main.Verbs, ctx: click.Context, name: str) -> click.Command | None:
        return command if name == "prune" else get_command(self, ctx, name)

    monkeypatch.setattr(main.Verbs, "get_command", found)
    return errors


def run(*arguments: str | Path) -> int:
    """The exit code."""
    with pytest.raises(SystemExit) as caught:
        main.run([str(argument) for argument in arguments])
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (NotFound("cannot pull a: it is gone"), 1, "jettison: cannot pull a: it is gone\n"),
        (JettisonError("cannot go"), 1, "jettison: cannot go\n"),
        (GateFailed("cannot accept the result: 3 files"), 3, "jettison: cannot accept the result: 3 files\n"),
        (KeyboardInterrupt(), 130, "jettison: interrupted\n"),
        (
            DockerfileError("no", line=2, column=3, source="a b"),
            1,
            "jettison: Dockerfile:2:3: no\n  a b\n    ^\n",
        ),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), 1, "no space left on device (/x)\n"),
    ],
)
def test_errors_and_their_exit_codes(
    raising: list[BaseException], capsys: pytest.CaptureFixture[str], error: BaseException, code: int, line: str
) -> None:
    raising.append(error)
    assert run("prune") == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith(line)
    assert captured.err.lstrip().startswith("jettison: ")  # click ends the line of a ^C


def test_a_fault_of_ours_is_not_hidden(raising: list[BaseException]) -> None:
    raising.append(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main.run(["prune"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["shirnk"], "no such verb 'shirnk'; did you mean 'shrink'?"),
        (["xyzzy"], "no such verb 'xyzzy'; see jettison --help"),
        (["--frobnicate"], "--frobnicate"),
        (["shrink", "--polcy", "safe"], "--polcy"),
        (["shrink", "--policy", "lax"], "'lax' is not one of"),
        (["shrink", "a", "b"], "unexpected extra argument"),
        (["why", "app"], "PATH"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert run(*arguments) == 2
    assert said in capsys.readouterr().err


def test_results_are_zero(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("--version") == 0
    assert run("--store", tmp_path / "store", "images") == 0
    assert capsys.readouterr().out.startswith("jettison, version ")


def test_the_store_is_where_it_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JETTISON_STORE", str(tmp_path / "by-variable"))
    assert run("images") == 0
    assert run("--store", tmp_path / "by-flag", "images") == 0
    assert (tmp_path / "by-variable").is_dir()
    assert (tmp_path / "by-flag").is_dir()
