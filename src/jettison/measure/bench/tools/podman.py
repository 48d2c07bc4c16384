"""Podman."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from jettison.measure.bench.model import Command, Place
from jettison.measure.bench.tools import storage
from jettison.measure.bench.tools.versions import programs, version


class Tool:
    """See ``model.Tool``."""

    name = "podman"
    unpacks = True

    def version(self) -> str:
        return version("podman", "--version")

    def warm(self) -> Sequence[Command]:
        return programs("podman")

    def client(self, place: Place, registries: Sequence[str]) -> AbstractContextManager[storage.Client]:
        return storage.client("podman", place)
