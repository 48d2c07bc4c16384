"""The store among other processes: some at work in it at the same time, some killed there; and its snapshots."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jettison.errors import IntegrityError, JettisonError, OutOfSpace
from jettison.filetree import index
from jettison.oci import mediatypes
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.validate import validate
from samples import noise, sample
from tools import need


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def left_over(store: Store) -> list[Path]:
    return [left for own in (store.root / "scratch").iterdir() for left in own.iterdir()]


def other(root: Path, code: str) -> subprocess.Popen[str]:
    head = """
import os, sys, time
from pathlib import Path
from jettison.oci.digest import Digest
from jettison.oci.layout import Store
store = Store.open(Path(sys.argv[1]))
"""
    return subprocess.Popen([sys.executable, "-c", head + code, root], stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str], after: float) -> None:
    with process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)


def test_no_prune_while_another_process_works(store: Store) -> None:
    sample(store)
    with other(store.root, "store.put_blob('', b'x'); print('ready', flush=True); time.sleep(60)") as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(JettisonError, match=f"cannot prune: process {process.pid} works with the store"):
            store.prune()
        process.kill()
        process.wait()
        assert store.prune() > 0


def test_what_the_dead_leave_is_swept(store: Store) -> None:
    with other(
        store.root, "w = store.blob_writer()\nw.write(b'x' * 1000)\nprint('ready', flush=True)\ntime.sleep(60)"
    ) as process:
        assert process.stdout
        process.stdout.readline()
        Store.open(store.root)
        assert len(left_over(store)) == 1, "it lives"
        process.kill()
        process.wait()
        Store.open(store.root)
        assert left_over(store) == []


@pytest.mark.parametrize("after", [0.15, 0.2, 0.25, 0.3])
def test_killed_while_it_writes(store: Store, after: float) -> None:
    code = """
for number in range(100_000):
    blob = store.put_blob("", os.urandom(50_000))
    store.tag(f"app:{number % 5}", blob)
    store.put_record("kind", str(number), {"number": number})
"""
    kill(other(store.root, code), after)
    again = Store.open(store.root)
    for name in sorted(os.listdir(store.root / "blobs/sha256")):
        assert len(again.read_blob(Digest("sha256", name))) == 50_000
    for descriptor in again.names().values():
        assert again.has(descriptor.digest)
    assert left_over(again) == []


@pytest.fixture
def layered(store: Store) -> Image:
    """An image of 2 × 1,500 files."""
    need()
    return sample(store, *({f"/{layer}/{n}": b"%d" % n * 100 for n in range(1500)} for layer in "ab"))


@pytest.mark.integration
@pytest.mark.parametrize("after", [0.2, 0.25, 0.3, 0.35])
def test_killed_while_it_unpacks(store: Store, layered: Image, after: float) -> None:
    assert layered.descriptor
    digest = layered.descriptor.digest
    code = f"""
image = store.image(Digest.parse("{digest}"))
store.snapshots(image)
"""
    kill(other(store.root, code), after)
    again = Store.open(store.root)
    assert left_over(again) == []
    assert len(index(again.snapshots(layered))) == 3003


@pytest.mark.integration
def test_processes_unpack_the_same_layers_at_once(store: Store, layered: Image) -> None:
    assert layered.descriptor
    digest = layered.descriptor.digest
    code = f"""
print([str(path) for path in store.snapshots(store.image(Digest.parse("{digest}")))])
"""
    processes = [other(store.root, code) for _ in range(3)]
    said = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert said == {f"{[str(path) for path in store.snapshots(layered)]}\n"}
    assert len(index(store.snapshots(layered))) == 3003


@pytest.mark.integration
def test_a_layer_whose_content_is_another(store: Store, layered: Image) -> None:
    wrong = Layer(layered.layers[0].descriptor, layered.layers[1].diff_id)
    with pytest.raises(IntegrityError, match="its content has digest"):
        store.snapshot(wrong)
    assert not store.snapshot_path(wrong.diff_id).exists()
    assert left_over(store) == []


@pytest.mark.integration
def test_a_media_type_that_lies(store: Store, layered: Image) -> None:
    for layer in layered.layers:
        lying = Descriptor(mediatypes.OCI_LAYER_ZSTD, layer.descriptor.digest, layer.descriptor.size)
        assert len(list(store.snapshot(Layer(lying, layer.diff_id)).rglob("*"))) == 1501


@pytest.mark.integration
def test_a_snapshot_may_have_two_names(store: Store, layered: Image) -> None:
    [first, _] = store.snapshots(layered)
    other_name = Digest.of(b"other")
    store.link_snapshot(other_name, first)
    assert store.snapshot(Layer(layered.layers[0].descriptor, other_name)) == first


@pytest.mark.integration
def test_the_disk_is_full(tmp_path: Path) -> None:
    need("mount", "umount")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", tmp_path], check=True)
    try:
        store = Store.open(tmp_path / "store")
        image = sample(store, {"/a": noise(100_000) + bytes(5_000_000)})
        with pytest.raises(OutOfSpace, match="the disk is full"):
            store.snapshots(image)
        assert left_over(store) == []
        with pytest.raises(OutOfSpace, match="cannot write to the store: the disk is full"):
            store.put_blob("", noise(5_000_000))
        with pytest.raises(OutOfSpace, match="the disk is full"):
            store.put_record("kind", "key", {"text": "x" * 5_000_000})
        assert left_over(store) == []
        validate(store, image)
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)
