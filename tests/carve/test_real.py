"""A real program, from a root file system to a small image that runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from jettison.carve import carve
from jettison.filetree import index
from jettison.observe.model import Observation
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.validate import validate
from jettison.plan import Policy, make
from tools import need

pytestmark = pytest.mark.integration

CONFIG = ContainerConfig(
    env=("PATH=/usr/bin:/bin",), cmd=("sh", "-c", "./run.sh"), working_dir="/srv/app", user="65534:65534"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """This machine's shell and two commands with their libraries, an application that mentions one of them."""
    need("chroot", "ldd", "sh", "uname", "wc")
    root = tmp_path / "root"
    for command in ("sh", "uname", "wc"):
        program = shutil.which(command)
        assert program
        libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        for path in (f"/usr/bin/{command}", *re.findall(r"(/\S+) \(", libraries)):
            target = root / path[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    (root / "srv/app").mkdir(parents=True)
    (root / "srv/app/run.sh").write_text("#!/usr/bin/sh\n[ $# = 0 ] || exec uname -s\necho fine\n")
    (root / "srv/app/run.sh").chmod(0o755)
    (root / "usr/share/doc").mkdir(parents=True)
    (root / "usr/share/doc/big").write_bytes(os.urandom(100_000))
    return root


@pytest.mark.parametrize("policy", Policy)
def test_the_small_image_runs_without_having_been_observed(root: Path, tmp_path: Path, policy: Policy) -> None:
    store = Store.open(tmp_path / "store")
    image = Image(ImageConfig(container=CONFIG), (Layer(Descriptor.of("", b""), Digest.of(b"")),))
    tree = index([root])
    small = carve(store, image, tree, make(tree, image, Observation(), (), policy))
    validate(store, small)
    merged = tmp_path / "merged"
    for snapshot in store.snapshots(small):
        shutil.copytree(snapshot, merged, symlinks=True, dirs_exist_ok=True)
    assert run(merged) == "fine\n"
    assert not (merged / "usr/share/doc").exists()
    assert not (merged / "usr/bin/wc").exists()
    if policy is not Policy.TIGHT:
        assert run(merged, "x") == "Linux\n"


def run(root: Path, *arguments: str) -> str:
    command = ["chroot", root, "/usr/bin/sh", "/srv/app/run.sh", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
