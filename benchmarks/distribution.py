"""Time push, pull and start of the demo's images, against other tools, and say which goals are reached.

    JETTISON_STORE=demo-cache/store python benchmarks/distribution.py [--parts DIR]

Writes ``benchmarks/results/bench-DATE.json`` (what ``jettison bench`` measured, merged) and ``distribution-DATE.md``.
Parts that are in DIR already are not measured again. Needs root, and docker, podman, buildah, skopeo, containerd.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jettison.measure.floor import ROUND_TRIPS, floors, share
from jettison.measure.links import rate
from jettison.measure.merge import merge
from jettison.measure.model import Action, Bench, Measurement, State, from_json, to_json

RESULTS = Path(__file__).parent / "results"
LARGE, SMALL = "node-onbuild", "node-onbuild:small"
OTHER_LARGE, OTHER_SMALL = "go-single-stage", "go-single-stage:small"
EVERYONE = "docker,podman,buildah,skopeo,containerd"
#: The large images take minutes for each run.
_ONCE = ("--state", "cold", "--no-warm-up")
#: Name -> what ``jettison bench`` is asked. Docker 20.10 reads no zstd, so that all move gzip.
PARTS = {
    "small": (SMALL, "--link", "100mbit", "--against", EVERYONE, "-n", "3"),
    "small-cold": (
        OTHER_SMALL, "--link", "100mbit", "--against", EVERYONE, "-n", "3", *_ONCE, "--action", "push,pull,start",
    ),
    "large-pull-100mbit": (
        LARGE, "--link", "100mbit", "--against", "docker,podman,containerd", "-n", "1", *_ONCE, "--action", "pull",
    ),
    "large-push-100mbit": (LARGE, "--link", "100mbit", "-n", "1", *_ONCE, "--action", "push,start"),
    "large-push": (
        LARGE, "--link", "1gbit", "--against", "docker,podman,buildah,skopeo", "-n", "2", *_ONCE, "--action", "push",
    ),
    "large-pull": (
        LARGE, "--link", "1gbit", "--against", "docker,podman,containerd", "-n", "1", *_ONCE, "--action", "pull",
    ),
    "other-large": (OTHER_LARGE, "--link", "100mbit", "-n", "1", *_ONCE, "--action", "push,pull,start"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """What was to be reached, what was measured, and whether it suffices."""

    wanted: str
    found: str
    reached: bool


def main() -> None:
    """Measure what is missing, merge, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", type=Path, default=Path("/tmp/distribution-parts"))
    parser.add_argument("--only", nargs="*", choices=sorted(PARTS), default=list(PARTS), help="Only these parts.")
    given = parser.parse_args()
    given.parts.mkdir(parents=True, exist_ok=True)
    for name in given.only:
        _measure(name, given.parts / f"{name}.json")
    found = [path for name in PARTS if (path := given.parts / f"{name}.json").exists()]
    bench = _bounded([from_json(path.read_bytes(), str(path)) for path in found])
    day = time.strftime("%Y-%m-%d", time.gmtime())
    (RESULTS / f"bench-{day}.json").write_text(to_json(bench) + "\n")
    (RESULTS / f"distribution-{day}.md").write_text("\n".join(_page(bench, day)) + "\n")


def _measure(name: str, path: Path) -> None:
    if path.exists():
        return
    print(f"== {name}", flush=True)
    command = [sys.executable, "-m", "jettison", "bench", *PARTS[name], "--compression", "gzip", "-o", str(path)]
    done = subprocess.run(command, check=False)
    if done.returncode:
        print(f"== {name} ended with {done.returncode}", flush=True)


def _bounded(found: Sequence[Bench]) -> Bench:
    """Merged, with floors of the best rates that were seen: the machine was busy while some were measured."""
    best = {"codec": max, "disk": max, "cores": max, "file": min, "round_trip": min}
    known = {name: choose(bench.rates[name] for bench in found) for name, choose in best.items()}
    bench = merge(found)
    over = [rate(name) for name in dict.fromkeys(one.link for one in bench.measurements)]
    pairs = [(image, machine) for image in bench.images for machine in bench.machines]
    made = tuple(one for image, machine in pairs for one in floors(image, over, known, machine))
    return replace(bench, rates=known, floors=tuple(dict.fromkeys(made)))


def goals(bench: Bench) -> Iterator[Goal]:
    """Those that were set before anything was measured."""
    yield from _push_large(bench)
    for image in (SMALL, OTHER_SMALL):
        yield from _push_small(bench, image)
    for image in (LARGE, SMALL, OTHER_SMALL):
        for link in ("100mbit", "1gbit"):
            yield from _pull(bench, image, link)


