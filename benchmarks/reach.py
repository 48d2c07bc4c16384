"""What ``jettison`` reaches on the two classic examples, measured, as a table with its date and machine.

``sudo .venv/bin/python benchmarks/reach.py`` after ``scripts/demo``, in whose store the examples are. It needs root,
docker-registry, docker.io and podman (``scripts/test`` installs them), takes about five minutes, and writes
``benchmarks/results/reach-YYYY-MM-DD.md``. Services and their storage are gone afterwards.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services import dockerd, registry

from measure import Failed, Run, cold, machine, run

ROOT = Path(__file__).resolve().parents[1]
MB = 1_000_000
NODE, GO = "node-onbuild", "go-single-stage"
NOTES = """MB are 10⁶ bytes. Pushes are to an empty registry, pulls into empty stores, file cache dropped before each.
Jettison pushes the blobs that its build left (zstd); Docker compresses (gzip) while it pushes. All three pull what
Docker pushed, the median of three. Peak memory is that of the largest process that a command waited for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, what it must reach, what it is, and whether that holds."""

    what: str
    reach: str
    measured: str
    holds: bool | None = None

    def __str__(self) -> str:
        holds = {None: "", True: "yes", False: "**no**"}[self.holds]
        return f"| {self.what} | {self.reach} | {self.measured} | {holds} |"


@dataclass(slots=True)
class Bench:
    """The rows so far, the store of the demo, a directory for everything else, and the largest peak memory."""

    scratch: Path
    store: Path
    rows: list[Row] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)

    def jettison(self, *arguments: str, store: Path | None = None) -> Run:
        """Run a verb and remember its peak memory."""
        done = run(
            [f"{sys.prefix}/bin/jettison", "--quiet", *arguments], env={"JETTISON_STORE": str(store or self.store)}
        )
        self.peaks[arguments[0]] = max(done.peak, self.peaks.get(arguments[0], 0))
        return done

    def shrink(self, image: str, *flags: str) -> tuple[Run, dict[str, Any]]:
        """Shrink, and read the report. Raises ``Failed`` where the small image is not proved."""
        done = self.jettison("shrink", image, "--json", "--tag", f"bench-{image}", *flags)
        report: dict[str, Any] = json.loads(done.output)
        if report["verdict"] != "same":
            raise Failed(f"shrink {image} {' '.join(flags)}: {report['verdict']}")
        return done, report

    def add(self, what: str, reach: str, measured: str, holds: bool | None = None) -> None:
        """Add a row, and show it."""
        self.rows.append(Row(what, reach, measured, holds))
        print(self.rows[-1], file=sys.stderr, flush=True)

    @contextmanager
    def measuring(self, what: str) -> Iterator[None]:
        """What fails inside becomes a row that says why, and the rest goes on."""
        try:
            yield
        except (Failed, OSError, KeyError, ValueError) as error:
            self.add(what, "", f"failed: {' '.join(str(error).split())[-300:]}", False)


def sizes(bench: Bench) -> None:
    """The sizes of the small images at each policy, and whether every run gives the same one."""
    _, report = bench.shrink(NODE)
    before = report["before"]
    size = f"{before['disk_bytes'] / MB:,.1f} MB on disk, {before['compressed_bytes'] / MB:,.1f} MB compressed"
    bench.add(f"{NODE}, original", "", f"{size}, {before['files']:,} files")
    _size(bench, f"{NODE}, balanced", report, 55)
    _size(bench, f"{NODE}, tight", bench.shrink(NODE, "--policy", "tight")[1], 43)
    _size(bench, f"{NODE}, tight --strip", bench.shrink(NODE, "--policy", "tight", "--strip")[1], 37)
    _, report_go = bench.shrink(GO)
    bench.add(f"{GO}, original", "", f"{report_go['before']['disk_bytes'] / MB:,.1f} MB on disk")
    _size(bench, f"{GO}, balanced", report_go, 9)
    _size(bench, f"{GO}, balanced --strip", bench.shrink(GO, "--strip")[1], 9)


def times(bench: Bench) -> None:
    """The time of a first shrink, of one with another policy, each the median of three; and their digests."""
    first = [bench.shrink(NODE, "--no-cache") for _ in range(3)]
    second = [bench.shrink(NODE, "--policy", "tight") for _ in range(3)]
    for what, runs, limit in (("first time", first, 5), ("only the policy changed", second, 2.5)):
        done, report = sorted(runs, key=lambda run: run[0].seconds)[1]
        measured = f"{done.seconds:.1f} s ({_phases(report)})"
        bench.add(f"shrink, {what}", f"≤ {limit} s", measured, done.seconds <= limit)
    digests = {report["digest"] for _, report in first}
    bench.add("three runs", "same digest", ", ".join(f"{digest[:19]}…" for digest in digests), len(digests) == 1)


def behaviours(bench: Bench) -> None:
    """What no probe visited in the two examples, by ``strangers.py``, which builds them in a store of its own."""
    table = bench.scratch / "strangers.md"
    command = [sys.executable, str(ROOT / "benchmarks" / "strangers.py"), NODE, GO, "--policy", "balanced"]
    run([*command, "--output", str(table)])
    rows = [line.strip("| ").split(" | ") for line in table.read_text().splitlines()]
    for name, *_, kept in (row for row in rows if row[0] in (NODE, GO)):
        works, _, total = kept.partition(" of ")
        bench.add(f"{name}, what no probe visits", "all of it works", f"{kept} work", works == total)


def _size(bench: Bench, what: str, report: dict[str, Any], limit: float) -> None:
    after = report["after"]
    size = f"{after['disk_bytes'] / MB:.2f} MB on disk, {after['compressed_bytes'] / MB:.2f} MB compressed"
    bench.add(what, f"≤ {limit} MB", f"{size}, {after['files']} files", after["disk_bytes"] <= limit * MB)


def _phases(report: dict[str, Any]) -> str:
    return ", ".join(f"{phase['name']} {phase['seconds']:.1f}" for phase in report["phases"])


def busybox(bench: Bench) -> None:
    """busybox's httpd on a busybox image, whose commands are hard links to one file."""
    context = bench.scratch / "busybox"
    context.mkdir()
    names = run(["/bin/busybox", "--list"]).output.split()
    (context / "busybox").write_bytes(Path("/bin/busybox").read_bytes())
    (context / "index.html").write_text("<h1>Hello</h1>\n")
    links = " && ".join(f"ln /bin/busybox '/bin/{name}'" for name in names if name != "busybox")
    (context / "links.sh").write_text(links.replace(" && ", "\n") + "\n")
    (context / "Dockerfile").write_text(
        "FROM scratch\nCOPY --chmod=0755 busybox /bin/busybox\nCOPY links.sh /links.sh\n"
        'RUN ["/bin/busybox", "sh", "/links.sh"]\nCOPY index.html /www/index.html\nEXPOSE 8080\n'
        'CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n'
    )
    bench.jettison("build", "--tag", "bench-busybox-original", str(context))
    done = bench.jettison("shrink", "bench-busybox-original", "--json", "--tag", "bench-busybox")
    report = json.loads(done.output)
    before, after = report["before"]["disk_bytes"], report["after"]["disk_bytes"]
    measured = f"{before / MB:.2f} MB → {after / MB:.2f} MB, {report['verdict']}"
    bench.add("busybox httpd on busybox", "never larger", measured, after <= before and report["verdict"] == "same")


