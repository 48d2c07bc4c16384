"""What is written is built by Docker, and gives what carving by the returned plan gives."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from builder.dockerfiles import BASE, BASE_NAME, make_context
from jettison.builder import build
from jettison.carve import carve
from jettison.filetree import index
from jettison.oci import transfer
from jettison.oci.layout import Store
from rewrite.observation.built import LINKS, LINKS_KEPT, lines, observed, settings
from servers import docker_daemon
from tools import need

pytestmark = pytest.mark.integration


def test_docker_builds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("dockerd", "docker", "runc", "busybox")
    make_context(tmp_path / "context")
    store = Store.open(tmp_path / "store")
    build(store, tmp_path / "context", BASE, tag=BASE_NAME)
    image = build(store, tmp_path / "context", LINKS).image
    tree = index(store.snapshots(image))
    found = observed(image, tree, {*LINKS_KEPT, *tree.below("/opt/odd")}, LINKS)
    small = carve(store, image, tree.subset(found.plan.keep), found.plan)
    with docker_daemon(tmp_path) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        docker_build(tmp_path, BASE, BASE_NAME)
        docker_build(tmp_path, found.text, "result")
        theirs = transfer.resolve(store, "docker-daemon:result:latest")
    after, expected = index(store.snapshots(theirs)), index(store.snapshots(small))
    assert lines(after, built_again=True) == lines(expected, built_again=True)
    assert settings(theirs.config) == settings(small.config)


def docker_build(directory: Path, dockerfile: str, tag: str) -> None:
    """With the builder that needs no plug-in of the client."""
    (directory / "Dockerfile").write_text(dockerfile)
    done = subprocess.run(
        ["docker", "build", "--network", "none", "-t", tag, "-f", directory / "Dockerfile", directory / "context"],
        env={**os.environ, "DOCKER_BUILDKIT": "0"}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
