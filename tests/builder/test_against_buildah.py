"""The same Dockerfiles, built by Buildah and by Jettison: file trees and configurations are equal.

What may differ, and why, is in docs/decisions/build-like-docker.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.buildah import Buildah
from builder.dockerfiles import BASE, BASE_NAME, dockerfiles, make_context
from jettison.builder import build
from jettison.filetree import FileEntry, FileTree, Kind, index
from jettison.oci.config import ImageConfig
from jettison.oci.layout import Store
from jettison.oci.validate import validate
from tools import need

pytestmark = pytest.mark.integration


#: Buildah 1.28 leaves in the image what it mounts on; BuildKit and we do not.
MOUNT_POINTS = {"/", "/dev", "/proc", "/sys", "/run", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}


class Bench:
    """Both builders with the base image in place."""

    def __init__(self, directory: Path) -> None:
        self.context = directory / "context"
        make_context(self.context)
        (directory / "buildah").mkdir()
        self.buildah = Buildah(directory / "buildah")
        self.store = Store.open(directory / "store")
        self.buildah.build(BASE, self.context, BASE_NAME)
        build(self.store, self.context, BASE, tag=BASE_NAME)

    def theirs(self, dockerfile: str, place: Path) -> tuple[ImageConfig, FileTree]:
        self.buildah.build(dockerfile, self.context, "localhost/result")
        return self.buildah.image("localhost/result", place)

    def ours(self, dockerfile: str) -> tuple[ImageConfig, FileTree]:
        image = build(self.store, self.context, dockerfile).image
        validate(self.store, image)
        return image.config, index(self.store.snapshots(image))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    need("buildah", "runc", "busybox")
    made = Bench(tmp_path_factory.mktemp("bench"))
    yield made
    made.buildah.close()


@pytest.mark.parametrize("name", dockerfiles())
def test_same_as_buildah(bench: Bench, name: str, tmp_path: Path) -> None:
    text = dockerfiles()[name]
    theirs, ours = bench.theirs(text, tmp_path / "theirs"), bench.ours(text)
    assert paths(ours[1]) == paths(theirs[1])
    assert settings(ours[0]) == settings(theirs[0])


def paths(tree: FileTree) -> dict[str, str]:
    """Path -> all that is compared: kind, mode, owner, size, target, device, xattrs, other names, old times."""
    names: dict[tuple[int, int], str] = {}
    found = {}
    for path in sorted(tree):
        if path not in MOUNT_POINTS:
            found[path] = _line(tree[path], names)
    return found


def _line(entry: FileEntry, names: dict[tuple[int, int], str]) -> str:
    parts = [str(entry), str(sorted(entry.xattrs.items())), str(entry.device)]
    if entry.inode:
        parts.append(f"same as {names.setdefault(entry.inode, entry.path)}")
    if entry.kind is not Kind.DIRECTORY and entry.mtime == 1_600_000_000:
        parts.append("from the context")
    return " ".join(parts)


def settings(config: ImageConfig) -> dict[str, object]:
    value = config.container.to_json()
    for key in ("Image", "Hostname", "Domainname", "AttachStdin", "AttachStdout", "AttachStderr", "Tty"):
        value.pop(key, None)
    for key in ("OpenStdin", "StdinOnce", "ArgsEscaped"):
        value.pop(key, None)
    # An empty list and no list are the same; BuildKit writes the working directory that scratch starts with.
    value = {key: found for key, found in value.items() if found}
    value.setdefault("WorkingDir", "/")
    value["Labels"] = {k: v for k, v in value.get("Labels", {}).items() if k != "io.buildah.version"}
    return value
