"""Compare with hadolint: what both find, and how long both take.

``--record HADOLINT`` writes ``tests/rewrite/agreement/expected.json``, which the tests compare our findings with.
``--time HADOLINT`` times both on copies of those Dockerfiles. hadolint is not a dependency: its released binary is
given.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

AGREEMENT = Path(__file__).parents[1] / "tests" / "rewrite" / "agreement"
#: With this many files; and each program this many times.
FILES, TIMES = 1000, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--record", metavar="HADOLINT", help="write what hadolint finds")
    parser.add_argument("--time", metavar="HADOLINT", help="time both")
    parser.add_argument("--files", type=Path, help="time with the Dockerfiles in this directory instead")
    options = parser.parse_args()
    if options.record:
        record(Path(options.record).resolve())
    if options.time:
        print(json.dumps(compare(Path(options.time).resolve(), options.files), indent=2))


def record(hadolint: Path) -> None:
    """Write the codes and lines that hadolint gives, without ShellCheck's."""
    names = sorted(path.name for path in AGREEMENT.glob("*.Dockerfile"))
    done = subprocess.run(
        [hadolint, "--no-fail", "--format", "json", *names], cwd=AGREEMENT, check=True, capture_output=True, text=True
    )
    found: dict[str, set[tuple[str, int]]] = {name: set() for name in names}
    for each in json.loads(done.stdout):
        if each["code"].startswith("DL"):
            found[each["file"]].add((each["code"], each["line"]))
    lines = [f"{json.dumps(name)}: {json.dumps(sorted(found[name]))}" for name in names]
    (AGREEMENT / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def compare(hadolint: Path, files: Path | None) -> dict[str, object]:
    """Seconds for all files in one call of each program."""
    with tempfile.TemporaryDirectory() as directory:
        names = _collect(files or AGREEMENT, Path(directory))
        ours = [sys.executable, "-m", "jettison", "lint", "--no-fail", *names]
        theirs = [str(hadolint), "--no-fail", *names]
        return {
            "files": len(names),
            "processors": os.cpu_count(),
            "hadolint": subprocess.check_output([hadolint, "--version"], text=True).strip(),
            "jettison_seconds": _seconds(ours, directory),
            "hadolint_seconds": _seconds(theirs, directory),
        }


def _collect(source: Path, directory: Path) -> list[str]:
    """FILES Dockerfiles: all there are, over and over, each time with another comment at the end."""
    paths = sorted(path for path in source.rglob("*Dockerfile*") if path.is_file())
    names = []
    for number in range(FILES):
        name = f"{number}.Dockerfile"
        shutil.copyfile(paths[number % len(paths)], directory / name)
        with open(directory / name, "a") as file:
            file.write(f"# {number}\n")
        names.append(name)
    return names


def _seconds(command: list[str], directory: str) -> float:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        subprocess.run(command, cwd=directory, stdout=subprocess.DEVNULL, check=False)
        taken.append(time.perf_counter() - start)
    return round(statistics.median(taken), 2)


if __name__ == "__main__":
    main()
