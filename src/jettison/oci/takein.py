"""Images from layouts and archives into the store; every digest is verified on the way."""

from __future__ import annotations

import errno
import json
import os
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from jettison.errors import IntegrityError, InvalidArchive, InvalidInput, NotFound, OutOfSpace
from jettison.filetree import Kind
from jettison.oci import codec, mediatypes, parallel, tar
from jettison.oci.config import ImageConfig
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.digest import Digest
from jettison.oci.layout import NAME, Store
from jettison.oci.manifest import SIZE_LIMIT, Index, Manifest, parse
from jettison.oci.progress import SILENT, Progress


def spread(stream: BinaryIO, directory: Path) -> dict[str, str]:
    """Write the regular files of a tar, compressed or not, below ``directory``; gives its links, which are not made.

    Raises ``InvalidArchive`` for what is no tar and for names that leave the directory.
    """
    links: dict[str, str] = {}
    try:
        for member, content in tar.read(codec.reader(stream)):
            name = posixpath.normpath(member.name)
            if name.startswith(("/", "../")) or name == "..":
                raise InvalidArchive(f"cannot read archive: {member.name[:200]!r} is not a path inside it")
            if member.kind in (Kind.SYMLINK, None):
                here = posixpath.dirname(name) if member.kind else ""
                links[name] = posixpath.normpath(posixpath.join(here, member.target))
            elif content is not None:
                place = directory / name
                place.parent.mkdir(parents=True, exist_ok=True)
                with place.open("wb") as file:
                    file.writelines(content)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace("cannot read archive: the disk is full") from error
        raise InvalidArchive(f"cannot read archive: {error.strerror}") from error
    return links


def layout(
    store: Store, directory: Path, tag: str, platform: Platform | None, *, all_platforms: bool = False
) -> Descriptor:
    """The image ``tag`` of an OCI layout, or its only one where ``tag`` is empty."""
    top = parse(_document(directory / "index.json", str(directory)), mediatypes.OCI_INDEX)
    if not isinstance(top, Index):
        raise InvalidInput(f"cannot read {directory / 'index.json'}: it is not an index")
    found = [d for d in top.manifests if not tag or d.annotations.get(NAME) == tag]
    if len(found) != 1:
        tags = ", ".join(sorted(d.annotations.get(NAME, d.digest.short) for d in top.manifests))
        problem = f"it has no image {tag!r}" if tag and not found else f"it has {len(found)} such images"
        raise NotFound(f"cannot read {directory}: {problem}, but: {tags or 'none'}"[:1000])
    return bring(store, directory, found[0], platform, all_platforms)


def bring(
    store: Store, directory: Path, wanted: Descriptor, platform: Platform | None, all_platforms: bool = False
) -> Descriptor:
    """What a descriptor in a layout points at: a manifest, one manifest of an index, or an index whole."""
    file = directory / "blobs" / wanted.digest.algorithm / wanted.digest.hex
    document = parse(_document(file, str(directory)), wanted.media_type)
    if isinstance(document, Index) and not all_platforms:
        chosen = document.select(platform or Platform.host(), str(directory))
        return bring(store, directory, chosen, platform, all_platforms)
    if isinstance(document, Index):
        for child in document.manifests:
            bring(store, directory, child, platform, all_platforms)
    else:
        blobs = {blob.digest: blob for blob in (document.config, *document.layers)}
        parallel.each(lambda b: _blob(store, directory, b), blobs.values(), os.cpu_count() or 1, lambda: None)
    _blob(store, directory, Descriptor(document.media_type, wanted.digest, wanted.size))
    return Descriptor(document.media_type, wanted.digest, wanted.size)


def _blob(store: Store, directory: Path, blob: Descriptor) -> None:
    if store.has(blob.digest):
        return
    file = directory / "blobs" / blob.digest.algorithm / blob.digest.hex
    try:
        with file.open("rb") as source, store.blob_writer(blob) as sink:
            while data := source.read(codec.CHUNK):
                sink.write(data)
            sink.commit()
    except FileNotFoundError as error:
        raise NotFound(f"cannot read {directory}: blob {blob.digest} is missing") from error


