"""``jettison lint``: what a Dockerfile should say otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jettison.cli.context import Context
from jettison.cli.sections import SectionedCommand, section

_rules = section("Rules")
_result = section("Result")


@click.command(cls=SectionedCommand)
@click.argument("paths", nargs=-1, metavar="[PATH | -]...")
@_result(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="For people, programs, code-scanning pages, or GitHub's annotations.",
)
@_result("--fix", is_flag=True, help="Mend what can be mended without a change of what the image does.")
@_result("--unsafe", is_flag=True, help="With --fix or --diff: also what only a build and its probes can prove.")
@_result("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@_result("--check", is_flag=True, help="Exit 3 where anything is found.")
@_rules("--only", multiple=True, metavar="RULE", help="Only these, by their names here or elsewhere: DL3009.")
@_rules("--ignore", multiple=True, metavar="RULE", help="Not these.")
@_rules(
    "--severity",
    type=click.Choice(["error", "warning", "info", "style"]),
    help="The least that counts.  [default: style]",
)
@_rules("--no-context", is_flag=True, help="Look at the Dockerfile only, not at what is beside it.")
@_rules("--config", type=click.Path(path_type=Path, dir_okay=False), help="Instead of the jettison.toml beside each.")
@_rules("--list-rules", is_flag=True, help="Print every rule with its names elsewhere.")
@_result("-j", "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes for many files.")
@click.pass_obj
def command(context: Context, /, paths: tuple[str, ...], **flags: Any) -> None:
    """Find what makes an image large, slow to build, unreliable or unsafe, and mend it.

    PATH is a Dockerfile, or a directory in which all Dockerfiles are looked at; "-" is standard input; the
    default is the Dockerfile here. Each finding has a place, a sentence, a severity, and where size is concerned
    what it would save. The context is read too: what COPY would take, what .dockerignore lacks.

    A comment above an instruction silences rules for it: # jettison ignore=apt-lists,latest. With "global" in
    front of ignore it holds for the whole file. hadolint's comments and BuildKit's "# check=skip=" are honoured.

    The exit code is 0, with --check 3 where anything is found. One page for each rule is in docs/rules.

    \b
    Examples:
      jettison lint                              the Dockerfile here
      jettison lint --fix services               every Dockerfile below services, mended
      jettison lint --check --severity warning   for continuous integration
      jettison lint --format sarif . > lint.sarif
      jettison lint --ignore DL3008 - < Dockerfile
    """
    from jettison.cli.linting import run

    code = run(context, paths, flags)
    if code:
        raise click.exceptions.Exit(code)
