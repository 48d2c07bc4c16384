"""``jettison shrink``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jettison.cli.common import BUILD, KEEP, PROBES, RUN, SCAN, SECURITY_GATES, asked
from jettison.cli.context import Context
from jettison.cli.options import PlatformType
from jettison.cli.page_options import PAGES
from jettison.cli.sections import SectionedCommand, section

_result = section("Result")
_gates = section("Gates")


@click.command(cls=SectionedCommand)
@click.argument("target", default=".", metavar="[PATH | IMAGE]")
@_result("-t", "--tag", metavar="NAME", help="Name of the small image.  [default: NAME:TAG-small]")
@_result("-o", "--output", metavar="IMAGE", multiple=True, help="Also write it to oci:DIR, docker-archive:FILE, …")
@_result(
    "--dockerfile", type=click.Path(path_type=Path, dir_okay=False), help="Also write the best Dockerfile, proved."
)
@_result(
    "--seccomp",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write a seccomp profile of its system calls.",
)
@_result("--seccomp-log", is_flag=True, help="That profile logs what was not seen, and does not refuse it.")
@_result("--push", metavar="IMAGE", multiple=True, help="Also push it to a registry.")
@_result("--load", is_flag=True, help="Also load it into the Docker daemon.")
@_result("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates of registries.")
@_result("--platform", type=PlatformType(), help="Which image of a multi-platform one.")
@_result("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
@_result("--compression", type=click.Choice(["zstd", "gzip"]), default="zstd", show_default=True, help="Of its layers.")
@_result("--level", type=int, help="Compression level: zstd 1-22, gzip 0-3.")
@asked(PAGES, KEEP, PROBES, RUN)
@_gates("--max-size", metavar="SIZE", help="Largest size on disk, as 60MB; exit 3 where it is more.")
@_gates("--max-compressed", metavar="SIZE", help="Largest compressed size.")
@_gates("--max-files", type=int, metavar="COUNT", help="Largest number of files.")
@asked(SECURITY_GATES, SCAN, BUILD)
@click.pass_obj
def command(context: Context, /, target: str, **flags: Any) -> None:
    """Make a small image of a Dockerfile or an image, and prove that it still works.

    The image is run, confined, and asked questions; what it opened, what that needs, and what the application's
    own files mention is kept. The small image is asked the same questions. Where an answer differs, what it
    looked up in vain is added, and it is asked again, until all answers agree: then it is tagged. Otherwise
    nothing is tagged, the difference is shown, and the exit code is 3.

    PATH is a directory with a Dockerfile, or a Dockerfile; IMAGE any image reference. What belongs to a
    repository (probes, what to keep, gates) can stand in its jettison.toml; a flag exists for each key and wins.

    \b
    Examples:
      jettison shrink                                  the Dockerfile here
      jettison shrink node:8 --command 'node -p 1+1'   a program that ends by itself
      jettison shrink app:1 --http /api/items --http 'POST /login'
      jettison shrink --dockerfile Dockerfile.small    and a Dockerfile for it, as of jettison rewrite
      jettison shrink app:1 --script ./smoke-test.sh   your own test, against JETTISON_URL
      jettison shrink app:1 --policy tight --strip --push registry.example.com/app:1-small
    """
    from jettison.cli.shrinking import run

    code = run(context, target, flags)
    if code:
        raise click.exceptions.Exit(code)
