"""A small image is written: what is kept survives with everything that belongs to it, and nothing else is there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from jettison.carve import carve, strip_files
from jettison.closure.model import Evidence
from jettison.filetree import FileTree, index
from jettison.oci.config import ContainerConfig, Healthcheck, History, ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.validate import validate
from jettison.plan.model import Plan, Policy
from tools import need

pytestmark = pytest.mark.integration

USED = (Evidence("opened", "sh in default"),)
OWN = (Evidence("application", "/app"),)
#: cap_net_bind_service=ep, version 2 (capabilities(7), linux/capability.h)
CAPABILITY = bytes.fromhex("0100000200040000000000000000000000000000")
CONTAINER = ContainerConfig(
    env=("A=1",),
    entrypoint=("/bin/tool",),
    cmd=("x",),
    user="www-data",
    working_dir="/app",
    exposed_ports=("80/tcp",),
    volumes=("/data",),
    labels={"a": "b"},
    stop_signal="SIGQUIT",
    healthcheck=Healthcheck(("CMD", "true")),
    shell=("/bin/bash", "-c"),
)
HISTORY = (
    History("ADD file:0 in /"),
    History("ENV A=1", empty_layer=True),
    History("ONBUILD RUN x", empty_layer=True),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root file system with one of everything that is easily lost."""
    need()
    root = tmp_path / "root"
    for directory in ("bin", "app/node_modules/a", "tmp", "data", "usr/share/doc"):
        (root / directory).mkdir(parents=True)
    for path in ("bin/tool", "bin/other", "app/main", "app/node_modules/a/i.js", "usr/share/doc/x", "status"):
        (root / path).write_text(path)
    os.link(root / "bin/tool", root / "bin/alias")
    os.symlink("tool", root / "bin/link")
    os.chmod(root / "tmp", 0o1777)
    os.chown(root / "data", 33, 8)
    os.chmod(root / "data", 0o2750)
    os.chmod(root / "bin/other", 0o4755)
    os.chown(root / "app/main", 1000, 1001)
    os.setxattr(root / "app/main", "security.capability", CAPABILITY)
    os.setxattr(root / "app/main", "user.note", b"n")
    os.utime(root / "app/main", (1_500_000_000, 1_500_000_000))
    return root


KEEP = {
    path: OWN if path.startswith("/app/main") else USED
    for path in (
        "/", "/bin", "/bin/tool", "/bin/alias", "/bin/link", "/bin/other", "/app", "/app/main", "/app/node_modules",
        "/app/node_modules/a", "/app/node_modules/a/i.js", "/tmp", "/data", "/status",
    )
}  # fmt: skip


def original(**container: object) -> Image:
    config = ImageConfig(container=CONTAINER, history=HISTORY, created="2020-01-01T00:00:00Z")
    return Image(config.with_container(**container), (Layer(Descriptor.of("", b""), Digest.of(b"")),))


def plan(keep: Mapping[str, tuple[Evidence, ...]] = KEEP, rewritten: Mapping[str, bytes] | None = None) -> Plan:
    return Plan(Policy.BALANCED, keep, rewritten or {})


def lines(tree: FileTree) -> dict[str, tuple[str, int, Mapping[str, bytes]]]:
    """What a container sees of each path; the root itself is in no archive."""
    return {path: (str(entry), entry.mtime, entry.xattrs) for path, entry in tree.items() if path != "/"}


def test_what_is_kept_is_as_it_was_and_the_rest_is_gone(store: Store, root: Path) -> None:
    before = index([root])
    small = carve(store, original(), before, plan())
    validate(store, small)
    after = index(store.snapshots(small))
    assert set(after) == set(KEEP)
    assert lines(after) == lines(before.subset(KEEP))
    assert after["/bin/tool"].inode == after["/bin/alias"].inode is not None
    assert after.read(after["/app/main"]) == b"app/main"


def test_layers_are_ordered_by_how_rarely_they_change_and_the_history_says_what_they_are(
    store: Store, root: Path
) -> None:
    small = carve(store, original(), index([root]), plan())
    assert [line.created_by for line in small.config.history] == [
        "jettison: system (5 files)",
        "jettison: dependencies (1 files)",
        "jettison: application (1 files)",
        "ENV A=1",
    ]
    assert len(small.layers) == len(small.config.diff_ids) == 3


