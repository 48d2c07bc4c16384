"""A directory with a Dockerfile as a subject: built once, so that its image can be pushed and pulled."""

from __future__ import annotations

import shutil
from pathlib import Path

from jettison.errors import JettisonError, NotFound
from jettison.measure.bench import subject as subjects
from jettison.measure.bench.model import Command, Subject
from jettison.measure.bench.process import Launcher
from jettison.measure.bench.tools.jettison import verb
from jettison.measure.bench.world import World
from jettison.oci.layout import Store
from jettison.oci.reference import parse


def subject(world: World, path: Path, number: int) -> Subject:
    """Build it; its context is a copy, in which a file can be changed. Base images come into the user's store."""
    context = world.directory / f"context-{number}"
    try:
        shutil.copytree(path, context, symlinks=True)
    except (OSError, shutil.Error) as error:
        raise JettisonError(f"cannot copy {path}: {error}") from error
    tag = f"bench/build-{number}:1"
    local().run(build_command(world.main, context, tag))
    found = world.main.find(str(parse(tag)))
    assert found is not None, "it was built"
    made = subjects.adopt(world.main, world.own, world.main.image(found), str(path), number, world.plan.compression)
    return Subject(made.facts, made.image, made.tag, context)


def local(timeout: float = 3600.0, cpus: int | None = None) -> Launcher:
    """Where this machine's network is: RUN steps may need it."""
    return Launcher(None, cpus, timeout)


def build_command(store: Store, context: Path, tag: str, *options: str) -> Command:
    """``jettison build``."""
    return verb(store.root, "build", "--progress", "quiet", "--tag", tag, *options, context)


def change(context: Path, wanted: str) -> None:
    """Change one file of a context: append an empty line to it.

    Without ``wanted`` it is the file that was changed last, other than Dockerfiles. Raises ``NotFound``.
    """
    named = [context / wanted] if wanted else sorted(_files(context), key=lambda path: path.stat().st_mtime)
    if not named or not named[-1].is_file() or named[-1].is_symlink():
        raise NotFound(f"cannot change a file of the context: {wanted or 'it has none'}; name one by --change")
    with named[-1].open("ab") as file:
        file.write(b"\n")


def _files(context: Path) -> list[Path]:
    return [
        path
        for path in context.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".") and "Dockerfile" not in path.name
    ]
