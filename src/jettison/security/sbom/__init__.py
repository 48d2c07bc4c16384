"""Software bills of materials: CycloneDX and SPDX, written and read."""

from __future__ import annotations

from collections.abc import Sequence

from jettison.errors import InvalidInput, Unsupported
from jettison.packages.inventory import Inventory
from jettison.security.model import Finding
from jettison.security.sbom import reading, spdx
from jettison.security.sbom.documents import load

FORMATS = ("cyclonedx", "spdx")
MEDIA_TYPES = {"cyclonedx": "application/vnd.cyclonedx+json", "spdx": spdx.MEDIA_TYPE}


def recognise(data: bytes) -> str:
    """``cyclonedx`` or ``spdx``; ``""`` for what is neither, or no JSON."""
    try:
        document = load(data, "SBOM")
    except InvalidInput:
        return ""
    if document.get("bomFormat") == "CycloneDX":
        return "cyclonedx"
    version = document.get("spdxVersion")
    return "spdx" if isinstance(version, str) and version.startswith("SPDX-2") else ""


def read(data: bytes, name: str = "SBOM") -> Inventory:
    """The inventory in a document of either format. Raises ``InvalidInput`` with ``name`` for what cannot be read."""
    form = recognise(data)
    if form == "cyclonedx":
        return reading.from_cyclonedx(data, name)
    if form == "spdx":
        return spdx.read(data, name)
    load(data, name)
    raise InvalidInput(f"cannot read {name}: it is neither CycloneDX nor SPDX 2, as JSON")


def write(
    form: str,
    name: str,
    inventory: Inventory,
    *,
    digest: str = "",
    epoch: int | None = None,
    findings: Sequence[Finding] = (),
) -> bytes:
    """The inventory of the image ``name`` in a format of ``FORMATS``; ``findings`` only CycloneDX has a place for."""
    if form == "spdx":
        return spdx.write(name, inventory, digest=digest, epoch=epoch)
    if form != "cyclonedx":
        raise Unsupported(f"cannot write an SBOM as {form}: it can be {' or '.join(FORMATS)}")
    from jettison.security.sbom import cyclonedx  # its library takes some time to load

    return cyclonedx.write(name, inventory, digest=digest, epoch=epoch, findings=findings)
