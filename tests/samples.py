"""Small real images in a store, for tests that move them about."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
from collections.abc import Mapping

import zstandard

from jettison.oci import mediatypes
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.descriptor import Platform
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store

_PACK = {
    "none": bytes,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


def layer_tar(files: Mapping[str, bytes]) -> bytes:
    """A layer with these files, mode 0755."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, content in files.items():
            member = tarfile.TarInfo(path.lstrip("/"))
            member.size, member.mode, member.mtime = len(content), 0o755, 1_000_000_000
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def noise(size: int, seed: int = 0) -> bytes:
    """Bytes that do not compress, the same every time."""
    return random.Random(seed).randbytes(size)


def sample(
    store: Store,
    *layers: Mapping[str, bytes],
    compression: str = "gzip",
    platform: Platform | None = None,
) -> Image:
    """An image of these layers, in the store."""
    made = []
    for files in layers or ({"/hello": b"hello\n"},):
        tar = layer_tar(files)
        blob = store.put_blob(mediatypes.layer_type(compression), _PACK[compression](tar))
        made.append(Layer(blob, Digest.of(tar)))
    config = ImageConfig(
        platform=platform or Platform.host(),
        container=ContainerConfig(cmd=("/hello",), env=("PATH=/bin",)),
        diff_ids=tuple(layer.diff_id for layer in made),
    )
    return store.put_image(Image(config, tuple(made)))
