"""A plan as JSON, so that ``jettison why`` can be asked later. Evidence is written once and numbered."""

from __future__ import annotations

import base64
from typing import Any

from jettison.closure.model import Evidence
from jettison.errors import InvalidInput
from jettison.plan.model import Plan, Policy

_VERSION = 1


def to_json(plan: Plan) -> dict[str, Any]:
    """The record of a plan. Paths that are not UTF-8 keep their surrogates, which ``json.dumps`` escapes."""
    numbers: dict[Evidence, int] = {}
    keep = {
        path: [numbers.setdefault(reason, len(numbers)) for reason in reasons] for path, reasons in plan.keep.items()
    }
    return {
        "version": _VERSION,
        "policy": str(plan.policy),
        "evidence": [[reason.kind, reason.by] for reason in numbers],
        "keep": keep,
        "rewritten": {path: base64.b64encode(content).decode() for path, content in plan.rewritten.items()},
        "caveats": list(plan.caveats),
        "excluded": list(plan.excluded),
    }


def from_json(value: Any) -> Plan:
    """Read a record that ``to_json`` wrote. Raises ``InvalidInput`` for anything else."""
    try:
        if value["version"] != _VERSION:
            raise InvalidInput(f"cannot read plan: version {value['version']!r}, expected {_VERSION}; shrink again")
        evidence = [Evidence(str(kind), str(by)) for kind, by in value["evidence"]]
        return Plan(
            Policy(value["policy"]),
            {path: tuple(evidence[number] for number in numbers) for path, numbers in value["keep"].items()},
            {path: base64.b64decode(content) for path, content in value["rewritten"].items()},
            tuple(value["excluded"]),
            tuple(value["caveats"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InvalidInput(f"cannot read plan: {error!r}") from error
