"""``jettison inspect``: where the bytes of an image are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jettison.cli.context import Context
from jettison.cli.options import PlatformType, ShareType, SizeType
from jettison.cli.sections import SectionedCommand, section

if TYPE_CHECKING:
    from jettison.inspection import Contents

_GATES = ("lowest_efficiency", "highest_wasted_bytes", "highest_wasted_share")
_result = section("Result")
_gates = section("Gates")


@click.command(cls=SectionedCommand)
@click.argument("image")
@_result("--json", "as_json", is_flag=True, help="Print everything as JSON, and nothing else.")
@_result("--html", type=click.Path(path_type=Path, dir_okay=False), help="Also write a page with a treemap.")
@_result("--limit", type=click.IntRange(min=0), default=10, show_default=True, help="Lines of each list; 0 is all.")
@_result("--platform", type=PlatformType(), help="Which image of a multi-platform one.")
@_result("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates of registries.")
@_gates("--lowest-efficiency", type=ShareType(), metavar="SHARE", help="0.95: exit 3 where it is less.")
@_gates("--highest-wasted-bytes", type=SizeType(), metavar="SIZE", help="20MB: exit 3 where it is more.")
@_gates("--highest-wasted-share", type=ShareType(), metavar="SHARE", help="Of all bytes of all layers.")
@click.pass_obj
def command(context: Context, /, image: str, **flags: Any) -> None:
    """Say where the bytes of IMAGE are: by layer and instruction, by package, by directory and by kind of file.

    Waste is what a later layer overwrites or deletes, and files (of 4 kB or more) of which another path has the same
    content; each byte counts once. Efficiency is the share of all layers' bytes that is not wasted.

    \b
    Examples:
      jettison inspect app:1
      jettison inspect app:1 --limit 0 --json
      jettison inspect app:1 --html app.html
      jettison inspect app:1 --lowest-efficiency 0.95 --highest-wasted-bytes 20MB
    """
    from jettison import packages
    from jettison.filetree import index
    from jettison.inspection import inspect
    from jettison.oci import transfer

    store = context.store()
    found = transfer.resolve(store, image, flags["platform"], progress=context.progress(), insecure=flags["insecure"])
    snapshots = store.snapshots(found)
    tree = index(snapshots)
    contents = inspect(found, image, tree, snapshots, packages.catalog(tree))
    if flags["html"]:
        from jettison.cli import pages

        pages.write(pages.of_inspect(contents, tree), {**flags, "markdown": None, "badge": None})
    _give(contents, flags)
    _check(contents, flags)


def _give(found: Contents, flags: dict[str, Any]) -> None:
    if flags["as_json"]:
        click.echo(json.dumps(asdict(found), indent=2))
        return
    from rich.console import Console

    from jettison.report.inspection import show_contents

    show_contents(found, Console(highlight=False), limit=flags["limit"])


def _check(found: Contents, flags: dict[str, Any]) -> None:
    from jettison.errors import GateFailed

    broken = list(_broken(found, flags))
    if broken:
        raise GateFailed(f"cannot accept {found.image}: {'; '.join(broken)}")


def _broken(found: Contents, flags: dict[str, Any]) -> Iterator[str]:
    from jettison.report.tables import size

    lowest, highest, share = (flags[name] for name in _GATES)
    if lowest is not None and found.efficiency < lowest:
        yield f"its efficiency is {found.efficiency:.4f}, at least {lowest} is wanted"
    if highest is not None and found.wasted_bytes > highest:
        wasted = f"{size(found.wasted_bytes)} ({found.wasted_bytes:,} bytes)"
        yield f"{wasted} are wasted, at most {highest:,} bytes are allowed"
    if share is not None and found.wasted_bytes > share * found.layer_bytes:
        yield f"{100 * found.wasted_bytes / found.layer_bytes:.1f} % are wasted, at most {100 * share:g} % is allowed"
