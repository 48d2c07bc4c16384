"""From one repository to another of the same registry: blobs are mounted there, and none is moved."""

from __future__ import annotations

from jettison.oci import parallel
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.fetch import WORKERS
from jettison.oci.manifest import Index, Manifest, parse
from jettison.oci.reference import RegistryReference
from jettison.oci.registry import Repository


def relay(
    source: RegistryReference,
    destination: RegistryReference,
    platform: Platform | None,
    *,
    all_platforms: bool = False,
    insecure: bool = False,
) -> Descriptor | None:
    """Copy by mounting; ``None`` where the registry does not mount some blob, and the image must go through here."""
    with Repository(source, insecure=insecure) as from_there, Repository(destination, insecure=insecure) as to_there:
        top, data = from_there.manifest(source.target)
        document = parse(data, top.media_type)
        if isinstance(document, Index) and not all_platforms:
            wanted = document.select(platform or Platform.host(), str(source))
            top, data = from_there.manifest(str(wanted.digest))
        return _mount(from_there, to_there, top, data, destination.target)


def _mount(source: Repository, destination: Repository, top: Descriptor, data: bytes, target: str) -> Descriptor | None:
    document = parse(data, top.media_type)
    if isinstance(document, Manifest):
        mounted: list[bool] = []
        parallel.each(
            lambda blob: mounted.append(destination.mount(blob.digest, source.reference.path)),
            {blob.digest: blob for blob in (document.config, *document.layers)}.values(),
            WORKERS,
            destination.stop,
        )
        if not all(mounted):
            return None
    else:
        for child in document.manifests:
            found = source.manifest(str(child.digest))
            if _mount(source, destination, *found, str(child.digest)) is None:
                return None
    return destination.put_manifest(target, document.media_type, data)
