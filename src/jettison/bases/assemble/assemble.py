"""Make a base image of packages: select, fetch, lay, complete, cut, store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jettison.bases.assemble import deb, made, records, scripts, slices
from jettison.bases.assemble.download import Downloads, Remote
from jettison.bases.assemble.lock import Lock, Locked
from jettison.bases.assemble.model import PLATFORMS, Assembled, Request
from jettison.bases.assemble.presets import Preset, preset, shipped
from jettison.bases.assemble.root import MADE, Root
from jettison.bases.assemble.selection import select, vanished
from jettison.bases.assemble.slices import COPYRIGHT, DOCUMENTATION, Slices, matches
from jettison.errors import InvalidInput, JettisonError, NotFound
from jettison.filetree import FileTree, Kind
from jettison.oci import parallel
from jettison.oci.config import ContainerConfig, History, ImageConfig
from jettison.oci.image import Image, Layer
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store
from jettison.oci.progress import SILENT, Progress

_WORKERS = 8
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_USER = re.compile(r"[0-9]{1,10}(?::[0-9]{1,10})?\Z")
_NAMED = {"": "0", "root": "0", "nonroot": str(made.NONROOT)}


def assemble(store: Store, request: Request, progress: Progress = SILENT) -> Image:
    """The image of ``request``, in ``store``; see ``make``."""
    return make(store, request, progress).image


def make(store: Store, request: Request, progress: Progress = SILENT) -> Assembled:
    """Make the image of ``request`` in ``store``, and say what is in it. Needs no root.

    The same lock, slices and options give the same digest. Raises errors of ``repository``, ``resolve``, ``lock``
    and ``deb``; ``InvalidInput`` for a user or an architecture that is none.
    """
    user = _user(request.user)
    chosen = tuple(preset(name) for name in request.presets)
    cut = _slices(request, chosen)
    with Downloads(store.root / "caches" / "packages", progress) as downloads:
        lock = select(request, downloads)
        files = _fetch(downloads, lock)
    epoch = lock.epoch if request.epoch is None else request.epoch
    with store.scratch("base") as scratch:
        root = Root(scratch, epoch)
        made.before(root, lock.architecture)
        found = _lay_all(root, lock, files, progress)
        _check_asked(root, request)
        tree = _finished(root, found, cut, epoch, documentation=request.documentation)
        layer = store_layer(store, tree, tree, compression=request.compression, level=request.level, epoch=epoch)
    config = _config(lock, layer, tree, chosen, user, epoch)
    image = store.put_image(Image(config, (layer,)))
    count = sum(entry.kind is not Kind.DIRECTORY for entry in tree.values())
    return Assembled(image, lock, count, tree.disk_bytes, _notes(found))


def _user(name: str) -> str:
    if name not in _NAMED and not _USER.match(name):
        raise InvalidInput(f"cannot use user {name[:100]!r}: it is neither root, nonroot nor UID[:GID]")
    return _NAMED.get(name, name)


def _check_asked(root: Root, request: Request) -> None:
    """Raise ``NotFound`` where a pattern of the user's matches nothing: the package would silently be gone."""
    for file in request.slices:
        for package, asked in slices.read(file).packages.items():
            paths = [path for path, owner in root.owners.items() if owner == package]
            for pattern in asked.paths if paths else ():
                if not any(matches(pattern, path) for path in paths):
                    raise NotFound(f"cannot take the slice of {package} in {file}: it has nothing at {pattern}")


def _slices(request: Request, chosen: tuple[Preset, ...]) -> Slices:
    found = shipped() if chosen else Slices()
    for path in request.slices:
        found = found.merged(slices.read(path))
    return found.merged(Slices(links={path: target for each in chosen for path, target in each.links}))


def _fetch(downloads: Downloads, lock: Lock) -> Mapping[str, Path]:
    """Every package file by the package's name, the largest first."""
    found: dict[str, Path] = {}

    def fetch(locked: Locked) -> None:
        try:
            found[locked.name] = downloads.file(
                Remote(f"{locked.name} {locked.version}", locked.url, locked.sha256, locked.size)
            )
        except NotFound as error:
            raise vanished(error, locked, lock) from error

    largest_first = sorted(lock.locked, key=lambda locked: -locked.size)
    parallel.each(fetch, largest_first, _WORKERS, downloads.stopping.set)
    return found


