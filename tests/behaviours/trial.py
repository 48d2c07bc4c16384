"""A trial: what of a stranger's behaviours works in the original, and in the small image."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from behaviours.authority import URL, serving
from behaviours.stranger import Behaviour, Stranger
from behaviours.workshop import Workshop
from jettison.filetree import FileTree, index
from jettison.oci.image import Image
from jettison.runtime import BindMount, Container, Process, container, inside, mounted, network

#: Seconds until a server must answer, and that an answer may take.
_READY, _LIMIT = 30, 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; ``status`` is 0 where it said nothing."""

    status: int
    kind: str
    body: bytes

    def __str__(self) -> str:
        return f"{self.status} {self.body.decode('utf-8', 'backslashreplace')}".strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One behaviour in both images; ``kept`` says whether the small one does what the original does."""

    behaviour: str
    works: bool
    kept: bool
    detail: str = ""


def compare(workshop: Workshop, stranger: Stranger, original: Image, small: Image) -> list[Outcome]:
    """Ask both images for every behaviour, and compare their trees where a behaviour is about files."""
    before, after = (_ask(workshop, stranger, image) for image in (original, small))
    outcomes = []
    for behaviour in stranger.behaviours:
        first, second = before[behaviour], after[behaviour]
        works = behaviour.expect in str(first)
        detail = "" if first == second else f"{str(first)[:200]} -> {str(second)[:200]}"
        outcomes.append(Outcome(behaviour.name, works, works and first == second, detail))
    trees = [index(workshop.store.snapshots(image)) for image in (original, small)]
    for name, paths in stranger.same.items():
        lines = [{path: _line(tree, path) for path in paths} for tree in trees]
        outcomes.append(Outcome(name, all(lines[0].values()), lines[0] == lines[1], _difference(*lines)))
    return outcomes


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    changed = [
        f"{path}: {before[path]} -> {after[path] or 'nothing'}" for path in before if before[path] != after[path]
    ]
    return "; ".join(changed)


def _line(tree: FileTree, path: str) -> str:
    """Kind, mode, owner, size and xattrs of a path; empty where there is nothing."""
    entry = tree.get(path)
    if entry is None:
        return ""
    xattrs = " ".join(f"{name}={value.hex()}" for name, value in sorted(entry.xattrs.items()))
    return f"{entry} {xattrs}".strip()


def _ask(workshop: Workshop, stranger: Stranger, image: Image) -> dict[Behaviour, Answer]:
    """Run the image, in a network of its own where an HTTPS server answers too, and try each behaviour once."""
    config = image.config.container
    process = Process(config.command, (*config.env, f"TLS_URL={URL}"), config.working_dir or "/", config.user)
    store = workshop.store
    with (
        store.scratch() as scratch,
        network() as namespace,
        mounted(store.snapshots(image), scratch) as rootfs,
        container(rootfs.path, process, scratch=scratch, network=namespace, mounts=[_hosts(scratch)]) as running,
    ):
        return inside(namespace, _converse, workshop, stranger, running)


def _hosts(scratch: Path) -> BindMount:
    hosts = scratch / "hosts"
    hosts.write_text("127.0.0.1\tlocalhost\n")
    return BindMount(str(hosts), "/etc/hosts")


def _converse(workshop: Workshop, stranger: Stranger, running: Container) -> dict[Behaviour, Answer]:
    ready = Behaviour("ready", stranger.probes[0], "")
    deadline = time.monotonic() + _READY
    with serving(workshop.authority.server):
        while _answer(stranger.port, ready).status == 0:
            assert running.running, f"{stranger.name} ended: {running.output()}"
            assert time.monotonic() < deadline, f"{stranger.name} does not answer: {running.output()}"
            time.sleep(0.05)
        return {behaviour: _answer(stranger.port, behaviour) for behaviour in stranger.behaviours}


def _answer(port: int, behaviour: Behaviour) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=_LIMIT)
    method = "GET" if behaviour.body is None else "POST"
    try:
        connection.request(method, behaviour.path, behaviour.body, {"Content-Type": "application/octet-stream"})
        response = connection.getresponse()
        return Answer(response.status, response.getheader("Content-Type", ""), response.read())
    except (OSError, HTTPException) as error:
        return Answer(0, "", repr(error).encode())
    finally:
        connection.close()
