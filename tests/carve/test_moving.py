"""What an update of an application moves: its layer, to the registry and from there, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from counting import counted
from jettison.carve import carve
from jettison.closure.model import Evidence
from jettison.filetree import index
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.recompress import Compression
from jettison.oci.reference import RegistryReference, parse
from jettison.oci.transfer import pull, push
from jettison.plan.model import Plan, Policy
from samples import noise
from servers import docker_registry
from tools import need

pytestmark = pytest.mark.integration

FILES = {
    "/usr/lib/x86_64-linux-gnu/libc.so.6": 900_000,
    "/usr/local/bin/node": 2_000_000,
    "/app/node_modules/express/index.js": 700_000,
    "/app/server.js": 20_000,
}
#: Manifest and configuration come along: what is more is a layer.
DOCUMENTS = 20_000


def small(store: Store, root: Path) -> Image:
    """What shrinking makes of the application in ``root``."""
    tree = index([root])
    own = (Evidence("application", "/app"),)
    keep = {path: own if path == "/app/server.js" else (Evidence("opened", "x"),) for path in tree}
    config = ImageConfig(container=ContainerConfig(cmd=("/usr/local/bin/node", "/app/server.js")))
    image = Image(config, (Layer(Descriptor.of("", b""), Digest.of(b"")),))
    return carve(store, image, tree, Plan(Policy.BALANCED, keep, {}), epoch=1_700_000_000)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    need()
    root = tmp_path / "root"
    for number, (path, size) in enumerate(FILES.items()):
        place = Path(f"{root}{path}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(noise(size, number))
    return root


@pytest.mark.parametrize("compression", [None, "zstd:chunked", "estargz", "gzip"])
def test_only_the_application_moves(root: Path, tmp_path: Path, compression: str | None) -> None:
    here, there = Store.open(tmp_path / "here"), Store.open(tmp_path / "there")
    chosen = Compression.parse(compression) if compression else None
    first = small(here, root)
    (root / "app/server.js").write_bytes(noise(20_000, 99))
    os.utime(root / "app/server.js", (1_600_000_000, 1_600_000_000))
    second = small(here, root)
    assert len(first.layers) == 4
    with docker_registry(tmp_path) as domain, counted(domain) as proxy:
        one, two = (parse(f"{proxy.domain}/app:{number}") for number in (1, 2))
        assert isinstance(one, RegistryReference)
        assert isinstance(two, RegistryReference)
        push(here, first, one, compression=chosen)
        assert proxy.sent > sum(FILES.values())
        pull(there, one)
        assert proxy.received > sum(FILES.values())
        proxy.reset()
        push(here, second, two, compression=chosen)
        assert 20_000 < proxy.sent < 20_000 + DOCUMENTS
        proxy.reset()
        pull(there, two)
        assert 20_000 < proxy.received < 20_000 + DOCUMENTS
        assert proxy.requests <= 4  # is it a registry, the manifest, the configuration, the layer
