"""Rewrite every project of the corpus, and try in the result what no probe visited; the results as a table.

``sudo .venv/bin/python benchmarks/corpus.py STORE [PROJECT…]`` needs the bases that ``scripts/make-bases`` made in
STORE. A project is rewritten with the two or three probes of its description, without a crawl and without help;
then every behaviour that the file describes is tried in the original and in the image that the new Dockerfile builds.
It writes ``benchmarks/results/corpus-YYYY-MM-DD.md``, after each project.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import Failed, machine, run

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from behaviours import corpus
from behaviours.authority import authority
from behaviours.trial import Outcome
from behaviours.workshop import Workshop
from jettison.oci.reference import parse

ROOT = Path(__file__).resolve().parents[1]
#: Seconds for one project: its build, and all candidates.
_LIMIT = 1500


@dataclass(frozen=True, slots=True)
class Result:
    """One project; ``failure`` is why there is no Dockerfile. Sizes are bytes on disk."""

    name: str
    ecosystem: str
    seconds: float = 0
    before: int = 0
    after: int = 0
    chosen: str = ""
    lines: int = 0
    outcomes: tuple[Outcome, ...] = ()
    failure: str = ""

    @property
    def kept(self) -> int:
        """Behaviours that work in both images."""
        return sum(outcome.works and outcome.kept for outcome in self.outcomes)

    @property
    def worked(self) -> int:
        """Behaviours that work in the original."""
        return sum(outcome.works for outcome in self.outcomes)

    @property
    def smaller(self) -> float:
        """The share of the size that is gone; 0 where nothing was rewritten."""
        return 1 - self.after / self.before if self.after else 0

    def __str__(self) -> str:
        if self.failure:
            return f"| {self.name} | {self.ecosystem} | {self.before / 1e6:,.0f} MB | | | | | {self.failure} |"
        sizes = f"{self.before / 1e6:,.0f} MB | {self.after / 1e6:,.1f} MB | {100 * self.smaller:.1f} %"
        still = f"{self.kept} of {self.worked}"
        head = f"| {self.name} | {self.ecosystem} | {sizes} | {self.chosen} | {self.lines}"
        return f"{head} | {still} | {self.seconds:.0f} s |"

    def losses(self) -> list[str]:
        """What worked and no longer does."""
        lost = [outcome for outcome in self.outcomes if outcome.works and not outcome.kept]
        return [
            " ".join(f"- {self.name}: {one.behaviour}: {one.detail}".replace("`", "'").split())[:300] for one in lost
        ]


def attempt(workshop: Workshop, name: str, flags: Sequence[str]) -> Result:
    """Rewrite one project and try everything."""
    project = corpus.read(name)
    ecosystem = project["ecosystem"]
    began = time.monotonic()
    probes = [word for path in project.get("probes", ()) for word in ("--http", path)]
    probes += ["--exit-code", str(project["exit_code"])] if "exit_code" in project else []
    directory = str(corpus.CORPUS / name)
    tag = f"corpus-{name}-small"
    command = ["jettison", "-q", "rewrite", directory, "--json", "--no-crawl", "--tag", tag, *probes, *flags]
    try:
        text = run(command, env=workshop.environment(), limit=_LIMIT).output
    except Failed as error:
        return Result(name, ecosystem, failure=" ".join(str(error).split())[-300:])
    seconds = time.monotonic() - began
    report: dict[str, Any] = json.loads(text)
    workshop.run(["jettison", "-q", "build", "--tag", f"corpus-{name}", directory])
    images = (workshop.image(f"corpus-{name}"), workshop.image(tag))
    outcomes = tuple(corpus.outcomes(workshop, name, *images))
    return Result(
        name, ecosystem, seconds, report["before"]["disk_bytes"], report["after"]["disk_bytes"], report["chosen"],
        report["dockerfile"].count("\n"), outcomes,
    )  # fmt: skip


def write(results: Sequence[Result], about: str, output: Path) -> None:
    """The table, its sums, and what was lost."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    done = [result for result in results if not result.failure]
    worked, kept = sum(result.worked for result in done), sum(result.kept for result in done)
    sizes = [100 * result.smaller for result in done]
    sums = [
        f"{len(done)} of {len(results)} projects got a Dockerfile that works"
        + (f"; median {statistics.median(sizes):.1f} % smaller on disk" if sizes else ""),
        f"{kept} of {worked} behaviours that no probe visited still work",
    ]
    losses = [line for result in done for line in result.losses()]
    head = f"# The corpus, rewritten, {today}\n\n{about}. Made by `benchmarks/corpus.py`.\n\n"
    columns = (
        "| project | of | before | after | smaller | candidate | lines | unvisited that work | time |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(
        head + "\n".join(f"- {line}" for line in sums) + "\n\n" + columns + "\n".join(map(str, results))
        + "\n\n## What was lost\n\n" + "\n".join(losses or ["Nothing."]) + "\n",
        encoding="utf-8",
    )  # fmt: skip


def main() -> None:
    """Rewrite the projects that were named, or all."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("store", type=Path)
    options.add_argument("projects", nargs="*", metavar="PROJECT", help="all of them without")
    options.add_argument("--output", type=Path, help="instead of benchmarks/results/corpus-DATE.md")
    options.add_argument("--prune", action="store_true", help="forget each project's images when it is done")
    options.add_argument("--flag", action="append", default=[], help="passed on to jettison rewrite")
    chosen = options.parse_intermixed_args()
    if os.geteuid() != 0:
        sys.exit("corpus.py needs root")
    about = machine()
    directory = chosen.store.absolute().parent
    workshop = Workshop(directory, authority(directory / "authority"))
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    output = chosen.output or ROOT / "benchmarks" / "results" / f"corpus-{today}.md"
    results: list[Result] = []
    for name in chosen.projects or corpus.names():
        results.append(attempt(workshop, name, chosen.flag))
        print(results[-1], *results[-1].losses(), sep="\n", file=sys.stderr, flush=True)
        write(results, about, output)
        if chosen.prune:
            forget(workshop, name)


def forget(workshop: Workshop, name: str) -> None:
    """Make room for the next project: a build of one leaves about two gigabytes."""
    for image in (name, f"corpus-{name}", f"corpus-{name}-small"):
        if workshop.store.find(str(parse(image))):
            workshop.store.untag(str(parse(image)))
    workshop.run(["jettison", "-q", "prune"])


if __name__ == "__main__":
    main()
