"""What tells a scanner which packages are there: ``/var/lib/dpkg/status.d``, as distroless writes it."""

from __future__ import annotations

from collections.abc import Mapping

from jettison.bases.assemble.relations import parse
from jettison.bases.assemble.root import Root
from jettison.errors import IntegrityError, InvalidArchive
from jettison.filetree import Kind
from jettison.packages.deb822 import paragraphs, render

DIRECTORY = "/var/lib/dpkg/status.d"


def control(data: bytes, package: str, version: str, architecture: str) -> list[tuple[str, str]]:
    """The fields of a package's control file. Raises where it is of another package than the index said."""
    fields = next(paragraphs(data.decode("utf-8", "surrogateescape")), [])
    found = dict(fields)
    named = (found.get("Package"), found.get("Version"), found.get("Architecture"))
    if None in named:
        raise InvalidArchive(f"cannot use {package}: its control file has no Package, Version or Architecture")
    if named != (package, version, architecture):
        raise IntegrityError(f"cannot use {package} {version} {architecture}: its file is {' '.join(map(str, named))}")
    return fields


def write(root: Root, package: str, fields: list[tuple[str, str]], sums: bytes, kept: frozenset[str]) -> list[str]:
    """Write the two records of a package, which list only what is in ``kept``; gives their paths."""
    short = [(name, value.partition("\n")[0] if name == "Description" else value) for name, value in fields]
    paths = [f"{DIRECTORY}/{package}", f"{DIRECTORY}/{package}.md5sums"]
    root.file(paths[0], render(short).rstrip("\n").encode("utf-8", "surrogateescape") + b"\n")
    root.file(paths[1], _sums(sums, root, kept))
    return paths


def _sums(sums: bytes, root: Root, kept: frozenset[str]) -> bytes:
    lines = (line for line in sums.splitlines(keepends=True) if _path(line, root) in kept)
    return b"".join(lines)


def _path(line: bytes, root: Root) -> str | None:
    """Where a line's file is, the links of merged ``/usr`` followed; ``None`` where it is no more."""
    name = line.partition(b"  ")[2].rstrip(b"\n").decode("utf-8", "surrogateescape")
    end = root.tree.walk(f"/{name}", follow_last=False)[0]
    return end if end is not None and root.entries[end].kind is Kind.FILE else None


def replaced(fields: list[tuple[str, str]]) -> frozenset[str]:
    """The packages whose files this one may replace."""
    found: Mapping[str, str] = dict(fields)
    return frozenset(relation.name for group in parse(found.get("Replaces", "")) for relation in group)
