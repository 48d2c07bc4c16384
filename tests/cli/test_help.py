"""Help pages: complete, with examples, and there at once."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from jettison.cli.main import VERBS, group


def page(*arguments: str) -> str:
    done = CliRunner().invoke(group, [*arguments, "--help"])
    assert done.exit_code == 0, done.output
    return done.output


def command(verb: str) -> click.Command:
    found = group.get_command(click.Context(group), verb)
    assert found
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_page_with_examples(verb: str) -> None:
    text = page(verb)
    assert text.startswith(f"Usage: jettison {verb} ") or f"{verb} [OPTIONS]" in text
    assert f"jettison {verb}" in text.partition("Examples:")[2]
    assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_says_what_it_does(verb: str) -> None:
    for parameter in command(verb).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_the_first_page_lists_every_verb_and_has_examples() -> None:
    text = page()
    assert "Examples:" in text
    for verb, meaning in VERBS.items():
        assert f"  {verb} " in text
        assert meaning.split()[0] in text


def test_the_page_of_shrink_is_in_sections() -> None:
    lines = page("shrink").splitlines()
    titles = ["Result", "What stays", "Probes", "How it runs", "Gates", "Building a Dockerfile", "Other"]
    assert [line.rstrip(":") for line in lines if line.rstrip(":") in titles] == titles


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["shrink", "--help"], ["pull", "--help"]])
def test_help_loads_nothing_that_is_slow(arguments: list[str]) -> None:
    script = (
        "import sys; from jettison.cli.main import run\n"
        "try: run(sys.argv[1:])\n"
        "finally: print([name for name in ('rich', 'httpx', 'elftools', 'zstandard') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
