"""The options that several verbs have in common: how an image is run and asked, what is kept, how it is built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from jettison.cli.sections import section
from jettison.configuration.model import REASONS

_keep = section("What stays")
KEEP = (
    _keep("--policy", type=click.Choice(["safe", "balanced", "tight"]), help="How much beyond the observed stays."),
    _keep("--strip", is_flag=True, default=None, help="Remove symbols and debug sections from kept ELF files."),
    _keep("--include", multiple=True, metavar="GLOB", help="Paths to keep; ** crosses directories."),
    _keep("--exclude", multiple=True, metavar="GLOB", help="Paths to drop, even where something opened them."),
    _keep("--include-package", multiple=True, metavar="NAME", help="Packages to keep whole."),
    _keep("--include-bin", multiple=True, metavar="COMMAND", help="Commands to keep with all that they need."),
    _keep("--include-shell", is_flag=True, default=None, help="Keep a shell and the usual commands."),
)

_probes = section("Probes")
PROBES = (
    _probes("--http", multiple=True, metavar="REQUEST", help="'/path' or 'POST /path'; may be repeated."),
    _probes(
        "--crawl/--no-crawl", default=None, help="Follow links from / and read an OpenAPI document.  [default: crawl]"
    ),
    _probes("--exec", "execute", multiple=True, metavar="COMMAND", help="Run a command in the container."),
    _probes("--script", multiple=True, metavar="COMMAND", help="Run a command here, with JETTISON_URL set."),
    _probes("--tcp", multiple=True, type=int, metavar="PORT", help="Connect to a port and read its banner."),
    _probes("--healthcheck/--no-healthcheck", default=None, help="Run the image's HEALTHCHECK.  [default: run it]"),
)

_run = section("How it runs")
RUN = (
    _run("--command", metavar="COMMAND", help="Instead of the image's CMD."),
    _run("--entrypoint", metavar="COMMAND", help="Instead of the image's ENTRYPOINT."),
    _run("-e", "--env", multiple=True, metavar="NAME=VALUE", help="Environment variables beside the image's."),
    _run("--user", metavar="USER", help="Instead of the image's USER."),
    _run("--port", multiple=True, type=int, metavar="PORT", help="Instead of the ports of EXPOSE."),
    _run("--duration", type=float, metavar="SECONDS", help="How long it runs where nothing listens."),
    _run("--timeout", type=float, metavar="SECONDS", help="Time limit until the first answer, and of each probe."),
    _run("--ready-timeout", type=float, metavar="SECONDS", help="Time limit until the first answer alone."),
    _run("--tracer", type=click.Choice(["auto", "fanotify", "strace"]), default="auto", help="How opens are seen."),
    _run("--exit-code", type=int, metavar="CODE", help="What a program that ends must exit with."),
    _run("--scenario", multiple=True, metavar="NAME", help="Only these scenarios of jettison.toml."),
    _run("--rounds", type=click.IntRange(min=0), help="How often a small image may be healed.  [default: 3]"),
    _run("--config", type=click.Path(path_type=Path, dir_okay=False), help="Instead of jettison.toml in PATH."),
    _run("--no-cache", is_flag=True, help="Build and observe again, whatever is remembered."),
)

_scan = section("Vulnerabilities")
DATABASE = (
    _scan(
        "--db", type=click.Path(path_type=Path, dir_okay=False), envvar="JETTISON_DB",
        help="The advisory database.  [default: that of jettison db]",
    ),
    _scan(
        "--max-age", type=click.IntRange(min=0), metavar="DAYS",
        help="Refuse a database that is older, or of older advisories.",
    ),
    _scan("--vex", multiple=True, metavar="FILE", help="OpenVEX or CycloneDX: what does not apply, shown as such."),
    _scan("--ignore", metavar="FILE", help="Vulnerabilities that do not count, with reasons and dates of expiry."),
)  # fmt: skip
SCAN = (
    _scan("--scan/--no-scan", default=None, help="Count vulnerabilities.  [default: where there is a database]"),
    *DATABASE,
)
_gates = section("Gates")
SECURITY_GATES = (
    _gates("--max-severity", metavar="SEVERITY", help="Worst that may be left, unknown aside; exit 3 if worse."),
    _gates("--max-count", multiple=True, metavar="SEVERITY=N,…", help="Most that may be left, as critical=0,high=5."),
    _gates("--fail-on", multiple=True, type=click.Choice(REASONS), help="Other reasons for exit 3; may be repeated."),
)

_build = section("Building a Dockerfile")
BUILD = (
    _build("-f", "--file", type=click.Path(path_type=Path), help="The Dockerfile.  [default: PATH/Dockerfile]"),
    _build("--target", "stage", metavar="STAGE", help="The stage to build."),
    _build("--build-arg", multiple=True, metavar="NAME=VALUE", help="Values for ARG."),
    _build("--secret", multiple=True, metavar="id=…,src=…", help="Secrets for RUN --mount=type=secret."),
    _build("--engine", type=click.Choice(["jettison", "docker"]), help="Who builds: Jettison, or your Docker."),
    _build("--pull", is_flag=True, help="Look for newer base images."),
)


def asked(*groups: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    """A decorator that adds groups of options, in their order."""

    def add(function: Any) -> Any:
        for option in reversed([option for group in groups for option in group]):
            function = option(function)
        return function

    return add
