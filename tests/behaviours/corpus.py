"""The corpus: naive Dockerfiles of many kinds of programs, and what each of these can do."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from behaviours.stranger import Behaviour, Stranger
from behaviours.trial import Outcome, compare
from behaviours.workshop import Workshop
from jettison.oci.image import Image
from jettison.runtime import Process, container, mounted, network

CORPUS = Path(__file__).parents[2] / "corpus"


def names() -> list[str]:
    """Every project's name."""
    return sorted(path.stem for path in CORPUS.glob("*.toml"))


def read(name: str) -> dict[str, Any]:
    """A project's description, as corpus/README.md explains it."""
    return tomllib.loads((CORPUS / f"{name}.toml").read_text())


def server(name: str, project: dict[str, Any]) -> Stranger:
    """A project that serves, in the words that the tests of strangers use."""
    gets = [Behaviour(what, path, expect) for what, (path, expect) in project.get("get", {}).items()]
    posts = [
        Behaviour(what, path, expect, body.encode()) for what, (path, body, expect) in project.get("post", {}).items()
    ]
    same = {what: tuple(paths) for what, paths in project.get("same", {}).items()}
    return Stranger(
        name, CORPUS / name, project["base"], project["port"], tuple(project["probes"]), (*gets, *posts), same
    )


def ended(workshop: Workshop, image: Image, arguments: list[str]) -> str:
    """What an image says and how it exits; with no arguments, its own command runs."""
    config = image.config.container
    entrypoint = tuple(config.entrypoint or ())
    command = (*entrypoint, *arguments) if arguments else config.command
    process = Process(command, config.env, config.working_dir or "/", config.user)
    store = workshop.store
    with (
        store.scratch() as scratch,
        network() as namespace,
        mounted(store.snapshots(image), scratch) as rootfs,
        container(rootfs.path, process, scratch=scratch, network=namespace) as running,
    ):
        code = running.wait(120)
        said = running.output()
        return f"{(said.stdout + said.stderr).decode('utf-8', 'backslashreplace')}\nexit code {code}"


def outcomes(workshop: Workshop, name: str, original: Image, small: Image) -> list[Outcome]:
    """Every behaviour of a project in the original and in the small image; not its own command, which is probed."""
    project = read(name)
    found = compare(workshop, server(name, project), original, small) if "port" in project else []
    for what, (arguments, expect) in project.get("run", {}).items():
        if not arguments:
            continue
        before, after = (ended(workshop, image, arguments) for image in (original, small))
        works = expect in before
        detail = "" if before == after else f"{before[-200:]} -> {after[-200:]}"
        found.append(Outcome(what, works, works and expect in after, detail))
    return found