def moves(bench: Bench) -> None:
    """Push to an empty local registry; pull and unpack from it; beside Docker and podman, cold caches each time."""
    with dockerd(bench.scratch / "docker") as host:
        archive = bench.scratch / "original.tar"
        bench.jettison("save", NODE, "--output", str(archive))
        run(["docker", "--host", host, "load", "--input", str(archive)])
        archive.unlink()
        pushed = {}
        with registry(bench.scratch / "r1") as address:
            cold()
            pushed["jettison"] = bench.jettison("push", NODE, f"{address}/{NODE}:bench").seconds
        with registry(bench.scratch / "r2") as address:
            name = f"{address}/{NODE}:bench"
            run(["docker", "--host", host, "tag", NODE, name])
            cold()
            pushed["docker"] = run(["docker", "--host", host, "push", name]).seconds
            run(["docker", "--host", host, "rmi", "--force", name, NODE])
            measured = f"{pushed['jettison']:.1f} s (Docker {pushed['docker']:.1f} s)"
            bench.add("push, cold, local registry", "≤ 12 s", measured, pushed["jettison"] <= 12)
            pulls(bench, host, name)


def pulls(bench: Bench, host: str, name: str) -> None:
    """Pull and unpack what Docker pushed (gzip), each tool three times, the median of each."""
    podman = ["podman", f"--root={bench.scratch}/podman", f"--runroot=/run/jettison-{os.getpid()}"]
    store = bench.scratch / "pulled"
    tools: dict[str, tuple[Callable[[], Run], list[str]]] = {
        "jettison": (lambda: bench.jettison("pull", "--unpack", name, store=store), ["rm", "-rf", str(store)]),
        "docker": (
            lambda: run(["docker", "--host", host, "pull", name]),
            ["docker", "--host", host, "rmi", "--force", name],
        ),
        "podman": (
            lambda: run([*podman, "pull", "--tls-verify=false", name]),
            [*podman, "rmi", "--force", name],
        ),
    }
    seconds: dict[str, list[float]] = {tool: [] for tool in tools}
    for _ in range(3):
        for tool, (pull, forget) in tools.items():
            cold()
            seconds[tool].append(pull().seconds)
            run(forget)
    shutil.rmtree(f"/run/jettison-{os.getpid()}", ignore_errors=True)
    median = {tool: sorted(times)[1] for tool, times in seconds.items()}
    others = min(median["docker"], median["podman"])
    measured = ", ".join(f"{tool} {time:.1f} s" for tool, time in median.items())
    bench.add("pull and unpack, cold", "not slower than the faster", measured, median["jettison"] <= others)


