"""Where images are besides registries: archives, layouts and the Docker daemon, in and out of the store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from jettison.errors import InvalidReference, NotFound
from jettison.oci import daemon, giveout, takein
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.layout import NAME, Store
from jettison.oci.manifest import Index, parse
from jettison.oci.progress import SILENT, Progress
from jettison.oci.reference import (
    DockerArchiveReference,
    DockerDaemonReference,
    OciArchiveReference,
    OciReference,
    Reference,
    RegistryReference,
    StoreReference,
    name,
)


def take(
    store: Store,
    reference: Reference,
    platform: Platform | None = None,
    progress: Progress = SILENT,
    *,
    all_platforms: bool = False,
) -> Descriptor:
    """Bring an image into the store, without a name. Raises ``NotFound``, ``InvalidArchive``, ``IntegrityError``."""
    match reference:
        case StoreReference(digest):
            if not store.has(digest):
                raise NotFound(f"cannot find {digest}: it is not in the store")
            data = store.read_blob(digest)
            return Descriptor(parse(data).media_type, digest, len(data))
        case OciReference(directory, tag):
            return takein.layout(store, directory, tag, platform, all_platforms=all_platforms)
        case OciArchiveReference(file, tag):
            with _opened(file) as stream, store.scratch("archive") as scratch:
                takein.spread(stream, scratch)
                return takein.layout(store, scratch, tag, platform, all_platforms=all_platforms)
        case DockerArchiveReference(file):
            with _opened(file) as stream, store.scratch("archive") as scratch:
                found = takein.DockerArchive(scratch, takein.spread(stream, scratch))
                return found.take(store, _number(found, reference), progress)
        case DockerDaemonReference():
            with store.scratch("daemon") as scratch:
                with tempfile.TemporaryFile(dir=scratch) as spool:
                    _spool(spool, reference, progress)
                    links = takein.spread(spool, scratch / "files")
                return takein.DockerArchive(scratch / "files", links).take(store, 0, progress)
        case RegistryReference():
            raise InvalidReference(f"cannot read {reference}: a registry is not a place for archives")


def give(store: Store, descriptor: Descriptor, reference: Reference, progress: Progress = SILENT) -> Descriptor:
    """Write an image of the store somewhere else, and give its descriptor."""
    key = progress.start(f"write {reference}")
    try:
        match reference:
            case OciReference(directory, tag):
                giveout.layout(store, descriptor, directory, tag)
            case OciArchiveReference(file, tag):
                with giveout.whole(file) as sink:
                    giveout.oci_archive(store, descriptor, sink, tag)
            case DockerArchiveReference(file, known):
                with giveout.whole(file) as sink:
                    giveout.docker_archive(store, store.image(descriptor), sink, _repo_tag(known))
            case DockerDaemonReference(known):
                tag = _repo_tag(known if isinstance(known, RegistryReference) else None)
                daemon.load(giveout.docker_chunks(store, store.image(descriptor), tag), reference)
            case StoreReference() | RegistryReference():
                raise InvalidReference(f"cannot write to {reference}: not an archive, a layout or a daemon")
    finally:
        progress.finish(key)
    return descriptor


def load(store: Store, archive: Path | BinaryIO, progress: Progress = SILENT) -> list[tuple[str, Descriptor]]:
    """Bring every image of an archive into the store, under its names; an image without one has ``""``."""
    with _opened(archive) as stream, store.scratch("archive") as scratch:
        links = takein.spread(stream, scratch)
        loaded = list(_images(store, scratch, links, progress))
    for full, descriptor in loaded:
        if full:
            store.tag(full, descriptor)
    return loaded


def _images(
    store: Store, directory: Path, links: dict[str, str], progress: Progress
) -> Iterator[tuple[str, Descriptor]]:
    if (directory / "manifest.json").exists():
        found = takein.DockerArchive(directory, links)
        for number, names in enumerate(found.names):
            descriptor = found.take(store, number, progress)
            yield from ((str(name(text)), descriptor) for text in names or ("",) if text)
            if not names:
                yield "", descriptor
        return
    index = parse((directory / "index.json").read_bytes()) if (directory / "index.json").exists() else None
    if not isinstance(index, Index):
        raise NotFound("cannot load: the archive has neither a manifest.json nor an index.json")
    for listed in index.manifests:
        tag = listed.annotations.get("io.containerd.image.name") or listed.annotations.get(NAME, "")
        descriptor = takein.bring(store, directory, listed, None)
        yield str(name(tag)) if tag else "", descriptor


def _spool(spool: BinaryIO, reference: DockerDaemonReference, progress: Progress) -> None:
    key = progress.start(f"export {reference}")
    try:
        with daemon.export(reference) as chunks:
            for chunk in chunks:
                spool.write(chunk)
                progress.advance(key, len(chunk))
        spool.seek(0)
    finally:
        progress.finish(key)


def _number(archive: takein.DockerArchive, reference: DockerArchiveReference) -> int:
    """Which image of the archive is meant: by number, by name, or the only one."""
    if reference.index is not None:
        return reference.index
    names = [[str(name(text)) for text in texts] for texts in archive.names]
    if reference.name is None and len(names) == 1:
        return 0
    for number, texts in enumerate(names):
        if str(reference.name) in texts:
            return number
    there = ", ".join(text for texts in archive.names for text in texts)
    raise NotFound(f"cannot read {reference}: name one of the images that it has: {there or 'none'}")


def _repo_tag(known: RegistryReference | None) -> str:
    """The name whole, as skopeo writes it: Podman takes a short one for one of ``localhost``."""
    return str(known) if known and known.tag and not known.digest else ""


@contextmanager
def _opened(archive: Path | BinaryIO) -> Iterator[BinaryIO]:
    if not isinstance(archive, Path):
        yield archive
        return
    try:
        file = archive.open("rb")
    except FileNotFoundError as error:
        raise NotFound(f"cannot read {archive}: there is no such file") from error
    with file:
        yield file
