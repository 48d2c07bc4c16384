"""What makes an image easier to attack, apart from vulnerabilities. A check is one file and one line of ``CHECKS``."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from jettison import redaction
from jettison.attribution import layer_instructions
from jettison.filetree import FileTree
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.security.hardening.hidden import hidden
from jettison.security.hardening.model import Check, Subject, Weakness
from jettison.security.hardening.modes import Capabilities, Setuid
from jettison.security.hardening.root import RootUser
from jettison.security.hardening.secrets.configuration import ConfigurationSecrets
from jettison.security.hardening.secrets.files import FileSecrets
from jettison.security.hardening.writable import Writable

__all__ = ["CHECKS", "Check", "Subject", "Weakness", "check", "look"]

CHECKS: tuple[Check, ...] = (
    RootUser(),
    Setuid(),
    Capabilities(),
    Writable(),
    FileSecrets(),
    ConfigurationSecrets(),
)


def check(store: Store, image: Image, tree: FileTree, owned: AbstractSet[str]) -> tuple[Weakness, ...]:
    """All weaknesses of an image whose root file system is ``tree``, the worst first.

    ``owned`` are the paths that packages of a distribution own.
    """
    instructions = layer_instructions(image.config.history, len(image.layers))
    said = tuple(redaction.hidden(text) for text in instructions)
    gone = tuple(hidden(store.snapshots(image), tree))
    return look(Subject(image, tree, gone, said, frozenset(owned)))


def look(subject: Subject) -> tuple[Weakness, ...]:
    """What all checks find, the worst first."""
    found = {weakness for one in CHECKS for weakness in one.find(subject)}
    return tuple(sorted(found, key=lambda one: (one.severity.rank, one.deleted, one.kind, one.path, one.message)))
