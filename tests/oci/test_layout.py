"""The store: right after every kill, and shared by any number of threads and processes."""

from __future__ import annotations

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jettison.errors import IntegrityError, InvalidInput, JettisonError, NotFound
from jettison.oci import mediatypes
from jettison.oci.config import ImageConfig
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.digest import Digest
from jettison.oci.image import Image
from jettison.oci.layout import Store, default_root
from jettison.oci.manifest import Index
from jettison.oci.validate import validate
from samples import noise, sample

TYPE = "application/octet-stream"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def left_over(store: Store) -> list[Path]:
    return [left for own in (store.root / "scratch").iterdir() for left in own.iterdir()]


# -- blobs


def test_blobs_are_under_their_digest(store: Store) -> None:
    blob = store.put_blob(TYPE, b"content")
    assert blob == Descriptor(TYPE, Digest.of(b"content"), 7)
    assert store.has(blob.digest)
    assert store.read_blob(blob.digest) == b"content"
    with store.open_blob(blob.digest) as opened:
        assert opened.read() == b"content"
    assert left_over(store) == []


def test_a_missing_blob(store: Store) -> None:
    assert not store.has(Digest.of(b"x"))
    with pytest.raises(NotFound, match=r"cannot read blob sha256:\w+: it is not in the store"):
        store.read_blob(Digest.of(b"x"))


def test_a_document_that_is_too_large(store: Store) -> None:
    with pytest.raises(InvalidInput, match="more than 6 bytes"):
        store.read_blob(store.put_blob(TYPE, b"content").digest, 6)


def test_a_damaged_document_is_noticed(store: Store) -> None:
    digest = store.put_blob(TYPE, b"content").digest
    store.blob_path(digest).chmod(0o644)
    store.blob_path(digest).write_bytes(b"damaged")
    with pytest.raises(IntegrityError, match="the store's copy is damaged"):
        store.read_blob(digest)


@pytest.mark.parametrize(("said", "size"), [(b"other", 7), (b"content", 8)])
def test_what_is_not_what_was_announced(store: Store, said: bytes, size: int) -> None:
    expected = Descriptor(TYPE, Digest.of(said), size)
    with store.blob_writer(expected) as blob:
        blob.write(b"content")
        with pytest.raises(IntegrityError, match="cannot accept blob"):
            blob.commit()
    assert not store.has(expected.digest)
    assert left_over(store) == []


def test_without_a_commit_nothing_is_left(store: Store) -> None:
    with store.blob_writer() as blob:
        blob.write(b"content")
    assert left_over(store) == []
    assert list((store.root / "blobs/sha256").iterdir()) == []


def test_sha512(store: Store) -> None:
    digest = Digest("sha512", hashlib.sha512(b"content").hexdigest())
    with store.blob_writer(Descriptor(TYPE, digest, 7)) as blob:
        blob.write(b"content")
        assert blob.commit().digest == digest
    assert store.read_blob(digest) == b"content"


def test_a_download_goes_on_where_it_stopped(store: Store) -> None:
    expected = Descriptor(TYPE, Digest.of(b"content"), 7)
    with store.partial(expected) as blob:
        blob.write(b"cont")
    with Store.open(store.root).partial(expected) as blob:
        assert blob.offset == 4
        blob.write(b"ent")
        blob.commit()
    assert store.read_blob(expected.digest) == b"content"


@pytest.mark.parametrize("before", [b"wrong", b"much too long"])
def test_a_wrong_partial_download_is_not_kept(store: Store, before: bytes) -> None:
    expected = Descriptor(TYPE, Digest.of(b"content"), 7)
    with store.partial(expected) as blob:
        blob.write(before)
    with store.partial(expected) as blob:
        blob.write(b"xx")
        with pytest.raises(IntegrityError):
            blob.commit()
    with store.partial(expected) as blob:
        assert blob.offset == 0


# -- images and names


def test_images_come_back(store: Store) -> None:
    image = sample(store, {"/a": b"a"}, {"/b": b"b"})
    assert image.descriptor
    assert store.image(image.descriptor.digest).config == image.config
    assert [layer.diff_id for layer in store.image(image.descriptor).layers] == list(image.config.diff_ids)


