"""Commands of shell scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closure.closing import closed, executable
from jettison.closure.shell import commands


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("convert a b", "convert"),
        ("A=1 B='x y' convert a", "convert"),
        ("if test -f x; then convert; fi", "convert"),
        ("x=$(convert a)", "convert"),
        ("cat a | convert -", "convert"),
        ("! convert a", "convert"),
        ("exec convert", "convert"),
        ("a &&\\\n convert b", "convert"),
        ("x=`convert a`", "convert"),
        ('"/usr/bin/convert" a', "/usr/bin/convert"),
        ("case $1 in start) convert;; esac", "convert"),
        ("[ -f x ] || convert", "convert"),
        ("[ -f x ]", "["),
    ],
)
def test_a_word_at_the_place_of_a_command_is_found(text: str, wanted: str) -> None:
    assert wanted in commands(text)


@pytest.mark.parametrize("text", ["echo convert", "# convert a", "x=convert", "a # convert; convert"])
def test_arguments_values_and_comments_are_none(text: str) -> None:
    assert "convert" not in commands(text)


@given(st.text(max_size=300))
def test_no_script_raises(text: str) -> None:
    commands(text)


def test_a_script_keeps_its_commands_and_what_it_sources() -> None:
    image = executable(
        {
            "/app/run.sh": b'#!/bin/sh\n. ./lib.sh\nsource "/etc/defaults"\nfoo | sort\n',
            "/app/lib.sh": b"cut",
            "/etc/defaults": b"",
            "/bin/sh": b"",
            "/usr/bin/sort": b"",
            "/usr/bin/cut": b"",
            "/bin/id": b"",
        }
    )
    assert closed(image, "/app/run.sh") == {"/app/lib.sh", "/etc/defaults", "/bin/sh", "/usr/bin/sort", "/usr/bin/cut"}
