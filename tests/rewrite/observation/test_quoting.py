"""What is quoted comes out of a shell, and of a Dockerfile, as it went in."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.dockerfile import expand, parse
from jettison.dockerfile.model import Run
from jettison.errors import Unsupported
from jettison.rewrite.observation.quoting import duration, path_word, shell_word, value, wrap

NAMES = st.binary(min_size=1, max_size=12).map(lambda b: os.fsdecode(b)).filter(lambda s: "\0" not in s)
TRICKY = st.text(alphabet="ab \\\"'$`#<>-*?[]{}~!&|;()\t", min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists((NAMES | TRICKY).filter(lambda s: not s.endswith("\n")), min_size=1, max_size=8))
def test_a_shell_reads_words_as_they_were(names: list[str]) -> None:
    text = "RUN printf '%s\\0' \\\n" + " \\\n".join(wrap(map(shell_word, names), "    ")) + "\n"
    (run,) = parse(f"FROM x\n{text}").instructions[1:]
    assert isinstance(run.payload, Run)
    assert not run.payload.heredocs
    done = subprocess.run(["/bin/sh", "-c", run.payload.command.text], capture_output=True, check=True)
    assert [os.fsdecode(word) for word in done.stdout.split(b"\0")[:-1]] == names


def test_a_line_break_at_the_end_cannot_be_written() -> None:
    with pytest.raises(Unsupported, match="loses the line break"):
        shell_word("a\n")


def test_a_path_is_relative_and_no_option() -> None:
    assert [path_word(path) for path in ("/usr/bin", "/-x", "/", "/a b")] == ["usr/bin", "./-x", ".", "'a b'"]


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"])), st.sampled_from(["\\", "`"]))
def test_a_dockerfile_reads_values_as_they_were(text: str, escape: str) -> None:
    assert expand(value(text, "ENV A", escape), {"a": "no"}, escape) == text


def test_a_value_with_a_line_break_cannot_be_written() -> None:
    with pytest.raises(Unsupported, match="cannot write ENV A into a Dockerfile: its value has a line break"):
        value("a\nb", "ENV A")


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [(30_000_000_000, "30s"), (300_000_000_000, "5m"), (1_500_000_000, "1500ms"), (1_000, "1us"), (1, "1ns")],
)
def test_durations(nanoseconds: int, text: str) -> None:
    assert duration(nanoseconds) == text
