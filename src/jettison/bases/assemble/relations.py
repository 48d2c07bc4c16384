"""Relations between packages: ``libc6 (>= 2.36), default-mta | mail-transport-agent`` (Debian Policy 7.1)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jettison.bases.assemble.versions import order
from jettison.errors import InvalidInput

_RELATION = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9+.-]*)(?::(?P<architecture>[a-z0-9-]+))?"
    r"(?:\s*\(\s*(?P<operator><<|<=|=|>=|>>|<|>)\s*(?P<version>[^\s()]+)\s*\))?\Z"
)
#: ``<`` and ``>`` are the old names of ``<=`` and ``>=``, as dpkg still reads them.
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">>": operator.gt,
    "<": operator.le, ">": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """One package, perhaps only certain versions of it; without ``operator`` any version will do."""

    name: str
    operator: str = ""
    version: str = ""

    def allows(self, version: str) -> bool:
        """Whether ``version`` is one of those meant. Raises ``InvalidInput`` for what is no version."""
        return not self.operator or _HOLDS[self.operator](order(version), order(self.version))

    def __str__(self) -> str:
        return f"{self.name} ({self.operator} {self.version})" if self.operator else self.name


@lru_cache(maxsize=1 << 12)
def parse(field: str) -> tuple[tuple[Relation, ...], ...]:
    """Every group of alternatives in a field. Raises ``InvalidInput`` for what is no relation."""
    groups = (group.strip() for group in field.split(","))
    return tuple(tuple(_relation(word.strip()) for word in group.split("|")) for group in groups if group)


def _relation(text: str) -> Relation:
    """One relation. Of other architectures there are no packages here, so ``:any`` and its kin change nothing."""
    found = _RELATION.match(text)
    if not found:
        raise InvalidInput(f"cannot read the relation {text[:200]!r}: not of the form NAME [(OPERATOR VERSION)]")
    return Relation(found["name"], found["operator"] or "", found["version"] or "")
