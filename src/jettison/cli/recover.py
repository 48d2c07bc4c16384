"""``jettison recover``: how long a crashed node's containers take to be ready elsewhere."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jettison.cli.context import Context
from jettison.cli.options import PlatformType
from jettison.cli.sections import SectionedCommand, section

if TYPE_CHECKING:
    from jettison.measure.model import ImageFacts
    from jettison.measure.recovery.model import Recovery

_cluster = section("Cluster")
_waits = section("Before a node pulls (as the scenario has it)")
_node = section("Node")
_result = section("Result")
_SCENARIOS = ("eviction", "short-toleration", "node-replacement", "autoscaling")
_SECONDS = click.FloatRange(min=0)
_SHARE = click.FloatRange(0, 1)
_NUMBER = click.IntRange(min=1)


@click.command(cls=SectionedCommand)
@click.argument("before")
@click.argument("after")
@_cluster("--nodes", default="3,10,100,1000,10000", show_default=True, metavar="N,…", help="Sizes of clusters.")
@_cluster("--crashed", default="1", show_default=True, metavar="N|SHARE%", help="Nodes that crash: 1, or 33% (a zone).")
@_cluster("--pods", type=_NUMBER, default=30, show_default=True, help="Of each crashed node.")
@_cluster("--also", multiple=True, metavar="IMAGE", help="Pods run this image in turn with the one that shrinks.")
@_cluster("--link", default="1gbit", show_default=True, metavar="RATE", help="Of each node.")
@_cluster(
    "--egress", default="10gbit", show_default=True, metavar="RATE", help="What the registry sends at; or unshaped."
)
@_cluster(
    "--connection", default="unshaped", show_default=True, metavar="RATE", help="The most that one layer comes at."
)
@_cluster("--p2p", is_flag=True, help="Nodes hand layers on to each other.")
@_cluster("--warm", type=_SHARE, default=0.0, show_default=True, help="Share of survivors that have the whole image.")
@_cluster("--base", multiple=True, metavar="IMAGE", help="Its layers are on survivors already.")
@_cluster(
    "--base-share", type=_SHARE, default=1.0, show_default=True, help="Share of survivors that have those layers."
)
@_waits("--scenario", type=click.Choice(_SCENARIOS), default="eviction", show_default=True, help="Why pods move.")
@_waits("--detect", type=_SECONDS, metavar="S", help="Until the node counts as gone.")
@_waits("--toleration", type=_SECONDS, metavar="S", help="That pods tolerate it (tolerationSeconds).")
@_waits("--schedule", type=_SECONDS, metavar="S", help="Until there is another pod and a node for it.")
@_waits("--provision", type=_SECONDS, metavar="S", help="Until a new machine has joined.")
@_waits("--evictions", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Nodes a second (eviction rate).")
@_node("--parallel", type=_NUMBER, metavar="N", help="Images that the kubelet pulls at a time.  [default: 1, serial]")
@_node("--fetches", type=_NUMBER, default=3, show_default=True, help="Layers fetched at a time.")
@_node("--unpacks", type=_NUMBER, default=1, show_default=True, help="Layers unpacked at a time.")
@_node("--streaming", is_flag=True, help="Layers are unpacked while they come, as jettison does it.")
@_node("--rtt", type=_SECONDS, metavar="MS", help="A round trip to the registry, in milliseconds.")
@_node("--start", type=_SECONDS, metavar="S", help="From the image being there to ready.")
@_node("--bench", type=click.Path(path_type=Path, dir_okay=False), help="Calibrate by jettison bench.")
@_result("--json", "as_json", is_flag=True, help="Print the result as JSON, and nothing else.")
@_result("--html", type=click.Path(path_type=Path, dir_okay=False), help="Also write a page with a chart.")
@_result("--platform", type=PlatformType(), help="Which images of multi-platform ones.")
@_result("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates of registries.")
@click.pass_obj
def command(context: Context, /, before: str, after: str, **flags: Any) -> None:
    """Say how long a crashed node's containers take to be ready elsewhere, with image BEFORE and with image AFTER.

    A simulation: T = detect + toleration + schedule + provision + queue + pull + start, for every pod of the crashed
    nodes. Layers are fetched some at a time over links that are shared fairly, and unpacked; every term, what limited
    the pulls, what the registry sent, and what a MB and 1,000 files less are worth is printed. Kubernetes as it comes
    waits about 350 s before it evicts: with short tolerations, new nodes or autoscaling the pull is what is waited for.
    See docs/recovery.md for every term and how well the model fits.

    \b
    Examples:
      jettison recover app:1 app:1-small
      jettison recover app:1 app:1-small --scenario short-toleration --nodes 10,1000
      jettison recover app:1 app:1-small --scenario node-replacement --crashed 33% --p2p
      jettison recover app:1 app:1-small --bench bench.json --streaming --fetches 6 --unpacks 4
      jettison recover app:1 app:1-small --base debian:12 --also redis:7 --html recovery.html
    """
    found = _model(context, before, after, flags)
    if flags["html"]:
        from jettison.cli import pages

        pages.write(pages.of_recovery(found), {**flags, "markdown": None, "badge": None})
    if flags["as_json"]:
        from jettison.report.recovery import plain

        click.echo(json.dumps(plain(asdict(found)), indent=2, allow_nan=False))
        return
    from rich.console import Console

    from jettison.report.recovery import show_recovery

    show_recovery(found, Console(highlight=False))


def _model(context: Context, before: str, after: str, flags: dict[str, Any]) -> Recovery:
    from jettison.cli import recover_setting
    from jettison.measure.recovery import sensitivity

    setting, notes = recover_setting.setting(flags, frozenset(_layers(context, flags)))
    settings = sensitivity.sizes(setting, *recover_setting.sizes(flags["nodes"], flags["crashed"]))
    first, second, *also = (_facts(context, name, flags) for name in (before, after, *flags["also"]))
    return sensitivity.recovery(flags["scenario"], first, second, settings, also=also, notes=notes)


def _layers(context: Context, flags: dict[str, Any]) -> list[str]:
    """The digests of what survivors hold."""
    return [layer.digest for name in flags["base"] for layer in _facts(context, name, flags).layers]


def _facts(context: Context, name: str, flags: dict[str, Any]) -> ImageFacts:
    from jettison.measure.recovery.facts import facts
    from jettison.oci import transfer

    store = context.store()
    image = transfer.resolve(store, name, flags["platform"], progress=context.progress(), insecure=flags["insecure"])
    return facts(store, image, name)