def memory(bench: Bench) -> None:
    """The largest peak of each verb that ran."""
    for verb, peak in sorted(bench.peaks.items()):
        bench.add(f"peak memory, {verb}", "≤ 300 MB", f"{peak / MB:.0f} MB", peak <= 300 * MB)


def main() -> None:
    """Measure everything and write the table; exit 1 where something falls short."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--store", type=Path, default=ROOT / "demo-cache" / "store", help="where scripts/demo built")
    options.add_argument("--output", type=Path, help="instead of benchmarks/results/reach-DATE.md")
    chosen = options.parse_args()
    about = machine()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # services end and directories go, as at Ctrl-C
    if os.geteuid() != 0 or not chosen.store.is_dir():
        sys.exit("reach.py needs root, and the store that scripts/demo leaves")
    with tempfile.TemporaryDirectory(prefix="jettison-reach-", dir=chosen.store.parent) as directory:
        bench = Bench(Path(directory), chosen.store)
        for part in (sizes, times, behaviours, busybox, moves, memory):
            with bench.measuring(part.__name__):
                part(bench)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    output = chosen.output or ROOT / "benchmarks" / "results" / f"reach-{today}.md"
    output.parent.mkdir(parents=True, exist_ok=True)
    head = f"# What it must reach, {today}\n\n{about}. Made by `benchmarks/reach.py`.\n\n{NOTES}\n\n"
    table = "| | reach | measured | holds |\n|---|---|---|---|\n" + "\n".join(map(str, bench.rows)) + "\n"
    output.write_text(head + table, encoding="utf-8")
    sys.exit(any(row.holds is False for row in bench.rows))


if __name__ == "__main__":
    main()
