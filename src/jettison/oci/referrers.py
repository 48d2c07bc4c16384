"""What is attached to an image in a registry: SBOMs, VEX documents (OCI distribution-spec 1.1, "Referrers").

A document is a blob of a manifest whose ``subject`` is the image. A registry that knows of subjects lists them;
for one that does not, the list is an index under a tag made from the image's digest, which clients keep.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jettison.errors import IntegrityError, InvalidInput, NotFound, RegistryError
from jettison.oci import mediatypes
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.registry import Repository

#: Bytes of a document that is fetched.
LIMIT = 256 << 20
#: What image-spec 1.1 has for a manifest without a configuration.
_EMPTY = b"{}"


def attach(
    repository: Repository,
    subject: Descriptor,
    media_type: str,
    data: bytes,
    annotations: Mapping[str, str] | None = None,
    *,
    told: Callable[[str], None] = lambda sentence: None,
) -> Descriptor:
    """Attach a document of ``media_type`` to the manifest ``subject``; the same one again changes nothing.

    Raises ``RegistryError``; where a registry refuses manifests with a subject (Quay), the document is attached
    by the tag alone, and ``told`` gets a sentence that says so.
    """
    content = Descriptor.of(media_type, data)
    for descriptor, blob in ((Descriptor.of(mediatypes.OCI_EMPTY, _EMPTY), _EMPTY), (content, data)):
        _upload(repository, descriptor, blob)
    notes = dict(annotations or {})
    manifest = _manifest(content, notes, subject)
    try:
        put, knows_subjects = _put(repository, manifest)
    except RegistryError as error:
        if not _refuses_subject(error):
            raise
        told(f"{repository.reference.domain} refuses manifests with a subject: only the tag {_tag(subject.digest)} "
             "leads to what is attached")  # fmt: skip
        put, knows_subjects = _put(repository, _manifest(content, notes, None))
    if not knows_subjects:
        _list(repository, subject.digest, put, media_type, notes)
    return replace(put, annotations=notes)


def referrers(repository: Repository, digest: Digest, artifact_type: str = "") -> tuple[Descriptor, ...]:
    """The manifests of what is attached to ``digest``, of one ``artifact_type`` or of any. Raises ``RegistryError``."""
    data = repository.referrers(digest)
    found = (_entries(data, digest) if data is not None else []) or _tagged(repository, digest)
    return tuple(
        Descriptor.from_json(entry)
        for entry in found
        if not artifact_type or entry.get("artifactType") == artifact_type
    )


def fetch(repository: Repository, descriptor: Descriptor) -> tuple[str, bytes]:
    """The media type and the bytes of an attached document. Raises ``InvalidInput`` for other manifests."""
    action = f"fetch {descriptor.digest.short} of {repository.reference.repository}"
    _, data = repository.manifest(str(descriptor.digest))
    manifest = _object(data, action)
    layers = manifest.get("layers")
    if not isinstance(layers, list) or len(layers) != 1:
        raise InvalidInput(f"cannot {action}: it is not one document")
    content = Descriptor.from_json(layers[0])
    if content.size > LIMIT:
        raise InvalidInput(f"cannot {action}: it has more than {LIMIT >> 20} MiB")
    sink = _Memory()
    repository.download(content, sink)
    hasher = content.digest.hasher()
    hasher.update(sink.data)
    if hasher.hexdigest() != content.digest.hex:
        raise IntegrityError(f"cannot {action}: what the registry sends has not the digest {content.digest}")
    return str(manifest.get("artifactType") or content.media_type), bytes(sink.data)


class _Memory:
    """A sink in memory."""

    def __init__(self) -> None:
        self.data = bytearray()

    @property
    def offset(self) -> int:
        return len(self.data)

    def write(self, data: bytes) -> None:
        self.data += data


def _upload(repository: Repository, descriptor: Descriptor, data: bytes) -> None:
    repository.upload(descriptor, lambda offset: iter((data[offset:],)))


def _manifest(content: Descriptor, annotations: Mapping[str, str], subject: Descriptor | None) -> bytes:
    """An artifact as image-spec 1.1 has it (manifest.md, "Guidelines for Artifact Usage")."""
    value: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": mediatypes.OCI_MANIFEST,
        "artifactType": content.media_type,
        "config": Descriptor.of(mediatypes.OCI_EMPTY, _EMPTY).to_json(),
        "layers": [content.to_json()],
    }
    if subject:
        value["subject"] = Descriptor(subject.media_type, subject.digest, subject.size).to_json()
    if annotations:
        value["annotations"] = dict(sorted(annotations.items()))
    return json.dumps(value, separators=(",", ":")).encode()


def _put(repository: Repository, manifest: bytes) -> tuple[Descriptor, bool]:
    digest = str(Digest.of(manifest))
    return repository.put_referrer(digest, mediatypes.OCI_MANIFEST, manifest)


def _refuses_subject(error: RegistryError) -> bool:
    """Whether a 4xx answer says that the manifest is wrong; Quay answers MANIFEST_INVALID to a subject."""
    text = str(error)
    return " answered 400" in text or " answered 415" in text or " answered 422" in text


def _list(
    repository: Repository, subject: Digest, put: Descriptor, artifact_type: str, annotations: Mapping[str, str]
) -> None:
    """Add an entry to the index under the tag; the others stay."""
    others = [entry for entry in _tagged(repository, subject) if entry.get("digest") != str(put.digest)]
    entry = {**put.to_json(), "artifactType": artifact_type}
    if annotations:
        entry["annotations"] = dict(sorted(annotations.items()))
    index = {"schemaVersion": 2, "mediaType": mediatypes.OCI_INDEX, "manifests": [*others, entry]}
    data = json.dumps(index, separators=(",", ":")).encode()
    repository.put_manifest(_tag(subject), mediatypes.OCI_INDEX, data)


def _tag(digest: Digest) -> str:
    """The tag of the distribution-spec's fallback ("Referrers Tag Schema"): at most 32 and 64 characters."""
    return f"{digest.algorithm[:32]}-{digest.hex[:64]}"


def _tagged(repository: Repository, digest: Digest) -> list[dict[str, Any]]:
    try:
        _, data = repository.manifest(_tag(digest))
    except NotFound:
        return []
    return _entries(data, digest)


def _entries(data: bytes, digest: Digest) -> list[dict[str, Any]]:
    action = f"list what is attached to {digest.short}"
    found = _object(data, action).get("manifests") or []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise InvalidInput(f"cannot {action}: what the registry sends is not an index")
    return found


def _object(data: bytes, action: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"cannot {action}: what the registry sends is not JSON") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"cannot {action}: what the registry sends is not a JSON object")
    return value
