"""From logical lines to instructions with typed payloads."""

from __future__ import annotations

import difflib

from jettison.dockerfile.lexer import Line, directives, lines
from jettison.dockerfile.model import Dockerfile, Instruction, OnBuild, Trivia
from jettison.dockerfile.payload import KEYWORDS, Source, payload
from jettison.dockerfile.stages import check, stages
from jettison.dockerfile.values import first_word
from jettison.errors import DockerfileError

_NOT_AS_TRIGGER = ("ONBUILD", "FROM", "MAINTAINER")


def parse(text: str, file: str = "Dockerfile") -> Dockerfile:
    """Read a Dockerfile. Raises ``DockerfileError`` with line, column and a caret; ``render`` gives ``text`` back."""
    found = directives(text, file)
    pieces: list[Instruction | Trivia] = []
    escape = found.get("escape", "\\")
    for line in lines(text, escape, file):
        pieces.append(line if isinstance(line, Trivia) else _instruction(line, file, escape))
    dockerfile = Dockerfile(tuple(pieces), found, file)
    _check_start(dockerfile)
    check(stages(dockerfile))
    return dockerfile


def parse_onbuild(text: str) -> Instruction:
    """Read one trigger of a base image's ``OnBuild``."""
    pieces = [line for line in lines(text, "\\", "ONBUILD") if isinstance(line, Line)]
    if len(pieces) != 1:
        raise DockerfileError("a trigger is one instruction", line=1, source=text[:80], file="ONBUILD")
    return _instruction(pieces[0], "ONBUILD", "\\", trigger=True)


def _instruction(line: Line, file: str, escape: str, *, trigger: bool = False) -> Instruction:
    name, rest = first_word(line.text)
    keyword = name.upper()
    source = Source(keyword, rest, line.heredocs, line.source, line.number, file, escape)
    if trigger and keyword in _NOT_AS_TRIGGER:
        raise source.error(f"{keyword} is not allowed as an ONBUILD trigger", name)
    if keyword == "ONBUILD":
        return _trigger(line, source)
    if keyword not in KEYWORDS:
        near = difflib.get_close_matches(keyword, KEYWORDS, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise source.error(f"unknown instruction {name}{hint}", name)
    return Instruction(keyword, source.value, payload(source), line.source, line.number, file)


def _trigger(line: Line, source: Source) -> Instruction:
    if not source.value:
        raise source.error("ONBUILD needs an instruction")
    written = Line(source.value, line.source, line.number, line.heredocs)
    inner = _instruction(written, source.file, source.escape, trigger=True)
    text = source.value + "".join(f"\n{heredoc.content}{heredoc.name}" for heredoc in line.heredocs)
    return Instruction("ONBUILD", source.value, OnBuild(inner, text), line.source, line.number, source.file)


def _check_start(dockerfile: Dockerfile) -> None:
    instructions = dockerfile.instructions
    if not instructions:
        raise DockerfileError("the file has no instructions", line=1, file=dockerfile.file)
    before = next((i for i in instructions if i.keyword != "ARG"), None)
    if before is None or before.keyword != "FROM":
        wrong = before or instructions[0]
        raise wrong.error("the first instruction must be FROM (only ARG may stand before it)")
