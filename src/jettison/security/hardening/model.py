"""What makes an image easier to attack, apart from vulnerabilities: a weakness, and how one is looked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from jettison.filetree import FileEntry, FileTree
from jettison.oci.image import Image
from jettison.security.model import Severity

#: ``Weakness.layer`` of what stands in the image's configuration, which is no layer.
CONFIGURATION = -1


@dataclass(frozen=True, slots=True)
class Weakness:
    """One weak place. ``kind`` is a word such as ``setuid`` or ``secret-private-key`` (secrets start with ``secret``).

    ``layer`` is the index of the layer that brings ``path``, and ``instruction`` made that layer. What stands in the
    image's configuration has no path, its layer is ``CONFIGURATION``, and ``message`` says where. ``deleted``: a later
    layer removes or replaces it, so that a container does not show it while the image still holds it. ``line`` counts
    from 1, 0 where it says nothing. ``message`` never holds a secret.
    """

    kind: str
    severity: Severity
    path: str
    layer: int
    instruction: str
    message: str
    deleted: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """An image to look at: ``tree`` is what a container sees, ``hidden`` what later layers remove or replace.

    ``instructions`` made the layers; ``owned`` are the paths that packages of a distribution own.
    """

    image: Image
    tree: FileTree
    hidden: tuple[FileEntry, ...]
    instructions: tuple[str, ...]
    owned: frozenset[str] = frozenset()

    def instruction(self, layer: int) -> str:
        """What made a layer; empty where nobody says."""
        return self.instructions[layer] if 0 <= layer < len(self.instructions) else ""

    def about(self, entry: FileEntry, kind: str, severity: Severity, message: str, line: int = 0) -> Weakness:
        """A weakness of one path."""
        deleted = self.tree.get(entry.path) is not entry
        made = self.instruction(entry.layer)
        if deleted:
            message = f"{message}; still in layer {entry.layer + 1}{f' ({made})' if made else ''}"
        return Weakness(kind, severity, entry.path, entry.layer, made, message, deleted, line)


class Check(Protocol):
    """Looks for weaknesses of one kind. One file, and one line of ``CHECKS``."""

    @property
    def name(self) -> str: ...

    def find(self, subject: Subject) -> Iterable[Weakness]:
        """Every weakness of that kind; what cannot be read is passed over."""
