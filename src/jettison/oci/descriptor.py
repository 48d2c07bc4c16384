"""Descriptors: what points at content (OCI image-spec, descriptor.md)."""

from __future__ import annotations

import platform as _host
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jettison.errors import InvalidInput
from jettison.oci.digest import Digest

_ARCHITECTURES = {
    "x86_64": ("amd64", ""), "aarch64": ("arm64", "v8"), "armv7l": ("arm", "v7"), "armv6l": ("arm", "v6"),
    "i686": ("386", ""), "ppc64le": ("ppc64le", ""), "s390x": ("s390x", ""), "riscv64": ("riscv64", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Platform:
    """An operating system and an architecture, named as Go names them: ``linux/amd64``, ``linux/arm64/v8``."""

    os: str
    architecture: str
    variant: str = ""

    @classmethod
    def host(cls) -> Platform:
        """The platform of this machine."""
        machine = _host.machine()
        architecture, variant = _ARCHITECTURES.get(machine, (machine, ""))
        return cls("linux", architecture, variant)

    @classmethod
    def parse(cls, text: str) -> Platform:
        """Read ``os/architecture[/variant]``."""
        parts = text.split("/")
        if not 2 <= len(parts) <= 3 or not all(parts):
            raise InvalidInput(f"cannot read platform {text!r}: expected OS/ARCHITECTURE[/VARIANT]")
        return cls(*parts)

    def accepts(self, other: Platform) -> bool:
        """Whether an image for ``other`` runs here; a variant counts only where both sides name one."""
        same = (self.os, self.architecture) == (other.os, other.architecture)
        return same and (not self.variant or not other.variant or self.variant == other.variant)

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Media type, digest and size in bytes of some content, and what else the pointing document said."""

    media_type: str
    digest: Digest
    size: int
    annotations: Mapping[str, str] = field(default_factory=dict)
    platform: Platform | None = None
    urls: tuple[str, ...] = ()

    @classmethod
    def of(cls, media_type: str, data: bytes) -> Descriptor:
        """Describe ``data``."""
        return cls(media_type, Digest.of(data), len(data))

    @classmethod
    def from_json(cls, value: Any) -> Descriptor:
        """Read a descriptor. Raises ``InvalidInput`` where a required property is missing or of a wrong type."""
        try:
            digest, size = Digest.parse(value["digest"]), value["size"]
            if not isinstance(size, int) or isinstance(size, bool) or size < 0:
                raise InvalidInput(f"cannot read descriptor of {digest}: size {size!r} is not a count of bytes")
            where = value.get("platform")
            return cls(
                media_type=str(value.get("mediaType", "")),
                digest=digest,
                size=size,
                annotations={str(k): str(v) for k, v in (value.get("annotations") or {}).items()},
                platform=Platform(
                    str(where.get("os", "")),
                    str(where.get("architecture", "")),
                    str(where.get("variant", "")),
                )
                if where
                else None,
                urls=tuple(value.get("urls") or ()),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidInput(f"cannot read descriptor: {error!r} in {str(value)[:100]}") from error

    def to_json(self) -> dict[str, Any]:
        """The descriptor as the specification writes it."""
        value: dict[str, Any] = {"mediaType": self.media_type, "digest": str(self.digest), "size": self.size}
        if self.urls:
            value["urls"] = list(self.urls)
        if self.annotations:
            value["annotations"] = dict(sorted(self.annotations.items()))
        if self.platform:
            value["platform"] = {"architecture": self.platform.architecture, "os": self.platform.os}
            if self.platform.variant:
                value["platform"]["variant"] = self.platform.variant
        return value
