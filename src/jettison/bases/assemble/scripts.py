"""Maintainer scripts, read and never run: the links that they would make, and the users, which nothing here makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_SCRIPTS = ("preinst", "postinst")
_CONTINUED = re.compile(r"\\\n\s*")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
#: ``update-alternatives --install LINK NAME PATH PRIORITY`` (update-alternatives(1)) of plain words; what a variable
#: stands for is not found out.
_WORD = r"([^\s$\"'`;|&]+)"
_ALTERNATIVE = re.compile(
    rf"update-alternatives\b[^\n;|&]*?--install\s+{_WORD}\s+{_WORD}\s+{_WORD}\s+([0-9]{{1,9}})(?![^\s;|&])"
)
_USERS = re.compile(
    r"^\s*(?:\S*/)?(?:adduser|useradd|addgroup|groupadd|deb-systemd-sysusers|systemd-sysusers)\s", re.MULTILINE
)


def alternatives(controls: Iterable[Mapping[str, bytes]]) -> dict[str, str]:
    """Link -> what it leads to, of the highest priority where several packages offer one."""
    found: dict[str, tuple[int, str]] = {}
    for control in controls:
        for text in _texts(control):
            for link, _, path, priority in _ALTERNATIVE.findall(text):
                if link.startswith("/") and path.startswith("/"):
                    found[link] = max(found.get(link, (-1, "")), (int(priority), path))
    return {link: path for link, (_, path) in found.items()}


def makes_users(control: Mapping[str, bytes]) -> bool:
    """Whether a package's scripts make users or groups."""
    return any(_USERS.search(text) for text in _texts(control))


def _texts(control: Mapping[str, bytes]) -> Iterator[str]:
    """The scripts that run at installation, without comments and with continued lines as one."""
    for name in _SCRIPTS:
        text = control.get(name, b"").decode("utf-8", "surrogateescape")
        yield _COMMENT.sub("", _CONTINUED.sub(" ", text))
