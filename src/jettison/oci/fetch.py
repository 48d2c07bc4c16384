"""From a registry into the store: manifests first, then blobs, several at once, what is there already not at all."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from jettison.errors import JettisonError, NotFound
from jettison.oci import parallel
from jettison.oci.blobwriter import BlobWriter
from jettison.oci.config import ImageConfig
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.digest import Digest
from jettison.oci.growing import Growing, Telling
from jettison.oci.image import Layer
from jettison.oci.layout import Store
from jettison.oci.manifest import Index, Manifest, parse
from jettison.oci.progress import SILENT, Progress
from jettison.oci.reference import RegistryReference
from jettison.oci.registry import Repository
from jettison.oci.retry import Retry

#: Blobs on their way at once, as containers/image does it.
WORKERS = 6


def fetch(
    store: Store,
    reference: RegistryReference,
    platform: Platform | None = None,
    progress: Progress = SILENT,
    *,
    all_platforms: bool = False,
    insecure: bool = False,
    unpack: bool = False,
    retry: Retry | None = None,
) -> Descriptor:
    """Bring an image into the store and give its manifest; with ``all_platforms`` an index whole, and give that.

    Without ``platform`` an index gives the image for this machine, and a plain manifest is taken as it is. With
    ``unpack`` layers are unpacked while they come, as many at once as there are processors.
    """
    with Repository(reference, insecure=insecure, retry=retry, progress=progress) as repository:
        return _Fetch(store, repository, progress, unpack).run(platform, all_platforms)


@dataclass(frozen=True, slots=True)
class _Blob:
    """A blob to bring; with ``diff_id`` it is a layer to unpack as well."""

    descriptor: Descriptor
    task: str
    diff_id: Digest | None = None


class _Fetch:
    def __init__(self, store: Store, repository: Repository, progress: Progress, unpack: bool) -> None:
        self._store = store
        self._repository = repository
        self._progress = progress
        self._unpack = unpack
        self._processors = threading.Semaphore(os.cpu_count() or 1)

    def run(self, platform: Platform | None, all_platforms: bool) -> Descriptor:
        name = self._repository.reference
        top, document = self._manifest(name.target)
        chosen = [document]
        if isinstance(document, Index) and all_platforms:
            chosen += self._below(document)
        elif isinstance(document, Index):
            wanted = document.select(platform or Platform.host(), str(name))
            top, document = self._manifest(str(wanted.digest))
            chosen = [document]
        blobs = [blob for found in chosen if isinstance(found, Manifest) for blob in self._blobs(found)]
        if platform and isinstance(document, Manifest):
            self._check(document, platform)
        unique = {blob.descriptor.digest: blob for blob in blobs}
        parallel.each(self._bring, unique.values(), WORKERS, self._repository.stop)
        remember(self._store, name, [blob.descriptor for blob in unique.values()])
        return top

    def _manifest(self, target: str) -> tuple[Descriptor, Manifest | Index]:
        there, data = self._repository.manifest(target)
        document = parse(data, there.media_type)
        return self._store.put_blob(document.media_type, data), document

    def _below(self, index: Index) -> Iterator[Manifest | Index]:
        """Everything below an index, indexes in indexes included."""
        for child in index.manifests:
            _, document = self._manifest(str(child.digest))
            yield document
            if isinstance(document, Index):
                yield from self._below(document)

    def _blobs(self, manifest: Manifest) -> Iterator[_Blob]:
        """The layers of a manifest, after its configuration was brought: that says what they are unpacked."""
        config = _Blob(manifest.config, f"config {manifest.config.digest.short}")
        self._bring(config)
        yield config
        diff_ids: tuple[Digest | None, ...] = (None,) * len(manifest.layers)
        if self._unpack:
            diff_ids = self._config(manifest).diff_ids
        for layer, diff_id in zip(manifest.layers, diff_ids, strict=False):
            yield _Blob(layer, f"layer {layer.digest.short}", diff_id)

    def _check(self, manifest: Manifest, platform: Platform) -> None:
        there = self._config(manifest).platform
        if not platform.accepts(there):
            name = self._repository.reference
            raise NotFound(f"cannot use {name}: it is an image for {there}, not for {platform}")

    def _config(self, manifest: Manifest) -> ImageConfig:
        return ImageConfig.from_bytes(self._store.read_blob(manifest.config.digest))

    def _bring(self, blob: _Blob) -> None:
        if not self._store.has(blob.descriptor.digest):
            self._download(blob)
        if blob.diff_id is not None:
            with self._processors:
                self._store.snapshot(Layer(blob.descriptor, blob.diff_id))

    def _download(self, blob: _Blob) -> None:
        key = self._progress.start(blob.task, blob.descriptor.size)
        try:
            with self._store.partial(blob.descriptor) as sink:
                if self._store.has(blob.descriptor.digest):
                    return  # another process brought it while this one waited
                self._progress.advance(key, sink.offset)
                if blob.diff_id is not None and self._processors.acquire(blocking=False):
                    self._unpacked_on_the_way(Layer(blob.descriptor, blob.diff_id), sink, key)
                else:
                    self._repository.download(blob.descriptor, sink, key)
                    sink.commit()
        finally:
            self._progress.finish(key)

    def _unpacked_on_the_way(self, layer: Layer, sink: BlobWriter, key: int) -> None:
        """Download ``layer`` while another thread unpacks it; gives the processor back that was taken for that."""
        try:
            with Growing(sink.path, sink.offset) as growing, _Unpacking(self._store, layer, growing) as unpacking:
                self._repository.download(layer.descriptor, Telling(sink, growing), key)
                growing.end(failed=False)
                sink.commit()
                unpacking.committed()
        finally:
            self._processors.release()


class _Unpacking:
    """A thread that unpacks a layer from what has come of it. Leaving the context waits for its end.

    Its own failure is not raised: ``Store.snapshot`` then meets the same in the whole blob, and says so.
    """

    def __init__(self, store: Store, layer: Layer, growing: Growing) -> None:
        self._store, self._layer, self._growing = store, layer, growing
        self._decided = threading.Event()
        self._good = False
        self._thread = threading.Thread(target=self._work, daemon=True)

    def committed(self) -> None:
        """The blob was verified: the snapshot may be kept."""
        self._good = True
        self._decided.set()

    def __enter__(self) -> _Unpacking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._growing.end(failed=not self._good)
        self._decided.set()
        self._thread.join()

    def _work(self) -> None:
        with contextlib.suppress(JettisonError, OSError):
            self._store.unpack(cast(BinaryIO, self._growing), self._layer, self._wait)

    def _wait(self) -> None:
        self._decided.wait()
        if not self._good:
            raise JettisonError("cannot unpack a layer: its blob was not verified")


def remember(store: Store, reference: RegistryReference, blobs: list[Descriptor]) -> None:
    """Write down that a repository has these blobs, so that a push to another one there can mount them."""
    for blob in blobs:
        seen = [name for name in repositories(store, blob.digest) if name != reference.repository]
        store.put_record("seen", str(blob.digest), {"repositories": [reference.repository, *seen][:8]})


def repositories(store: Store, digest: Digest) -> list[str]:
    """The repositories, with their domains, in which a blob was seen; the latest first."""
    record = store.record("seen", str(digest)) or {}
    return [str(name) for name in record.get("repositories", ())]
