"""Real clients pull zstd:chunked and eStargz: Podman in part, others whole, and all get the same tree."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archives import archive, directory, file, link, member
from counting import Count, counted
from jettison.filetree import FileTree, Kind, index
from jettison.oci import mediatypes
from jettison.oci.config import ImageConfig
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.recompress import Compression
from jettison.oci.reference import RegistryReference, parse
from jettison.oci.transfer import copy, push, resolve
from samples import noise
from servers import docker_daemon, docker_registry
from tools import need

pytestmark = pytest.mark.integration
FORMATS = ["zstd:chunked", "estargz"]
ADDED = {"/.prefetch.landmark", "/.no.prefetch.landmark", "/stargz.index.json"}
XATTR = {"SCHILY.xattr.user.note": "kept"}


def run(*arguments: str | Path, **environment: str) -> str:
    """Everything that a command says; fails with it."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with docker_registry(tmp_path_factory.mktemp("registry")) as found:
        yield found


@pytest.fixture
def proxy(domain: str) -> Iterator[Count]:
    with counted(domain) as count:
        yield count


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def image(store: Store, changed: bytes = b"one") -> Image:
    """Two layers of all kinds of members; 2 MB that do not compress, and one small file that changes."""
    base = archive(
        directory("etc/"), file("etc/passwd", b"root:x:0:0::/:/bin/sh\n"), file("etc/gone", b"soon"),
        directory("tmp/", mode=0o1777),
        member("etc/fifo", b"6", uid=7),
    )  # fmt: skip
    upper = archive(
        directory("app/", uid=1000, gid=1001, mode=0o750, mtime=1_000_000),
        *(file(f"app/{number}", noise(20_000, number), mtime=1_500_000_000) for number in range(50)),
        file("app/large", noise(1_000_000), mode=0o4755), file("app/changed", changed), file("app/empty", b""),
        member("app/hard", b"1", linkname="app/large", mode=0o4755), link("app/link", "../etc/passwd"),
        file("etc/.wh.gone", b""),
        file("app/xattr", b"x", pax_headers=XATTR), file("app/é", b"utf-8"),
    )  # fmt: skip
    layers = []
    for data in (base.getvalue(), upper.getvalue()):
        layers.append(Layer(store.put_blob(mediatypes.OCI_LAYER, data), Digest.of(data)))
    config = ImageConfig(diff_ids=tuple(layer.diff_id for layer in layers))
    return store.put_image(Image(config, tuple(layers)))


def told(tree: FileTree, timed: Kind | None = None) -> dict[str, tuple[object, ...]]:
    """Everything that a client must get right about each path; a whiteout in it changes the time of ``/etc``.

    ``timed`` is the only kind whose times are compared.
    """
    first: dict[object, str] = {}
    found: dict[str, tuple[object, ...]] = {}
    for path, entry in sorted(tree.items()):
        if path == "/" or path in ADDED:
            continue
        content = hashlib.sha256(tree.read(entry)).hexdigest() if entry.kind is Kind.FILE else ""
        mtime = entry.mtime if path != "/etc" and timed in (None, entry.kind) else 0
        same = first.setdefault(entry.inode, path) if entry.inode else path
        notes = {key: value for key, value in entry.xattrs.items() if key.startswith("user.note")}
        found[path] = (entry.kind, entry.mode, entry.uid, entry.gid, mtime, entry.target, content, same, notes)
    return found


def sent(store: Store, made: Image, domain: str, name: str, compression: str) -> str:
    """Push, and give the name."""
    reference = parse(f"{domain}/{name}")
    assert isinstance(reference, RegistryReference)
    push(store, made, reference, compression=Compression.parse(compression))
    return name


