"""What podman and buildah have in common: containers/storage, with the overlay driver, in a root of its own."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jettison.errors import JettisonError
from jettison.measure.bench.model import Command, Place, command

#: Where a privileged client remembers which registry has which blob; each client gets an empty one.
_CACHE = "/var/lib/containers/cache"
_PRIVATE = 'mkdir -p "$0" && mount -t tmpfs cache "$0" && exec "$@"'


def private(*arguments: str | Path) -> Command:
    """In a mount namespace of its own, in which nobody has been at a registry yet; without root, as it is."""
    if os.geteuid() != 0:
        return command(*arguments)
    return command("unshare", "--mount", "sh", "-c", _PRIVATE, _CACHE, *arguments)


class Client:
    """A root of containers/storage."""

    daemons: tuple[int, ...] = ()

    def __init__(self, program: str, root: Path, run: Path) -> None:
        self._program, self._root, self._run = program, root, run

    def _command(self, *arguments: str) -> Command:
        options = ("--root", self._root, "--runroot", self._run, "--storage-driver", "overlay")
        return private(self._program, *options, *arguments)

    def pull(self, reference: str) -> Command:
        return self._command("pull", "--quiet", "--tls-verify=false", reference)

    def obtain(self, reference: str) -> Command:
        return self.pull(reference)

    def prepare_push(self, source: str, target: str) -> None:
        """Nothing: a push takes two names."""

    def push(self, source: str, target: str) -> Command:
        return self._command("push", "--quiet", "--tls-verify=false", source, f"docker://{target}")

    @contextmanager
    def tree(self, reference: str) -> Iterator[Sequence[Path]]:
        """The layers' directories, as the storage's own records list them."""
        parents = {layer["id"]: layer.get("parent", "") for layer in self._records("layers")}
        images = [image for image in self._records("images") if reference in image.get("names", ())]
        if not images:
            raise JettisonError(f"cannot find {reference} among the images of {self._program}")
        chain, here = [], images[0]["layer"]
        while here:
            chain.append(self._root / "overlay" / here / "diff")
            here = parents[here]
        yield chain[::-1]

    def _records(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self._root / f"overlay-{kind}" / f"{kind}.json").read_bytes())
        return found


@contextmanager
def client(program: str, place: Place) -> Iterator[Client]:
    """A client with an empty root; its run root has to have a short path (at most 50 characters)."""
    with tempfile.TemporaryDirectory(prefix="jb-", ignore_cleanup_errors=True) as run:
        yield Client(program, place.directory / "root", Path(run))
