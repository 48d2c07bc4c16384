"""Write the small image: only what the plan keeps is read, layers in parallel."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from jettison.carve.layering import layering
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.oci.config import History, ImageConfig
from jettison.oci.image import Image, Layer
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store
from jettison.plan.model import Plan

#: Keys that Docker once wrote about the build of an image, and that are not true of the result.
_BUILD_KEYS = frozenset({"container", "container_config", "docker_version", "id", "parent", "parent_id", "throwaway"})


def carve(
    store: Store,
    image: Image,
    tree: FileTree,
    plan: Plan,
    *,
    compression: str = "zstd",
    level: int | None = None,
    epoch: int | None = None,
) -> Image:
    """The small image of ``plan``, written into ``store``.

    ``tree`` is the root file system of ``image``, or what ``strip_files`` made of it. ``epoch`` (seconds) is the
    latest modification time that a path may have and the image's date, as SOURCE_DATE_EPOCH asks. The same input
    gives the same digest.
    """
    kept = tree.subset(plan.keep)
    with store.scratch("carve") as scratch:
        kept = with_records(kept, plan.rewritten, scratch)
        named = layering(kept, plan.keep)

        def write(paths: tuple[str, ...]) -> Layer:
            return store_layer(store, kept, paths, compression=compression, level=level, epoch=epoch)

        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            layers = tuple(pool.map(write, named.values()))
    counts = {name: sum(kept[path].kind is not Kind.DIRECTORY for path in paths) for name, paths in named.items()}
    return store.put_image(Image(small_config(image.config, layers, counts, epoch), layers, image.annotations))


def with_records(tree: FileTree, rewritten: Mapping[str, bytes], scratch: Path) -> FileTree:
    """``tree`` with the new content of package records, which is written into files in ``scratch``."""
    entries = dict(tree)
    for number, (path, content) in enumerate(sorted(rewritten.items())):
        file = scratch / f"record-{number}"
        file.write_bytes(content)
        old = entries.get(path) or FileEntry(path, Kind.FILE)
        entries[path] = replace(old, size=len(content), origin=str(file), inode=None)
    return FileTree(entries)


def small_config(
    config: ImageConfig, layers: tuple[Layer, ...], files: Mapping[str, int], epoch: int | None
) -> ImageConfig:
    """How the small image runs: as the original, with its own layers and a history that says what they are.

    ONBUILD triggers are left out: they would run in builds on top of the result, which has lost what builds need.
    """
    created = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if epoch is not None else config.created
    made = [History(f"jettison: {name} ({count} files)", created) for name, count in files.items()]
    said = [line for line in config.history if line.empty_layer and "ONBUILD" not in line.created_by]
    return replace(
        config.with_container(on_build=()),
        diff_ids=tuple(layer.diff_id for layer in layers),
        history=(*made, *said),
        created=created,
        extra={key: value for key, value in config.extra.items() if key not in _BUILD_KEYS},
    )
