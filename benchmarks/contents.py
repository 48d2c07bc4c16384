"""Compare ``jettison inspect`` with dive and Syft on one image: wall time, processor time, peak memory.

``python benchmarks/contents.py IMAGE --dive DIVE --syft SYFT``: each runs ``--times`` times, in turn, on the same
docker-archive. Jettison runs twice: with the image in its store, as after a build or a pull (``warm``), and from the
archive into an empty store (``cold``), since dive and Syft read the archive every time too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("image", help="an image of the store (JETTISON_STORE)")
    parser.add_argument("--dive", type=Path, help="dive's program")
    parser.add_argument("--syft", type=Path, help="Syft's program")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        print(json.dumps(compare(options, Path(directory)), indent=2))


def compare(options: argparse.Namespace, directory: Path) -> dict[str, object]:
    """Everything in turn, so that what else the machine does falls on all alike."""
    archive = directory / "image.tar"
    jettison = [sys.executable, "-m", "jettison", "--quiet"]
    subprocess.run([*jettison, "save", options.image, "-o", archive], check=True, stdout=subprocess.DEVNULL)
    commands: dict[str, Callable[[int], list[str | Path]]] = {
        "jettison, warm": lambda n: [*jettison, "inspect", options.image, "--json"],
        "jettison, cold": lambda n: [
            *jettison, "--store", directory / f"store{n}", "inspect", f"docker-archive:{archive}", "--json",
        ],
    }  # fmt: skip
    if options.dive:
        commands["dive"] = lambda n: [options.dive, "--source", "docker-archive", archive, "--json", directory / "d"]
    if options.syft:
        commands["syft"] = lambda n: [options.syft, "scan", f"docker-archive:{archive}", "-q", "-o", "json"]
    runs: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
    for number in range(options.times):
        for name, command in commands.items():
            runs[name].append(timed(command(number)))
        subprocess.run(["rm", "-rf", directory / f"store{number}"], check=True)
    return {"archive bytes": archive.stat().st_size, "runs": options.times} | {
        name: summary(found) for name, found in runs.items()
    }


def timed(command: list[str | Path]) -> tuple[float, float, int]:
    """Seconds, processor seconds, and peak memory in bytes of one run."""
    started = time.monotonic()
    with open(os.devnull, "w") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed: {said.decode(errors='replace')[-500:]}")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def summary(runs: list[tuple[float, float, int]]) -> dict[str, object]:
    """Medians, and the shortest and longest wall time."""
    seconds = [run[0] for run in runs]
    return {
        "seconds": round(statistics.median(seconds), 2),
        "spread": [round(min(seconds), 2), round(max(seconds), 2)],
        "processor seconds": round(statistics.median(run[1] for run in runs), 2),
        "peak memory, MB": round(max(run[2] for run in runs) / 1e6),
    }


if __name__ == "__main__":
    main()
