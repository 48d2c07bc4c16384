"""Podman."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from jettison.measure.bench.model import Place
from jettison.measure.bench.tools import storage
from jettison.measure.bench.tools.versions import version


class Tool:
    """See ``model.Tool``."""

    name = "podman"
    unpacks = True

    def version(self) -> str:
        return version("podman", "--version")

    def client(self, place: Place, registries: Sequence[str]) -> AbstractContextManager[storage.Client]:
        return storage.client("podman", place)
