"""``jettison why``: the evidence for a path of a small image."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from jettison.cli.context import Context
from jettison.report.printable import printable

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
    for line in _lines(found):
        click.echo(printable(line))


def _lines(found: Explanation) -> Iterator[str]:
    if not found.exists:
        yield f"{found.path}: the original has no such path"
        yield from (f"  perhaps {suggestion}" for suggestion in found.suggestions)
        return
    yield f"{found.path}: {'kept' if found.kept else 'dropped'}"
    yield from (f"  {step}" for step in found.chain)
    yield from (f"  also {other}" for other in found.others[:5])
    for what, value in (("leads to", found.reached), ("package", found.package), ("brought by", found.instruction)):
        if value:
            yield f"  {what} {value}"
