"""``jettison images``: what is in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from jettison.cli import options
from jettison.cli.context import Context

if TYPE_CHECKING:
    from jettison.oci.descriptor import Descriptor
    from jettison.oci.layout import Store


@click.command()
@click.argument("names", nargs=-1)
@click.option("--digests", is_flag=True, help="Show digests whole.")
@click.option("--remove", is_flag=True, help="Forget these NAMES; jettison prune frees what only they needed.")
@options.json
@click.pass_obj
def command(context: Context, names: tuple[str, ...], digests: bool, remove: bool, as_json: bool) -> None:
    """List the images of the store, or those of NAMES.

    COMPRESSED is what a push or a cold pull moves. ON DISK is the size of the unpacked files, a dash where the
    image was not unpacked yet.

    \b
    Examples:
      jettison images
      jettison images --digests node:8
      jettison images --json
      jettison images --remove app:old && jettison prune
    """
    store = context.store()
    found = _chosen(store, names)
    if remove:
        if not names:
            raise click.UsageError("--remove needs the NAMES of the images to forget")
        for name in found:
            store.untag(name)
        return
    rows = [_row(store, name, descriptor) for name, descriptor in sorted(found.items())]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        _table(rows, digests)


def _chosen(store: Store, names: Sequence[str]) -> Mapping[str, Descriptor]:
    from jettison.errors import NotFound
    from jettison.oci.reference import name

    there = store.names()
    if not names:
        return there
    wanted = [str(name(text)) for text in names]
    for full, text in zip(wanted, names, strict=True):
        if full not in there:
            raise NotFound(f"cannot find {text}: it is not in the store")
    return {full: there[full] for full in wanted}


def _row(store: Store, name: str, descriptor: Descriptor) -> dict[str, Any]:
    """One image; for an index, the one for this machine. What cannot be told is ``None``."""
    from jettison.errors import JettisonError

    row: dict[str, Any] = {"name": name, "digest": str(descriptor.digest), "media_type": descriptor.media_type}
    row |= dict.fromkeys(("platform", "created", "layers", "compressed_bytes", "disk_bytes"))
    try:
        image = store.image(descriptor)
    except JettisonError as error:
        return row | {"error": str(error)}
    snapshots = [store.snapshot_path(layer.diff_id) for layer in image.layers]
    return row | {
        "platform": str(image.config.platform),
        "created": image.config.created or None,
        "layers": len(image.layers),
        "compressed_bytes": image.compressed_bytes,
        "disk_bytes": _disk_bytes(snapshots) if all(path.is_dir() for path in snapshots) else None,
    }


def _disk_bytes(snapshots: Sequence[Any]) -> int | None:
    from jettison import filetree

    try:
        return filetree.index(snapshots).disk_bytes
    except PermissionError:
        return None  # unpacked by root, and we are not


def _table(rows: Iterable[Mapping[str, Any]], digests: bool) -> None:
    from jettison.cli.progress import size
    from jettison.oci.reference import name

    lines = [("NAME", "DIGEST", "PLATFORM", "CREATED", "COMPRESSED", "ON DISK")]
    for row in rows:
        digest = row["digest"] if digests else row["digest"].partition(":")[2][:12]
        sizes = ["-" if row[key] is None else size(row[key]) for key in ("compressed_bytes", "disk_bytes")]
        created = (row["created"] or "-")[:10]
        lines.append((name(row["name"]).familiar, digest, row["platform"] or "-", created, sizes[0], sizes[1]))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line[:4], widths, strict=False)]
        cells += [cell.rjust(width) for cell, width in zip(line[4:], widths[4:], strict=True)]
        click.echo("  ".join(cells).rstrip())
