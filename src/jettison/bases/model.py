"""Values: an image to build on, what a program needs of it, and what a registry says of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """One image to build on, with a concrete tag. Sizes in bytes are published ones of ``size_of``, or unknown.

    ``size_of`` is often the same variant of another version: figures are not published for every tag.
    """

    family: str
    name: str
    reference: str
    distribution: str
    libc: str
    shell: bool
    package_manager: str = ""
    #: The user it runs as; empty is root.
    user: str = ""
    #: The names in its ``/etc/passwd``.
    users: tuple[str, ...] = ()
    certificates: bool = False
    tz: bool = False
    #: Sonames that are known to be there.
    libraries: tuple[str, ...] = ()
    compressed_bytes: int | None = None
    disk_bytes: int | None = None
    size_of: str = ""
    source: str = ""
    #: When the sizes were published, or read; ``YYYY-MM-DD``.
    date: str = ""
    #: The version in the tag, as the user wrote it: ``8``, ``3.11``, ``latest``.
    version: str = ""
    #: The code name in the tag: ``bookworm``.
    release: str = ""

    @property
    def basis(self) -> str:
        """Where the sizes come from: ``published: node:24-slim, 2026-05-01, hub.docker.com``; empty without any."""
        if self.compressed_bytes is None and self.disk_bytes is None:
            return ""
        return f"published: {self.size_of}, {self.date}, {self.source}"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a program was seen to use of its base; empty or false is not needed."""

    libc: str = ""
    shell: bool = False
    #: Sonames that it does not bring itself.
    libraries: tuple[str, ...] = ()
    #: A name, not a number.
    user: str = ""
    certificates: bool = False
    tz: bool = False
    package_manager: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A reference to use, and whether there is such an image; ``None`` is not known, and ``note`` says why."""

    reference: str
    exists: bool | None
    note: str = ""
