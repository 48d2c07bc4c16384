"""Where an image is: the grammar of containers/image transports and of distribution references.

::

    reference  = ["docker://"] name [":" tag] ["@" digest]      a registry, or a name in the store
               | digest                                         a manifest in the store
               | "oci:" directory [":" tag]
               | "oci-archive:" file [":" tag]
               | "docker-archive:" file [":" (name [":" tag] | "@" index)]
               | "docker-daemon:" (name [":" tag] | digest)
    name       = [domain "/"] component *["/" component]
    domain     = host [":" port]        a host has a dot, a port, upper case, or is "localhost" or "[IPv6]"
    component  = alphanumeric *(separator alphanumeric)         separator: "." "_" "__" or any number of "-"
    tag        = word character *127(word character / "." / "-")

Names are completed as Docker completes them: ``node:8`` is ``docker.io/library/node:8``, ``app`` is
``docker.io/library/app:latest``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jettison.errors import InvalidInput, InvalidReference
from jettison.oci.digest import Digest

#: The registry of names that name none.
DOCKER_HUB = "docker.io"

_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::[0-9]{{1,5}})?")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_IDENTIFIER = re.compile(r"[0-9a-f]{64}")
#: distribution/reference, ``NameTotalLengthMax``.
_LENGTH_LIMIT = 255


@dataclass(frozen=True, slots=True)
class RegistryReference:
    """An image in a registry, and the name of one in the store. ``tag`` or ``digest`` is set, or both.

    Where both are, the digest says what is meant and the tag is a comment, as in Docker.
    """

    domain: str
    path: str
    tag: str = ""
    digest: Digest | None = None

    @property
    def repository(self) -> str:
        """Domain and path: ``docker.io/library/node``."""
        return f"{self.domain}/{self.path}"

    @property
    def target(self) -> str:
        """What to ask the registry for: the digest if there is one, else the tag."""
        return str(self.digest) if self.digest else self.tag

    @property
    def familiar(self) -> str:
        """As people write it: ``node:8``."""
        name = str(self).removeprefix(f"{DOCKER_HUB}/")
        return name.removeprefix("library/") if name != str(self) else name

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}" + (f"@{self.digest}" if self.digest else "")


@dataclass(frozen=True, slots=True)
class StoreReference:
    """A manifest or an index in the store, by its digest."""

    digest: Digest

    def __str__(self) -> str:
        return str(self.digest)


@dataclass(frozen=True, slots=True)
class OciReference:
    """An OCI image layout in a directory; ``tag`` (may be empty) is its ``org.opencontainers.image.ref.name``."""

    directory: Path
    tag: str = ""

    def __str__(self) -> str:
        return f"oci:{self.directory}" + (f":{self.tag}" if self.tag else "")


@dataclass(frozen=True, slots=True)
class OciArchiveReference:
    """An OCI image layout in a tar file."""

    file: Path
    tag: str = ""

    def __str__(self) -> str:
        return f"oci-archive:{self.file}" + (f":{self.tag}" if self.tag else "")


@dataclass(frozen=True, slots=True)
class DockerArchiveReference:
    """A file of ``docker save``; ``name`` or ``index`` picks one of several images in it."""

    file: Path
    name: RegistryReference | None = None
    index: int | None = None

    def __str__(self) -> str:
        which = f":@{self.index}" if self.index is not None else f":{self.name.familiar}" if self.name else ""
        return f"docker-archive:{self.file}{which}"


@dataclass(frozen=True, slots=True)
class DockerDaemonReference:
    """An image of the Docker daemon, by name or by the digest of its configuration (Docker's image ID)."""

    name: RegistryReference | Digest

    def __str__(self) -> str:
        return f"docker-daemon:{self.name if isinstance(self.name, Digest) else self.name.familiar}"


Reference: TypeAlias = (
    RegistryReference
    | StoreReference
    | OciReference
    | OciArchiveReference
    | DockerArchiveReference
    | DockerDaemonReference
)


def parse(text: str) -> Reference:
    """Read any reference. Raises ``InvalidReference`` that says what is wrong with it."""
    transport, colon, rest = text.partition(":")
    if colon and transport in _TRANSPORTS:
        if not rest:
            raise _invalid(text, f"nothing follows {transport}:")
        return _TRANSPORTS[transport](rest)
    if text.startswith("docker://"):
        return name(text.removeprefix("docker://"))
    if "://" in text:
        raise _invalid(text, f"there is no transport {text.partition('://')[0]!r}; a registry is docker://")
    if transport in ("sha256", "sha512") and len(rest) in (64, 128):
        return StoreReference(_digest(text, text))
    return name(text)


def name(text: str) -> RegistryReference:
    """Read ``[DOMAIN/]PATH[:TAG][@DIGEST]`` and complete it as Docker does."""
    rest, at, digest = text.partition("@")
    head, slash, last = rest.rpartition("/")
    last, colon, tag = last.partition(":")
    if colon and not _TAG.fullmatch(tag):
        raise _invalid(text, f"{tag!r} is not a tag")
    domain, path = _split(head + slash + last)
    if not _PATH.fullmatch(path):
        hint = "; repository names are lower case" if path != path.lower() else ""
        raise _invalid(text, f"{path!r} is not a repository name{hint}" if path else "it names no repository")
    if not _DOMAIN.fullmatch(domain):
        raise _invalid(text, f"{domain!r} is not a host")
    if len(domain) + 1 + len(path) > _LENGTH_LIMIT:
        raise _invalid(text, f"longer than {_LENGTH_LIMIT} characters")
    if _IDENTIFIER.fullmatch(rest):
        raise _invalid(text, "64 hex digits are an identifier, not a name; a digest starts with sha256:")
    pinned = _digest(text, digest) if at else None
    return RegistryReference(domain, path, tag or ("" if pinned else "latest"), pinned)


def _split(text: str) -> tuple[str, str]:
    """Domain and path, completed (distribution/reference, ``splitDockerDomain``)."""
    first, slash, rest = text.partition("/")
    named = slash and (any(c in first for c in ".:[") or first == "localhost" or first != first.lower())
    domain, path = (first, rest) if named else (DOCKER_HUB, text)
    if domain == "index.docker.io":
        domain = DOCKER_HUB
    if domain == DOCKER_HUB and path and "/" not in path:
        path = f"library/{path}"
    return domain, path


def _digest(whole: str, text: str) -> Digest:
    try:
        return Digest.parse(text)
    except InvalidInput as error:
        raise _invalid(whole, f"{text!r} is not a digest") from error


def _oci(text: str) -> OciReference:
    return OciReference(*_file_and_tag(text))


def _oci_archive(text: str) -> OciArchiveReference:
    return OciArchiveReference(*_file_and_tag(text))


def _file_and_tag(text: str) -> tuple[Path, str]:
    """A path ends at its first colon, as in containers/image; a tag may be a whole name (``localhost:5000/a:1``)."""
    path, _, tag = text.partition(":")
    if not path:
        raise _invalid(text, "it names no path")
    return Path(path), tag


def _docker_archive(text: str) -> DockerArchiveReference:
    path, which = _file_and_tag(text)
    if which.startswith("@"):
        if not which[1:].isdecimal():
            raise _invalid(text, f"{which!r} is not @ and a number")
        return DockerArchiveReference(path, index=int(which[1:]))
    return DockerArchiveReference(path, name(which) if which else None)


def _docker_daemon(text: str) -> DockerDaemonReference:
    found = parse(text) if text.startswith("sha256:") else name(text)
    return DockerDaemonReference(found.digest if isinstance(found, StoreReference) else name(text))


def _invalid(text: str, reason: str) -> InvalidReference:
    return InvalidReference(f"cannot read image reference {text[:300]!r}: {reason}")


_TRANSPORTS: Mapping[str, Callable[[str], Reference]] = {
    "oci": _oci,
    "oci-archive": _oci_archive,
    "docker-archive": _docker_archive,
    "docker-daemon": _docker_daemon,
}
