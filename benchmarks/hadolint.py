"""Compare with hadolint: what both find, and how long both take.

``--record HADOLINT`` writes ``tests/rewrite/agreement/expected.json``, which the tests compare our findings with.
``--time HADOLINT`` times both on copies of those Dockerfiles, or of those in ``--files``; ``--agree HADOLINT`` counts
what both and what one of them finds in ``--files``. hadolint is not a dependency: its released binary is given.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from jettison.rewrite.lint import instruction_at, lint
from jettison.rewrite.rules import RULES

AGREEMENT = Path(__file__).parents[1] / "tests" / "rewrite" / "agreement"
#: With this many files; and each program this many times.
FILES, TIMES = 1000, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--record", metavar="HADOLINT", help="write what hadolint finds")
    parser.add_argument("--time", metavar="HADOLINT", help="time both")
    parser.add_argument("--agree", metavar="HADOLINT", help="count what both find")
    parser.add_argument("--files", type=Path, default=AGREEMENT, help="the Dockerfiles in this directory instead")
    options = parser.parse_args()
    if options.record:
        record(Path(options.record).resolve())
    if options.agree:
        print(json.dumps(agree(Path(options.agree).resolve(), options.files), indent=2))
    if options.time:
        print(json.dumps(compare(Path(options.time).resolve(), options.files), indent=2))


def record(hadolint: Path) -> None:
    """Write the codes and lines that hadolint gives, without ShellCheck's."""
    found = theirs(hadolint, AGREEMENT)
    lines = [f"{json.dumps(name)}: {json.dumps(sorted(each))}" for name, each in found.items()]
    (AGREEMENT / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def theirs(hadolint: Path, directory: Path) -> dict[str, set[tuple[str, int]]]:
    """The codes and lines that hadolint gives for each file of a directory."""
    names = sorted(path.name for path in directory.glob("*Dockerfile*"))
    done = subprocess.run(
        [hadolint, "--no-fail", "--format", "json", *names], cwd=directory, check=True, capture_output=True, text=True
    )
    found: dict[str, set[tuple[str, int]]] = {name: set() for name in names}
    for each in json.loads(done.stdout):
        if each["code"].startswith("DL"):
            found[each["file"]].add((each["code"], each["line"]))
    return found


def ours(text: str) -> set[tuple[str, int]] | None:
    """The same of our rules, by their names in hadolint; ``None`` where the text is refused."""
    result = lint(text)
    if result.sheet is None:
        return None
    codes = {rule.name: [c.removeprefix("hadolint ") for c in rule.also if c.startswith("hadolint ")] for rule in RULES}
    pairs = ((finding, instruction_at(result.sheet, finding.start)) for finding in result.findings)
    return {(code, at.line) for finding, at in pairs if at for code in codes[finding.rule][:1]}


def agree(hadolint: Path, directory: Path) -> dict[str, object]:
    """How many findings both have, and how many one of them, by code; files that one of them refuses do not count."""
    counts = {"both": Counter[str](), "hadolint": Counter[str](), "jettison": Counter[str]()}
    refused = Counter[str]()
    for name, expected in theirs(hadolint, directory).items():
        found = ours((directory / name).read_bytes().decode())
        if found is None or "DL1000" in {code for code, _ in expected}:
            refused["jettison" if found is None else "hadolint"] += 1
            continue
        for who, what in (("both", expected & found), ("hadolint", expected - found), ("jettison", found - expected)):
            counts[who].update(code for code, _ in what)
    totals = {who: sum(by.values()) for who, by in counts.items()}
    return {"totals": totals, "refused": refused, **{who: dict(sorted(by.items())) for who, by in counts.items()}}


def compare(hadolint: Path, files: Path) -> dict[str, object]:
    """Seconds for all files in one call of each program, each in one process."""
    with tempfile.TemporaryDirectory() as directory:
        names = _collect(files, Path(directory))
        lints = [sys.executable, "-m", "jettison", "lint", *names]
        return {
            "files": len(names),
            "processors": os.cpu_count(),
            "hadolint": subprocess.check_output([hadolint, "--version"], text=True).strip(),
            "jettison seconds": _seconds([*lints, "--no-context"], directory),
            "jettison seconds, with contexts": _seconds(lints, directory),
            "hadolint seconds": _seconds([str(hadolint), "--no-fail", *names], directory),
        }


def _collect(source: Path, directory: Path) -> list[str]:
    """FILES Dockerfiles, each in its own directory: all there are, over and over, with another comment at the end."""
    paths = sorted(path for path in source.rglob("*Dockerfile*") if path.is_file())
    names = []
    for number in range(FILES):
        name = f"{number}/Dockerfile"
        (directory / str(number)).mkdir()
        shutil.copyfile(paths[number % len(paths)], directory / name)
        with open(directory / name, "a") as file:
            file.write(f"# {number}\n")
        names.append(name)
    return names


def _seconds(command: list[str], directory: str) -> dict[str, float]:
    """The median of wall time, and of processor time, which does not depend on what else the machine does."""
    wall, processor = [], []
    for _ in range(TIMES):
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=directory, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.perf_counter() - start)
        processor.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return {"wall": round(statistics.median(wall), 2), "processor": round(statistics.median(processor), 2)}


if __name__ == "__main__":
    main()