def _push_large(bench: Bench) -> Iterator[Goal]:
    ours, others = _all(bench, Action.PUSH, LARGE, "1gbit")
    if ours is None:
        return
    for one in others:
        times = 3.0 if one.tool == "docker" else 1.0
        wanted = "at least 3× faster than docker" if times > 1 else f"not slower than {one.tool}"
        ratio = one.median / ours.median
        found = f"{_time(ours)} to {_time(one)}: {ratio:.2f}×"
        if one.tool != "containerd":
            yield Goal(f"push of {LARGE}, cold, 1gbit: {wanted}", found, ratio >= times)


def _push_small(bench: Bench, image: str) -> Iterator[Goal]:
    ours, _ = _all(bench, Action.PUSH, image, "100mbit")
    if ours is None:
        return
    floor = next(one for one in bench.floors if (one.image, one.action, one.link_name) == (image, "push", "100mbit"))
    limit = 1.2 * floor.link + ROUND_TRIPS * bench.rates["round_trip"]
    wanted = f"push of {image}, cold, 100mbit: at most 1.2 × floor + 4 round trips = {limit:.2f} s"
    yield Goal(wanted, _time(ours), ours.median <= limit)


def _pull(bench: Bench, image: str, link: str) -> Iterator[Goal]:
    ours, others = _all(bench, Action.PULL, image, link)
    rivals = [one for one in others if one.tool in ("docker", "podman", "containerd")]
    if ours is None:
        return
    if rivals:
        best = min(rivals, key=lambda one: one.median)
        wanted = f"pull and unpack of {image}, cold, {link}: not slower than docker, podman, containerd"
        yield Goal(wanted, f"{_time(ours)} to {_time(best)} of {best.tool}", ours.median <= best.median)
    reached = share(ours, bench.floors)
    if link == "100mbit" and reached is not None:
        yield Goal(f"pull and unpack of {image}, 100mbit: half of the floor", f"{100 * reached:.0f} %", reached >= 0.5)


def _all(bench: Bench, action: Action, image: str, link: str) -> tuple[Measurement | None, Sequence[Measurement]]:
    found = [
        one
        for one in bench.measurements
        if (one.action, one.image, one.link, one.state) == (action, image, link, State.COLD)
    ]
    ours = next((one for one in found if one.tool == "jettison"), None)
    return ours, [one for one in found if one.tool != "jettison"]


def _time(one: Measurement) -> str:
    shortest, longest = one.spread
    return f"{one.median:.2f} s ({shortest:.2f}–{longest:.2f}, n={len(one.samples)})"


def _page(bench: Bench, day: str) -> Iterator[str]:
    yield f"# Push, pull and start, {day}\n"
    machine = bench.machines[0]
    yield f"Machine: {machine.name}, {machine.cpu}; {machine.disk}; Linux {machine.kernel}; {machine.system}."
    yield f"Tools: {', '.join(f'{name} {version}' for name, version in machine.tools.items())}."
    load = os.getloadavg()[2]
    yield f"The machine did other work at the same time (load average {load:.0f}): compare the tools of one run,"
    yield "and mind the spread."
    yield "Registry: docker-registry in a network namespace of its own, behind tbf. Layers are gzip for all tools."
    yield "Cold: a fresh root and dropped page caches, the programs themselves read again. `benchmarks/distribution.py`"
    yield "measures it again.\n\n## Goals\n"
    yield "| Goal | Measured | Reached |\n|---|---|---|"
    for goal in goals(bench):
        yield f"| {goal.wanted} | {goal.found} | {'yes' if goal.reached else '**no**'} |"
    for image in bench.images:
        yield f"\n## {image.name}\n"
        packed, plain = image.compressed_bytes / 1e6, image.disk_bytes / 1e6
        yield f"{packed:.1f} MB compressed, {plain:.0f} MB, {image.files:,} files.\n"
        yield from _times(bench, image.name)
    yield "\n## Notes\n"
    yield from (f"- {note}" for note in bench.notes)


def _times(bench: Bench, image: str) -> Iterator[str]:
    yield "| Action | State | Link | Tool | Median | Spread | CPU s | Memory MB | Wire MB | Floor | Files |"
    yield "|---|---|---|---|---:|---:|---:|---:|---:|---:|---|"
    for one in bench.measurements:
        if one.image != image:
            continue
        sample = sorted(one.samples, key=lambda each: each.seconds)[len(one.samples) // 2]
        reached = share(one, bench.floors) if one.state is State.COLD else None
        cells = [
            str(one.action), str(one.state), one.link, one.tool, f"{one.median:.2f} s",
            f"{one.spread[0]:.2f}–{one.spread[1]:.2f}", f"{sample.cpu_seconds or 0:.1f}",
            f"{(sample.peak_bytes or 0) / 1e6:.0f}",
            "" if sample.wire_bytes is None else f"{sample.wire_bytes / 1e6:.2f}",
            "" if reached is None else f"{100 * reached:.0f} %", "the same" if one.verified else "",
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
