"""One stage while it is built: its configuration so far, its root file system so far, and how a step extends both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from jettison.builder import chain
from jettison.builder.chain import Made, Piece
from jettison.builder.environment import Arguments
from jettison.builder.model import Options, Timing
from jettison.dockerfile import expand
from jettison.dockerfile.context import Context
from jettison.dockerfile.model import Instruction
from jettison.dockerfile.variables import split
from jettison.errors import BuildError, InvalidInput
from jettison.oci.config import History, ImageConfig
from jettison.oci.image import Layer
from jettison.oci.layout import Store

DEFAULT_SHELL = ("/bin/sh", "-c")


@dataclass(frozen=True, slots=True)
class Built:
    """A finished stage, or an image that is used as one."""

    config: ImageConfig
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class Build:
    """What all stages of one build share."""

    store: Store
    options: Options
    context: Context
    outer: Mapping[str, str]
    escape: str
    source: Callable[[str, int], Built]
    layers: Executor
    slots: threading.Semaphore
    cancelled: threading.Event = field(default_factory=threading.Event)
    exported: dict[str, Future[Layer]] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    used_args: set[str] = field(default_factory=set)

    def check(self) -> None:
        """Raise where another stage has failed, or the user has had enough."""
        if self.cancelled.is_set():
            raise Cancelled("cannot go on with this stage: the build was stopped")

    def export(self, key: str, made: Made) -> None:
        """Begin to write the layer of what a step made, in the background."""
        options = self.options
        self.exported[made.snapshot] = self.layers.submit(
            chain.layer, self.store, key, made, options.compression, options.epoch
        )

    def now(self) -> str:
        """RFC 3339, in whole seconds; the epoch's where one was given."""
        moment = self.options.epoch if self.options.epoch is not None else int(time.time())
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Cancelled(BuildError):
    """This stage stopped because something else did."""


@dataclass(slots=True)
class Stage:
    """A stage in the middle of its instructions. ``title`` is ``[name 2/5]``-like, set before each step."""

    build: Build
    index: int
    name: str
    arguments: Arguments
    config: ImageConfig
    pieces: list[Piece]
    exporting: bool
    cmd_is_set: bool = False
    title: str = ""

    @property
    def shell(self) -> tuple[str, ...]:
        """What runs shell forms."""
        return self.config.container.shell or DEFAULT_SHELL

    @property
    def variables(self) -> dict[str, str]:
        """What ``$name`` stands for."""
        return {**self.arguments.values, **self.config.container.environment}

    @property
    def workdir(self) -> str:
        """Absolute; ``/`` where none was set."""
        return self.config.container.working_dir or "/"

    def expand(self, instruction: Instruction, text: str) -> str:
        """One word with its variables; a broken one is an error at the instruction."""
        try:
            return expand(text, self.variables, self.build.escape)
        except InvalidInput as error:
            raise instruction.error(str(error)) from None

    def split(self, instruction: Instruction, text: str) -> list[str]:
        """One raw word, which may become several or none."""
        try:
            return split(text, self.variables, self.build.escape)
        except InvalidInput as error:
            raise instruction.error(str(error)) from None

    def configure(self, created_by: str, **changes: Any) -> None:
        """An instruction that only changes how the image is run."""
        self.config = self.config.with_container(**changes)
        self.configured(created_by)

    def configured(self, created_by: str) -> None:
        """An instruction that changed nothing but the history."""
        self._history(created_by, self.config.created, empty=True)

    def add(self, created_by: str, key: str, made: Made) -> None:
        """An instruction that changed the root file system into what ``made`` says."""
        self._history(created_by, made.created, empty=not made.snapshot)
        if not made.snapshot:
            return
        self.pieces.append(Piece(made.snapshot))
        if self.exporting:
            self.build.export(key, made)

    def _history(self, created_by: str, created: str, *, empty: bool) -> None:
        line = History(created_by=created_by, created=created, empty_layer=empty)
        self.config = replace(self.config, history=(*self.config.history, line), created=created)

    @property
    def key(self) -> str:
        """What identifies the root file system so far."""
        return chain.chain_key(self.pieces)
