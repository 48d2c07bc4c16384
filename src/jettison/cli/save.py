"""``jettison save``: from the store to an archive."""

from __future__ import annotations

from pathlib import Path

import click

from jettison.cli import options, result
from jettison.cli.context import Context


@click.command()
@click.argument("image")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The file, or for oci the directory, to write.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["docker-archive", "oci-archive", "oci"]),
    default="docker-archive",
    show_default=True,
    help="What to write: a file for docker load, an OCI layout in a tar file, or one in a directory.",
)
@options.json
@click.pass_obj
def command(context: Context, image: str, output: Path, kind: str, as_json: bool) -> None:
    """Write IMAGE of the store to an archive.

    \b
    Examples:
      jettison save app:small -o app.tar && docker load -i app.tar
      jettison save app:small --format oci-archive -o app.tar
      jettison save app:small --format oci -o app-layout
    """
    from jettison.oci import transfer

    store = context.store()
    made = transfer.save(store, transfer.in_store(store, image), image, output, kind, context.progress())
    result.show(str(output), made, as_json)
