"""Images between the store and a registry that misbehaves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from jettison.errors import IntegrityError, InvalidReference, NotFound, OutOfSpace, RegistryError
from jettison.oci import mediatypes
from jettison.oci.descriptor import Platform
from jettison.oci.fetch import fetch
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.manifest import Index, parse
from jettison.oci.recompress import Compression
from jettison.oci.reference import RegistryReference
from jettison.oci.retry import Retry
from jettison.oci.send import send
from jettison.oci.transfer import copy, in_registry, in_store, pull, push, resolve, save
from jettison.oci.validate import validate
from registry_fake import FakeRegistry
from samples import noise, sample
from tools import need

QUICK = Retry(attempts=3, first=0.01, longest=0.02)
BIG = noise(3_000_000)
ARM = Platform("linux", "arm64", "v8")
AMD = Platform("linux", "amd64")


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry().serving() as fake:
        yield fake


@pytest.fixture
def here(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "there")


def app(registry: FakeRegistry, tag: str = "1", path: str = "app") -> RegistryReference:
    return RegistryReference(registry.domain, path, tag)


def index_of(store: Store, *images: Image) -> Index:
    manifests = []
    for image in images:
        assert image.descriptor
        described = {**image.descriptor.to_json(), "platform": None}
        platform = image.config.platform
        described["platform"] = {"os": platform.os, "architecture": platform.architecture}
        manifests.append(described)
    document = {"schemaVersion": 2, "mediaType": mediatypes.OCI_INDEX, "manifests": manifests}
    found = parse(json.dumps(document).encode())
    assert isinstance(found, Index)
    return found


def test_an_image_goes_up_and_comes_down(registry: FakeRegistry, here: Store, there: Store) -> None:
    image = sample(here, {"/a": BIG}, {"/b": b"b"})
    sent = push(here, image, app(registry))
    assert sent == image.descriptor
    assert pull(there, app(registry)).digest == sent.digest
    assert there.find(str(app(registry))) is not None
    got = there.image(sent)
    assert got.config == image.config
    validate(there, got)


def test_what_is_there_is_not_sent_or_fetched_again(registry: FakeRegistry, here: Store, there: Store) -> None:
    image = sample(here, {"/a": BIG}, {"/b": b"b"})
    push(here, image, app(registry))
    push(here, image, app(registry, "2"))
    assert len(registry.requests("^PUT .*uploads")) == 3
    pull(there, app(registry))
    pull(there, app(registry, "2"))
    assert len(registry.requests("^GET .*/blobs/")) == 3


def test_blobs_are_mounted_from_where_they_were_seen(registry: FakeRegistry, here: Store, there: Store) -> None:
    push(here, sample(here, {"/a": BIG}), app(registry))
    pull(there, app(registry))
    registry.log.clear()
    push(there, in_store(there, str(app(registry))), app(registry, path="other/app"))
    assert not registry.requests("^PUT .*uploads")
    assert len(registry.requests("mount=.*&from=app")) == 2


def test_a_pull_that_was_interrupted_resumes(registry: FakeRegistry, here: Store, there: Store) -> None:
    push(here, sample(here, {"/a": BIG}), app(registry))
    registry.log.clear()
    layer = max(registry.blobs["app"], key=lambda digest: len(registry.blobs["app"][digest]))
    registry.fault(f"^GET .*/blobs/{layer}", drop_after=2_000_000)
    registry.fault(f"^GET .*/blobs/{layer}", status=403)
    with pytest.raises(RegistryError):
        fetch(there, app(registry), retry=QUICK)
    assert there.find(str(app(registry))) is None
    sent = registry.sent
    assert pull(there, app(registry))
    assert registry.sent - sent < 1_100_000, "only the rest was fetched"
    validate(there, resolve(there, str(app(registry)), pull="never"))


def test_a_damaged_blob_is_refused_and_not_kept(registry: FakeRegistry, here: Store, there: Store) -> None:
    push(here, sample(here, {"/a": BIG}), app(registry))
    layer = max(registry.blobs["app"], key=lambda digest: len(registry.blobs["app"][digest]))
    good = registry.blobs["app"][layer]
    registry.blobs["app"][layer] = good[:-1] + bytes([good[-1] ^ 1])
    with pytest.raises(IntegrityError):
        fetch(there, app(registry), retry=QUICK)
    registry.blobs["app"][layer] = good
    pull(there, app(registry))
    validate(there, resolve(there, str(app(registry)), pull="never"))


def test_a_damaged_store_is_not_pushed(registry: FakeRegistry, here: Store) -> None:
    image = sample(here, {"/a": BIG})
    path = here.blob_path(image.layers[0].descriptor.digest)
    path.chmod(0o600)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(IntegrityError, match="damaged"):
        send(here, image.descriptor, app(registry), retry=QUICK)  # type: ignore[arg-type]
    assert "1" not in registry.manifests.get("app", {})


def test_one_failure_ends_all(registry: FakeRegistry, here: Store, there: Store) -> None:
    push(here, sample(here, *({f"/{n}": noise(200_000, n)} for n in range(8))), app(registry))
    layer = max(registry.blobs["app"])
    del registry.blobs["app"][layer]
    with pytest.raises(NotFound, match="cannot pull"):
        fetch(there, app(registry), retry=QUICK)


@pytest.mark.parametrize("compression", ["zstd", "zstd:1", "gzip:9", "none"])
def test_layers_are_recompressed_on_push(registry: FakeRegistry, here: Store, there: Store, compression: str) -> None:
    image = sample(here, {"/a": b"a" * 100_000})
    push(here, image, app(registry), compression=Compression.parse(compression))
    got = there.image(pull(there, app(registry)))
    assert got.layers[0].compression == compression.partition(":")[0]
    assert got.config == image.config
    validate(there, got)


def test_an_index_goes_whole(registry: FakeRegistry, here: Store, there: Store) -> None:
    images = [sample(here, {"/a": b"arm"}, platform=ARM), sample(here, {"/a": b"amd"}, platform=AMD)]
    index = index_of(here, *images)
    descriptor = here.put_blob(index.media_type, index.to_bytes())
    assert push(here, descriptor, app(registry)) == descriptor
    assert pull(there, app(registry), all_platforms=True) == descriptor
    for image in images:
        assert image.descriptor
        validate(there, there.image(image.descriptor))
    again = copy(there, app(registry), app(registry, path="again"), all_platforms=True)
    assert again.digest == descriptor.digest


def test_one_platform_of_an_index(registry: FakeRegistry, here: Store, there: Store) -> None:
    images = [sample(here, {"/a": b"arm"}, platform=ARM), sample(here, {"/a": b"amd"}, platform=AMD)]
    index = index_of(here, *images)
    push(here, here.put_blob(index.media_type, index.to_bytes()), app(registry))
    assert resolve(there, str(app(registry)), ARM).config.platform == ARM
    assert resolve(there, str(app(registry)), AMD).config.platform == AMD
    with pytest.raises(NotFound, match=r"no image for linux/s390x, only for linux/amd64, linux/arm64"):
        resolve(there, str(app(registry)), Platform("linux", "s390x"))


def test_a_plain_manifest_for_another_platform(registry: FakeRegistry, here: Store, there: Store) -> None:
    push(here, sample(here, platform=ARM), app(registry))
    with pytest.raises(NotFound, match="an image for linux/arm64"):
        resolve(there, str(app(registry)), AMD)


def test_an_incomplete_index_is_not_pushed(registry: FakeRegistry, here: Store, there: Store) -> None:
    index = index_of(here, sample(here, platform=ARM))
    descriptor = there.put_blob(index.media_type, index.to_bytes())
    with pytest.raises(NotFound, match=r"linux/arm64.* is not in the store"):
        push(there, descriptor, app(registry))


def test_when_the_registry_is_asked(registry: FakeRegistry, here: Store, there: Store) -> None:
    push(here, sample(here, {"/a": b"1"}), app(registry))
    name = str(app(registry))
    with pytest.raises(NotFound, match="not to be pulled"):
        resolve(there, name, pull="never")
    first = resolve(there, name)
    push(here, sample(here, {"/a": b"2"}), app(registry))
    registry.log.clear()
    assert resolve(there, name) == first
    assert not registry.log
    assert resolve(there, name, pull="always") != first


def test_unpacking_on_the_way(registry: FakeRegistry, here: Store, there: Store) -> None:
    push(here, sample(here, {"/a": BIG}, {"/b": b"b"}), app(registry))
    image = there.image(pull(there, app(registry), unpack=True))
    assert [(path / name).exists() for path, name in zip(there.snapshots(image), "ab", strict=True)] == [True, True]


def largest(registry: FakeRegistry) -> str:
    return max(registry.blobs["app"], key=lambda digest: len(registry.blobs["app"][digest]))


def test_unpacking_goes_on_where_a_download_was_interrupted(registry: FakeRegistry, here: Store, there: Store) -> None:
    sent = sample(here, {"/a": BIG}, {"/b": b"b"})
    push(here, sent, app(registry))
    registry.fault(f"^GET .*/blobs/{largest(registry)}", drop_after=2_000_000)
    descriptor = fetch(there, app(registry), unpack=True, retry=QUICK)
    for layer in there.image(descriptor).layers:
        assert there.snapshot_path(layer.diff_id).is_dir()
    assert (there.snapshots(there.image(descriptor))[0] / "a").read_bytes() == BIG


@pytest.mark.parametrize("fault", ["damaged", "refused"])
def test_a_layer_whose_blob_was_not_verified_is_not_unpacked(
    registry: FakeRegistry, here: Store, there: Store, fault: str
) -> None:
    image = sample(here, {"/a": BIG}, compression="none")
    push(here, image, app(registry))
    layer = largest(registry)
    if fault == "damaged":  # behind the end mark of the archive, where only the digest tells
        registry.blobs["app"][layer] = registry.blobs["app"][layer][:-1] + b"x"
    else:
        registry.fault(f"^GET .*/blobs/{layer}", drop_after=2_900_000)
        registry.fault(f"^GET .*/blobs/{layer}", status=403)
    with pytest.raises((IntegrityError, RegistryError)):
        fetch(there, app(registry), unpack=True, retry=QUICK)
    assert not there.snapshot_path(image.layers[0].diff_id).exists()
    assert not any(there.root.glob("scratch/*/*"))


def test_what_does_not_exist(registry: FakeRegistry, here: Store) -> None:
    with pytest.raises(NotFound, match=r"cannot pull .*app:1: not found"):
        resolve(here, str(app(registry)))
    with pytest.raises(NotFound, match="it is not in the store"):
        in_store(here, "app")
    with pytest.raises(InvalidReference, match="cannot push to oci:x: not in a registry"):
        in_registry("oci:x", "push to")


@pytest.mark.parametrize(("compression", "hint"), [("zstd:chunked", True), ("zstd", True), ("gzip", False)])
def test_a_registry_that_refuses_zstd(registry: FakeRegistry, here: Store, compression: str, hint: bool) -> None:
    registry.fault("PUT .*/manifests/", status=400, body=b'{"errors":[{"message":"unsupported media type"}]}')
    with pytest.raises(RegistryError, match="unsupported media type") as raised:
        push(here, sample(here), app(registry), compression=Compression.parse(compression))
    assert ("use --compression gzip" in str(raised.value)) == hint


@pytest.mark.parametrize("whole", [False, True])
def test_a_copy_within_a_registry_moves_no_blob(registry: FakeRegistry, here: Store, there: Store, whole: bool) -> None:
    images = [sample(here, {"/a": b"arm"}, platform=ARM), sample(here, {"/a": b"amd"}, platform=AMD)]
    index = index_of(here, *images)
    descriptor = push(here, here.put_blob(index.media_type, index.to_bytes()), app(registry))
    registry.log.clear()
    copied = copy(there, app(registry), app(registry, path="b"), AMD, all_platforms=whole)
    assert copied.digest == (descriptor if whole else images[1].descriptor).digest  # type: ignore[union-attr]
    assert not registry.requests("^PUT .*uploads|^GET .*/blobs/")
    assert resolve(there, str(app(registry, path="b")), AMD).config == images[1].config


@pytest.mark.integration
def test_a_full_disk(registry: FakeRegistry, here: Store, tmp_path: Path) -> None:
    need("mount", "umount")
    image = sample(here, {"/a": BIG})
    push(here, image, app(registry))
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], check=True)
    try:
        with pytest.raises(OutOfSpace, match="cannot write to the store: the disk is full"):
            fetch(Store.open(small / "store"), app(registry), retry=QUICK)
        assert image.descriptor
        with pytest.raises(OutOfSpace, match=r"cannot write .*x\.tar: the disk is full"):
            save(here, image.descriptor, "app:1", small / "x.tar", "docker-archive")
        assert not (small / "x.tar").exists()
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)
