"""Which stages there are, and which of them a target needs."""

from __future__ import annotations

import pytest

from jettison.dockerfile import needed, parse, select, stages
from jettison.dockerfile.stages import find, meta_args, uses
from jettison.errors import DockerfileError, NotFound

TEXT = """\
ARG BASE=debian VERSION
ARG TOOLS=tools
FROM ${BASE}:12 AS Build
RUN make
FROM scratch AS tools
COPY t /
FROM busybox
COPY --from=build /x /
FROM build AS test
RUN --mount=type=bind,from=tools,target=/t --mount=type=cache,target=/c true
FROM busybox AS last
COPY --from=2 /x /x
COPY --from=TOOLS /t /t
COPY --from=nginx:1 /etc /etc
ONBUILD COPY --from=test /a /a
"""
EVERY = stages(parse(TEXT))
ENV = {"BASE": "debian", "TOOLS": "tools"}


def labels(target: str | None) -> list[str]:
    return [stage.label for stage in needed(EVERY, select(EVERY, target), ENV)]


def test_stages_have_numbers_names_and_instructions() -> None:
    assert [(s.index, s.name, s.base.image, len(s.instructions)) for s in EVERY] == [
        (0, "build", "${BASE}:12", 1),
        (1, "tools", "scratch", 1),
        (2, "", "busybox", 1),
        (3, "test", "build", 1),
        (4, "last", "busybox", 4),
    ]
    assert EVERY[2].label == "stage-2"


def test_arguments_before_the_first_stage() -> None:
    assert meta_args(parse(TEXT)) == [("BASE", "debian"), ("VERSION", None), ("TOOLS", "tools")]


def test_only_what_a_target_takes_from_is_needed() -> None:
    assert labels("build") == ["build"]
    assert labels("tools") == ["tools"]
    assert labels("2") == ["build", "stage-2"]
    assert labels("TEST") == ["build", "tools", "test"]
    assert labels(None) == ["build", "tools", "stage-2", "last"]


def test_a_name_is_a_stage_only_behind_it() -> None:
    every = stages(parse("FROM two AS one\nFROM one AS two\nCOPY --from=one /y /y"))
    assert uses(every, every[0], {}) == ()
    assert uses(every, every[1], {}) == (every[0],)
    assert find(every, "two", 1) is None
    assert find(every, "1", 2) is every[1]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("FROM a AS x\nFROM b AS X\n", 2, 11, "two stages are called x"),
        ("FROM a AS x\nCOPY --from=x /a /a", 2, 8, "stage x is this one itself"),
        ("FROM a AS x\nCOPY --from=Y /a /a\nFROM b AS y", 2, 8, "stage y is further down"),
        ("FROM a\nRUN --mount=from=y,target=/a a\nFROM b AS y", 2, 13, "stage y is further down"),
        ("FROM a\nCOPY --from=0 /a /a", 2, 8, "there is no stage 0 above"),
        ("FROM a\nFROM b\nCOPY --from=12 /a /a", 3, 8, "there is no stage 12 above"),
    ],
)
def test_stages_take_from_those_above_them(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(DockerfileError) as caught:
        parse(text)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_number_is_no_base() -> None:
    every = stages(parse("FROM a\nFROM 0"))
    assert uses(every, every[1], {}) == ()


@pytest.mark.parametrize(
    ("target", "hint"), [("tset", "did you mean test?"), ("9", "there are build, tools, test, last")]
)
def test_unknown_targets(target: str, hint: str) -> None:
    with pytest.raises(NotFound, match=f"cannot build target '{target}'.*{hint.replace('?', '[?]')}"):
        select(EVERY, target)