def test_it_runs_as_the_original(store: Store, root: Path) -> None:
    small = carve(store, original(on_build=("RUN make",)), index([root]), plan())
    assert small.config.container == CONTAINER
    assert small.config.created == "2020-01-01T00:00:00Z"


def test_two_runs_give_one_digest(store: Store, root: Path, tmp_path: Path) -> None:
    first, second = (carve(each, original(), index([root]), plan()) for each in (store, Store.open(tmp_path / "other")))
    assert first.descriptor == second.descriptor


def test_an_update_of_the_application_moves_only_its_layer(store: Store, root: Path) -> None:
    first = carve(store, original(), index([root]), plan())
    (root / "app/main").write_text("another")
    second = carve(store, original(), index([root]), plan())
    assert first.layers[:-1] == second.layers[:-1]
    assert first.layers[-1] != second.layers[-1]


def test_records_are_rewritten(store: Store, root: Path) -> None:
    os.chmod(root / "status", 0o640)
    small = carve(store, original(), index([root]), plan(rewritten={"/status": b"Package: x\n"}))
    after = index(store.snapshots(small))
    assert after.read(after["/status"]) == b"Package: x\n"
    assert str(after["/status"]) == "file 0640 0:0 11"


def test_an_epoch_caps_times_and_dates_the_image(store: Store, root: Path) -> None:
    small = carve(store, original(), index([root]), plan(), epoch=1_400_000_000)
    assert small.config.created == "2014-05-13T16:53:20Z"
    assert {time for _, time, _ in lines(index(store.snapshots(small))).values()} == {1_400_000_000}


@pytest.mark.parametrize("compression", ["zstd", "gzip", "none"])
def test_layers_are_compressed_as_asked(store: Store, root: Path, compression: str) -> None:
    small = carve(store, original(), index([root]), plan(), compression=compression)
    assert {layer.compression for layer in small.layers} == {compression}
    validate(store, small)


def program(path: Path) -> None:
    """An ELF program with symbols, that ends with exit code 0."""
    need("as", "ld", "strip", "prlimit")
    source = path.with_suffix(".s")
    source.write_text(".globl _start\n_start: mov $60, %eax\n xor %edi, %edi\n syscall\n a_symbol_that_is_long: nop\n")
    subprocess.run(["as", "-g", "-o", path.with_suffix(".o"), source], check=True)
    subprocess.run(["ld", "-o", path, path.with_suffix(".o")], check=True)


def test_programs_are_stripped_and_still_run(store: Store, root: Path) -> None:
    program(root / "bin/tool")
    os.chmod(root / "bin/tool", 0o4755)
    before = index([root])
    small = carve(store, original(), strip_files(store, before).tree, plan())
    after = index(store.snapshots(small))
    assert after["/bin/tool"].size < before["/bin/tool"].size
    assert after["/bin/tool"].mode == 0o4755
    assert after["/bin/alias"].inode == after["/bin/tool"].inode
    assert subprocess.run([after.open_path(after["/bin/tool"])]).returncode == 0


def test_stripping_is_remembered(store: Store, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(root / "bin/tool")
    tree = index([root])
    first = strip_files(store, tree)
    monkeypatch.setattr("jettison.carve.strip.subprocess.run", None)
    assert dict(strip_files(store, tree).tree) == dict(first.tree)


def test_a_program_with_data_behind_its_sections_stays_as_it_is(store: Store, root: Path) -> None:
    program(root / "bin/tool")
    with open(root / "bin/tool", "ab") as file:
        file.write(b"payload" * 100)
    tree = index([root])
    result = strip_files(store, tree)
    assert result.caveats == ("/bin/tool was not stripped: 700 bytes follow its ELF sections",)
    assert dict(result.tree) == dict(tree)


def test_a_broken_program_stays_as_it_is(store: Store, root: Path) -> None:
    program(root / "bin/tool")
    content = bytearray((root / "bin/tool").read_bytes())
    content[40:48] = b"\xff" * 8
    (root / "bin/tool").write_bytes(content)
    tree = index([root])
    result = strip_files(store, tree)
    assert dict(result.tree) == dict(tree)
    assert len(result.caveats) == 1
