"""Images go both ways between Jettison and skopeo, Podman and Docker, through a real registry."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jettison.errors import NotFound
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.recompress import Compression
from jettison.oci.reference import RegistryReference, StoreReference, parse
from jettison.oci.transfer import copy, load, pull, push, resolve, save
from jettison.oci.validate import validate
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


def test_skopeo_reads_our_layouts_and_archives(store: Store, image: Image, tmp_path: Path) -> None:
    need("skopeo")
    assert image.descriptor
    for text in (
        f"oci:{tmp_path}/layout:v1",
        f"oci-archive:{tmp_path}/o.tar:v1",
        f"docker-archive:{tmp_path}/d.tar:a:1",
    ):
        copy(store, StoreReference(image.descriptor.digest), parse(text))
        told = json.loads(run("skopeo", "inspect", "--config", text))
        assert told["rootfs"]["diff_ids"] == [str(layer.diff_id) for layer in image.layers]
        run("skopeo", "copy", text, f"dir:{tmp_path}/copy-{text.partition(':')[0]}")


@pytest.mark.parametrize("kind", ["oci", "oci-archive", "docker-archive"])
def test_we_read_skopeo_s_layouts_and_archives(store: Store, image: Image, tmp_path: Path, kind: str) -> None:
    need("skopeo")
    assert image.descriptor
    copy(store, StoreReference(image.descriptor.digest), parse(f"oci:{tmp_path}/layout:v1"))
    text = f"{kind}:{tmp_path}/theirs:app:1"
    run("skopeo", "copy", f"oci:{tmp_path}/layout:v1", text)
    other = Store.open(tmp_path / "other")
    found = resolve(other, text)
    same(found, image)
    validate(other, found)


def test_docker_loads_what_we_save_and_we_load_what_it_saves(
    docker: str, store: Store, image: Image, tmp_path: Path
) -> None:
    assert image.descriptor
    save(store, image.descriptor, "app:saved", tmp_path / "ours.tar", "docker-archive")
    assert "app:saved" in run("docker", "load", "-i", tmp_path / "ours.tar", DOCKER_HOST=docker)
    run("docker", "save", "-o", tmp_path / "theirs.tar", "app:saved", DOCKER_HOST=docker)
    other = Store.open(tmp_path / "other")
    [(name, descriptor)] = load(other, tmp_path / "theirs.tar")
    assert name == "docker.io/library/app:saved"
    same(other.image(descriptor), image)
    validate(other, other.image(descriptor))


def test_the_docker_daemon_as_a_place(
    docker: str, store: Store, image: Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker)
    assert image.descriptor
    copy(store, StoreReference(image.descriptor.digest), parse("docker-daemon:app:daemon"))
    assert "app:daemon" in run("docker", "images", "--format", "{{.Repository}}:{{.Tag}}", DOCKER_HOST=docker)
    other = Store.open(tmp_path / "other")
    found = resolve(other, "docker-daemon:app:daemon")
    same(found, image)
    validate(other, found)
    with pytest.raises(NotFound, match="the Docker daemon has no such image"):
        resolve(other, "docker-daemon:app:missing")


def test_podman_s_archives(store: Store, image: Image, tmp_path: Path, podman: Callable[..., str]) -> None:
    assert image.descriptor
    save(store, image.descriptor, "app:saved", tmp_path / "ours.tar", "docker-archive")
    podman("load", "-i", tmp_path / "ours.tar")
    for kind in ("docker-archive", "oci-archive"):
        file = tmp_path / f"{kind}.tar"
        podman("save", "--format", kind, "-o", file, "docker.io/library/app:saved")
        other = Store.open(tmp_path / kind)
        [(name, descriptor)] = load(other, file)
        assert name == "docker.io/library/app:saved"
        same(other.image(descriptor), image)
        validate(other, other.image(descriptor))