@dataclass(frozen=True, slots=True)
class _Record:
    """A package's control archive: its files, and the fields of the one that has its name."""

    fields: list[tuple[str, str]]
    control: Mapping[str, bytes]


def _lay_all(root: Root, lock: Lock, files: Mapping[str, Path], progress: Progress) -> Mapping[str, _Record]:
    """Lay every package; base-files says what the common directories are like, so it comes first."""
    found = {}
    key = progress.start("unpack packages", sum(locked.size for locked in lock.locked))
    try:
        for locked in sorted(lock.locked, key=lambda locked: (locked.name != "base-files", locked.name)):
            found[locked.name] = _lay(root, locked, files[locked.name])
            progress.advance(key, locked.size)
    finally:
        progress.finish(key)
    return found


def _finished(root: Root, found: Mapping[str, _Record], cut: Slices, epoch: int, *, documentation: bool) -> FileTree:
    """The root file system: with what scripts would have made, then only what is wanted, and records of that."""
    made.after(root, epoch)
    made.links(root, cut.links)
    wanted = _wanted(root, cut, documentation=documentation)
    kept = frozenset(root.tree.subset(wanted))
    wanted += made.alternatives(root, scripts.alternatives(record.control for record in found.values()), kept)
    for name, record in sorted(found.items()):
        wanted += records.write(root, name, record.fields, record.control.get("md5sums", b""), kept)
    return root.tree.subset(wanted)


def _lay(root: Root, locked: Locked, path: Path) -> _Record:
    try:
        with deb.opened(path) as package:
            control = package.control()
            fields = records.control(control.get("control", b""), locked.name, locked.version, locked.architecture)
            replaced = records.replaced(fields)
            for member, content in package.data():
                root.lay(locked.name, member, content, replaced)
    except JettisonError as error:
        if locked.name in str(error):
            raise
        raise type(error)(f"cannot use {locked.name} {locked.version}: {str(error).partition(': ')[2]}") from error
    return _Record(fields, control)


def _wanted(root: Root, cut: Slices, *, documentation: bool) -> list[str]:
    """What was made, copyrights, and of each package what its slice has."""
    found = []
    for path, entry in root.entries.items():
        if path in root.implied:
            continue
        owner = root.owners.get(path, MADE)
        alias = entry.kind is Kind.SYMLINK and matches("/usr/share/doc/*", path)  # leads to another one's copyright
        if owner == MADE or alias or any(matches(pattern, path) for pattern in COPYRIGHT):
            found.append(path)
        elif documentation or not any(matches(pattern, path) for pattern in DOCUMENTATION):
            part = cut.packages.get(owner)
            found += [path] if part is None or part.has(path) else []
    return found


def _notes(found: Mapping[str, _Record]) -> tuple[str, ...]:
    """What the packages' scripts would have made and is not there."""
    return tuple(
        f"{name}: its scripts would make users or groups, which the image does not have"
        for name, record in sorted(found.items())
        if scripts.makes_users(record.control)
    )


def _config(lock: Lock, layer: Layer, tree: FileTree, chosen: tuple[Preset, ...], user: str, epoch: int) -> ImageConfig:
    created = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entrypoint = next((each.entrypoint for each in reversed(chosen) if each.entrypoint), None)
    bundle = (f"SSL_CERT_FILE={made.BUNDLE}",) if made.BUNDLE in tree else ()
    container = ContainerConfig(
        env=(_PATH, *bundle, *(variable for each in chosen for variable in each.env)),
        entrypoint=entrypoint,
        user=user,
        working_dir="/home/nonroot" if user == str(made.NONROOT) else "/",
    )
    what = f"jettison: {len(lock.locked)} packages of {lock.suite or 'the named sources'}"
    return ImageConfig(
        platform=PLATFORMS[lock.architecture],
        container=container,
        diff_ids=(layer.diff_id,),
        history=(History(what, created),),
        created=created,
    )
