"""``jettison shrink``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jettison.cli.context import Context
from jettison.cli.options import PlatformType
from jettison.cli.sections import SectionedCommand, section

_result = section("Result")
_keep = section("What stays")
_probes = section("Probes")
_run = section("How it runs")
_gates = section("Gates")
_build = section("Building a Dockerfile")


@click.command(cls=SectionedCommand)
@click.argument("target", default=".", metavar="[PATH | IMAGE]")
@_result("-t", "--tag", metavar="NAME", help="Name of the small image.  [default: NAME:TAG-small]")
@_result("-o", "--output", metavar="IMAGE", multiple=True, help="Also write it to oci:DIR, docker-archive:FILE, …")
@_result("--push", metavar="IMAGE", multiple=True, help="Also push it to a registry.")
@_result("--load", is_flag=True, help="Also load it into the Docker daemon.")
@_result("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates of registries.")
@_result("--platform", type=PlatformType(), help="Which image of a multi-platform one.")
@_result("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
@_result("--compression", type=click.Choice(["zstd", "gzip"]), default="zstd", show_default=True, help="Of its layers.")
@_result("--level", type=int, help="Compression level: zstd 1-22, gzip 0-3.")
@_keep("--policy", type=click.Choice(["safe", "balanced", "tight"]), help="How much beyond the observed stays.")
@_keep("--strip", is_flag=True, default=None, help="Remove symbols and debug sections from kept ELF files.")
@_keep("--include", multiple=True, metavar="GLOB", help="Paths to keep; ** crosses directories.")
@_keep("--exclude", multiple=True, metavar="GLOB", help="Paths to drop, even where something opened them.")
@_keep("--include-package", multiple=True, metavar="NAME", help="Packages to keep whole.")
@_keep("--include-bin", multiple=True, metavar="COMMAND", help="Commands to keep with all that they need.")
@_keep("--include-shell", is_flag=True, default=None, help="Keep a shell and the usual commands.")
@_probes("--http", multiple=True, metavar="REQUEST", help="'/path' or 'POST /path'; may be repeated.")
@_probes("--crawl/--no-crawl", default=None, help="Follow links from / and read an OpenAPI document.  [default: crawl]")
@_probes("--exec", "execute", multiple=True, metavar="COMMAND", help="Run a command in the container.")
@_probes("--script", multiple=True, metavar="COMMAND", help="Run a command here, with JETTISON_URL set.")
@_probes("--tcp", multiple=True, type=int, metavar="PORT", help="Connect to a port and read its banner.")
@_probes("--healthcheck/--no-healthcheck", default=None, help="Run the image's HEALTHCHECK.  [default: run it]")
@_run("--command", metavar="COMMAND", help="Instead of the image's CMD.")
@_run("--entrypoint", metavar="COMMAND", help="Instead of the image's ENTRYPOINT.")
@_run("-e", "--env", multiple=True, metavar="NAME=VALUE", help="Environment variables beside the image's.")
@_run("--user", metavar="USER", help="Instead of the image's USER.")
@_run("--port", multiple=True, type=int, metavar="PORT", help="Instead of the ports of EXPOSE.")
@_run("--duration", type=float, metavar="SECONDS", help="How long it runs where nothing listens.")
@_run("--timeout", type=float, metavar="SECONDS", help="Time limit until the first answer, and of each probe.")
@_run("--ready-timeout", type=float, metavar="SECONDS", help="Time limit until the first answer alone.")
@_run("--tracer", type=click.Choice(["auto", "fanotify", "strace"]), default="auto", help="How opens are seen.")
@_run("--exit-code", type=int, metavar="CODE", help="What a program that ends must exit with.")
@_run("--scenario", multiple=True, metavar="NAME", help="Only these scenarios of jettison.toml.")
@_run("--rounds", type=click.IntRange(min=0), help="How often a small image may be healed.  [default: 3]")
@_run("--config", type=click.Path(path_type=Path, dir_okay=False), help="Instead of jettison.toml in PATH.")
@_run("--no-cache", is_flag=True, help="Build and observe again, whatever is remembered.")
@_gates("--max-size", metavar="SIZE", help="Largest size on disk, as 60MB; exit 3 where it is more.")
@_gates("--max-compressed", metavar="SIZE", help="Largest compressed size.")
@_gates("--max-files", type=int, metavar="COUNT", help="Largest number of files.")
@_build("-f", "--file", type=click.Path(path_type=Path), help="The Dockerfile.  [default: PATH/Dockerfile]")
@_build("--target", "stage", metavar="STAGE", help="The stage to build.")
@_build("--build-arg", multiple=True, metavar="NAME=VALUE", help="Values for ARG.")
@_build("--secret", multiple=True, metavar="id=…,src=…", help="Secrets for RUN --mount=type=secret.")
@_build("--engine", type=click.Choice(["jettison", "docker"]), help="Who builds: Jettison, or your Docker.")
@_build("--pull", is_flag=True, help="Look for newer base images.")
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
      jettison shrink app:1 --script ./smoke-test.sh   your own test, against JETTISON_URL
      jettison shrink app:1 --policy tight --strip --push registry.example.com/app:1-small
    """
    from jettison.cli.shrinking import run

    code = run(context, target, flags)
    if code:
        raise click.exceptions.Exit(code)
