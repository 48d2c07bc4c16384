"""``jettison diff``: what two images differ in."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from jettison.cli.context import Context
from jettison.cli.options import PlatformType

if TYPE_CHECKING:
    from jettison.inspection.difference import Side


@click.command()
@click.argument("before", metavar="IMAGE")
@click.argument("after", metavar="IMAGE")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, and nothing else.")
@click.option("--check", is_flag=True, help="Exit with 3 where there is any difference.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Lines of each list; 0 is all."
)
@click.option("--platform", type=PlatformType(), help="Which image of a multi-platform one.")
@click.option("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates of registries.")
@click.pass_obj
def command(context: Context, /, before: str, after: str, **flags: Any) -> None:
    """Say what two images differ in: by package, by path (kind, mode, owner, content, links), and configuration.

    Times of modification do not count; the largest changes come first.

    \b
    Examples:
      jettison diff app:1 app:1-small
      jettison diff app:1 app:2 --limit 0 --json
      jettison diff --check registry.example.com/app:1 app:rebuilt
    """
    from jettison.inspection import difference

    found = difference(_side(context, before, flags), _side(context, after, flags))
    if flags["as_json"]:
        click.echo(json.dumps(asdict(found) | {"same": found.same}, indent=2))
    else:
        from rich.console import Console

        from jettison.report.inspection import show_difference

        show_difference(found, Console(highlight=False), limit=flags["limit"])
    if flags["check"] and not found.same:
        raise click.exceptions.Exit(3)


def _side(context: Context, name: str, flags: dict[str, Any]) -> Side:
    from jettison import packages
    from jettison.filetree import index
    from jettison.inspection.difference import Side
    from jettison.oci import transfer

    store = context.store()
    image = transfer.resolve(store, name, flags["platform"], progress=context.progress(), insecure=flags["insecure"])
    tree = index(store.snapshots(image))
    return Side(name, image, tree, packages.catalog(tree))
