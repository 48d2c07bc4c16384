"""Build projects of the corpus, and see that each does in its own image what its description says.

    python benchmarks/corpus_check.py STORE [NAME…]

STORE has the bases that scripts/make-bases made. Every behaviour is tried in two containers; one whose answers differ
cannot be compared, and is reported as such. The exit code is 1 where something does not work.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from behaviours.authority import authority
from behaviours.corpus import CORPUS, ended, names, read, server
from behaviours.trial import compare
from behaviours.workshop import Workshop
from jettison.errors import JettisonError


def complaints(workshop: Workshop, name: str) -> list[str]:
    """What does not work in a project's own image."""
    project, image = read(name), workshop.image(f"corpus-{name}")
    found = []
    for what, (arguments, expect) in project.get("run", {}).items():
        said = ended(workshop, image, arguments)
        if expect not in said:
            found.append(f"{what}: {said[-300:]!r}")
    if "port" in project:
        for outcome in compare(workshop, server(name, project), image, image):
            if not outcome.works:
                found.append(f"{outcome.behaviour}: does not work {outcome.detail}")
            elif not outcome.kept:
                found.append(f"{outcome.behaviour}: not the same twice: {outcome.detail}")
    return found


def main(store: str, chosen: list[str]) -> int:
    """Build and check the projects; a line for each."""
    directory = Path(store).absolute().parent
    workshop = Workshop(directory, authority(directory / "authority"))
    environment = {**os.environ, "JETTISON_STORE": str(Path(store).absolute())}
    failed = 0
    for name in chosen or names():
        command = ["jettison", "--quiet", "build", "--tag", f"corpus-{name}", str(CORPUS / name)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        try:
            found = [done.stderr[-2000:]] if done.returncode else complaints(workshop, name)
        except (AssertionError, JettisonError) as error:
            found = [str(error)[-2000:]]
        failed += bool(found)
        print(f"{name}: {'as described' if not found else ''}", *found, sep="\n  ", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
