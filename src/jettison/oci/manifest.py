"""Manifests and indexes (OCI image-spec, manifest.md and image-index.md; Docker schema 2), read and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jettison.errors import InvalidInput, NotFound, Unsupported
from jettison.oci import mediatypes
from jettison.oci.descriptor import Descriptor, Platform

#: Larger manifests are refused before they are parsed, as registries do (4 MiB in distribution-spec).
SIZE_LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """One image for one platform: its configuration and its layers, lowest first."""

    config: Descriptor
    layers: tuple[Descriptor, ...]
    annotations: Mapping[str, str] = field(default_factory=dict)
    media_type: str = mediatypes.OCI_MANIFEST
    subject: Descriptor | None = None
    artifact_type: str = ""

    def to_bytes(self) -> bytes:
        """The document, deterministic."""
        value: dict[str, Any] = {
            "schemaVersion": 2,
            "mediaType": self.media_type,
            "config": self.config.to_json(),
            "layers": [layer.to_json() for layer in self.layers],
        }
        if self.artifact_type:
            value["artifactType"] = self.artifact_type
        if self.subject:
            value["subject"] = self.subject.to_json()
        if self.annotations:
            value["annotations"] = dict(sorted(self.annotations.items()))
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Index:
    """Several manifests, usually one for each platform."""

    manifests: tuple[Descriptor, ...]
    annotations: Mapping[str, str] = field(default_factory=dict)
    media_type: str = mediatypes.OCI_INDEX

    def select(self, platform: Platform, name: str = "image") -> Descriptor:
        """The first manifest for ``platform``. Raises ``NotFound`` naming the platforms that there are."""
        for descriptor in self.manifests:
            if descriptor.platform and platform.accepts(descriptor.platform):
                return descriptor
        there = sorted({str(d.platform) for d in self.manifests if d.platform and d.platform.os != "unknown"})
        raise NotFound(f"cannot use {name}: it has no image for {platform}, only for {', '.join(there) or 'none'}")

    def to_bytes(self) -> bytes:
        """The document, deterministic."""
        value: dict[str, Any] = {
            "schemaVersion": 2,
            "mediaType": self.media_type,
            "manifests": [descriptor.to_json() for descriptor in self.manifests],
        }
        if self.annotations:
            value["annotations"] = dict(sorted(self.annotations.items()))
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def parse(data: bytes, media_type: str = "") -> Manifest | Index:
    """Read a manifest or an index; ``media_type`` is what its descriptor or the registry said, if anything.

    Raises ``InvalidInput`` for what is neither, ``Unsupported`` for Docker's schema 1.
    """
    if len(data) > SIZE_LIMIT:
        raise InvalidInput(f"cannot read manifest: {len(data)} bytes, over the limit of {SIZE_LIMIT}")
    try:
        value = json.loads(data)
        if value.get("schemaVersion") == 1 or media_type == mediatypes.DOCKER_SCHEMA1:
            raise Unsupported("cannot read manifest: Docker schema 1, which was retired; push the image again")
        kind = value.get("mediaType") or media_type
        notes = {str(k): str(v) for k, v in (value.get("annotations") or {}).items()}
        if kind in mediatypes.INDEXES or (not kind and "manifests" in value):
            found = tuple(Descriptor.from_json(d) for d in value["manifests"])
            return Index(found, notes, kind or mediatypes.OCI_INDEX)
        if kind in mediatypes.MANIFESTS or (not kind and "layers" in value):
            return Manifest(
                config=Descriptor.from_json(value["config"]),
                layers=tuple(Descriptor.from_json(d) for d in value["layers"]),
                annotations=notes,
                media_type=kind or mediatypes.OCI_MANIFEST,
                subject=Descriptor.from_json(value["subject"]) if value.get("subject") else None,
                artifact_type=str(value.get("artifactType") or ""),
            )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"cannot read manifest: {error!r}") from error
    raise InvalidInput(f"cannot read manifest: media type {kind!r} is neither a manifest nor an index")