def _document(file: Path, where: str) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(SIZE_LIMIT + 1)
    except FileNotFoundError as error:
        raise NotFound(f"cannot read {where}: there is no {file.name}") from error
    if len(data) > SIZE_LIMIT:
        raise InvalidInput(f"cannot read {where}: {file.name} is larger than {SIZE_LIMIT} bytes")
    return data


class DockerArchive:
    """A ``docker save`` archive, spread in a directory: ``images`` are the entries of its ``manifest.json``."""

    def __init__(self, directory: Path, links: Mapping[str, str]) -> None:
        self._directory = directory
        self._links = links
        try:
            self.images: list[dict[str, Any]] = json.loads(_document(directory / "manifest.json", "archive"))
            self.names = [[str(name) for name in image.get("RepoTags") or ()] for image in self.images]
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise InvalidArchive(f"cannot read archive: its manifest.json is not Docker's: {error}") from error

    def take(self, store: Store, number: int, progress: Progress = SILENT) -> Descriptor:
        """Bring one image into the store; layers that are not compressed are, as zstd."""
        try:
            image = self.images[number]
            data = self._file(image["Config"]).read_bytes()
            files = [self._file(name) for name in image["Layers"]]
        except (IndexError, KeyError, TypeError, AttributeError, OSError) as error:
            raise InvalidArchive(f"cannot read archive: its image {number} is not complete: {error}") from error
        config = ImageConfig.from_bytes(data)
        if len(files) != len(config.diff_ids):
            counts = f"{len(files)} layers, {len(config.diff_ids)} in its configuration"
            raise InvalidArchive(f"cannot read archive: its image {number} has {counts}")
        layers: dict[int, Descriptor] = {}

        def work(at: int) -> None:
            key = progress.start(f"layer {config.diff_ids[at].short}", files[at].stat().st_size)
            try:
                layers[at] = _packed(store, files[at], config.diff_ids[at])
            finally:
                progress.finish(key)

        parallel.each(work, range(len(files)), os.cpu_count() or 1, lambda: None)
        described = store.put_blob(mediatypes.OCI_CONFIG, data)
        manifest = Manifest(described, tuple(layers[at] for at in range(len(files))))
        return store.put_blob(manifest.media_type, manifest.to_bytes())

    def _file(self, name: str) -> Path:
        """A file by its name in the archive, links followed; it cannot be outside, for ``spread`` makes no links."""
        name = posixpath.normpath(name)
        for _ in range(8):
            if name not in self._links:
                break
            name = self._links[name]
        if name.startswith(("/", "..")):
            raise InvalidArchive(f"cannot read archive: {name[:200]!r} is not a path inside it")
        if not (self._directory / name).is_file():
            raise InvalidArchive(f"cannot read archive: {name[:200]!r} is missing")
        return self._directory / name


def _packed(store: Store, file: Path, diff_id: Digest) -> Descriptor:
    """A layer file as a blob; its content must have ``diff_id``. Done once for each layer."""
    known = store.record("packed", str(diff_id))
    if known and store.has((found := Descriptor.from_json(known)).digest):
        return found
    hasher = diff_id.hasher()
    with file.open("rb") as source:
        media_type = mediatypes.layer_type("zstd")
        with codec.reader(source) as plain, store.blob_writer(media_type=media_type) as sink:
            with codec.writer(sink, "zstd") as packed:
                while data := plain.read(codec.CHUNK):
                    hasher.update(data)
                    packed.write(data)
            if hasher.hexdigest() != diff_id.hex:
                raise IntegrityError(f"cannot read archive: {file.name} has not the digest {diff_id}")
            made = sink.commit()
    store.put_record("packed", str(diff_id), made.to_json())
    return made
