"""What a store loses when it is cleaned, and what it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.oci import mediatypes
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.manifest import Index
from jettison.oci.validate import validate
from samples import noise, sample


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def descriptor(image: Image) -> Descriptor:
    assert image.descriptor
    return image.descriptor


def blobs(store: Store) -> set[str]:
    return {path.name for path in (store.root / "blobs").glob("*/*")}


def snapshot(store: Store, diff_id: Digest) -> Path:
    with store.scratch() as scratch:
        (scratch / "fs").mkdir()
        (scratch / "fs/file").write_bytes(b"x" * 100)
        return store.adopt_snapshot(scratch / "fs", diff_id)


def test_what_has_a_name_stays(store: Store) -> None:
    kept, gone = sample(store, {"/a": b"1"}, {"/b": b"2"}), sample(store, {"/a": noise(5000)})
    store.tag("kept", descriptor(kept))
    before = sum(path.stat().st_size for path in (store.root / "blobs").glob("*/*"))
    freed = store.prune()
    after = sum(path.stat().st_size for path in (store.root / "blobs").glob("*/*"))
    assert freed == before - after >= 5000
    validate(store, kept)
    assert not store.has(gone.layers[0].descriptor.digest)
    assert store.prune() == 0


def test_a_dry_run_removes_nothing(store: Store) -> None:
    sample(store)
    before = blobs(store)
    assert store.prune(dry_run=True) > 0
    assert store.prune(dry_run=True, everything=True) > 0
    assert blobs(store) == before


def test_everything(store: Store) -> None:
    store.tag("a", descriptor(sample(store)))
    store.put_record("kind", "key", {"a": 1})
    assert store.prune(everything=True) > 0
    assert store.names() == {}
    assert blobs(store) == set()
    assert store.record("kind", "key") is None


def test_all_of_an_index_stays(store: Store) -> None:
    images = [sample(store, {"/a": text}) for text in (b"1", b"2")]
    index = Index(tuple(map(descriptor, images)))
    store.tag("both", store.put_blob(mediatypes.OCI_INDEX, index.to_bytes()))
    store.prune()
    for image in images:
        validate(store, image)


def test_snapshots_of_what_is_there_stay_also_under_another_name(store: Store) -> None:
    image = sample(store)
    store.tag("a", descriptor(image))
    built, other = Digest.of(b"step"), Digest.of(b"other")
    place = snapshot(store, built)
    store.link_snapshot(image.layers[0].diff_id, place)
    gone = snapshot(store, other)
    assert store.prune() >= 100
    assert (store.snapshot(image.layers[0]) / "file").read_bytes() == b"x" * 100
    assert not gone.exists()


def test_downloads_that_were_not_finished_go(store: Store) -> None:
    with store.partial(Descriptor.of("", b"hello")) as writer:
        writer.write(b"hel")
    assert store.prune() == 3
    assert list((store.root / "partial").iterdir()) == []


def test_a_name_without_its_content(store: Store) -> None:
    store.tag("lost", Descriptor.of(mediatypes.OCI_MANIFEST, b"{}"))
    kept = sample(store)
    store.tag("kept", descriptor(kept))
    store.prune()
    validate(store, kept)
