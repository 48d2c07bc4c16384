"""An image, looked into: by layer, package, directory and kind, and what is wasted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jettison import redaction
from jettison.attribution import layer_instructions, owners_of
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.inspection.duplicates import duplicates
from jettison.inspection.kinds import kind_of
from jettison.inspection.layers import LayerFiles, hidden, read
from jettison.inspection.model import Contents, Group, LayerLine, Waste
from jettison.oci.image import Image
from jettison.packages.model import Package

#: What is no package's is one group.
NO_PACKAGE = "no package"


def inspect(
    image: Image, name: str, tree: FileTree, snapshots: Sequence[Path], packages: Iterable[Package]
) -> Contents:
    """Look into ``image``, called ``name``: its ``tree``, and its unpacked layers in ``snapshots``, lowest first."""
    layers = [read(snapshot) for snapshot in snapshots]
    unseen = list(hidden(layers, snapshots, tree))
    waste = sorted([*unseen, *duplicates(tree)], key=lambda one: (-one.bytes, one.path))
    total = sum(sum(layer.sizes.values()) for layer in layers)
    wasted = sum(one.bytes for one in waste)
    sizes = sizes_once(tree)
    return Contents(
        image=name,
        disk_bytes=sum(sizes.values()),
        compressed_bytes=image.compressed_bytes,
        layer_bytes=total,
        files=sum(entry.kind is not Kind.DIRECTORY for entry in tree.values()),
        layers=tuple(_layers(image, layers, unseen)),
        packages=_packages(tree, sizes, packages),
        directories=_directories(tree, sizes),
        kinds=_groups((kind_of(tree, entry), sizes[path]) for path, entry in _files(tree)),
        waste=tuple(waste),
        wasted_bytes=wasted,
        efficiency=1.0 if not total else 1.0 - wasted / total,
    )


def _files(tree: FileTree) -> Iterable[tuple[str, FileEntry]]:
    return ((path, entry) for path, entry in tree.items() if entry.kind is not Kind.DIRECTORY)


def sizes_once(tree: FileTree) -> dict[str, int]:
    """Path -> size of what is no directory; a hard-linked file's bytes are at the first of its names."""
    sizes: dict[str, int] = {}
    seen: set[tuple[int, int]] = set()
    for path, entry in sorted(_files(tree)):
        sizes[path] = 0 if entry.inode in seen else entry.size
        if entry.inode is not None:
            seen.add(entry.inode)
    return sizes


def _layers(image: Image, layers: Sequence[LayerFiles], unseen: Iterable[Waste]) -> Iterable[LayerLine]:
    instructions = tuple(map(redaction.hidden, layer_instructions(image.config.history, len(image.layers))))
    lost: Counter[int] = Counter()
    for one in unseen:
        lost[one.layer] += one.bytes
    for number, (layer, files) in enumerate(zip(image.layers, layers, strict=True)):
        yield LayerLine(
            number, instructions[number], str(layer.descriptor.digest), layer.descriptor.size,
            sum(files.sizes.values()), files.files, lost[number],
        )  # fmt: skip


def _packages(tree: FileTree, sizes: Mapping[str, int], packages: Iterable[Package]) -> tuple[Group, ...]:
    owners = owners_of(packages)
    details = {f"{package.type} {package}": package.root for package in owners.values()}
    named = ((f"{owners[p].type} {owners[p]}" if p in owners else NO_PACKAGE, size) for p, size in sizes.items())
    return tuple(Group(group.name, group.bytes, group.files, details.get(group.name, "")) for group in _groups(named))


def _directories(tree: FileTree, sizes: Mapping[str, int]) -> tuple[Group, ...]:
    """Every directory with what is below it, the root first."""
    totals: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for path, size in sizes.items():
        here = path
        while here != "/":
            here = here.rpartition("/")[0] or "/"
            totals[here] += size
            counts[here] += 1
    return tuple(sorted((Group(path, totals[path], counts[path]) for path in totals), key=lambda g: (-g.bytes, g.name)))


def _groups(named: Iterable[tuple[str, int]]) -> tuple[Group, ...]:
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, size in named:
        totals[name][0] += size
        totals[name][1] += 1
    found = (Group(name, size, count) for name, (size, count) in totals.items())
    return tuple(sorted(found, key=lambda group: (-group.bytes, group.name)))
