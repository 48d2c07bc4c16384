"""Write a Dockerfile of two stages out of one: the original's steps build, and a small stage takes what they made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Arg, Trivia
from jettison.dockerfile.model import Instruction as Piece
from jettison.rewrite.recipes.command import Start
from jettison.rewrite.recipes.model import Project

#: What only says how the image runs: it moves to the last stage.
_MOVES = frozenset({"CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL", "VOLUME", "MAINTAINER"})
#: What the build needs too: it stays, and is said again in the last stage.
_REPEATED = frozenset({"ENV", "WORKDIR", "USER"})
_VARIABLE = re.compile(r"\$\{?(\w+)")
BUILD = "build"


@dataclass(frozen=True, slots=True)
class Final:
    """The last stage. ``copies`` are whole lines, comments among them, behind WORKDIR; ``before`` those above it.

    ``environment`` are ENV values that the old base had and the new one lacks.
    """

    base: str
    copies: Sequence[str]
    start: Start
    before: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def compose(
    project: Project,
    final: Final,
    *,
    instead: Mapping[Instruction, str] | None = None,
    last: Sequence[str] = (),
    base: str = "",
) -> str:
    """The text. ``instead`` are other texts for steps of the stage (empty takes one away), ``last`` are lines at the
    end of the build stage, ``base`` is another image for it."""
    head, body = _split(project)
    triggers = _triggers(project, instead or {}) if base else ()  # the old base does them by itself
    build = [*triggers, *_build(body, instead or {}), *last]
    text = head + _from(project, base) + "".join(_ended(line) for line in build)
    return _tidy(text) + "\n" + _tidy("".join(_ended(line) for line in _final(project, body, final)))


def build_name(project: Project) -> str:
    """What the build stage is called: as it was, or ``build``."""
    taken = {stage.name for stage in project.sheet.stages}
    name = project.stage.name
    while not name:
        name = BUILD if BUILD not in taken else next(f"{BUILD}{n}" for n in range(2, 99) if f"{BUILD}{n}" not in taken)
    return name


def from_build(project: Project, *sources: str, to: str, chown: str = "") -> str:
    """A COPY line from the build stage; JSON form where a path needs it."""
    words = [*sources, to]
    flags = f"--from={build_name(project)} " + (f"--chown={chown} " if chown else "")
    plain = all(re.fullmatch(r"[\w./@:+=,~*-]+", word) for word in words)
    return f"COPY {flags}{' '.join(words) if plain else json.dumps(words, ensure_ascii=False)}"


def _split(project: Project) -> tuple[str, list[Piece | Trivia]]:
    """What stands above the stage's FROM, and what below it up to the next FROM or the end."""
    pieces = project.dockerfile.pieces
    at = pieces.index(project.stage.head)
    end = next((n for n in range(at + 1, len(pieces)) if _is_from(pieces[n])), len(pieces))
    return "".join(piece.source for piece in pieces[:at]), list(pieces[at + 1 : end])


def _is_from(piece: Piece | Trivia) -> bool:
    return isinstance(piece, Piece) and piece.keyword == "FROM"


def _from(project: Project, base: str) -> str:
    source = project.stage.head.source
    if base:
        source = source.replace(project.stage.base.image, base, 1)
    return _ended(source.rstrip() if project.stage.name else f"{source.rstrip()} AS {build_name(project)}")


def _triggers(project: Project, instead: Mapping[Instruction, str]) -> Iterator[str]:
    """The steps that the old base does in every build on it."""
    if project.triggers:
        if project.base.working_dir:
            yield f"WORKDIR {project.base.working_dir}"
        yield f"# What {project.stage.base.image} does in every build on it"
    for trigger in project.triggers:
        if text := instead.get(trigger, trigger.source):
            yield text


def _build(body: Sequence[Piece | Trivia], instead: Mapping[Instruction, str]) -> Iterator[str]:
    """The steps of the build stage, with the comments above them."""
    comments: list[str] = []
    for piece in body:
        if isinstance(piece, Trivia):
            comments.append(piece.source)
            continue
        if piece.keyword not in _MOVES and not _is_last_user(piece, body):
            text = instead.get(piece, piece.source)
            yield from (*comments, text) if text else ()
        comments = []


def _is_last_user(piece: Piece, body: Sequence[Piece | Trivia]) -> bool:
    """Whether a USER has no step of the build behind it."""
    if piece.keyword != "USER":
        return False
    below = body[body.index(piece) + 1 :]
    return not any(isinstance(other, Piece) and other.keyword in ("RUN", "COPY", "ADD") for other in below)


def _final(project: Project, body: Sequence[Piece | Trivia], final: Final) -> Iterator[str]:
    said = list(_metadata(project, body))
    yield f"FROM {final.base}"
    yield from final.before
    for name, value in final.environment.items():
        yield f"ENV {name}={json.dumps(value, ensure_ascii=False)}"
    early = [piece for piece in said if piece[0].keyword in ("ARG", "ENV", "LABEL", "MAINTAINER")]
    for _, text in early:
        yield text
    if project.workdir != "/":
        yield f"WORKDIR {project.workdir}"
    yield from final.copies
    for piece, text in said:
        if piece.keyword not in ("ARG", "ENV", "LABEL", "MAINTAINER", "WORKDIR", "CMD", "ENTRYPOINT"):
            yield text
    yield from _commands(project, said, final.start)


def _metadata(project: Project, body: Sequence[Piece | Trivia]) -> Iterator[tuple[Piece, str]]:
    """What says how the image runs, with the comments above it; of USER only the last one."""
    pieces: list[tuple[Piece, str]] = [(trigger, trigger.source) for trigger in project.triggers]
    comments: list[str] = []
    for piece in body:
        if isinstance(piece, Trivia):
            comments.append(piece.source)
            continue
        with_comments = (
            "".join([*comments, _ended(piece.source)]).lstrip("\n") if piece.keyword in _MOVES else piece.source
        )
        pieces.append((piece, with_comments))
        comments = []
    wanted = [pair for pair in pieces if pair[0].keyword in _MOVES | _REPEATED]
    users = [pair for pair in wanted if pair[0].keyword == "USER"]
    wanted = [pair for pair in wanted if pair[0].keyword != "USER" or pair is users[-1]]
    used = {name for _, text in wanted for name in _VARIABLE.findall(text)}
    for piece, text in pieces:
        is_used = isinstance(piece.payload, Arg) and any(name in used for name, _ in piece.payload.pairs)
        if is_used or any(piece is other for other, _ in wanted):
            yield piece, text


def _commands(project: Project, said: Sequence[tuple[Piece, str]], start: Start) -> Iterator[str]:
    """ENTRYPOINT and CMD: as they were written where they are the same, else in exec form."""
    written = [(piece, text) for piece, text in said if piece.keyword in ("CMD", "ENTRYPOINT")]
    here = {piece.keyword for piece, _ in written}
    complete = ("CMD" in here or not start.cmd) and ("ENTRYPOINT" in here or not start.entrypoint)
    spoken = any(piece.keyword == "SHELL" for piece in project.instructions)  # the last stage has none
    if not start.changed and complete and not spoken:
        yield from (text for _, text in written)
        return
    for _, text in written:
        yield from (line for line in text.splitlines() if line.lstrip().startswith("#"))
    if start.entrypoint is not None:
        yield f"ENTRYPOINT {json.dumps(list(start.entrypoint), ensure_ascii=False)}"
    if start.cmd is not None:
        yield f"CMD {json.dumps(list(start.cmd), ensure_ascii=False)}"


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _tidy(text: str) -> str:
    """No blank lines at the end, never two in a row."""
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"
