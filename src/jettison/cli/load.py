"""``jettison load``: from an archive into the store."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from jettison.cli import options
from jettison.cli.context import Context


@click.command()
@click.option(
    "-i",
    "--input",
    "file",
    type=click.Path(path_type=Path),
    help="The archive.  [default: standard input]",
)
@options.json
@click.pass_obj
def command(context: Context, file: Path | None, as_json: bool) -> None:
    """Bring the images of an archive into the store, under the names that it gives them.

    The archive is one of docker save or podman save, old or new, or an OCI image layout in a tar file; it may be
    compressed. Prints the name of every image, or its digest where it has none.

    \b
    Examples:
      jettison load -i app.tar
      docker save app:1 | jettison load
    """
    from jettison.errors import InvalidInput
    from jettison.oci import transfer

    standard_input = sys.stdin.buffer
    if file is None and standard_input.isatty():
        raise InvalidInput("cannot load from a terminal: name a file with -i, or pipe an archive in")
    loaded = transfer.load(context.store(), file or standard_input, context.progress())
    if as_json:
        click.echo(json.dumps([{"name": name, **found.to_json()} for name, found in loaded], indent=2))
        return
    for name, found in loaded:
        click.echo(name or str(found.digest))
