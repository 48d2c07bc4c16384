"""``jettison why``: the evidence for a path of a small image."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from jettison.cli.context import Context

if TYPE_CHECKING:
    from jettison.oci.image import Image
    from jettison.oci.layout import Store
    from jettison.plan import Explanation


@click.command()
@click.argument("image")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, and nothing else.")
@click.pass_obj
def command(context: Context, image: str, paths: tuple[str, ...], as_json: bool) -> None:
    """Say why PATH was kept in the small image IMAGE, or why it was dropped.

    IMAGE is what jettison shrink made (or its digest). For a kept path the chain of evidence is given, back to a run
    that opened something or to the application's own files; for a dropped one the reason.

    \b
    Examples:
      jettison why app:small /bin/sh
      jettison why app:small /usr/lib/x86_64-linux-gnu/libssl.so.3 /usr/bin/git
    """
    from jettison import pipeline
    from jettison.plan import from_json, why

    store = context.store()
    plan, original = _remembered(store, image)
    subject = pipeline.study(store, original)
    found = [why(from_json(plan), subject.tree, subject.attribution, path) for path in paths]
    if as_json:
        click.echo(json.dumps([asdict(explanation) for explanation in found], indent=2))
        return
    for explanation in found:
        _print(explanation)


def _remembered(store: Store, image: str) -> tuple[Any, Image]:
    """The record of the plan by which ``image`` was made, and the original."""
    from jettison.errors import NotFound
    from jettison.oci import transfer
    from jettison.oci.descriptor import Descriptor
    from jettison.pipeline import PLAN

    small = transfer.resolve(store, image, pull="never")
    assert small.descriptor is not None, "what is in the store has a descriptor"
    known = store.record(PLAN, str(small.descriptor.digest))
    if known is None:
        raise NotFound(f"cannot explain {image}: jettison shrink did not make it, or the store was pruned since")
    return known["plan"], store.image(Descriptor.from_json(known["original"]))


def _print(found: Explanation) -> None:
    if not found.exists:
        click.echo(f"{found.path}: the original has no such path")
        for suggestion in found.suggestions:
            click.echo(f"  perhaps {suggestion}")
        return
    click.echo(f"{found.path}: {'kept' if found.kept else 'dropped'}")
    for step in found.chain:
        click.echo(f"  {step}")
    for other in found.others[:5]:
        click.echo(f"  also {other}")
    if found.reached:
        click.echo(f"  leads to {found.reached}")
    if found.package:
        click.echo(f"  package {found.package}")
    if found.instruction:
        click.echo(f"  brought by {found.instruction}")
