"""``jettison rewrite``: a small Dockerfile out of a large one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jettison.cli.common import BUILD, KEEP, PROBES, RUN, SCAN, SECURITY_GATES, asked
from jettison.cli.context import Context
from jettison.cli.page_options import PAGES
from jettison.cli.sections import SectionedCommand, section

_result = section("Result")
_search = section("Search")


@click.command(cls=SectionedCommand)
@click.argument("target", default=".", metavar="[PATH]")
@_result("-w", "--write", is_flag=True, help="Replace the Dockerfile; one that is not in Git is kept as NAME.orig.")
@_result("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the Dockerfile to a file.")
@_result("--diff", is_flag=True, help="Print the difference instead of the Dockerfile.")
@_result("--check", is_flag=True, help="Print no Dockerfile; exit 3 where a smaller one works.")
@_result("-t", "--tag", metavar="NAME", help="Name for the small image that was built.")
@_result("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
@_search("--no-build", is_flag=True, help="Build and run nothing: the first candidate, unproved.")
@_search("--only", multiple=True, metavar="RECIPE", help="Only these recipes; 'observation' is one of them.")
@_search("--max-candidates", type=click.IntRange(min=1), default=8, show_default=True, help="Build no more than these.")
@_search("--time-limit", type=float, metavar="SECONDS", help="Begin no candidate after this time.")
@_search("--mirror", metavar="HOST/PATH", help="Take Docker Hub's images from here, as localhost:5000/hub.")
@_search("--offline", is_flag=True, default=None, help="Ask no registry which base images there are.")
@_search("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates of registries.")
@asked(PAGES, PROBES, RUN, KEEP, SECURITY_GATES, SCAN, BUILD)
@click.pass_obj
def command(context: Context, /, target: str, **flags: Any) -> None:
    """Turn a Dockerfile into a small one of several stages, and prove that its image works.

    The Dockerfile is built, and its image is run and asked questions. Then candidates are made: by a recipe for
    the kind of program (on each smaller base image that exists and has what the program was seen to use), and by
    observation (a last stage that copies just what is needed). They are built and asked the same questions, the
    smallest expected first; the smallest that answers alike is printed. Progress and the table of all candidates
    go to standard error. Nothing is overwritten without --write.

    PATH is a directory with a Dockerfile, or a Dockerfile. The exit code is 3 where nothing smaller works.

    \b
    Examples:
      jettison rewrite                         the Dockerfile here, made small, on standard output
      jettison rewrite --diff --http /health   what would change, proved by one more question
      jettison rewrite --write app             replace app/Dockerfile
      jettison rewrite --no-build              without root: a first candidate, unproved
      jettison rewrite --only go -o Dockerfile.small
    """
    from jettison.cli.rewriting import run

    code = run(context, target, flags)
    if code:
        raise click.exceptions.Exit(code)
