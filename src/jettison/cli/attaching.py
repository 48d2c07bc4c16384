"""What ``jettison push --sbom`` attaches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jettison.attribution import layer_instructions
from jettison.errors import InvalidInput, NotFound, Unsupported
from jettison.filetree import index
from jettison.oci import mediatypes
from jettison.oci.descriptor import Descriptor
from jettison.oci.layout import Store
from jettison.oci.reference import RegistryReference
from jettison.oci.referrers import attach
from jettison.oci.registry import Repository
from jettison.packages.inventory import take
from jettison.redaction import hidden
from jettison.security import sbom

#: What gives the media type and the bytes for the image as it is in the registry.
Document = Callable[[Descriptor], tuple[str, bytes]]


def document(store: Store, image: Descriptor, name: str, asked: str) -> Document:
    """Made from the image where ``asked`` is a format's name, otherwise the file ``asked``.

    Everything is read now, so that what cannot be attached is known before anything is sent. The digest is that of
    what was pushed, which another compression changes.
    """
    if asked not in sbom.FORMATS:
        read = _from_file(Path(asked))
        return lambda pushed: read
    if image.media_type in mediatypes.INDEXES:
        raise Unsupported(f"cannot make an SBOM of {name}: it is for several platforms, of which each has its own")
    found = store.image(image)
    instructions = tuple(map(hidden, layer_instructions(found.config.history, len(found.layers))))
    inventory = take(index(store.snapshots(found)), instructions)
    return lambda pushed: (sbom.MEDIA_TYPES[asked], sbom.write(asked, name, inventory, digest=str(pushed.digest)))


def _from_file(path: Path) -> tuple[str, bytes]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        forms = ", ".join(sbom.FORMATS)
        raise NotFound(f"cannot read {path}: there is no such file, and it is none of {forms}") from None
    except OSError as error:
        raise InvalidInput(f"cannot read {path}: {error.strerror}") from error
    form = sbom.recognise(data)
    sbom.read(data, str(path))
    return sbom.MEDIA_TYPES[form], data


def send(
    goal: RegistryReference, image: Descriptor, made: Document, *, insecure: bool, told: Callable[[str], None]
) -> Descriptor:
    """Attach it to ``image``, which is in the registry already; ``told`` hears where only a tag leads to it."""
    with Repository(goal, insecure=insecure) as repository:
        return attach(repository, image, *made(image), told=told)
