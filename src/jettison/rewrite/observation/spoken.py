"""What depends on build arguments, as the original's own stage says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jettison.dockerfile import Stage
from jettison.dockerfile.model import Arg, Pairs

_VARIABLE = re.compile(r"\$\{?(\w+)")


@dataclass(frozen=True, slots=True)
class Spoken:
    """``arguments`` are the ARGs that are used, with raw defaults; the others map names to raw values."""

    arguments: Mapping[str, str | None] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def lines(self, escape: str) -> Iterator[str]:
        """Instructions, in an order in which each finds what it names."""
        for name, default in self.arguments.items():
            yield f"ARG {name}" if default is None else f"ARG {name}={_quoted(default, escape)}"
        for keyword, pairs in (("ENV", self.environment), ("LABEL", self.labels)):
            for name, raw in pairs.items():
                yield f"{keyword} {name}={_quoted(raw, escape)}"


NOTHING = Spoken()


def spoken(stage: Stage) -> Spoken:
    """The ENVs and LABELs of a stage whose last word on a name depends on an ARG."""
    arguments: dict[str, str | None] = {}
    found: dict[str, dict[str, str]] = {"ENV": {}, "LABEL": {}}
    for instruction in stage.instructions:
        payload = instruction.payload
        if isinstance(payload, Arg):
            arguments |= dict(payload.pairs)
        elif isinstance(payload, Pairs):
            for name, raw in payload.pairs:
                found[instruction.keyword].pop(name, None)
                depends = arguments.keys() | found["ENV"].keys()
                if depends & set(_VARIABLE.findall(raw)):
                    found[instruction.keyword][name] = raw
    used = {name for raws in found.values() for raw in raws.values() for name in _VARIABLE.findall(raw)}
    defaults = {name for raw in arguments.values() if raw for name in _VARIABLE.findall(raw)}
    wanted = {name: raw for name, raw in arguments.items() if name in used | defaults}
    return Spoken(wanted if used else {}, found["ENV"], found["LABEL"])


def _quoted(raw: str, escape: str) -> str:
    """A raw value as one word; the old form ``ENV NAME some words`` has none around it."""
    if not raw:
        return '""'
    if not re.search(r"\s", raw) or raw[0] in "'\"":
        return raw
    return '"' + raw.replace('"', f'{escape}"') + '"'