def test_an_index_gives_the_image_for_this_machine(store: Store) -> None:
    images = [sample(store, platform=platform) for platform in (Platform("linux", "z80"), Platform.host())]
    top = store.put_blob(mediatypes.OCI_INDEX, Index(tuple(i.descriptor for i in images if i.descriptor)).to_bytes())
    assert store.image(top).config == images[1].config
    assert store.image(top, Platform("linux", "z80")).config == images[0].config
    with pytest.raises(NotFound, match="no image for linux/pdp11, only for linux/"):
        store.image(top, Platform("linux", "pdp11"))


def test_documents_that_disagree(store: Store) -> None:
    image = sample(store, {"/a": b"a"})
    wrong = store.put_image(Image(ImageConfig(diff_ids=()), image.layers))
    assert wrong.descriptor
    with pytest.raises(InvalidInput, match="its manifest has 1 layers, its configuration 0"):
        store.image(wrong.descriptor)


def test_names(store: Store) -> None:
    one, two = (sample(store, {"/a": content}).descriptor for content in (b"1", b"2"))
    assert one
    assert two
    store.tag("app:1", one)
    store.tag("app:2", one)
    store.tag("app:1", two)
    assert {name: found.digest for name, found in store.names().items()} == {"app:1": two.digest, "app:2": one.digest}
    store.untag("app:1")
    assert store.find("app:1") is None
    with pytest.raises(NotFound, match="cannot remove app:1: the store has no image of that name"):
        store.untag("app:1")


def test_the_store_is_an_oci_layout(store: Store) -> None:
    image = sample(store)
    assert image.descriptor
    store.tag("app:1", image.descriptor)
    assert json.loads((store.root / "oci-layout").read_bytes()) == {"imageLayoutVersion": "1.0.0"}
    listed = json.loads((store.root / "index.json").read_bytes())["manifests"]
    assert listed[0]["annotations"] == {"org.opencontainers.image.ref.name": "app:1"}


def test_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv("JETTISON_STORE", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert default_root() == Path("/home/me/.local/share/jettison")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_root() == Path("/data/jettison")
    monkeypatch.setenv("JETTISON_STORE", "/store")
    assert default_root() == Path("/store")


def test_a_store_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JettisonError, match=r"cannot open the store .*file/store: Not a directory"):
        Store.open(tmp_path / "file/store")


# -- records, locks


def test_records(store: Store) -> None:
    assert store.record("kind", "a/../b") is None
    store.put_record("kind", "a/../b", {"x": 1})
    assert store.record("kind", "a/../b") == {"x": 1}
    for path in (store.root / "records/kind").iterdir():
        path.write_bytes(b'{"x":')
    assert store.record("kind", "a/../b") is None


def test_one_holder_at_a_time(store: Store) -> None:
    inside, most = 0, 0

    def work(_: int) -> None:
        nonlocal inside, most
        with store.lock("x"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.002)
            inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(30)))
    assert most == 1


def test_threads_tag_at_the_same_time(store: Store) -> None:
    descriptor = sample(store).descriptor
    assert descriptor
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.tag(f"app:{number}", descriptor), range(40)))
    assert len(store.names()) == 40


# -- pruning


def test_prune_keeps_what_names_need(store: Store) -> None:
    kept, gone = sample(store, {"/a": noise(5000)}), sample(store, {"/b": noise(7000, 1)})
    assert kept.descriptor
    store.tag("kept", kept.descriptor)
    store.put_record("kind", "key", {})
    assert store.prune(dry_run=True) >= 7000
    assert store.has(gone.layers[0].descriptor.digest)
    assert store.prune() >= 7000
    assert not store.has(gone.layers[0].descriptor.digest)
    assert store.prune() == 0
    validate(store, store.image(kept.descriptor))
    assert left_over(store) == []
    store.prune(everything=True)
    assert store.names() == {}
    assert list((store.root / "blobs/sha256").iterdir()) == []
