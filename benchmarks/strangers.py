"""How much of what strangers can do still works in their small images: every stranger at every policy, as a table.

``sudo .venv/bin/python benchmarks/strangers.py [STRANGER…]`` builds the strangers of ``tests/strangers`` (the first
time takes about ten minutes), shrinks each with two probes, and tries what no probe visited. It writes
``benchmarks/results/strangers-YYYY-MM-DD.md``.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from measure import machine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from behaviours.stranger import load, names  # noqa: E402
from behaviours.trial import Outcome, compare  # noqa: E402
from behaviours.workshop import Workshop, build, open_workshop, shrink  # noqa: E402

POLICIES = ("safe", "balanced", "tight")


@dataclass(frozen=True, slots=True)
class Result:
    """One stranger at one policy; ``failure`` is why there is no small image."""

    name: str
    policy: str
    before: float = 0
    after: float = 0
    seconds: float = 0
    outcomes: tuple[Outcome, ...] = ()
    failure: str = ""

    def __str__(self) -> str:
        if self.failure:
            return f"| {self.name} | {self.policy} | | | | {self.failure} |"
        works = [outcome for outcome in self.outcomes if outcome.works]
        kept = sum(outcome.kept for outcome in works)
        sizes = f"{self.before / 1e6:,.1f} MB | {self.after / 1e6:,.1f} MB"
        return f"| {self.name} | {self.policy} | {sizes} | {self.seconds:.1f} s | {kept} of {len(works)} |"

    def losses(self) -> list[str]:
        """What worked and no longer does, with both answers."""
        lost = [outcome for outcome in self.outcomes if outcome.works and not outcome.kept]
        lines = [f"- {self.name}, {self.policy}: {outcome.behaviour}: {outcome.detail}" for outcome in lost]
        return [" ".join(line.replace("`", "'").split())[:200] for line in lines]


def attempt(workshop: Workshop, name: str, policies: tuple[str, ...]) -> list[Result]:
    """Build a stranger, shrink it at each policy and try everything."""
    stranger = load(name)
    results = []
    try:
        image = build(workshop, stranger)
        original = workshop.image(image)
        for policy in policies:
            began = time.monotonic()
            report = shrink(workshop, image, stranger, ["--policy", policy])
            seconds = time.monotonic() - began
            outcomes = compare(workshop, stranger, original, workshop.image(f"{image}-small"))
            sizes = [report[side]["disk_bytes"] for side in ("before", "after")]
            results.append(Result(name, policy, *sizes, seconds, tuple(outcomes)))
            print(results[-1], *results[-1].losses(), sep="\n", file=sys.stderr, flush=True)
    except (AssertionError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())[-300:]
        results.append(Result(name, policies[len(results)] if results else "", failure=reason))
        print(results[-1], file=sys.stderr, flush=True)
    return results


def main() -> None:
    """Try the strangers that were named, or all, and write the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("strangers", nargs="*", metavar="STRANGER", help="all of them without")
    options.add_argument("--policy", action="append", choices=POLICIES, help="may be repeated; all of them without")
    options.add_argument("--output", type=Path, help="instead of benchmarks/results/strangers-DATE.md")
    chosen = options.parse_args()
    about = machine()
    if os.geteuid() != 0:
        sys.exit("strangers.py needs root")
    policies = tuple(chosen.policy or POLICIES)
    workshop = open_workshop()
    results = [each for name in chosen.strangers or names() for each in attempt(workshop, name, policies)]
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    output = chosen.output or ROOT / "benchmarks" / "results" / f"behaviours-{today}.md"
    output.parent.mkdir(parents=True, exist_ok=True)
    head = f"# Behaviours that no probe visited, {today}\n\n{about}. Made by `benchmarks/strangers.py`.\n\n"
    columns = "| | policy | before | after | shrink | still work |\n|---|---|---|---|---|---|\n"
    losses = [line for result in results for line in result.losses()]
    text = (
        head + columns + "\n".join(map(str, results)) + "\n\n## What was lost\n\n" + "\n".join(losses or ["Nothing."])
    )
    output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
