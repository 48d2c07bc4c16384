"""An image as a value. Its bytes stay where they are, usually in the store (``layout``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jettison.oci import mediatypes
from jettison.oci.config import ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: the descriptor of its (usually compressed) blob and the digest of its uncompressed tar."""

    descriptor: Descriptor
    diff_id: Digest

    @property
    def compression(self) -> str:
        """``none``, ``gzip`` or ``zstd``."""
        return mediatypes.LAYER_COMPRESSION.get(self.descriptor.media_type, "none")


@dataclass(frozen=True, slots=True)
class Image:
    """A configuration and layers, lowest first. ``descriptor`` is that of its manifest once it was stored."""

    config: ImageConfig
    layers: tuple[Layer, ...]
    annotations: Mapping[str, str] = field(default_factory=dict)
    descriptor: Descriptor | None = None

    @property
    def compressed_bytes(self) -> int:
        """What a push or a cold pull moves: the sum of the layer blobs."""
        return sum(layer.descriptor.size for layer in self.layers)

    def manifest(self) -> Manifest:
        """The OCI manifest of this image as it stands; the configuration is ``config.to_bytes()``."""
        return Manifest(
            config=Descriptor.of(mediatypes.OCI_CONFIG, self.config.to_bytes()),
            layers=tuple(layer.descriptor for layer in self.layers),
            annotations=self.annotations,
        )
