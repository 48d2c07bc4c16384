"""What an image is to be made of, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jettison.bases.assemble.lock import Lock
from jettison.errors import InvalidInput
from jettison.oci.descriptor import Platform
from jettison.oci.image import Image

#: Debian's name of an architecture -> the platform as OCI names it.
PLATFORMS: Mapping[str, Platform] = {
    "amd64": Platform("linux", "amd64"),
    "arm64": Platform("linux", "arm64", "v8"),
    "armhf": Platform("linux", "arm", "v7"),
    "armel": Platform("linux", "arm", "v5"),
    "i386": Platform("linux", "386"),
    "ppc64el": Platform("linux", "ppc64le"),
    "riscv64": Platform("linux", "riscv64"),
    "s390x": Platform("linux", "s390x"),
}

DEFAULT_SUITE = "debian:bookworm"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    ``packages`` are ``NAME`` or ``NAME=VERSION``, beyond those of ``presets``; ``sources`` are lines of
    sources.list(5), beyond those of ``suite`` (which may then be ``""``). ``architecture`` is Debian's or OCI's name
    (``""``: that of this machine). ``epoch`` is the latest time in the image, in seconds since 1970 (``None``: that
    of the repositories). ``user`` is ``root``, ``nonroot`` or ``UID[:GID]``.
    """

    packages: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()
    suite: str = DEFAULT_SUITE
    mirror: str = ""
    security_mirror: str = ""
    components: tuple[str, ...] = ("main",)
    sources: tuple[str, ...] = ()
    keyring: Path | None = None
    architecture: str = ""
    without: tuple[str, ...] = ()
    dependencies: bool = True
    slices: tuple[Path, ...] = ()
    documentation: bool = False
    lock: Path | None = None
    update_lock: bool = False
    user: str = "root"
    epoch: int | None = None
    allow_unsigned: bool = False
    ignore_valid_until: bool = False
    compression: str = "zstd"
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Assembled:
    """The image in the store, the packages in it, its files and their size in bytes.

    ``notes`` are lines about what the packages' scripts would have made and is not there.
    """

    image: Image
    lock: Lock
    files: int
    disk_bytes: int
    notes: tuple[str, ...] = ()


def architecture(name: str) -> str:
    """Debian's name of an architecture. Raises ``InvalidInput`` for one that is not known."""
    if name in PLATFORMS:
        return name
    wanted = Platform.host().architecture if not name else name.removeprefix("linux/").partition("/")[0]
    for debian, platform in PLATFORMS.items():
        if platform.architecture == wanted:
            return debian
    raise InvalidInput(f"cannot use architecture {name[:100]!r}: it is none of {', '.join(PLATFORMS)}")
