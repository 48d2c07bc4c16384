"""Small real images, made of this machine's own binaries: a static busybox, and python3 with its standard library."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from jettison.filetree import index
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.image import Image
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store

APPLETS = (
    "sh",
    "httpd",
    "cat",
    "ls",
    "sleep",
    "echo",
    "rm",
    "chown",
    "mkdir",
    "wget",
    "nc",
    "test",
    "true",
    "false",
    "kill",
)
ACCOUNTS = {
    "/etc/passwd": b"root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n",
    "/etc/group": b"root:x:0:\napp:x:1000:\n",
}
PATH = "PATH=/usr/local/bin:/usr/bin:/bin"

Files = Mapping[str, bytes | str]


def image(store: Store, root: Path, **container: object) -> Image:
    """An image whose one layer is the directory ``root``; ``container`` are fields of ``ContainerConfig``."""
    tree = index([root])
    layer = store_layer(store, tree, sorted(set(tree) - {"/"}), level=1)
    config = ContainerConfig(**{"env": (PATH,)} | container)
    return store.put_image(Image(ImageConfig(container=config, diff_ids=(layer.diff_id,)), (layer,)))


def write(root: Path, files: Files) -> Path:
    """Write ``files`` below ``root``: bytes are content, executable where they start ``#!``, texts links."""
    for path, content in files.items():
        place = root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            place.symlink_to(content)
        else:
            place.write_bytes(content)
            place.chmod(0o755 if content.startswith(b"#!") else 0o644)
    return root


def busybox(root: Path, files: Files | None = None) -> Path:
    """A root file system of one static binary, its applets as links, and ``files``."""
    write(root, {f"/bin/{applet}": "busybox" for applet in APPLETS} | ACCOUNTS | dict(files or {}))
    shutil.copy2("/bin/busybox", root / "bin/busybox")
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    return root


def python(root: Path, files: Files | None = None) -> Path:
    """A root file system with ``/usr/bin/python3``, what it links, its standard library, busybox, and ``files``."""
    busybox(root, files)
    binary = os.path.realpath("/usr/bin/python3")
    name = os.path.basename(binary)
    copy(root, binary)
    (root / "usr/bin/python3").symlink_to(name)
    unused = shutil.ignore_patterns(
        "__pycache__", "test", "tests", "idlelib", "lib2to3", "pydoc_data", "config-*", "dist-packages"
    )
    library = root / f"usr/lib/{name}"
    shutil.copytree(f"/usr/lib/{name}", library, symlinks=True, ignore=unused)
    for module in library.glob("lib-dynload/*.so"):
        copy(root, f"/usr/lib/{name}/lib-dynload/{module.name}")
    return root


def copy(root: Path, binary: str) -> None:
    """A binary of this machine with every library that it links, each where it is here."""
    linked = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False).stdout
    for file in (binary, *re.findall(r"(/\S+) \(0x", linked)):
        place = root / file.lstrip("/")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(os.path.realpath(file), place)
