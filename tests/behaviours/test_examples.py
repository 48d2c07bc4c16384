"""The two classic examples are what they are said to be."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_node_example_is_two_lines() -> None:
    assert (EXAMPLES / "node-onbuild" / "Dockerfile").read_text() == "FROM node:onbuild\nEXPOSE 8080\n"


def test_the_go_example_is_the_classic_one() -> None:
    assert (EXAMPLES / "go-single-stage" / "Dockerfile").read_text() == (
        "FROM golang:1\nWORKDIR /app\nADD . /app\nRUN cd /app && go build -o goapp\nEXPOSE 8080\nENTRYPOINT ./goapp\n"
    )
