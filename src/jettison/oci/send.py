"""From the store to a registry: blobs first, several at once, then the manifests that point at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from jettison.errors import IntegrityError, InvalidReference, NotFound, RegistryError, Unauthorized
from jettison.oci import mediatypes, parallel
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.fetch import remember, repositories
from jettison.oci.layout import Store
from jettison.oci.manifest import Index, Manifest, parse
from jettison.oci.progress import SILENT, Progress
from jettison.oci.recompress import Compression, is_layer, recompress, recompress_image, with_layers
from jettison.oci.reference import RegistryReference
from jettison.oci.registry import Repository
from jettison.oci.retry import Passing, Retry

#: Blobs on their way at once, as dockerd does it.
WORKERS = 5
_CHUNK = 1 << 20


def send(
    store: Store,
    descriptor: Descriptor,
    reference: RegistryReference,
    progress: Progress = SILENT,
    *,
    compression: Compression | None = None,
    insecure: bool = False,
    retry: Retry | None = None,
) -> Descriptor:
    """Send a manifest, or an index with everything below it; gives what the registry has under that name now.

    ``compression`` is what layers are to have there; the manifest is then written anew, as OCI's.
    """
    if compression and compression.rewrites:
        descriptor, compression = recompress_image(store, descriptor, compression), None
    with Repository(reference, insecure=insecure, retry=retry, progress=progress) as repository:
        if reference.digest and reference.digest != descriptor.digest:
            raise InvalidReference(f"cannot push to {reference}: the image has the digest {descriptor.digest}")
        return _Send(store, repository, progress, compression).run(descriptor, reference.target)


class _Send:
    def __init__(
        self, store: Store, repository: Repository, progress: Progress, compression: Compression | None
    ) -> None:
        self._store = store
        self._repository = repository
        self._progress = progress
        self._compression = compression

    def run(self, descriptor: Descriptor, target: str = "") -> Descriptor:
        """Send everything below a manifest or an index, then itself, under ``target`` or its digest."""
        data = self._store.read_blob(descriptor.digest)
        document = parse(data, descriptor.media_type)
        sent = self._index(document) if isinstance(document, Index) else self._manifest(document)
        if sent != document:
            data = sent.to_bytes()
        made = Descriptor.of(sent.media_type, data)
        with _naming_gzip(sent):
            self._repository.put_manifest(target or str(made.digest), made.media_type, data)
        return replace(descriptor, media_type=made.media_type, digest=made.digest, size=made.size)

    def _index(self, index: Index) -> Index:
        for child in index.manifests:
            if not self._store.has(child.digest):
                where = f" ({child.platform})" if child.platform else ""
                lacking = f"{child.digest.short}{where} is not in the store"
                raise NotFound(f"cannot push {self._repository.reference}: {lacking}")
        children = tuple(self.run(child) for child in index.manifests)
        return index if children == index.manifests else replace(index, manifests=children)

    def _manifest(self, manifest: Manifest) -> Manifest:
        blobs = {blob.digest: blob for blob in (manifest.config, *manifest.layers)}
        sent: dict[Digest, Descriptor] = {}

        def work(blob: Descriptor) -> None:
            sent[blob.digest] = self._blob(blob, "config" if blob == manifest.config else "layer")

        # The largest first: they end last.
        parallel.each(work, sorted(blobs.values(), key=lambda b: -b.size), WORKERS, self._repository.stop)
        remember(self._store, self._repository.reference, list(sent.values()))
        return with_layers(manifest, sent)

    def _blob(self, blob: Descriptor, kind: str) -> Descriptor:
        if self._compression and is_layer(blob):
            blob = self._recompress(blob, self._compression)
        key = self._progress.start(f"{kind} {blob.digest.short}", blob.size)
        try:
            self._repository.upload(blob, lambda offset: _chunks(self._store, blob, offset), key, self._others(blob))
        finally:
            self._progress.finish(key)
        return blob

    def _recompress(self, blob: Descriptor, compression: Compression) -> Descriptor:
        key = self._progress.start(f"{compression} {blob.digest.short}", blob.size)
        try:
            return recompress(self._store, blob, compression)
        finally:
            self._progress.finish(key)

    def _others(self, blob: Descriptor) -> list[str]:
        """Repositories of the same registry that had the blob when it was last seen there."""
        there = self._repository.reference
        names = [name.partition("/") for name in repositories(self._store, blob.digest)]
        return [path for domain, _, path in names if domain == there.domain and path != there.path][:3]


@contextmanager
def _naming_gzip(document: Manifest | Index) -> Iterator[None]:
    """Where a registry refuses a manifest with zstd layers, say what it may take instead."""
    try:
        yield
    except (Passing, Unauthorized):
        raise
    except RegistryError as error:
        types = {layer.media_type for layer in document.layers} if isinstance(document, Manifest) else set()
        if not types & {mediatypes.OCI_LAYER_ZSTD, mediatypes.DOCKER_LAYER_ZSTD}:
            raise
        raise RegistryError(f"{error}; the image has zstd layers: if that is why, use --compression gzip") from error


def _chunks(store: Store, blob: Descriptor, offset: int) -> Iterator[bytes]:
    """The bytes of a blob from ``offset`` on. Read whole, they are verified before the last are given."""
    hasher = blob.digest.hasher() if offset == 0 else None
    position = offset
    with store.open_blob(blob.digest) as file:
        file.seek(offset)
        while chunk := file.read(_CHUNK):
            position += len(chunk)
            if hasher:
                hasher.update(chunk)
            if position >= blob.size and hasher and (hasher.hexdigest(), position) != (blob.digest.hex, blob.size):
                raise IntegrityError(f"cannot push {blob.digest}: the blob in the store is damaged")
            yield chunk
    if position < blob.size:
        raise IntegrityError(f"cannot push {blob.digest}: the blob in the store is cut short")
