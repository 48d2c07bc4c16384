"""Where images are besides registries: archives, layouts and the Docker daemon, in and out of the store."""

from __future__ import annotations

from jettison.errors import InvalidReference
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.layout import Store
from jettison.oci.progress import SILENT, Progress
from jettison.oci.reference import Reference


def take(
    store: Store, reference: Reference, platform: Platform | None = None, progress: Progress = SILENT
) -> Descriptor:
    raise InvalidReference(f"cannot read {reference}")


def give(store: Store, descriptor: Descriptor, reference: Reference, progress: Progress = SILENT) -> Descriptor:
    raise InvalidReference(f"cannot write {reference}")
