"""``jettison prune``: what no image needs is removed."""

from __future__ import annotations

import json

import click

from jettison.cli import options
from jettison.cli.context import Context


@click.command()
@click.option("-a", "--all", "everything", is_flag=True, help="Also every image: the store is empty afterwards.")
@click.option("-n", "--dry-run", is_flag=True, help="Only say what would be freed.")
@options.json
@click.pass_obj
def command(context: Context, everything: bool, dry_run: bool, as_json: bool) -> None:
    """Remove what no image of the store needs: blobs, unpacked layers, records of builds and observations.

    Images go by jettison images --remove NAME, or all by --all.

    \b
    Examples:
      jettison prune --dry-run
      jettison prune
      jettison prune --all
    """
    from jettison.cli.progress import size

    store = context.store()
    freed = store.prune(dry_run=dry_run, everything=everything)
    if as_json:
        click.echo(json.dumps({"freed_bytes": freed, "dry_run": dry_run}))
    else:
        click.echo(f"{size(freed)} {'would be freed' if dry_run else 'freed'}")
