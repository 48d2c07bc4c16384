"""What the documentation says exists: verbs, flags, keys, files."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from jettison.cli.main import VERBS, group
from jettison.configuration import KEYS, parse
from jettison.security import ignore

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: Flags of other programs that the pages mention.
FOREIGN = {
    "--mount",
    "--from",
    "--chown",
    "--chmod",
    "--device",
    "--gpus",
    "--security-opt",
    "--cap-add",
    "--privileged",
    "--no-install-recommends",
    "--list-all-pkgs",
}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def calls(text: str) -> Iterator[list[str]]:
    """The words of every ``jettison …`` command line; what follows three spaces explains it."""
    for found in re.finditer(r"^ *(?:\$ |sudo |docker save \w+ \| |\S*/)*jettison (?=[a-z-])(.*)", text, re.MULTILINE):
        yield shlex.split(re.split(r" {3,}| (?:[|>]|&&) ", found[1])[0], comments=True)


def options() -> set[str]:
    """Every flag of every verb."""
    context = click.Context(group)
    commands: list[click.Command] = [group, *filter(None, (group.get_command(context, verb) for verb in VERBS))]
    commands += [part for each in commands[1:] if isinstance(each, click.Group) for part in each.commands.values()]
    found = {flag for each in commands for option in each.params for flag in (*option.opts, *option.secondary_opts)}
    return found | {"--help"}


def test_the_reference_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/reference.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_verb_is_in_the_reference() -> None:
    text = (ROOT / "docs/reference/cli.md").read_text()
    assert re.findall(r"^## jettison (\S+)$", text, re.MULTILINE) == list(VERBS)


def keys(value: dict[str, Any], table: str = "") -> Iterator[tuple[str, str]]:
    """Every key of a jettison.toml with its table, as ``KEYS`` names them."""
    for key, content in value.items():
        if (table, key) in {
            ("", "keep"),
            ("", "gates"),
            ("", "scan"),
            ("", "scenario"),
            ("", "bases"),
            ("", "lint"),
            ("bases", "variant"),
        }:
            for one in content if isinstance(content, list) else [content]:
                yield from keys(one, f"{table}.{key}".removeprefix("."))
            continue
        yield table, key
        if (table, key) in {("scenario", "http"), ("bases.variant", "sizes")}:
            for item in content:
                yield from keys(item, f"{table}.{key}") if isinstance(item, dict) else ()


def test_the_example_configuration_is_read_and_complete() -> None:
    import tomllib

    text = (ROOT / "docs/reference/configuration.md").read_text()
    (example,) = re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    found = parse(example)
    assert [scenario.name for scenario in found.scenarios] == ["web", "migrate"]
    assert set(keys(tomllib.loads(example))) == {(key.table, key.name) for key in KEYS}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_examples_of_configurations_are_read(page: Path, tmp_path: Path) -> None:
    for example in re.findall(r"^```toml\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE):
        if "[[ignore]]" in example:  # the file of ``--ignore``, not jettison.toml
            (tmp_path / "ignore.toml").write_text(example)
            assert ignore.read(tmp_path / "ignore.toml")
        else:
            parse(example)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_command_lines_are_understood(page: Path) -> None:
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    for words in (words for block in blocks for words in calls(block)):
        understand(words)


def understand(words: list[str]) -> None:
    """Parse a command line, and do nothing."""
    context = click.Context(group)
    verb, command, rest = group.resolve_command(context, words)
    assert command is not None
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=verb, parent=context)
        verb, command, rest = command.resolve_command(context, list(rest))
        assert command is not None
    command.make_context(verb, list(rest), parent=context)


@pytest.mark.parametrize("verb", VERBS)
def test_examples_of_help_pages_are_understood(verb: str) -> None:
    context = click.Context(group)
    command = group.get_command(context, verb)
    assert command
    assert command.help
    examples = list(calls(command.help.partition("Examples:")[2]))
    assert verb in {words[0] for words in examples}
    for words in examples:
        understand(words)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_flags_exist(page: Path) -> None:
    if page.parent.name in ("rules", "recipes"):
        return  # they speak of what Dockerfiles run
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", page.read_text())
    mentioned = {flag for code in inline for flag in re.findall(r"(?<!\S)--[a-z][a-z-]+", code)}
    assert mentioned <= options() | FOREIGN


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing
