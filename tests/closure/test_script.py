"""First lines of scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closure.closing import closed, executable
from jettison.closure.script import interpreter


@pytest.mark.parametrize(
    ("line", "programs"),
    [
        (b"#!/bin/sh\n", ["/bin/sh"]),
        (b"#! /bin/sh -e\n", ["/bin/sh"]),
        (b"#!/usr/bin/env python3", ["/usr/bin/env", "python3"]),
        (b"#!/usr/bin/env -S node --flag\n", ["/usr/bin/env", "node"]),
        (b"#!/usr/bin/env\tA=1 ruby\r\n", ["/usr/bin/env", "ruby"]),
        (b"#!sh\n", []),
        (b"#!\n", []),
        (b"\x7fELF", []),
        (b"#!/usr/bin/env -S 'x\n", ["/usr/bin/env", "'x"]),
    ],
)
def test_the_interpreter_is_what_the_kernel_and_env_run(line: bytes, programs: list[str]) -> None:
    assert interpreter(line) == programs


@given(st.binary(max_size=300))
def test_no_first_line_raises(rest: bytes) -> None:
    interpreter(b"#!" + rest)


def test_a_script_keeps_env_and_what_env_finds_on_path() -> None:
    image = executable({"/app/run": b"#!/usr/bin/env node\n", "/usr/bin/env": b"", "/usr/local/bin/node": b""})
    assert closed(image, "/app/run") == {"/usr/bin/env", "/usr/local/bin/node"}
