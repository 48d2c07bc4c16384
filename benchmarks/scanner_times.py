"""How long Jettison and Syft take to list what is in an image, and how much memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import measure

JETTISON = Path(sys.executable).parent / "jettison"
#: The inventory alone, of an image of a store: what Syft does.
_CATALOG = (
    "import sys; from pathlib import Path; from jettison.filetree import index; from jettison.oci import transfer; "
    "from jettison.oci.layout import Store; from jettison.packages.inventory import take; "
    "store = Store.open(Path(sys.argv[1])); "
    "print(len(take(index(store.snapshots(transfer.resolve(store, sys.argv[2], pull='never')))).components))"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: wall and processor seconds, and the largest resident set in bytes."""

    wall: float
    processor: float
    peak: int


def cost(arguments: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run a command to its end, with what it starts."""
    with tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(
            arguments, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        assert process.returncode == 0, f"{' '.join(arguments)}: {errors.read().decode()[-1000:]}"
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def measured(store: Path, images: Sequence[str], runs: int, trivy: Path | None) -> str:
    """The page about ``images`` of the store, each command ``runs`` times, in turns."""
    lines = [f"# Scanners, {date.today()}", "", measure.machine(), "", *_METHOD, ""]
    for image in images:
        lines += _image(store, image, runs, trivy)
    return "\n".join(lines)


def _image(store: Path, image: str, runs: int, trivy: Path | None) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        layout = Path(scratch) / "layout"
        save = [str(JETTISON), "--quiet", "--store", str(store), "save", image]
        subprocess.run([*save, "--format", "oci", "-o", str(layout)], check=True, stdout=subprocess.DEVNULL)
        commands = _commands(store, image, layout, trivy)
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, (arguments, environment) in commands.items():
                costs[name].append(cost(arguments, environment))
    rows = [_row(name, found, costs["Syft, OCI layout"]) for name, found in costs.items()]
    return [f"## {image}", "", *_TABLE, *rows, ""]


def _commands(store: Path, image: str, layout: Path, trivy: Path | None) -> dict[str, tuple[list[str], dict[str, str]]]:
    syft = str(Path(sys.executable).parent / "syft")
    options = ["--quiet", "--output", "json"]
    quiet = {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
    commands = {
        "Jettison, inventory": ([sys.executable, "-c", _CATALOG, str(store), image], {}),
        "Syft, OCI layout": ([syft, f"oci-dir:{layout}", *options], quiet),
        "Jettison, `scan --json`": ([str(JETTISON), "--store", str(store), "scan", image, "--json"], {}),
    }
    if trivy:
        words = ["image", "--input", str(layout), "--format", "cyclonedx", "--offline-scan", "--quiet"]
        commands["Trivy, SBOM of the OCI layout, nothing cached"] = (
            ["sh", "-c", f'"$0" clean --scan-cache --quiet && exec "$0" {" ".join(words)}', str(trivy)], {},
        )  # fmt: skip
    return commands


def _row(name: str, costs: Sequence[Cost], base: Sequence[Cost]) -> str:
    wall, processor = [c.wall for c in costs], [c.processor for c in costs]
    factor = statistics.median(wall) / statistics.median(c.wall for c in base)
    busy = statistics.median(processor) / statistics.median(c.processor for c in base)
    peak = max(c.peak for c in costs) / 1e6
    return f"| {name} | {_spread(wall)} | {_spread(processor)} | {peak:.0f} | {factor:.2f} | {busy:.2f} |"


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


_METHOD = (
    "Each command runs in turn with the others, as a process of its own, on files that the kernel has cached. Seconds",
    "are the median and, in brackets, the least and the most. Jettison reads the layers as its store has them,",
    "unpacked; Syft and Trivy get the same image as an OCI layout and unpack it themselves, which is in their time.",
)
_TABLE = (
    "| | wall s | CPU s | peak MB | wall ÷ Syft | CPU ÷ Syft |",
    "|---|--:|--:|--:|--:|--:|",
)
