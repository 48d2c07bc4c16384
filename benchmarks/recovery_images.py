"""Images of given sizes for ``recovery.py``: their content is made from a seed, so that they are the same each time."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jettison.filetree import index
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.image import Image, Layer
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store

#: Of each file this share does not compress; the rest is lines of text, which compress to nearly nothing.
_DENSE = 0.4
_LINE = b"def value(number): return table[number] if number in table else default\n"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An image to make: about so many MB compressed, in so many layers with so many files in all."""

    megabytes: float
    layers: int
    files: int

    @property
    def name(self) -> str:
        return f"synthetic-{self.megabytes:g}mb-{self.layers}l-{self.files}f"


SYNTHETIC = (
    Wanted(2, 1, 10),
    Wanted(3, 1, 5000),
    Wanted(4, 3, 300),
    Wanted(5, 2, 8000),
    Wanted(6, 2, 2000),
    Wanted(10, 1, 100),
    Wanted(12, 5, 1000),
    Wanted(20, 2, 4000),
    Wanted(25, 6, 500),
    Wanted(30, 1, 3000),
    Wanted(40, 3, 8000),
    Wanted(60, 4, 200),
)


def make(store: Store, wanted: Wanted) -> Image:
    """Put the image into the store. Its layers have different sizes: each next one is larger by the first's size."""
    chance = random.Random(wanted.name)
    parts = sum(range(1, wanted.layers + 1))
    layers = []
    for number in range(wanted.layers):
        part = (number + 1) / parts
        with tempfile.TemporaryDirectory() as root:
            _fill(Path(root), chance, round(wanted.megabytes * 1e6 * part), max(1, round(wanted.files * part)), number)
            layers.append(_layer(store, Path(root)))
    config = ImageConfig(container=ContainerConfig(cmd=("/true",)), diff_ids=tuple(layer.diff_id for layer in layers))
    return store.put_image(Image(config, tuple(layers)))


def _layer(store: Store, root: Path) -> Layer:
    tree = index([root])
    return store_layer(store, tree, sorted(set(tree) - {"/"}))


def _fill(root: Path, chance: random.Random, size: int, files: int, number: int) -> None:
    for name, content in _contents(chance, size, files):
        place = root / f"app{number}" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _contents(chance: random.Random, size: int, files: int) -> Iterator[tuple[str, bytes]]:
    """Half of the files get nine tenths of the bytes, as in real trees."""
    for n in range(files):
        share = (0.9 if n % 2 == 0 else 0.1) / max(1, (files + 1) // 2 if n % 2 == 0 else files // 2)
        dense = int(size * (share if files > 1 else 1.0))
        text = _LINE * (int(dense * (1 - _DENSE) / _DENSE) // len(_LINE) + 1)
        yield f"d{n % 97}/file{n}.py", chance.randbytes(dense) + text
