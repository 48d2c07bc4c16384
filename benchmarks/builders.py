"""The Dockerfiles that ``jettison rewrite`` gives for the two classic examples, built by Jettison, Docker and Buildah.

``sudo .venv/bin/python benchmarks/builders.py`` after ``scripts/demo``, in whose store the bases are. It needs what
``scripts/test`` installs. Each image is brought back, its size is taken, and everything that no probe visited is
tried in it. It writes ``benchmarks/results/builders-YYYY-MM-DD.md``.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from services import dockerd

from measure import machine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from behaviours.authority import authority  # noqa: E402
from behaviours.stranger import load  # noqa: E402
from behaviours.trial import compare  # noqa: E402
from behaviours.workshop import Workshop  # noqa: E402
from jettison.dockerfile import parse, stages  # noqa: E402
from jettison.filetree import index  # noqa: E402

EXAMPLES = ("node-onbuild", "go-single-stage")


def call(*arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
    """Run a command to its end; what it printed. A failure shows what it said."""
    done = subprocess.run(
        list(map(str, arguments)), env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}: {done.stderr[-2000:]}")
    return done.stdout


def by_jettison(workshop: Workshop, example: str, file: Path, name: str) -> None:
    """With our own engine."""
    workshop.run(["jettison", "-q", "build", "-t", name, "-f", str(file), str(ROOT / "examples" / example)])


def by_docker(workshop: Workshop, example: str, file: Path, name: str) -> None:
    """With Docker's classic builder, in a daemon of its own."""
    archive = file.with_suffix(".tar")
    with dockerd(file.parent / "docker") as host:  # the path of a socket is short
        for base in bases(file):
            workshop.run(["jettison", "-q", "save", base, "-o", str(archive)])
            call("docker", "--host", host, "load", "-i", archive)
            archive.unlink()
        context = ROOT / "examples" / example
        environment = {"DOCKER_BUILDKIT": "0"}
        call("docker", "--host", host, "build", "--network", "host", "-t", name, "-f", file, context, env=environment)
        call("docker", "--host", host, "save", "-o", archive, name)
    bring(workshop, archive, name)


def by_buildah(workshop: Workshop, example: str, file: Path, name: str) -> None:
    """With Buildah, in a storage of its own."""
    archive, place = file.with_suffix(".tar"), file.parent / "buildah"
    buildah = ["buildah", "--root", place / "root", "--runroot", place / "run"]
    for base in bases(file):
        workshop.run(["jettison", "-q", "save", base, "-o", str(archive)])
        call(*buildah, "pull", f"docker-archive:{archive}")
        archive.unlink()
    network = ["--network", "host", "--isolation", "chroot"]
    call(*buildah, "bud", *network, "-t", name, "-f", file, ROOT / "examples" / example)
    call(*buildah, "push", name, f"docker-archive:{archive}:{name}")
    call(*buildah, "rmi", "--all", "--force")
    bring(workshop, archive, name)


def bases(file: Path) -> Iterator[str]:
    """The images that a Dockerfile begins with."""
    known = stages(parse(file.read_text()))
    names = {stage.name for stage in known}
    yield from dict.fromkeys(s.base.image for s in known if s.base.image not in names | {"scratch"})


def bring(workshop: Workshop, archive: Path, name: str) -> None:
    """Into our store."""
    workshop.run(["jettison", "-q", "load", "-i", str(archive)])
    archive.unlink()


def row(workshop: Workshop, example: str, builder: str, name: str) -> str:
    """One line of the table."""
    original, small = workshop.image(example), workshop.image(name)
    size = index(workshop.store.snapshots(small)).disk_bytes
    outcomes = [one for one in compare(workshop, load(example), original, small) if one.works]
    for one in outcomes:
        if not one.kept:
            print(f"{name}: {one.behaviour}: {one.detail}", file=sys.stderr)
    kept = sum(one.kept for one in outcomes)
    return f"| {example} | {builder} | {size / 1e6:.2f} MB | {kept} of {len(outcomes)} |"


def main() -> None:
    """Rewrite, build thrice, try, and write the table."""
    if os.geteuid() != 0:
        sys.exit("builders.py needs root")
    about = machine()
    workshop = Workshop(ROOT / "demo-cache", authority(ROOT / "demo-cache" / "authority"))
    rows, texts = [], []
    with tempfile.TemporaryDirectory(prefix="jettison-") as scratch:
        for example in EXAMPLES:
            file = Path(scratch) / f"{example}.Dockerfile"
            workshop.run(["jettison", "-q", "rewrite", str(ROOT / "examples" / example), "-o", str(file)])
            texts.append(f"## {example}\n\n```dockerfile\n{file.read_text()}```\n")
            for builder, build in (("Jettison", by_jettison), ("Docker", by_docker), ("Buildah", by_buildah)):
                name = f"localhost/builders-{example}:{builder.lower()}"
                build(workshop, example, file, name)
                rows.append(row(workshop, example, builder, name))
                print(rows[-1], file=sys.stderr, flush=True)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    head = f"# The rewritten examples by three builders, {today}\n\n{about}. Made by `benchmarks/builders.py`.\n\n"
    columns = "| example | built by | on disk | what no probe visited and works |\n|---|---|---|---|\n"
    output = ROOT / "benchmarks" / "results" / f"builders-{today}.md"
    output.write_text(head + columns + "\n".join(rows) + "\n\n" + "\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
