"""Images of the store as OCI layouts and as archives. The same image gives the same bytes."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from jettison.errors import InvalidInput, NotFound, OutOfSpace
from jettison.oci import codec, mediatypes
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import NAME, Store
from jettison.oci.manifest import Index, parse

_MARK = b'{"imageLayoutVersion":"1.0.0"}'


def layout(store: Store, descriptor: Descriptor, directory: Path, tag: str) -> None:
    """Write an image, or an index whole, into an OCI layout; images that are there under other tags stay."""
    there: tuple[Descriptor, ...] = ()
    index = directory / "index.json"
    if index.exists():
        found = parse(index.read_bytes(), mediatypes.OCI_INDEX)
        there = found.manifests if isinstance(found, Index) else ()
    elif directory.is_dir() and any(directory.iterdir()):
        raise InvalidInput(f"cannot write to {directory}: it is not empty, and no OCI layout")
    for blob in _below(store, descriptor.digest):
        place = directory / "blobs" / blob.algorithm / blob.hex
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            with whole(place) as file, store.open_blob(blob) as source:
                shutil.copyfileobj(source, file, codec.CHUNK)
    kept = tuple(d for d in there if d.annotations.get(NAME, "") != tag)
    for name, data in (("oci-layout", _MARK), ("index.json", _index(descriptor, tag, kept))):
        with whole(directory / name) as file:
            file.write(data)


def oci_archive(store: Store, descriptor: Descriptor, sink: IO[bytes], tag: str) -> None:
    """Write an OCI layout as a tar."""
    with _tar(sink) as archive:
        _add(archive, "oci-layout", _MARK)
        _add(archive, "index.json", _index(descriptor, tag))
        for blob in _below(store, descriptor.digest):
            with store.open_blob(blob) as source:
                _add_stream(archive, f"blobs/{blob.algorithm}/{blob.hex}", store.blob_path(blob).stat().st_size, source)


def docker_archive(store: Store, image: Image, sink: IO[bytes], name: str) -> None:
    """Write what ``docker load`` of any version reads: layers are not compressed. ``name`` may be empty."""
    assert image.descriptor is not None, "the store sets it"
    manifest = parse(store.read_blob(image.descriptor.digest))
    assert not isinstance(manifest, Index), "the image is one of its platforms"
    config = f"{manifest.config.digest.hex}.json"
    files = [f"{layer.diff_id.hex}.tar" for layer in image.layers]
    entry = {"Config": config, "RepoTags": [name] if name else None, "Layers": files}
    with _tar(sink) as archive:
        for layer in {layer.diff_id: layer for layer in image.layers}.values():
            size = _plain_size(store, layer)
            with store.open_blob(layer.descriptor.digest) as blob, codec.reader(blob) as plain:
                _add_stream(archive, f"{layer.diff_id.hex}.tar", size, plain)
        _add(archive, config, store.read_blob(manifest.config.digest))
        _add(archive, "manifest.json", json.dumps([entry], separators=(",", ":")).encode())


def docker_chunks(store: Store, image: Image, name: str) -> Iterator[bytes]:
    """A Docker archive in pieces, for what wants to be given some at a time."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with os.fdopen(writing, "wb") as sink:
                docker_archive(store, image, sink, name)
        except BrokenPipeError:
            pass  # the reader had enough
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    with os.fdopen(reading, "rb", buffering=0) as source:
        while data := source.read(codec.CHUNK):
            yield data
    thread.join()
    if failures:
        raise failures[0]


@contextlib.contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:32]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException as error:
        os.unlink(name)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(f"cannot write {path}: the disk is full") from error
        raise


def _below(store: Store, digest: Digest) -> Iterator[Digest]:
    """Every blob that an image or an index needs, itself last."""
    document = parse(store.read_blob(digest))
    if isinstance(document, Index):
        for child in document.manifests:
            if not store.has(child.digest):
                raise NotFound(f"cannot write {digest}: {child.digest.short} ({child.platform}) is not in the store")
            yield from _below(store, child.digest)
    else:
        yield from dict.fromkeys(blob.digest for blob in (*document.layers, document.config))
    yield digest


def _index(descriptor: Descriptor, tag: str, others: tuple[Descriptor, ...] = ()) -> bytes:
    return Index((*others, replace(descriptor, annotations={NAME: tag} if tag else {}))).to_bytes()


def _plain_size(store: Store, layer: Layer) -> int:
    """Bytes of a layer's uncompressed tar, which its header in an archive must say first; counted once."""
    known = store.record("plain-size", str(layer.diff_id))
    if known:
        return int(known["bytes"])
    size = 0
    with store.open_blob(layer.descriptor.digest) as blob, codec.reader(blob) as plain:
        while data := plain.read(codec.CHUNK):
            size += len(data)
    store.put_record("plain-size", str(layer.diff_id), {"bytes": size})
    return size


class _Counted:
    """A sink that may be a pipe, with the position that tarfile asks for."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._position = 0

    def write(self, data: bytes) -> int:
        self._position += len(data)
        return self._sink.write(data)

    def tell(self) -> int:
        return self._position


def _tar(sink: IO[bytes]) -> tarfile.TarFile:
    """A tar to write; tarfile's own stream mode copies every chunk several times."""
    counted = cast("IO[bytes]", _Counted(sink))
    return tarfile.TarFile(fileobj=counted, mode="w", format=tarfile.PAX_FORMAT, copybufsize=codec.CHUNK)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    _add_stream(archive, name, len(data), io.BytesIO(data))


def _add_stream(archive: tarfile.TarFile, name: str, size: int, source: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o644
    archive.addfile(member, source)
