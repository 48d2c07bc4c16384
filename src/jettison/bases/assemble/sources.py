"""Where packages come from: the repositories of a distribution's suite, and others that are named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from jettison.errors import InvalidInput

_NAME = re.compile(r"[a-z][a-z0-9.-]*\Z")
_SUITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*\Z")
_COMPONENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_LINE = re.compile(r"deb\s+(?:\[\s*signed-by=(?P<keyring>\S+)\s*\]\s+)?(?P<url>https?://\S+)\s+(?P<rest>.+)\Z")

#: As Debian itself recommends them (sources.list(5)), and Ubuntu.
_DEBIAN, _DEBIAN_SECURITY = "http://deb.debian.org/debian", "http://deb.debian.org/debian-security"
_UBUNTU, _UBUNTU_SECURITY = "http://archive.ubuntu.com/ubuntu", "http://security.ubuntu.com/ubuntu"
#: Ubuntu keeps all architectures but two apart.
_UBUNTU_PORTS, _UBUNTU_MAIN = "http://ports.ubuntu.com/ubuntu-ports", ("amd64", "i386")
#: Debian's suites that have neither updates nor a security archive.
_ROLLING = frozenset({"sid", "unstable", "experimental"})
_KEYRINGS = {
    "debian": Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    "ubuntu": Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One suite of one repository. ``archive`` is ``main``, ``security`` or ``extra``: which mirror has it."""

    url: str
    suite: str
    components: tuple[str, ...]
    keyring: Path
    archive: str = "main"

    def __str__(self) -> str:
        return f"{self.url} {self.suite}"


def distribution(
    suite: str,
    architecture: str,
    *,
    mirror: str = "",
    security_mirror: str = "",
    components: tuple[str, ...] = ("main",),
    keyring: Path | None = None,
) -> tuple[Source, ...]:
    """The sources of ``debian:bookworm`` or ``ubuntu:noble``: the release, its updates, its security updates.

    The mirrors are the distribution's own where none is named. Raises ``InvalidInput`` for another distribution.
    """
    name, colon, release = suite.partition(":")
    if not colon or name not in _KEYRINGS or not _NAME.match(release):
        raise InvalidInput(f"cannot use suite {suite[:100]!r}: it is neither debian:CODENAME nor ubuntu:CODENAME")
    for component in components:
        if not _COMPONENT.match(component):
            raise InvalidInput(f"cannot use component {component[:100]!r}: no such name is possible")
    main, security = _mirrors(name, architecture)
    main, security = _address(mirror or main), _address(security_mirror or security)
    keys = keyring or _KEYRINGS[name]
    found = [Source(main, release, components, keys)]
    if not (name == "debian" and release in _ROLLING):
        found.append(Source(main, f"{release}-updates", components, keys))
        found.append(Source(security, f"{release}-security", components, keys, "security"))
    return tuple(found)


def _mirrors(name: str, architecture: str) -> tuple[str, str]:
    if name == "debian":
        return _DEBIAN, _DEBIAN_SECURITY
    return (_UBUNTU, _UBUNTU_SECURITY) if architecture in _UBUNTU_MAIN else (_UBUNTU_PORTS, _UBUNTU_PORTS)


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise InvalidInput(f"cannot use mirror {url[:200]!r}: its address does not begin with http:// or https://")
    return url.rstrip("/")


def line(text: str) -> Source:
    """A source as sources.list(5) has it: ``deb [signed-by=FILE] URL SUITE COMPONENT…``."""
    found = _LINE.match(text.strip())
    suite, *components = found["rest"].split() if found else ("",)
    named = all(map(_COMPONENT.match, components))
    if not found or not components or not named or not _SUITE.match(suite) or ".." in suite:
        raise InvalidInput(f"cannot use source {text[:200]!r}: not 'deb [signed-by=FILE] URL SUITE COMPONENT…'")
    if not found["keyring"]:
        raise InvalidInput(f"cannot use source {text[:200]!r}: say whose signatures count, with [signed-by=FILE]")
    return Source(_address(found["url"]), suite, tuple(components), Path(found["keyring"]), "extra")
