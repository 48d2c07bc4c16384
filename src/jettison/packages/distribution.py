"""Which distribution an image is (os-release(5))."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from jettison.filetree import FileTree
from jettison.packages.records import text

_PLACES = ("/etc/os-release", "/usr/lib/os-release")


@dataclass(frozen=True, slots=True)
class Distribution:
    """``id`` (debian, alpine, rhel), ``version`` (12, 3.20.1; ``""`` for a rolling one), and the name for people."""

    id: str
    version: str = ""
    name: str = ""
    like: tuple[str, ...] = ()
    codename: str = ""


def distribution(tree: FileTree) -> Distribution | None:
    """What os-release says; ``None`` where there is none or it has no ID."""
    for place in _PLACES:
        fields = _fields(text(tree, place))
        if fields.get("ID"):
            return Distribution(
                fields["ID"].lower(), fields.get("VERSION_ID", ""), fields.get("PRETTY_NAME", ""),
                tuple(fields.get("ID_LIKE", "").split()), fields.get("VERSION_CODENAME", ""),
            )  # fmt: skip
    return None


def _fields(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            try:
                found[name] = " ".join(shlex.split(value))
            except ValueError:
                continue  # an unfinished quote: as good as not said
    return found