@pytest.fixture
def podman(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Podman that may pull in part, with storage of its own, whose paths it wants short."""
    need("podman")
    with tempfile.TemporaryDirectory(prefix="jp", dir="/tmp") as home:
        settings = Path(home, "storage.conf")
        settings.write_text(
            f'[storage]\ndriver = "overlay"\ngraphroot = "{home}/graph"\nrunroot = "{home}/run"\n'
            '[storage.options]\npull_options = {enable_partial_images = "true", use_hard_links = "false"}\n'
        )

        def call(*arguments: str) -> str:
            environment = {"CONTAINERS_STORAGE_CONF": str(settings), "XDG_CONFIG_HOME": home, "TMPDIR": home}
            return run("podman", "--tmpdir", f"{home}/tmp", "--cgroup-manager=cgroupfs", *arguments, **environment)

        yield call
        call("image", "umount", "--all", "--force")
        call("rmi", "--all", "--force")
        subprocess.run(["umount", "-l", f"{home}/graph/overlay"], stderr=subprocess.DEVNULL, check=False)


@pytest.mark.parametrize("compression", FORMATS)
def test_podman_moves_only_what_changed(
    proxy: Count, domain: str, store: Store, podman: Callable[..., str], compression: str
) -> None:
    kind = compression.replace(":", "-")
    before, after = image(store), image(store, b"two")
    size = sum(layer.descriptor.size for layer in before.layers)
    one = sent(store, before, domain, f"partial-{kind}:1", compression)
    two = sent(store, after, domain, f"partial-{kind}:2", compression)
    log = podman("--log-level=debug", "pull", "--tls-verify=false", f"{proxy.domain}/{one}")
    assert "Retrieved partial blob" in log
    assert proxy.received > 0.8 * size
    proxy.reset()
    podman("pull", "--tls-verify=false", f"{proxy.domain}/{two}")
    assert proxy.received < 0.03 * size, f"{proxy.received} of {size}"
    place = podman("image", "mount", f"{proxy.domain}/{two}").strip().splitlines()[-1]
    whole = told(index(store.snapshots(after)), Kind.FILE)  # a partial pull leaves others at today
    if compression == "estargz":
        del whole["/etc/fifo"]  # containers/storage leaves it out of a partial pull; zstd:chunked has no such layers
    assert told(index([Path(place)]), Kind.FILE) == whole


@pytest.mark.parametrize("compression", FORMATS)
def test_skopeo_copies_it(domain: str, store: Store, tmp_path: Path, compression: str) -> None:
    need("skopeo")
    made = image(store)
    name = sent(store, made, domain, f"skopeo-{compression.replace(':', '-')}:1", compression)
    run("skopeo", "copy", "--src-tls-verify=false", f"docker://{domain}/{name}", f"oci:{tmp_path}/out:1")
    other = Store.open(tmp_path / "other")
    found = resolve(other, f"oci:{tmp_path}/out:1")
    assert told(index(other.snapshots(found))) == told(index(store.snapshots(made)))


@pytest.mark.parametrize("compression", FORMATS)
def test_podman_that_pulls_whole_gets_the_same(domain: str, store: Store, tmp_path: Path, compression: str) -> None:
    need("podman")
    made = image(store)
    name = sent(store, made, domain, f"whole-{compression.replace(':', '-')}:1", compression)
    with tempfile.TemporaryDirectory(prefix="jp", dir="/tmp") as home:
        places = ("--root", f"{home}/root", "--runroot", f"{home}/run", "--storage-driver=vfs")
        run("podman", *places, "pull", "--tls-verify=false", f"{domain}/{name}", XDG_CONFIG_HOME=home)
        place = run("podman", *places, "image", "mount", f"{domain}/{name}", XDG_CONFIG_HOME=home)
        assert told(index([Path(place.strip())])) == told(index(store.snapshots(made)))


def test_docker_pulls_estargz(domain: str, store: Store, tmp_path: Path) -> None:
    made = image(store)
    name = sent(store, made, domain, "docker-estargz:1", "estargz")
    with docker_daemon(tmp_path) as host:
        run("docker", "pull", f"{domain}/{name}", DOCKER_HOST=host)
        layers = json.loads(run("docker", "image", "inspect", f"{domain}/{name}", DOCKER_HOST=host))[0]
    found = resolve(store, f"{domain}/{name}")
    assert layers["RootFS"]["Layers"] == [str(digest) for digest in found.config.diff_ids]
    assert told(index(store.snapshots(found))) == told(index(store.snapshots(made)))


@pytest.fixture(scope="module")
def containerd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """``ctr`` for a containerd of its own."""
    need("containerd", "ctr")
    place = tmp_path_factory.mktemp("containerd")
    with tempfile.TemporaryDirectory(prefix="jc", dir="/tmp") as short:
        (place / "config.toml").write_text(
            f'version = 2\nroot = "{place}/root"\nstate = "{short}/state"\n[grpc]\naddress = "{short}/c.sock"\n'
            'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
        )
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(["containerd", "-c", str(place / "config.toml")], stdout=log, stderr=log)

        def call(*arguments: str | Path) -> str:
            return run("ctr", "-a", f"{short}/c.sock", *arguments)

        try:
            end = time.monotonic() + 20
            while not Path(short, "c.sock").exists():
                assert process.poll() is None, (place / "log").read_text()[-2000:]
                assert time.monotonic() < end, (place / "log").read_text()[-2000:]
                time.sleep(0.05)
            yield call
        finally:
            process.terminate()
            process.wait(20)


@pytest.mark.parametrize("compression", FORMATS)
def test_containerd_pulls_it(
    domain: str, store: Store, tmp_path: Path, containerd: Callable[..., str], compression: str
) -> None:
    made = image(store)
    name = f"{domain}/" + sent(store, made, domain, f"ctr-{compression.replace(':', '-')}:1", compression)
    containerd("image", "pull", "--plain-http", "--snapshotter", "overlayfs", name)
    target = tmp_path / "mounted"
    target.mkdir()
    containerd("image", "mount", "--snapshotter", "overlayfs", name, target)
    try:
        assert told(index([target])) == told(index(store.snapshots(made)))
    finally:
        containerd("image", "unmount", target)


def test_copy_makes_it_from_a_registry(domain: str, store: Store, tmp_path: Path) -> None:
    made = image(store)
    name = sent(store, made, domain, "plain:1", "gzip")
    other = Store.open(tmp_path / "other")
    source, goal = parse(f"{domain}/{name}"), parse(f"{domain}/plain:chunked")
    copied = copy(other, source, goal, compression=Compression("zstd:chunked"))
    found = resolve(other, f"{domain}/plain:chunked")
    assert found.descriptor
    assert found.descriptor.digest == copied.digest
    assert found.config.diff_ids == made.config.diff_ids
    assert "zstd-chunked" in " ".join(found.layers[1].descriptor.annotations)
