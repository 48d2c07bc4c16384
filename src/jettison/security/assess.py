"""Everything that is known of one image's security: its inventory, what hits it, and its weaknesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jettison.attribution import layer_instructions
from jettison.filetree import FileTree
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.packages.inventory import take
from jettison.packages.model import Package
from jettison.redaction import hidden
from jettison.security import hardening, ignore, match, vex
from jettison.security.advisories.database import Database, opened
from jettison.security.hardening import Weakness
from jettison.security.model import Compared, Scan


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What findings are judged by: an advisory database, if there is one, VEX documents, and what is ignored."""

    database: Database | None = None
    vex: tuple[vex.Statement, ...] = ()
    ignored: tuple[ignore.Ignored, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessed:
    """One image. ``tree`` is ``None`` where only somebody else's result is known."""

    scan: Scan
    weaknesses: tuple[Weakness, ...] = ()
    tree: FileTree | None = None


@contextmanager
def knowledge(
    database: Path | None, *, max_age: int | None = None, vex_files: Sequence[str] = (), ignore_file: str = ""
) -> Iterator[Knowledge]:
    """Read all of it; ``database`` ``None`` is none. Raises ``InvalidInput`` or ``NotFound`` naming the file."""
    statements = tuple(statement for name in vex_files for statement in vex.read(Path(name)))
    ignored = ignore.read(Path(ignore_file)) if ignore_file else ()
    if database is None:
        yield Knowledge(None, statements, ignored)
        return
    with opened(database, max_age) as found:
        yield Knowledge(found, statements, ignored)


def assess(
    store: Store, image: Image, name: str, tree: FileTree, known: Knowledge, packages: Sequence[Package] | None = None
) -> Assessed:
    """Scan ``image``, whose root file system is ``tree`` and whose ``packages`` may have been found already."""
    instructions = tuple(map(hidden, layer_instructions(image.config.history, len(image.layers))))
    inventory = take(tree, instructions, packages)
    scan = match.scan(name, inventory, known.database, known.vex, known.ignored)
    owned = frozenset(path for package in inventory.packages if package.is_distribution for path in package.files)
    return Assessed(scan, hardening.check(store, image, tree, owned), tree)


def compare(before: Assessed, after: Assessed) -> Compared:
    """What became of each finding of ``before``."""
    return match.compare(before.scan, after.scan, before.tree, after.tree)
