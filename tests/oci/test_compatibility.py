"""Images go both ways between Jettison and skopeo, Podman and Docker, through a real registry."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jettison.oci.validate import validate

from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.recompress import Compression
from jettison.oci.reference import RegistryReference
from jettison.oci.transfer import pull, push, resolve
from samples import noise, sample
from servers import docker_daemon, docker_registry
from tools import need

pytestmark = pytest.mark.integration


def run(*arguments: str | Path, **environment: str) -> str:
    """A command's standard output; fails with what it said."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with docker_registry(tmp_path_factory.mktemp("registry")) as found:
        yield found


@pytest.fixture(scope="module")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with docker_daemon(tmp_path_factory.mktemp("docker")) as found:
        yield found


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    (tmp_path / "config.json").write_text("{}")  # Podman wants one where DOCKER_CONFIG is set
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return Store.open(tmp_path / "store")


@pytest.fixture
def image(store: Store) -> Image:
    return sample(store, {"/a": noise(2_000_000)}, {"/hello": b"hello\n"})


@pytest.fixture
def podman() -> Iterator[Callable[..., str]]:
    """Runs Podman with storage of its own, whose paths it wants short."""
    need("podman")
    with tempfile.TemporaryDirectory(prefix="jp", dir="/tmp") as home:
        places = ("--root", f"{home}/root", "--runroot", f"{home}/run", "--tmpdir", f"{home}/tmp")

        def call(*arguments: str | Path) -> str:
            return run("podman", *places, "--storage-driver=vfs", "--cgroup-manager=cgroupfs", *arguments)

        yield call


def same(found: Image, image: Image) -> None:
    """The same configuration and layers, whatever compressed them."""
    assert found.config.container == image.config.container
    assert [layer.diff_id for layer in found.layers] == [layer.diff_id for layer in image.layers]


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_skopeo_reads_what_we_push(domain: str, store: Store, image: Image, tmp_path: Path, compression: str) -> None:
    need("skopeo")
    reference = RegistryReference(domain, f"skopeo/{compression}", "1")
    sent = push(store, image, reference, compression=Compression.parse(compression))
    told = json.loads(run("skopeo", "inspect", "--tls-verify=false", f"docker://{reference}"))
    assert told["Digest"] == str(sent.digest)
    run("skopeo", "copy", "--src-tls-verify=false", f"docker://{reference}", f"dir:{tmp_path}/copy")


@pytest.mark.parametrize(("kind", "compression"), [("oci", "gzip"), ("oci", "zstd"), ("v2s2", "gzip")])
def test_we_read_what_skopeo_pushes(domain: str, store: Store, image: Image, kind: str, compression: str) -> None:
    need("skopeo")
    source, goal = RegistryReference(domain, "in/a", "1"), RegistryReference(domain, f"in/{kind}", compression)
    push(store, image, source)
    run(
        "skopeo", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", f"--format={kind}",
        f"--dest-compress-format={compression}", f"docker://{source}", f"docker://{goal}",
    )  # fmt: skip
    found = store.image(pull(store, goal))
    same(found, image)
    validate(store, found)


def test_podman_pulls_and_pushes(domain: str, store: Store, image: Image, podman: Callable[..., str]) -> None:
    ours, theirs = RegistryReference(domain, "podman/ours", "1"), RegistryReference(domain, "podman/theirs", "1")
    push(store, image, ours, compression=Compression.parse("zstd"))
    podman("pull", "--tls-verify=false", str(ours))
    podman("push", "--tls-verify=false", str(ours), str(theirs))
    found = resolve(store, str(theirs))
    same(found, image)
    validate(store, found)


def test_docker_pulls_and_pushes(domain: str, docker: str, store: Store, image: Image) -> None:
    ours, theirs = RegistryReference(domain, "docker/ours", "1"), RegistryReference(domain, "docker/theirs", "1")
    push(store, image, ours, compression=Compression.parse("gzip"))
    run("docker", "pull", str(ours), DOCKER_HOST=docker)
    run("docker", "tag", str(ours), str(theirs), DOCKER_HOST=docker)
    run("docker", "push", str(theirs), DOCKER_HOST=docker)
    found = resolve(store, str(theirs))
    same(found, image)
    validate(store, found)
