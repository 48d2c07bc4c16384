"""``RUN --mount``: from the Dockerfile's words to what the runtime mounts."""

from __future__ import annotations

import fcntl
import os
import posixpath
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jettison.builder import chain
from jettison.builder.change import Workspace
from jettison.builder.copying import Copier
from jettison.builder.stage import Built, Stage
from jettison.dockerfile.context import Context, clean
from jettison.dockerfile.model import Instruction, Mount
from jettison.errors import BuildError
from jettison.oci.layout import Store
from jettison.runtime import BindMount, kernel, mounted
from jettison.runtime.users import inside_root


@dataclass(frozen=True, slots=True)
class BindSpec:
    """``type=bind``: ``source`` in the context, or in ``built``; what is written to it is lost."""

    target: str
    source: str
    writable: bool
    built: Built | None


@dataclass(frozen=True, slots=True)
class CacheSpec:
    """``type=cache``: a directory that outlives the build."""

    target: str
    id: str
    sharing: str
    readonly: bool
    mode: int
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class SecretSpec:
    """``type=secret``: seen as a file, or (``variable``) in the environment."""

    target: str
    id: str
    mode: int
    uid: int
    gid: int
    variable: str


@dataclass(frozen=True, slots=True)
class TmpfsSpec:
    """``type=tmpfs``; ``size`` in bytes, 0 for the kernel's default."""

    target: str
    size: int


Spec: TypeAlias = BindSpec | CacheSpec | SecretSpec | TmpfsSpec


def specify(stage: Stage, instruction: Instruction, mount: Mount) -> Spec | None:
    """Read one mount with its variables expanded; ``None`` for a secret that was not given and is not required."""
    options = {name: stage.expand(instruction, value) for name, value in mount.options.items()}
    made = Mount(mount.type, options)
    target = posixpath.join(stage.workdir, made.get("target", "dst", "destination") or "")
    if mount.type == "bind":
        origin = options.get("from", "")
        built = stage.build.source(origin, stage.index) if origin else None
        writable = options.get("rw", options.get("readwrite", "false")) == "true"
        return BindSpec(target, made.get("source", "src") or "", writable, built)
    numbers = _number(instruction, options, "uid", 0), _number(instruction, options, "gid", 0)
    if mount.type == "cache":
        mode = _number(instruction, options, "mode", 0o755, 8)
        readonly = options.get("ro", options.get("readonly", "false")) == "true"
        name = options.get("id") or target
        return CacheSpec(target, name, options.get("sharing", "shared"), readonly, mode, *numbers)
    if mount.type == "tmpfs":
        return TmpfsSpec(target, _size(instruction, options.get("size", "0")))
    return _secret(stage, instruction, made, numbers)


def _secret(stage: Stage, instruction: Instruction, mount: Mount, owner: tuple[int, int]) -> SecretSpec | None:
    given = mount.get("target", "dst", "destination")
    name = mount.get("id", "source", "src") or posixpath.basename(given or "")
    if not name:
        raise instruction.error("a secret mount needs id= or target=", "--mount")
    if name not in stage.build.options.secrets:
        if mount.options.get("required", "false") == "true":
            raise BuildError(f"cannot run {instruction.keyword} in line {instruction.line}: secret {name!r} is "
                             f"required and was not given; add --secret id={name},src=FILE")  # fmt: skip
        return None
    variable = mount.options.get("env", "")
    target = "" if variable and not given else posixpath.join(stage.workdir, given or f"/run/secrets/{name}")
    return SecretSpec(target, name, _number(instruction, mount.options, "mode", 0o400, 8), *owner, variable)


def _number(instruction: Instruction, options: dict[str, str] | object, name: str, default: int, base: int = 10) -> int:
    text = options.get(name) if isinstance(options, dict) else None
    try:
        return default if text is None else int(text, base)
    except ValueError:
        raise instruction.error(f"{name}={text} is not a number", f"{name}={text}") from None


def _size(instruction: Instruction, text: str) -> int:
    units = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
    number = text.lower().removesuffix("b")
    unit = units.get(number[-1:], 1)
    if not number.rstrip("kmg").isdigit():
        raise instruction.error(f"size={text} is not a size, as 64m", f"size={text}")
    return int(number.rstrip("kmg")) * unit


