"""An observation as JSON, so that a store can remember it: another policy needs no other run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from jettison.closure.model import Evidence
from jettison.observe.model import Observation, Run
from jettison.observe.scenario import Scenario, Settings
from jettison.oci.image import Image
from jettison.probes import Answer

#: Raised by one whenever an older record would say something else than a run today.
VERSION = 1


def key(image: Image, scenarios: Sequence[Scenario], settings: Settings) -> str:
    """What an observation depends on, as one word: the image, what it is asked, and how it is watched."""
    asked = (VERSION, str(image.manifest()), [repr(scenario) for scenario in scenarios], repr(settings))
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def to_json(observation: Observation) -> dict[str, Any]:
    """Everything that was seen, as plain values."""
    return {"version": VERSION, "tracer": observation.tracer, "runs": [_run_to_json(run) for run in observation.runs]}


def from_json(value: Mapping[str, Any]) -> Observation | None:
    """The observation again; ``None`` where the record is of another version or damaged."""
    try:
        if value["version"] != VERSION:
            return None
        return Observation(tuple(_run_from_json(run) for run in value["runs"]), value["tracer"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _run_to_json(run: Run) -> dict[str, Any]:
    opened = {path: sorted([each.kind, each.by] for each in found) for path, found in run.opened.items()}
    return {
        "scenario": run.scenario,
        "opened": opened,
        "answers": [asdict(answer) for answer in run.answers],
        "listening": sorted(run.listening),
        "missing": dict(run.missing),
        "created": sorted(run.created),
        "exit_code": run.exit_code,
        "log": run.log.decode("latin-1"),
        "ready_seconds": run.ready_seconds,
        "new_paths": [list(step) for step in run.new_paths],
        "failure": run.failure,
        "started": run.started,
        "caveats": list(run.caveats),
        "calls": sorted(run.calls),
        "order": list(run.order),
    }


def _run_from_json(value: Mapping[str, Any]) -> Run:
    opened = {path: frozenset(Evidence(*each) for each in found) for path, found in value["opened"].items()}
    converted = {
        "opened": opened,
        "answers": tuple(Answer(**answer) for answer in value["answers"]),
        "listening": frozenset(value["listening"]),
        "created": frozenset(value["created"]),
        "log": value["log"].encode("latin-1"),
        "new_paths": tuple((str(step), int(count)) for step, count in value["new_paths"]),
        "caveats": tuple(value["caveats"]),
        "calls": frozenset(value.get("calls", ())),
        "order": tuple(value.get("order", ())),
    }
    return Run(**{**value, **converted})
