"""The ``jettison`` group: which verbs there are, and what an error looks like."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

import jettison
from jettison.cli.context import Context
from jettison.errors import JettisonError
from jettison.report.printable import printable

#: Verb -> what it does, in the order of the help page. A verb's module is loaded when it is called, so that the
#: help page needs none of them.
VERBS = {
    "shrink": "Make a small image of a Dockerfile or an image, and prove that it still works.",
    "rewrite": "Turn a Dockerfile into a small one, and prove that its image works.",
    "lint": "Say what makes an image large, slow to build or unsafe, and mend it.",
    "inspect": "Say where the bytes of an image are, and which are waste.",
    "diff": "Say what two images differ in.",
    "why": "Say why a path of an image was kept or dropped.",
    "build": "Build a Dockerfile without a daemon.",
    "base": "Make a minimal base image of a distribution's packages.",
    "bench": "Time build, push, pull and start, also against other tools.",
    "scan": "List packages and count vulnerabilities by severity, before and after.",
    "recover": "Say how long a crashed node's containers take to be ready elsewhere, before and after.",
    "pull": "Bring an image from a registry into the store.",
    "push": "Send an image from the store to a registry.",
    "copy": "Copy an image from any place to any other.",
    "load": "Bring an image from an archive into the store.",
    "save": "Write an image of the store to an archive.",
    "images": "List the images of the store.",
    "prune": "Remove what no image of the store needs.",
    "db": "Build and update the database of advisories that scan looks in.",
}


class Verbs(click.Group):
    """Loads a verb's module on demand and prints errors as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"jettison.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "; see jettison --help"
            ctx.fail(f"no such verb {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="JETTISON_STORE",
    help="Where images are kept.  [default: $XDG_DATA_HOME/jettison]",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress, only results and errors.")
@click.version_option(jettison.__version__, prog_name="jettison")
@click.pass_context
def group(ctx: click.Context, store: Path | None, quiet: bool) -> None:
    """Make container images small, prove that they still work, and measure what that won.

    An IMAGE is a name in the store or in a registry (node:8, docker://localhost:5000/app), oci:DIR[:TAG],
    docker-archive:FILE or docker-daemon:NAME.

    \b
    Examples:
      jettison shrink .                      the Dockerfile here, made small
      jettison shrink node:8 --exec 'node -e 1'
      jettison why app:small /bin/sh         why is a shell in it?
    """
    ctx.obj = Context(store, quiet)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 an error, 2 wrong usage, 3 a gate did not hold, 130 interrupted."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup(1) leaves it
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        outcome = group.main(args=None if arguments is None else list(arguments), standalone_mode=False)
        sys.exit(outcome if isinstance(outcome, int) else 0)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("jettison: interrupted", err=True)
        sys.exit(130)
    except JettisonError as error:
        click.echo(f"jettison: {printable(str(error))}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nothing is left to say
        sys.exit(1)
    except OSError as error:
        click.echo(f"jettison: cannot go on: {_operating_system(error)}", err=True)
        sys.exit(1)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM and SIGHUP end as Ctrl-C does, so that containers, mounts and namespaces are cleaned up."""
    raise KeyboardInterrupt


def _operating_system(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    return f"{(error.strerror or str(error)).lower()}{where}"