def identity(stage: Stage, spec: Spec) -> object:
    """What of a mount decides whether a step's result can be used again, as JSON."""
    if isinstance(spec, BindSpec):
        if spec.built:
            return ["bind", spec.target, spec.source, spec.writable, chain.chain_key(spec.built.pieces)]
        content = stage.build.context.digest(clean(spec.source))
        return ["bind", spec.target, spec.source, spec.writable, content]
    if isinstance(spec, CacheSpec):
        return ["cache", spec.target, spec.id]
    if isinstance(spec, SecretSpec):
        return ["secret", spec.target, spec.id, spec.variable]
    return ["tmpfs", spec.target, spec.size]


@contextmanager
def provide(stage: Stage, space: Workspace, specs: list[Spec]) -> Iterator[list[BindMount]]:
    """Have everything ready for the runtime; locks and mounts of our own end with the context."""
    with ExitStack() as stack:
        made = []
        for number, spec in enumerate(specs):
            place = space.scratch / f"mount-{number}"
            place.mkdir()
            if isinstance(spec, BindSpec):
                made.append(_bind(stage, spec, place, stack))
            elif isinstance(spec, CacheSpec):
                made.append(_cache(stage.build.store, spec, place, stack))
            elif isinstance(spec, TmpfsSpec):
                size = (f"size={spec.size}",) if spec.size else ()
                made.append(BindMount("", spec.target, kind="tmpfs", options=("mode=1777", *size)))
            elif spec.target:
                made.append(_secret_file(stage.build.options.secrets[spec.id], spec, place, stack))
        yield made


def _bind(stage: Stage, spec: BindSpec, place: Path, stack: ExitStack) -> BindMount:
    if spec.built:
        lowers = chain.directories(stage.build.store, spec.built.pieces)
        root = stack.enter_context(mounted(lowers, place, readonly=True)).path
    else:
        root = _context(stage.build.context, place)
    source = inside_root(root, spec.source)
    if not os.path.lexists(source):
        raise BuildError(f"cannot mount {spec.source or '/'} at {spec.target}: it is not there")
    if not spec.writable:
        return BindMount(source, spec.target, readonly=True)
    again = place / "writable"
    again.mkdir()
    if os.path.isdir(source):
        return BindMount(str(stack.enter_context(mounted([Path(source)], again)).path), spec.target)
    shutil.copy2(source, again / "file")
    return BindMount(str(again / "file"), spec.target)


def _context(context: Context, place: Path) -> Path:
    """The context as it is, or a copy of it where something in it is ignored."""
    if not context.ignore.patterns:
        return context.directory
    copy = place / "context"
    copy.mkdir()
    Copier(copy).content(str(context.directory), str(copy), context.has)
    return copy


def _cache(store: Store, spec: CacheSpec, place: Path, stack: ExitStack) -> BindMount:
    """The directory of a cache; ``private`` takes the first that nobody uses, ``locked`` waits for it."""
    name = chain.cache_key(spec.id)[:32]
    (store.root / "caches").mkdir(exist_ok=True)
    number = 0
    while True:
        directory = store.root / "caches" / (f"{name}-{number}" if number else name)
        directory.mkdir(exist_ok=True)
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, handle)
        kind = fcntl.LOCK_SH if spec.sharing == "shared" else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, kind | (fcntl.LOCK_NB if spec.sharing == "private" else 0))
            break
        except BlockingIOError:
            number += 1
    content = directory / "fs"
    if not content.exists():
        content.mkdir()
        os.chmod(content, spec.mode)
        os.chown(content, spec.uid, spec.gid)
    return BindMount(str(content), spec.target, readonly=spec.readonly)


def _secret_file(value: bytes, spec: SecretSpec, place: Path, stack: ExitStack) -> BindMount:
    """A file in memory, so that no secret is ever on the disk."""
    kernel.mount("tmpfs", str(place), "tmpfs", kernel.MS_NODEV, "mode=0700,size=1m")
    stack.callback(kernel.umount, str(place), kernel.MNT_DETACH)
    file = place / "secret"
    file.write_bytes(value)
    os.chmod(file, spec.mode)
    os.chown(file, spec.uid, spec.gid)
    return BindMount(str(file), spec.target, readonly=True)
