"""Presets made of this machine's Debian mirror, and programs that run in them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jettison.bases.assemble import Request, make
from jettison.filetree import FileTree, index
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.packages import catalog
from jettison.runtime import Container, Process, container, mounted
from tools import need

pytestmark = pytest.mark.integration

_CHECK = """
import ctypes, hashlib, json, lzma, pwd, sqlite3, ssl, zoneinfo
assert ssl.create_default_context().cert_store_stats()["x509_ca"] > 100
assert str(zoneinfo.ZoneInfo("Europe/Vienna")) == "Europe/Vienna"
assert pwd.getpwuid(65532).pw_name == "nonroot"
assert ctypes.CDLL("libstdc++.so.6")
open("/tmp/written", "w").close()
print("héllo")
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.open(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def mirrors() -> dict[str, str]:
    """The mirrors of Debian that this machine's apt uses, by the fields of ``Request``."""
    need("runc", "gpgv", "apt-get")
    shape = ["--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages", "Component: main"]
    told = subprocess.run(["apt-get", "indextargets", *shape], capture_output=True, text=True, check=True).stdout
    names = {"Debian": "mirror", "Debian-Security": "security_mirror"}
    return {names[label]: uri for label, _, uri in (line.partition(" ") for line in told.split("\n")) if label in names}


@contextmanager
def running(store: Store, image: Image, tmp_path: Path, *args: str) -> Iterator[Container]:
    config = image.config.container
    place = tmp_path / "mount"
    place.mkdir()
    process = Process((*(config.entrypoint or ()), *args), config.env, config.working_dir, config.user)
    with (
        mounted(store.snapshots(image), place) as root,
        container(root.path, process, scratch=tmp_path, network=None) as made,
    ):
        yield made


def test_python_runs_in_its_preset(store: Store, mirrors: dict[str, str], tmp_path: Path) -> None:
    made = make(store, Request(presets=("python3",), user="nonroot", **mirrors))
    with running(store, made.image, tmp_path, "-c", _CHECK) as python:
        assert (python.wait(60), python.output().stdout.decode()) == (0, "héllo\n"), python.output()


def test_a_base_of_named_packages_has_a_shell_and_records(
    store: Store, mirrors: dict[str, str], tmp_path: Path
) -> None:
    made = make(
        store, Request(("dash",), without=("debconf", "dpkg", "debianutils"), lock=tmp_path / "lock", **mirrors)
    )
    with running(store, made.image, tmp_path, "/bin/sh", "-c", "echo $((6 * 7))") as shell:
        assert (shell.wait(20), shell.output().stdout) == (0, b"42\n"), shell.output()
    again = make(store, Request(("dash",), without=("debconf", "dpkg", "debianutils"), lock=tmp_path / "lock"))
    assert again.image == made.image
    found = {package.name: package for package in catalog(index(store.snapshots(made.image)))}
    assert set(found) == {package.name for package in made.lock.locked}
    assert "/usr/bin/dash" in found["dash"].files


def test_everything_is_where_dpkg_and_tar_put_it(store: Store, mirrors: dict[str, str], tmp_path: Path) -> None:
    need("dpkg-deb", "tar")
    made = make(store, Request(("coreutils",), documentation=True, **mirrors))
    for name in ("bin", "lib", "sbin", "lib64"):
        (tmp_path / "usr" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name).symlink_to(f"usr/{name}")
    for locked in sorted(made.lock.locked, key=lambda locked: locked.name != "base-files"):
        package = store.root / "caches/packages" / locked.sha256
        stream = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True, check=True).stdout
        tar = ["tar", "--extract", "--preserve-permissions", "--numeric-owner", "--keep-directory-symlink"]
        subprocess.run([*tar, "-C", tmp_path], input=stream, check=True)
    ours, theirs = listing(index(store.snapshots(made.image))), listing(index([tmp_path]))
    assert {path: ours.get(path) for path in theirs} == theirs


def listing(tree: FileTree) -> dict[str, tuple[str, bytes]]:
    """Every path with what it is and holds."""
    return {
        path: (str(entry), tree.read(entry) if entry.kind == "file" else b"")
        for path, entry in tree.items()
        if path != "/"
    }
