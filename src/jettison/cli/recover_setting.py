"""The options of ``jettison recover`` as a setting of the model."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jettison.errors import InvalidInput
from jettison.measure.links import rate
from jettison.measure.model import load
from jettison.measure.recovery import calibrate, kubernetes
from jettison.measure.recovery.model import Cluster, Costs, Runtime, Setting, Waits

#: More sizes of clusters at a time than anybody looks at.
_MAX_SIZES = 20


def setting(flags: Mapping[str, Any], base: frozenset[str]) -> tuple[Setting, tuple[str, ...]]:
    """The setting for clusters of any size, and what was assumed, in sentences."""
    scenario = kubernetes.Scenario(flags["scenario"])
    costs, said = _costs(flags)
    cluster = Cluster(
        nodes=2, pods=flags["pods"], link=_rate(flags["link"]), egress=_rate(flags["egress"]), warm=flags["warm"],
        based=flags["base_share"], base=base, peers=flags["p2p"],
    )  # fmt: skip
    found = Setting(costs, _runtime(flags), cluster, _waits(scenario, flags))
    return found, (*kubernetes.notes(scenario, found), *said)


def _costs(flags: Mapping[str, Any]) -> tuple[Costs, tuple[str, ...]]:
    costs: Costs = kubernetes.COSTS
    said: tuple[str, ...] = ()
    if flags["bench"]:
        costs, said = _calibrated(flags["bench"], costs)
    given = {"round_trip": flags["rtt"] / 1000 if flags["rtt"] is not None else None, "start": flags["start"]}
    changed = {name: value for name, value in given.items() if value is not None}
    return replace(costs, connection=_rate(flags["connection"]), **changed), said


def _calibrated(path: Path, begin: Costs) -> tuple[Costs, tuple[str, ...]]:
    """The types of what stands in the file are checked by using it."""
    bench = load(path)
    try:
        return calibrate.from_bench(bench, begin)
    except (TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise InvalidInput(f"cannot calibrate by {path}: it is no result of jettison bench ({error})") from error


def _runtime(flags: Mapping[str, Any]) -> Runtime:
    known = {name: flags[name] for name in ("fetches", "unpacks", "streaming")}
    return Runtime(serial=not flags["parallel"], images=flags["parallel"] or 1, **known)


def _waits(scenario: kubernetes.Scenario, flags: Mapping[str, Any]) -> Waits:
    names = ("detect", "toleration", "schedule", "provision", "evictions")
    given = {name: flags[name] for name in names if flags[name] is not None}
    return replace(kubernetes.DEFAULTS[scenario].waits, **given)


def _rate(word: str) -> float:
    return kubernetes.payload(rate(word).bits or math.inf)


def sizes(nodes: str, crashed: str) -> tuple[tuple[int, ...], float]:
    """``3,10`` and ``1`` or ``33%``: the sizes of clusters in order; how many nodes crash, below one as a share."""
    words = [word.strip() for word in nodes.split(",")]
    if len(words) > _MAX_SIZES or not all(re.fullmatch(r"[0-9]{1,9}", word) for word in words):
        raise InvalidInput(f"cannot use --nodes {nodes!r}: it is numbers with commas between, as 3,10,100")
    found = re.fullmatch(r"([0-9]{1,9})|([0-9]{1,2}(?:\.[0-9]{1,6})?)\s*%", crashed.strip())
    if not found or not float(found[1] or found[2]):
        raise InvalidInput(f"cannot use --crashed {crashed!r}: it is a number of nodes or a share of them, as 1 or 33%")
    return tuple(sorted(set(map(int, words)))), float(found[1]) if found[1] else float(found[2]) / 100
