"""``jettison bench``: how long build, push, pull and start take."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from jettison.cli.context import Context
from jettison.cli.sections import SectionedCommand, section

ACTIONS = ("build", "push", "build+push", "pull", "fetch", "decompress", "unpack", "start")
STATES = ("cold", "one-file", "nothing")
OTHERS = ("docker", "podman", "buildah", "skopeo", "containerd")
_what = section("What is measured")
_where = section("Where")
_how = section("How often")
_result = section("Result")


def _finite(_context: click.Context, _option: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of seconds")
    return value


@click.command(cls=SectionedCommand)
@click.argument("targets", nargs=-1, metavar="[IMAGE | PATH]...")
@_what("--action", "actions", metavar="LIST", help=f"Only these of {', '.join(ACTIONS)}.  [default: all that apply]")
@_what("--state", "states", metavar="LIST", help=f"Only these of {', '.join(STATES)}.  [default: all]")
@_what("--against", metavar="LIST", help=f"Other tools beside it: {', '.join(OTHERS)}.")
@_what("--change", metavar="FILE", help="Which file of PATH changes.  [default: the one changed last]")
@_what("--compression", metavar="ALGORITHM[:LEVEL]", help="Compress layers as gzip or zstd first, for all tools.")
@_what("--verify/--no-verify", default=True, help="Compare the files that each tool unpacked.  [default: compare]")
@_where("--registry", metavar="HOST[:PORT]/PREFIX", help="A registry.  [default: one that is started and stopped]")
@_where("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates when an IMAGE is fetched.")
@_where("--link", "links", metavar="RATES", help="100mbit,1gbit: over links of these rates.  [default: unshaped]")
@_where("--cpus", metavar="COUNTS", help="1,2: on so many processors.  [default: all]")
@_how("-n", "--runs", type=click.IntRange(1, 1000), default=5, show_default=True, help="Runs of each, in random order.")
@_how("--seed", type=int, default=0, show_default=True, help="Of the order.")
@_how("--warm-up/--no-warm-up", default=True, help="A run of each before, which does not count.  [default: do it]")
@_how(
    "--timeout", type=click.FloatRange(min=0.1), callback=_finite, default=600.0, show_default=True,
    help="Seconds for each run.",
)  # fmt: skip
@_result("--json", "as_json", is_flag=True, help="Print everything as JSON, and nothing else.")
@_result("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the JSON to this file too.")
@_result("--html", type=click.Path(path_type=Path, dir_okay=False), help="A page with charts: one file, no network.")
@_result("--merge", is_flag=True, help="Measure nothing: the arguments are results, of several machines perhaps.")
@click.pass_obj
def command(context: Context, /, targets: tuple[str, ...], **flags: Any) -> None:
    """Time build, push, build + push, pull and start of images, and of the Dockerfiles in PATHs.

    Everything goes over a registry: one that is started for this and stopped, or --registry. As root, both ends are
    in network namespaces of their own with a wire between them, which --link shapes (tc, tbf). Each tool works in a
    fresh root: cold (with page caches dropped), after one file changed, and where nothing changed. What a tool
    unpacked is compared with the image, file by file: mode, owner, links, content.

    Medians and spread of wall time, processor time and peak memory of all processes, daemons included, and the bytes
    on the wire are shown, with the floor: the least time that link, codec and disk of this machine allow, and the
    share of it that is reached. Parts of a pull: fetch is layers as they come, decompress throws the bytes away,
    unpack is from fetched layers to files. Start is until the first probe answers, or until the program has ended.

    A tool that is not installed is left out and named; a run that fails is named, and the rest goes on; where nothing
    at all could be measured, the exit code is 1. After Ctrl-C what was measured until then is kept, links and daemons
    are gone, and the exit code is 130.

    \b
    Examples:
      jettison bench app:1 app:1-small                     before and after
      jettison bench app:1 app:1-small --link 100mbit,1gbit -o bench.json
      jettison bench . --action build,push,build+push      a Dockerfile, and one file of it changed
      jettison bench app:1 --against docker,podman --compression gzip
      jettison bench app:1 --registry registry.example.com/team --action push,pull
      jettison bench app:1 --cpus 1,2                      as on smaller machines
      jettison bench --merge laptop.json server.json --html bench.html
    """
    from jettison.cli.benching import run

    code = run(context, targets, flags)
    if code:
        raise click.exceptions.Exit(code)
