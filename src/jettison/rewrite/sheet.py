"""What rules read: a Dockerfile with its places, the shell in it, and the context where there is one."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from jettison.dockerfile import Context, Dockerfile, Instruction, Stage, render, stages
from jettison.dockerfile.model import Arg, Pairs, Run, ShellWords
from jettison.rewrite.listed import listed
from jettison.rewrite.model import Span
from jettison.rewrite.shell import Command, Script
from jettison.rewrite.source import is_posix, read_script, triggered


@dataclass(frozen=True, slots=True)
class Ran:
    """A command of a RUN, and where it stands."""

    stage: Stage
    instruction: Instruction
    script: Script
    command: Command


@dataclass(frozen=True)
class Sheet:
    """A Dockerfile as rules see it. ``context`` is ``None`` where only the text is known."""

    dockerfile: Dockerfile
    context: Context | None = None

    @cached_property
    def text(self) -> str:
        """The whole text, which all offsets are into."""
        return render(self.dockerfile)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages; there is at least one."""
        return stages(self.dockerfile)

    @property
    def final(self) -> Stage:
        """The last stage, which becomes the image."""
        return self.stages[-1]

    @cached_property
    def _lineages(self) -> tuple[tuple[Stage, ...], ...]:
        named: dict[str, Stage] = {}
        found: list[tuple[Stage, ...]] = []
        for stage in self.stages:
            base = named.get(stage.base.image.lower())
            found.append((stage, *(found[base.index] if base else ())))
            if stage.name:
                named.setdefault(stage.name, stage)
        return tuple(found)

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """The stage, the stage that it is from, and so on; the last one is from an image."""
        return self._lineages[stage.index]

    @cached_property
    def _declared(self) -> tuple[frozenset[str], ...]:
        found: list[frozenset[str]] = []
        for stage in self.stages:
            above = self.lineage(stage)[1:2]
            names = {
                name
                for instruction in stage.instructions
                if isinstance(instruction.payload, Arg | Pairs) and instruction.keyword != "LABEL"
                for name, _ in instruction.payload.pairs
            }
            found.append(frozenset(names).union(*(found[other.index] for other in above)))
        return tuple(found)

    def declared(self, stage: Stage) -> frozenset[str]:
        """The names that ENV and ARG set in a stage, or in one that it is from."""
        return self._declared[stage.index]

    @cached_property
    def _offsets(self) -> dict[int, int]:
        found, at = {}, 0
        for piece in self.dockerfile.pieces:
            if isinstance(piece, Instruction):
                found[piece.line] = at
            at += len(piece.source)
        return found

    def offset(self, instruction: Instruction) -> int:
        """Where the source of an instruction begins."""
        return self._offsets[instruction.line]

    @cached_property
    def _starts(self) -> tuple[list[int], tuple[Instruction, ...]]:
        instructions = self.dockerfile.instructions
        return [self.offset(instruction) for instruction in instructions], instructions

    def instruction_at(self, offset: int) -> Instruction | None:
        """The instruction in which an offset stands."""
        starts, instructions = self._starts
        at = bisect.bisect_right(starts, offset) - 1
        return instructions[at] if at >= 0 and offset < starts[at] + len(instructions[at].source) else None

    def bounds(self, instruction: Instruction) -> tuple[int, int]:
        """From the keyword to the end, without the line's end."""
        start, source = self.offset(instruction), instruction.source
        blank = len(source) - len(source.lstrip("\ufeff \t"))
        return start + blank, start + len(source.rstrip())

    def find(self, instruction: Instruction, token: str) -> tuple[int, int]:
        """Where ``token`` stands in an instruction, as a word of its own if it is one; else the instruction."""
        for pattern in (rf"(?<!\S){re.escape(token)}(?!\S)", re.escape(token)):
            found = re.search(pattern, instruction.source) if token else None
            if found:
                at = self.offset(instruction)
                return at + found.start(), at + found.end()
        return self.bounds(instruction)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def span(self, start: int, end: int) -> Span:
        """Lines and columns of a stretch of text."""
        lines = [bisect.bisect_right(self._line_starts, at) for at in (start, max(start, end))]
        columns = [at - self._line_starts[line - 1] + 1 for at, line in zip((start, end), lines, strict=True)]
        return Span(lines[0], columns[0], lines[1], columns[1])

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its end."""
        start = self._line_starts[number - 1]
        return self.text[start:].split("\n", 1)[0].rstrip("\r")

    # -- the shell

    @cached_property
    def _scripts(self) -> dict[int, Script | None]:
        found: dict[int, Script | None] = {}
        for stage in self.stages:
            understood = self.dockerfile.escape == "\\"  # the other one is for Windows, where RUN is cmd's
            for instruction in stage.instructions:
                if isinstance(instruction.payload, ShellWords):
                    understood = is_posix(instruction.payload.words)
                found[instruction.line] = self._parse(instruction) if understood else None
        return found

    def script(self, instruction: Instruction) -> Script | None:
        """The shell of an instruction; ``None`` where it has none, or where its shell is of another language."""
        return self._scripts.get(instruction.line)

    def runs(self, stage: Stage) -> tuple[tuple[Instruction, Script], ...]:
        """The RUN instructions of a stage that run a shell, with what they run."""
        return self._runs[stage.index]

    @cached_property
    def _runs(self) -> tuple[tuple[tuple[Instruction, Script], ...], ...]:
        found = []
        for stage in self.stages:
            pairs = [(i, self.script(i)) for i in stage.instructions if isinstance(triggered(i).payload, Run)]
            found.append(tuple((instruction, script) for instruction, script in pairs if script))
        return tuple(found)

    @cached_property
    def _ran(self) -> dict[str, list[Ran]]:
        found: dict[str, list[Ran]] = {}
        for stage in self.stages:
            for instruction, script in (*self.runs(stage), *self._listed(stage)):
                for command in script.commands:
                    found.setdefault(command.name, []).append(Ran(stage, instruction, script, command))
        return found

    def _listed(self, stage: Stage) -> Iterator[tuple[Instruction, Script]]:
        for instruction in stage.instructions:
            payload = triggered(instruction).payload
            if isinstance(payload, Run) and payload.command.words:
                yield instruction, listed(payload.command.words, instruction, self.offset(instruction))

    @property
    def programs(self) -> tuple[str, ...]:
        """The names of all that RUNs run."""
        return tuple(self._ran)

    def commands(self, *names: str) -> Iterator[Ran]:
        """Where RUNs run these programs, by program; all commands without names."""
        for name in names or self._ran:
            yield from self._ran.get(name, ())

    @cached_property
    def _by_keyword(self) -> dict[str, list[Instruction]]:
        found: dict[str, list[Instruction]] = {}
        for instruction in map(triggered, self.dockerfile.instructions):
            found.setdefault(instruction.keyword, []).append(instruction)
        return found

    def of(self, *keywords: str) -> Iterator[Instruction]:
        """The instructions of these keywords, and the triggers of ONBUILD among them."""
        for keyword in keywords:
            yield from self._by_keyword.get(keyword, ())

    def _parse(self, instruction: Instruction) -> Script | None:
        return read_script(instruction, self.dockerfile.escape, self.offset(instruction))
