"""Variables in instructions that nothing defines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from jettison.dockerfile import Instruction, Stage
from jettison.dockerfile.stages import meta_args
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.env_self import defined
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet

#: Instructions in which Docker itself puts values in the place of variables.
_EXPANDED = frozenset({"ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"})
_VARIABLE = re.compile(r"(?<!\\)\$(?:\{(\w+)(:?[-+?])?|(\w+))")
_ALWAYS = frozenset({"PATH", "HOME", "HOSTNAME", "TERM"}) | {
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (upper, upper.lower())
}


def _find(sheet: Sheet) -> Iterator[Hit]:
    outside = {name for name, _ in meta_args(sheet.dockerfile)}
    ends: list[set[str]] = []
    for stage in sheet.stages:
        parents = sheet.lineage(stage)[1:]
        known = set(ends[parents[0].index]) if parents else set()
        for instruction in stage.instructions:
            if instruction.keyword in _EXPANDED and "$" in instruction.value:
                yield from _undefined(sheet, stage, instruction, known, outside)
            known |= defined(instruction)
        ends.append(known)


def _undefined(
    sheet: Sheet, stage: Stage, instruction: Instruction, known: set[str], outside: set[str]
) -> Iterator[Hit]:
    """Only what is certain or likely: the base image may define variables that are not seen here."""
    empty = sheet.lineage(stage)[-1].base.image == "scratch"
    for found in _VARIABLE.finditer(re.sub(r"'[^']*'", "", instruction.value)):
        name = found[1] or found[3]
        if found[2] or name in known or name in _ALWAYS or name.isdecimal():
            continue
        near = difflib.get_close_matches(name, sorted(known | outside), n=1, cutoff=0.8)
        if name in outside:
            yield within(
                sheet, instruction, found[0], f"{name} is declared above FROM only; say ARG {name} in the stage"
            )
        elif near:
            yield within(sheet, instruction, found[0], f"nothing here defines {name}; did you mean {near[0]}?")
        elif empty:
            yield within(sheet, instruction, found[0], f"nothing defines {name}")


UNDEFINED_VARIABLE = Plain(
    "undefined-variable", Severity.WARNING, "nothing defines this variable, so it is empty", ("BuildKit UndefinedVar",),
    _find,
)  # fmt: skip
