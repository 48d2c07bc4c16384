"""Images from any place to any other. Every verb gets its image through ``resolve``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from jettison.errors import InvalidReference, NotFound
from jettison.oci import places
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.fetch import fetch
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.progress import SILENT, Progress
from jettison.oci.recompress import Compression, notes, recompress_image
from jettison.oci.reference import (
    DockerArchiveReference,
    OciArchiveReference,
    OciReference,
    Reference,
    RegistryReference,
    StoreReference,
    parse,
)
from jettison.oci.relay import relay
from jettison.oci.send import send

PullPolicy: TypeAlias = Literal["missing", "always", "never"]


def _quiet(note: str) -> None:
    """Tells nobody."""


def resolve(
    store: Store,
    text: str,
    platform: Platform | None = None,
    pull: PullPolicy = "missing",
    progress: Progress = SILENT,
    *,
    insecure: bool = False,
) -> Image:
    """The image that ``text`` names, in the store, wherever it was before.

    A plain name is that of an image in the store, or else of one in a registry, which is pulled; ``pull`` says when.
    Without ``platform`` an index gives the image for this machine. Raises ``InvalidReference``, ``NotFound``,
    ``RegistryError`` and what reading an archive raises.
    """
    reference = parse(text)
    if not isinstance(reference, RegistryReference):
        return store.image(places.take(store, reference, platform, progress), platform)
    if pull != "always" and (found := _in_store(store, reference, platform)):
        return found
    if pull == "never":
        raise NotFound(f"cannot find {reference.familiar}: it is not in the store, and is not to be pulled")
    return _from_registry(store, reference, platform, progress, insecure)


def pull(
    store: Store,
    reference: RegistryReference,
    platform: Platform | None = None,
    progress: Progress = SILENT,
    *,
    all_platforms: bool = False,
    insecure: bool = False,
    unpack: bool = False,
) -> Descriptor:
    """Bring an image from a registry into the store, under its name; see ``fetch`` for the rest."""
    descriptor = fetch(
        store, reference, platform, progress, all_platforms=all_platforms, insecure=insecure, unpack=unpack
    )
    store.tag(str(reference), descriptor)
    return descriptor


def push(
    store: Store,
    image: Image | Descriptor,
    reference: RegistryReference,
    progress: Progress = SILENT,
    compression: Compression | None = None,
    *,
    insecure: bool = False,
    told: Callable[[str], None] = _quiet,
) -> Descriptor:
    """Send an image of the store, or an index with everything below it, to a registry; see ``send``.

    ``told`` gets sentences on what ``compression`` made of it.
    """
    if isinstance(image, Image):
        image = _descriptor(image if image.descriptor else store.put_image(image))
    sent = send(store, image, reference, progress, compression=compression, insecure=insecure)
    _tell(store, image, compression, told)
    return sent


def copy(
    store: Store,
    source: Reference,
    destination: Reference,
    platform: Platform | None = None,
    progress: Progress = SILENT,
    *,
    all_platforms: bool = False,
    compression: Compression | None = None,
    prefer_store: bool = True,
    insecure: bool = False,
    told: Callable[[str], None] = _quiet,
) -> Descriptor:
    """Bring an image into the store, without a name, and from there to ``destination``; gives what is there then.

    ``prefer_store`` takes a plain name from the store where it is there. ``told`` gets sentences on what
    ``compression`` made of the image.
    """
    known = store.find(str(source)) if isinstance(source, RegistryReference) and prefer_store else None
    if not isinstance(source, RegistryReference):
        descriptor = places.take(store, source, platform, progress, all_platforms=all_platforms)
    elif known:
        descriptor = known if all_platforms else _descriptor(store.image(known, platform))
    else:
        if isinstance(destination, RegistryReference) and destination.domain == source.domain and not compression:
            mounted = relay(source, destination, platform, all_platforms=all_platforms, insecure=insecure)
            if mounted:
                return mounted
        descriptor = fetch(store, source, platform, progress, all_platforms=all_platforms, insecure=insecure)
    if isinstance(destination, RegistryReference):
        return push(store, descriptor, destination, progress, compression, insecure=insecure, told=told)
    if compression:
        before, descriptor = descriptor, recompress_image(store, descriptor, compression)
        _tell(store, before, compression, told)
    return places.give(store, descriptor, destination, progress)


def _tell(store: Store, source: Descriptor, compression: Compression | None, told: Callable[[str], None]) -> None:
    for note in notes(store, source, compression) if compression else ():
        told(note)


def load(store: Store, archive: Path | BinaryIO, progress: Progress = SILENT) -> list[tuple[str, Descriptor]]:
    """Bring every image of an archive into the store; see ``places.load``."""
    return places.load(store, archive, progress)


def save(
    store: Store, descriptor: Descriptor, text: str, output: Path, kind: str, progress: Progress = SILENT
) -> Descriptor:
    """Write an image of the store to ``output``, under the name ``text``.

    ``kind`` is ``docker-archive``, ``oci-archive`` or ``oci``.
    """
    named = parse(text)
    known = named if isinstance(named, RegistryReference) else None
    tag = known.familiar if known else ""
    places_of: dict[str, Reference] = {
        "docker-archive": DockerArchiveReference(output, known),
        "oci-archive": OciArchiveReference(output, tag),
        "oci": OciReference(output, tag),
    }
    return places.give(store, descriptor, places_of[kind], progress)


def in_registry(text: str, verb: str) -> RegistryReference:
    """Read a reference that must be one of a registry; ``verb`` is for the error, as in ``cannot push to``."""
    reference = parse(text)
    if not isinstance(reference, RegistryReference):
        hint = "jettison copy goes from any place to any other"
        raise InvalidReference(f"cannot {verb} {text}: not in a registry; {hint}")
    return reference


def in_store(store: Store, text: str) -> Descriptor:
    """The manifest or the index of an image that must be in the store. Raises ``NotFound``."""
    reference = parse(text)
    found = store.find(str(reference)) if isinstance(reference, RegistryReference) else None
    if isinstance(reference, StoreReference) and store.has(reference.digest):
        found = _descriptor(store.image(reference.digest))
    if found is None:
        raise NotFound(f"cannot find {text}: it is not in the store")
    return found


def _descriptor(image: Image) -> Descriptor:
    assert image.descriptor is not None, "the store sets it"
    return image.descriptor


def _from_registry(
    store: Store, reference: RegistryReference, platform: Platform | None, progress: Progress, insecure: bool
) -> Image:
    return store.image(pull(store, reference, platform, progress, insecure=insecure), platform)


def _in_store(store: Store, reference: RegistryReference, platform: Platform | None) -> Image | None:
    """The image under this name, unless it is for another platform than the one asked for."""
    known = store.find(str(reference))
    if known is None:
        return None
    try:
        found = store.image(known, platform)
    except NotFound:
        return None
    return found if platform is None or platform.accepts(found.config.platform) else None
