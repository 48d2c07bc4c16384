"""The engine: the stages that the target needs, independent ones at the same time, and the image that comes out."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from jettison.builder import chain
from jettison.builder.environment import PREDEFINED, Arguments, global_args
from jettison.builder.model import BuildResult, Options
from jettison.builder.refuse import refuse, refuse_instruction
from jettison.builder.stage import Build, Built, Cancelled, Stage
from jettison.builder.steps import STEPS
from jettison.dockerfile import Dockerfile, expand, needed, parse_onbuild, select, stages
from jettison.dockerfile import Stage as Parsed
from jettison.dockerfile.context import Context
from jettison.dockerfile.model import Instruction
from jettison.dockerfile.stages import find, meta_args
from jettison.errors import NotFound, RegistryError, Unsupported
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.descriptor import Platform
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.transfer import resolve
from jettison.runtime import require
from jettison.runtime.container import DEFAULT_PATH

SCRATCH = "scratch"


def run(store: Store, dockerfile: Dockerfile, context: Context, options: Options) -> BuildResult:
    """Build; the image is stored, without a name. Raises what ``builder.build`` says."""
    target_platform = options.platform or Platform.host()
    _check_platform(target_platform)
    outer = global_args(meta_args(dockerfile), options.args, target_platform, dockerfile.escape)
    every = stages(dockerfile)
    target = select(every, options.target)
    wanted = needed(every, target, outer)
    refuse(dockerfile, wanted)
    for stage in wanted:
        if stage.base.platform:
            _check_platform(Platform.parse(expand(stage.base.platform, outer, dockerfile.escape)))
    require()
    return _Engine(store, dockerfile, context, options, outer, every, wanted).run(target)


def _check_platform(platform: Platform) -> None:
    if not Platform.host().accepts(platform):
        raise Unsupported(
            f"cannot build for {platform}: this machine is {Platform.host()}; "
            f"use --engine docker with emulation, or a machine of that kind"
        )


class _Engine:
    def __init__(
        self, store: Store, dockerfile: Dockerfile, context: Context, options: Options, outer: dict[str, str],
        every: Sequence[Parsed], wanted: Sequence[Parsed],
    ) -> None:  # fmt: skip
        self.store, self.dockerfile, self.options, self.outer = store, dockerfile, options, outer
        self.every, self.wanted = every, wanted
        self.results: dict[int, Future[Built]] = {stage.index: Future() for stage in wanted}
        self.images: dict[str, Built] = {}
        self.exported: set[int] = set()
        self.lock = threading.Lock()
        cores = os.cpu_count() or 1
        self.layers = ThreadPoolExecutor(max_workers=cores, thread_name_prefix="layer")
        self.build = Build(
            store, options, context, outer, dockerfile.escape, self.source, self.layers,
            threading.Semaphore(cores + 1),
        )  # fmt: skip

    def run(self, target: Parsed) -> BuildResult:
        self.exported = self.lineage(target)
        threads = [threading.Thread(target=self.work, args=(stage, target), daemon=True) for stage in self.wanted]
        try:
            for thread in threads:
                thread.start()
            built = self.outcome(target)
            image = self.image(built)
        finally:
            self.build.cancelled.set()
            for thread in threads:
                thread.join()
            self.layers.shutdown(cancel_futures=True)
        self.unused()
        return BuildResult(image, tuple(self.build.timings))

    def outcome(self, target: Parsed) -> Built:
        """The target's result, or the error that stopped the build (rather than one that only followed from it)."""
        try:
            return self.results[target.index].result()
        except Cancelled:
            for future in self.results.values():
                error = future.exception()
                if error is not None and not isinstance(error, Cancelled):
                    raise error from None
            raise

    def work(self, parsed: Parsed, target: Parsed) -> None:
        """A thread: build one stage. Stages that it takes from are waited for where they are taken from."""
        future = self.results[parsed.index]
        try:
            future.set_result(self.stage(parsed, target))
        except BaseException as error:
            self.build.cancelled.set()
            future.set_exception(error)

    def stage(self, parsed: Parsed, target: Parsed) -> Built:
        base = self.base(parsed)
        triggers = [parse_onbuild(text) for text in base.config.container.on_build]
        for trigger in triggers:
            refuse_instruction(trigger)
        config = base.config.with_container(on_build=())
        exporting = parsed.index in self.exported
        arguments = Arguments(self.options.args, self.outer)
        stage = Stage(self.build, parsed.index, parsed.label, arguments, config, list(base.pieces), exporting)
        instructions = [*triggers, *parsed.instructions]
        for number, instruction in enumerate(instructions, 1):
            self.build.check()
            stage.title = self.title(parsed, instruction, number, len(instructions))
            STEPS[instruction.keyword](stage, instruction)
        with self.lock:
            self.build.used_args |= arguments.used
        return Built(stage.config, tuple(stage.pieces))

    def title(self, parsed: Parsed, instruction: Instruction, number: int, count: int) -> str:
        name = f"{parsed.label} " if len(self.wanted) > 1 else ""
        return f"[{name}{number}/{count}] {instruction.keyword} {' '.join(instruction.value.split())}"

    def base(self, parsed: Parsed) -> Built:
        name = expand(parsed.base.image, self.outer, self.dockerfile.escape)
        if not name:
            raise parsed.head.error("FROM names no image: a variable in it is empty", parsed.base.image)
        if name == SCRATCH:
            return Built(_empty(self.build.now()), ())
        earlier = next((s for s in self.every[: parsed.index] if s.name and s.name == name.lower()), None)
        return self.wait(earlier) if earlier else self.pulled(name)

    def source(self, reference: str, before: int) -> Built:
        """What ``--from`` names: a stage before number ``before``, or an image."""
        earlier = find(self.every, reference, before)
        return self.wait(earlier) if earlier else self.pulled(reference)

    def wait(self, stage: Parsed) -> Built:
        if stage.index not in self.results:
            raise Unsupported(
                f"cannot use stage {stage.label} here: only an ONBUILD trigger names it; use --engine docker"
            )
        try:
            return self.results[stage.index].result()
        except BaseException as error:
            raise Cancelled(f"cannot go on: stage {stage.label} failed") from error

    def pulled(self, name: str) -> Built:
        with self.lock:
            if name not in self.images:
                pull = "always" if self.options.pull else "missing"
                image = self.resolved(name, pull)
                _check_platform(image.config.platform)
                self.images[name] = Built(image.config, chain.base_chain(image))
            return self.images[name]

    def resolved(self, name: str, pull: str) -> Image:
        """The image of a FROM or ``--from``; an error says which."""
        try:
            return resolve(self.store, name, self.options.platform, pull, self.options.transfers)  # type: ignore[arg-type]
        except (NotFound, RegistryError) as error:
            raise type(error)(f"cannot take {name}: {error}") from error

    def lineage(self, target: Parsed) -> set[int]:
        """The target and the stages that it stands on: their layers are the image's."""
        found = {target.index}
        wanted = self.base_name(target)
        for stage in reversed(self.every[: target.index]):
            if stage.name and stage.name == wanted:
                found.add(stage.index)
                wanted = self.base_name(stage)
        return found

    def base_name(self, stage: Parsed) -> str:
        """What its FROM names, in lower case."""
        return expand(stage.base.image, self.outer, self.dockerfile.escape).lower()

    def image(self, built: Built) -> Image:
        """Wait for the layers that are being written, and store the image."""
        layers = [piece.layer or self.build.exported[piece.name].result() for piece in built.pieces]
        config = built.config
        if self.options.labels:
            labels = {**config.container.labels, **self.options.labels}
            config = config.with_container(labels=labels)
        created = config.created or self.build.now()
        config = replace(config, created=created, diff_ids=tuple(layer.diff_id for layer in layers))
        return self.store.put_image(Image(config, tuple(layers)))

    def unused(self) -> None:
        known = self.build.used_args | {name for name, _ in meta_args(self.dockerfile)} | PREDEFINED
        for name in sorted(set(self.options.args) - known - {"SOURCE_DATE_EPOCH"}):
            self.options.progress.warn(f"no ARG takes the build argument {name}")


def _empty(created: str) -> ImageConfig:
    """What FROM scratch starts with, as BuildKit has it."""
    return ImageConfig(container=ContainerConfig(env=(f"PATH={DEFAULT_PATH}",), working_dir="/"), created=created)
