"""The user's stages stay as they are."""

from __future__ import annotations

import pytest

from jettison.dockerfile import parse, render
from jettison.errors import Unsupported
from jettison.oci.config import ContainerConfig
from jettison.rewrite.observation.stages import original

CONTAINER = ContainerConfig()


@pytest.mark.parametrize(
    ("text", "expected", "name"),
    [
        ("FROM a\nRUN b", "FROM a AS build\nRUN b", "build"),
        ("FROM a AS App\nRUN b\n", "FROM a AS App\nRUN b\n", "app"),
        ("FROM a AS build\nFROM b\nRUN d\n", "FROM a AS build\nFROM b AS build-2\nRUN d\n", "build-2"),
        ("from \\\r\n  a\r\nRUN b\r\n", "from \\\r\n  a AS build\r\nRUN b\r\n", "build"),
        ("FROM --platform=linux/amd64 a \\\n# c\n", "FROM --platform=linux/amd64 a AS build\n", "build"),
    ],
)
def test_the_last_stage_gets_a_name(text: str, expected: str, name: str) -> None:
    found = original(parse(text), "x", CONTAINER, None)
    assert found.name == name
    assert render(found.dockerfile) == expected


def test_a_target_may_be_given() -> None:
    found = original(parse("FROM a\nFROM b AS two\n"), "x", CONTAINER, "0")
    assert render(found.dockerfile) == "FROM a AS build\nFROM b AS two\n"
    assert found.free_name("two") == "two-2"


def test_an_image_alone_is_the_original() -> None:
    assert render(original(None, "node:8", CONTAINER, None).dockerfile) == "FROM node:8 AS build\n"


def test_triggers_of_an_image_would_run() -> None:
    with pytest.raises(Unsupported, match="cannot write a Dockerfile onto x: its ONBUILD triggers would run"):
        original(None, "x", ContainerConfig(on_build=("RUN a",)), None)
