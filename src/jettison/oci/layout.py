"""The store: an OCI image layout (image-spec, image-layout.md) with unpacked layers and small records beside it.

::

    oci-layout, index.json      what images there are; a name is the annotation org.opencontainers.image.ref.name
    blobs/ALGORITHM/HEX         content, under its digest
    snapshots/ALGORITHM-HEX/    a layer unpacked in overlayfs form, under its diff ID
    records/KIND/KEY.json       what was found out once: build steps, observations
    scratch/PID-*/              work in progress; removed when the process is gone
    locks/NAME                  for flock

Everything appears under its final name by one rename after its content is on disk, so a process that is killed
leaves nothing that a later one would trust.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from jettison.errors import IntegrityError, InvalidInput, JettisonError, NotFound
from jettison.oci import mediatypes, parallel
from jettison.oci.blobwriter import BlobWriter, disk_errors
from jettison.oci.config import ImageConfig
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.manifest import Index, Manifest, parse
from jettison.oci.prune import prune
from jettison.oci.removal import discard
from jettison.oci.scratch import Scratch
from jettison.oci.snapshots import sync, unpack_layer

NAME = "org.opencontainers.image.ref.name"
#: Documents (manifests, configurations) are read whole; larger ones are refused.
DOCUMENT_LIMIT = 16 << 20


def default_root() -> Path:
    """``$JETTISON_STORE``, else ``$XDG_DATA_HOME/jettison``, else ``~/.local/share/jettison``."""
    if chosen := os.environ.get("JETTISON_STORE"):
        return Path(chosen)
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(data) / "jettison"


class Store:
    """Where images are kept. Any number of threads and processes may use one at the same time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._scratch = Scratch(root / "scratch")

    @classmethod
    def open(cls, root: Path | None = None) -> Store:
        """Open a store, making it where there is none, and remove what dead processes left."""
        store = cls((root or default_root()).absolute())
        try:
            for name in ("blobs/sha256", "snapshots", "records", "scratch", "locks", "partial"):
                (store.root / name).mkdir(parents=True, exist_ok=True)
            if not (store.root / "oci-layout").exists():
                store._replace(store.root / "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
        except OSError as error:
            raise JettisonError(f"cannot open the store {store.root}: {error.strerror}") from error
        store._scratch.sweep()
        return store

    # -- blobs

    def blob_path(self, digest: Digest) -> Path:
        """The file that holds, or would hold, a blob."""
        return self.root / "blobs" / digest.algorithm / digest.hex

    def has(self, digest: Digest) -> bool:
        """Whether a blob is here."""
        return self.blob_path(digest).is_file()

    def open_blob(self, digest: Digest) -> BinaryIO:
        """A blob's bytes, unbuffered. Raises ``NotFound``."""
        try:
            return open(self.blob_path(digest), "rb", buffering=0)
        except FileNotFoundError as error:
            raise NotFound(f"cannot read blob {digest}: it is not in the store") from error

    def read_blob(self, digest: Digest, limit: int = DOCUMENT_LIMIT) -> bytes:
        """A document, verified. Raises ``NotFound``, ``IntegrityError``, ``InvalidInput`` (over ``limit`` bytes)."""
        with self.open_blob(digest) as file:
            data = b"".join(iter(lambda: file.read(limit + 1), b""))
        if len(data) > limit:
            raise InvalidInput(f"cannot read blob {digest}: more than {limit} bytes")
        hasher = digest.hasher()
        hasher.update(data)
        if hasher.hexdigest() != digest.hex:
            raise IntegrityError(f"cannot read blob {digest}: the store's copy is damaged; remove {self.root}")
        return data

    def blob_writer(self, expected: Descriptor | None = None, media_type: str = "") -> BlobWriter:
        """A new blob; see ``BlobWriter``."""
        with disk_errors():
            handle, name = tempfile.mkstemp(dir=self._scratch.directory(), prefix="blob-")
            os.close(handle)
        return BlobWriter(Path(name), self.blob_path, expected, media_type, keep=False)

    @contextmanager
    def partial(self, expected: Descriptor) -> Iterator[BlobWriter]:
        """A blob that is being downloaded; what came so far is kept for the next try. One process at a time."""
        name = f"{expected.digest.algorithm}-{expected.digest.hex}"
        with self.lock(f"partial-{name}"):
            place = self.root / "partial" / name
            with BlobWriter(place, self.blob_path, expected, expected.media_type, keep=True) as writer:
                yield writer

    def put_blob(self, media_type: str, data: bytes) -> Descriptor:
        """Keep ``data``."""
        with self.blob_writer(media_type=media_type) as writer:
            writer.write(data)
            return writer.commit()

    # -- images

    def put_image(self, image: Image) -> Image:
        """Write configuration and manifest; the layers' blobs must be here. Gives the image its descriptor."""
        config, manifest = image.config.to_bytes(), image.manifest()
        self.put_blob(mediatypes.OCI_CONFIG, config)
        descriptor = self.put_blob(manifest.media_type, manifest.to_bytes())
        return replace(image, descriptor=replace(descriptor, platform=image.config.platform))

    def image(self, of: Descriptor | Digest, platform: Platform | None = None) -> Image:
        """The image of a manifest, or of the one for ``platform`` (default: this machine's) in an index.

        Raises ``NotFound`` for another platform, ``InvalidInput`` where configuration and manifest disagree.
        """
        digest = of.digest if isinstance(of, Descriptor) else of
        data = self.read_blob(digest)
        document = parse(data, of.media_type if isinstance(of, Descriptor) else "")
        if isinstance(document, Index):
            return self.image(document.select(platform or Platform.host()), platform)
        descriptor = Descriptor(document.media_type, digest, len(data))
        config = ImageConfig.from_bytes(self.read_blob(document.config.digest))
        return Image(config, _layers(document, config), document.annotations, descriptor)

    def names(self) -> dict[str, Descriptor]:
        """Every name and what it stands for."""
        return {d.annotations[NAME]: d for d in self._index().manifests if NAME in d.annotations}

    def find(self, name: str) -> Descriptor | None:
        """What a name stands for."""
        return self.names().get(name)

    def tag(self, name: str, descriptor: Descriptor) -> None:
        """Let ``name`` stand for ``descriptor``, whatever it stood for before."""
        named = replace(descriptor, annotations={**descriptor.annotations, NAME: name})
        self._rename(name, named)

    def untag(self, name: str) -> None:
        """Forget a name; the content stays until ``prune``. Raises ``NotFound``."""
        if self.find(name) is None:
            raise NotFound(f"cannot remove {name}: the store has no image of that name")
        self._rename(name, None)

    def _rename(self, name: str, descriptor: Descriptor | None) -> None:
        with self.lock("index"):
            kept = [d for d in self._index().manifests if d.annotations.get(NAME) != name]
            index = Index((*kept, descriptor) if descriptor else tuple(kept))
            self._replace(self.root / "index.json", index.to_bytes())

    def _index(self) -> Index:
        try:
            document = parse((self.root / "index.json").read_bytes(), mediatypes.OCI_INDEX)
        except FileNotFoundError:
            return Index(())
        if not isinstance(document, Index):
            raise InvalidInput(f"cannot read {self.root / 'index.json'}: it is not an index")
        return document

    # -- snapshots

    def snapshot_path(self, diff_id: Digest) -> Path:
        """The directory that holds, or would hold, an unpacked layer."""
        return self.root / "snapshots" / f"{diff_id.algorithm}-{diff_id.hex}"

    def snapshot(self, layer: Layer) -> Path:
        """The layer unpacked, in overlayfs form; unpacks it now where that was not done yet. Needs root for that."""
        place = self.snapshot_path(layer.diff_id)
        if not place.is_dir():
            with self.open_blob(layer.descriptor.digest) as blob:
                self.unpack(blob, layer, lambda: None)
        return place.resolve()

    def unpack(self, blob: BinaryIO, layer: Layer, verified: Callable[[], object]) -> None:
        """Make the snapshot of ``layer`` from ``blob``; it gets its name only after ``verified`` has returned."""
        place = self.snapshot_path(layer.diff_id)
        with self.lock(f"snapshot-{layer.diff_id.hex}"):
            if not place.is_dir():
                with self.scratch("unpack") as scratch:
                    work = scratch / "fs"
                    work.mkdir(mode=0o755)
                    unpack_layer(blob, layer, work)
                    verified()
                    self.adopt_snapshot(work, layer.diff_id)

    def snapshots(self, image: Image) -> list[Path]:
        """All layers unpacked, lowest first; missing ones are unpacked in parallel."""
        largest_first = sorted(image.layers, key=lambda layer: -layer.descriptor.size)
        parallel.each(
            self.snapshot, {layer.diff_id: layer for layer in largest_first}.values(), os.cpu_count() or 1, lambda: None
        )
        return [self.snapshot(layer) for layer in image.layers]

    def adopt_snapshot(self, directory: Path, diff_id: Digest) -> Path:
        """Take over a finished directory of this file system as the snapshot of ``diff_id``."""
        place = self.snapshot_path(diff_id)
        sync(directory)
        try:
            os.rename(directory, place)
        except OSError:
            if not place.is_dir():
                raise
            discard(directory)  # another process was faster
        return place

    def link_snapshot(self, diff_id: Digest, snapshot: Path) -> None:
        """Let a snapshot that is here under another name stand for ``diff_id`` too."""
        place = self.snapshot_path(diff_id)
        if not place.is_dir():
            place.unlink(missing_ok=True)
            with suppress(FileExistsError):  # another one was faster
                place.symlink_to(snapshot.name)

    # -- records

    def record(self, kind: str, key: str) -> dict[str, Any] | None:
        """What was written under ``kind`` and ``key``, or ``None``."""
        try:
            value = json.loads(self._record_path(kind, key).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def put_record(self, kind: str, key: str, value: Mapping[str, Any]) -> None:
        """Remember ``value``."""
        self._replace(self._record_path(kind, key), json.dumps(value, separators=(",", ":")).encode(), durable=False)

    def _record_path(self, kind: str, key: str) -> Path:
        return self.root / "records" / kind / (hashlib.sha256(key.encode()).hexdigest() + ".json")

    # -- work in progress

    @contextmanager
    def scratch(self, prefix: str = "") -> Iterator[Path]:
        """An empty directory on the store's file system, gone afterwards."""
        directory = Path(tempfile.mkdtemp(dir=self._scratch.directory(), prefix=f"{prefix}-"))
        try:
            yield directory
        finally:
            discard(directory)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """One holder at a time, over all processes and threads."""
        safe = hashlib.sha256(name.encode()).hexdigest()[:32]
        with open(self.root / "locks" / safe, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def prune(self, *, dry_run: bool = False, everything: bool = False) -> int:
        """Remove what no name needs (``everything``: also the names); gives the bytes that this frees."""
        with self._scratch.alone("prune"), self.lock("index"):
            if everything and not dry_run:
                self._replace(self.root / "index.json", Index(()).to_bytes())
            roots = [] if everything else list(self._index().manifests)
            return prune(self, roots, dry_run=dry_run)

    def _replace(self, path: Path, data: bytes, *, durable: bool = True) -> None:
        with disk_errors(), self.scratch("replace") as scratch:
            path.parent.mkdir(parents=True, exist_ok=True)
            place = scratch / path.name
            with open(place, "wb") as file:
                file.write(data)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(place, path)


def _layers(manifest: Manifest, config: ImageConfig) -> tuple[Layer, ...]:
    if len(manifest.layers) != len(config.diff_ids):
        raise InvalidInput(
            f"cannot use image: its manifest has {len(manifest.layers)} layers, "
            f"its configuration {len(config.diff_ids)}"
        )
    return tuple(map(Layer, manifest.layers, config.diff_ids))
