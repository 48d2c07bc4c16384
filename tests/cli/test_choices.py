"""Flags and jettison.toml become one set of options; a flag goes first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from jettison.cli import choices, lint, rewrite, shrink
from jettison.configuration import KEYS, Configuration, Gates, Request, ScenarioSettings, parse
from jettison.errors import GateFailed, NotFound
from jettison.plan import Policy, Wishes
from jettison.report.model import Measure


def flags(*arguments: str) -> Mapping[str, Any]:
    """What ``jettison shrink`` is called with."""
    found = shrink.command.make_context("shrink", list(arguments)).params
    return {name: value for name, value in found.items() if name != "target"}


def scenarios(toml: str, *arguments: str) -> tuple[ScenarioSettings, ...]:
    return choices.options(flags(*arguments), parse(toml)).scenarios


def test_without_anything_the_defaults_hold() -> None:
    found = choices.options(flags(), Configuration())
    assert (found.policy, found.strip, found.crawl, found.rounds) == (Policy.BALANCED, False, True, 3)
    assert found.wishes == Wishes()
    assert found.scenarios == ()
    assert found.remember
    assert choices.gates(flags(), Configuration()) == Gates()


@pytest.mark.parametrize(
    ("toml", "arguments", "field", "value"),
    [
        ('policy = "tight"', [], "policy", Policy.TIGHT),
        ('policy = "tight"', ["--policy", "safe"], "policy", Policy.SAFE),
        ("strip = true", [], "strip", True),
        ("", ["--strip"], "strip", True),
        ("crawl = false", [], "crawl", False),
        ("crawl = false", ["--crawl"], "crawl", True),
        ("", ["--no-crawl"], "crawl", False),
        ("rounds = 0", [], "rounds", 0),
        ("rounds = 2", ["--rounds", "0"], "rounds", 0),
        ("", ["--no-cache"], "remember", False),
        ("", ["--level", "19"], "level", 19),
    ],
)
def test_a_flag_goes_before_the_file(toml: str, arguments: list[str], field: str, value: object) -> None:
    assert getattr(choices.options(flags(*arguments), parse(toml)), field) == value


def test_times() -> None:
    assert choices.options(flags(), parse("timeout = 7")).settings.timeout == 7
    found = choices.options(flags("--timeout", "9", "--duration", "2", "--tracer", "strace"), parse("timeout = 7"))
    assert (found.settings.timeout, found.settings.duration, found.settings.tracer) == (9, 2, "strace")


def test_wishes_of_both_are_put_together() -> None:
    toml = '[keep]\ninclude = ["/a"]\nexclude = ["/b"]\npackages = ["p"]\nbinaries = ["c"]\nshell = true'
    found = choices.options(
        flags("--include", "/x", "--exclude", "/y", "--include-package", "q", "--include-bin", "d"), parse(toml)
    )
    assert found.wishes == Wishes(("/a", "/x"), ("/b", "/y"), ("p", "q"), ("c", "d"), True)


def test_scenarios_of_the_file() -> None:
    toml = '[[scenario]]\nname = "web"\nhttp = ["/"]\n[[scenario]]\nname = "job"\ncommand = "job --now"'
    assert [one.name for one in scenarios(toml)] == ["web", "job"]
    assert [one.name for one in scenarios(toml, "--scenario", "job")] == ["job"]
    assert [one.name for one in scenarios(toml, "--http", "/x")] == ["web", "job", "command line"]
    with pytest.raises(NotFound, match=r"cannot run scenario .jbo.: jettison\.toml has web, job"):
        scenarios(toml, "--scenario", "jbo")


def test_a_scenario_of_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FROM_HERE", "here")
    monkeypatch.delenv("NOT_SET", raising=False)
    (found,) = scenarios(
        "", "--command", "server --port 1", "--entrypoint", "sh -c 'a | b'", "-e", "A=b=c", "-e", "FROM_HERE",
        "-e", "NOT_SET", "--user", "app", "--port", "80", "--http", "/a", "--http", "post /b", "--exec", "ls /",
        "--script", "./t", "--tcp", "9", "--duration", "2.5", "--ready-timeout", "3", "--no-healthcheck",
        "--exit-code", "4",
    )  # fmt: skip
    assert found == ScenarioSettings(
        name="default", command=("server", "--port", "1"), entrypoint=("sh", "-c", "a | b"),
        env={"A": "b=c", "FROM_HERE": "here"}, user="app", ports=(80,), http=(Request("/a"), Request("/b", "POST")),
        exec=(("ls", "/"),), script=(("./t",),), tcp=(9,), duration=2.5, ready_timeout=3.0, healthcheck=False,
        exit_code=4,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--http", "nonsense"], "--http must be"),
        (["--exec", "'open"], "--exec must be a command whose quotes are closed"),
        (["-e", "=x"], "--env takes NAME=VALUE"),
        (["--command", ""], "--command must be"),
    ],
)
def test_values_that_cannot_be_read(arguments: list[str], said: str) -> None:
    with pytest.raises(click.UsageError, match=said):
        choices.options(flags(*arguments), Configuration())


def test_the_date_of_a_reproducible_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert choices.options(flags(), Configuration()).epoch == 1_700_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(click.UsageError, match="SOURCE_DATE_EPOCH must be a count of seconds"):
        choices.options(flags(), Configuration())


def test_gates() -> None:
    toml = '[gates]\nmax_size = "60MB"\nmax_files = 4'
    assert choices.gates(flags(), parse(toml)) == Gates(60_000_000, None, 4)
    assert choices.gates(flags("--max-size", "1kB", "--max-compressed", "2MiB"), parse(toml)) == Gates(1000, 2 << 20, 4)
    with pytest.raises(click.UsageError, match='--max-size must be a size in bytes or a text such as "60MB"'):
        choices.gates(flags("--max-size", "big"), Configuration())


def test_gates_that_do_not_hold_are_all_named() -> None:
    found = Measure(disk_bytes=2_000_000, compressed_bytes=500, files=10, packages=0, layers=1)
    choices.check_gates(Gates(2_000_000, 500, 10), found)
    with pytest.raises(GateFailed) as caught:
        choices.check_gates(Gates(1_000_000, 499, 9), found)
    assert str(caught.value) == (
        "cannot accept the result: 2.00 MB on disk, at most 1.00 MB is allowed; "
        "500 B compressed, at most 499 B is allowed; 10 files, at most 9 is allowed"
    )


def test_gates_on_vulnerabilities() -> None:
    toml = '[gates]\nmax_severity = "high"\nmax_count = {critical = 0, high = 2}\nfail_on = ["exploited"]'
    found = choices.gates(flags("--max-count", "high=5,low=9", "--fail-on", "secrets"), parse(toml))
    assert (found.max_severity, found.fail_on) == ("high", ("exploited", "secrets"))
    assert found.max_count == {"critical": 0, "high": 5, "low": 9}
    assert choices.gates(flags("--max-severity", "low"), parse(toml)).max_severity == "low"
    for bad in (["--max-count", "bad=1"], ["--max-count", "high"], ["--max-severity", "awful"]):
        with pytest.raises(click.UsageError, match=f"{bad[0]} must be"):
            choices.gates(flags(*bad), Configuration())


def test_how_vulnerabilities_are_looked_for(tmp_path: Path) -> None:
    (tmp_path / "jettison.toml").write_text('[scan]\nvex = ["a.json"]\nignore = "ignore.toml"\nmax_age = 7')
    config = choices.read_configuration(flags(), tmp_path)
    found = choices.scanning(flags("--vex", "b.json", "--max-age", "0"), config)
    assert found.vex == (str(tmp_path / "a.json"), "b.json")
    assert (found.ignore, found.max_age) == (str(tmp_path / "ignore.toml"), 0)


def test_the_file_is_found_beside_the_dockerfile(tmp_path: Path) -> None:
    (tmp_path / "jettison.toml").write_text("rounds = 1")
    other = tmp_path / "other.toml"
    other.write_text("rounds = 2")
    assert choices.read_configuration(flags(), tmp_path).rounds == 1
    assert choices.read_configuration(flags("--config", str(other)), tmp_path).rounds == 2
    assert choices.read_configuration(flags(), None) == Configuration()


def test_every_key_has_its_flag() -> None:
    verbs = (shrink.command, rewrite.command, lint.command)
    options = [option for verb in verbs for option in verb.params]
    known = {name for option in options for name in (*option.opts, *option.secondary_opts)}
    for key in KEYS:
        assert set(filter(None, key.flag.split("/"))) <= known, key
