"""``jettison build``: a Dockerfile becomes an image in the store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jettison.cli import options
from jettison.cli.context import Context

if TYPE_CHECKING:
    from jettison.builder import BuildResult, Options
    from jettison.oci.image import Image


@click.command()
@click.argument("path", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("-f", "--file", type=click.Path(path_type=Path), help="The Dockerfile.  [default: PATH/Dockerfile]")
@click.option("-t", "--tag", "tags", multiple=True, help="A name for the image in the store; may be repeated.")
@click.option("--target", help="The stage to build.  [default: the last]")
@click.option("--build-arg", "args", multiple=True, metavar="NAME[=VALUE]", help="The value of an ARG.")
@click.option(
    "--secret", "secrets", multiple=True, metavar="id=ID,src=FILE|env=NAME", help="For RUN --mount=type=secret."
)
@click.option("--label", "labels", multiple=True, metavar="NAME=VALUE", help="A label for the image.")
@options.platform
@click.option(
    "--network",
    type=click.Choice(["default", "none", "host"]),
    default="default",
    help="What RUN steps reach.  [default: this machine's network]",
)
@click.option("--no-cache", is_flag=True, help="Run every step again.")
@click.option("--pull", is_flag=True, help="Fetch base images again.")
@click.option(
    "--timestamp",
    type=int,
    envvar="SOURCE_DATE_EPOCH",
    metavar="SECONDS",
    help="The latest time in the image, for a reproducible digest.  [default: $SOURCE_DATE_EPOCH]",
)
@click.option(
    "--compression",
    type=click.Choice(["zstd", "gzip", "none"]),
    default="zstd",
    show_default=True,
    help="Of new layers.",
)
@click.option("--iidfile", type=click.Path(dir_okay=False, path_type=Path), help="Write the image's digest here.")
@click.option(
    "-o", "--output", metavar="IMAGE", help="Copy the image there too: a registry, oci:DIR, docker-archive:FILE, …"
)
@click.option(
    "--engine",
    type=click.Choice(["jettison", "docker"]),
    default="jettison",
    show_default=True,
    help="Who builds: Jettison, or your Docker.",
)
@click.option(
    "--progress",
    "progress_",
    type=click.Choice(["auto", "plain", "tty", "quiet"]),
    default="auto",
    help="How to show progress.",
)
@options.json
@click.pass_obj
def command(context: Context, /, path: Path, progress_: str, as_json: bool, **given: Any) -> None:
    """Build the Dockerfile in PATH, without a daemon.

    Needs root and runc, for the containers of RUN. Steps that did not change are not run again, stages that nobody
    needs are not built, and independent ones are built at the same time.

    \b
    Examples:
      jettison build -t app .
      jettison build -f docker/Dockerfile --target test --build-arg VERSION=2 .
      jettison build --secret id=npm,src=$HOME/.npmrc .
      jettison build -o docker-archive:app.tar .
      jettison build --engine docker .              what this engine does not do, Docker does
    """
    from jettison.cli.build_progress import choose
    from jettison.oci.reference import parse

    for name in given["tags"]:
        parse(name)
    shown = "quiet" if context.quiet else progress_
    with choose(shown) as progress:
        chosen = _options(context, progress, shown, given)
        result = _build(context, path, chosen, given, shown)
    _finish(context, result.image, given)
    _print(result, given["tags"], as_json)


def _options(context: Context, progress: Any, shown: str, given: dict[str, Any]) -> Options:
    from jettison.builder import Options
    from jettison.oci.progress import SILENT

    return Options(
        target=given["target"],
        args=arguments(given["args"]),
        platform=given["platform"],
        network=given["network"],
        secrets=dict(map(secret, given["secrets"])) if given["engine"] == "jettison" else {},
        labels=dict(pair("--label", label) for label in given["labels"]),
        no_cache=given["no_cache"],
        pull=given["pull"],
        epoch=given["timestamp"],
        compression=given["compression"],
        progress=progress,
        transfers=SILENT if shown == "quiet" else context.progress(),
    )


def _build(context: Context, path: Path, chosen: Options, given: dict[str, Any], shown: str) -> BuildResult:
    from jettison.builder import BuildResult, build, docker

    store = context.store()
    if given["engine"] == "docker":
        return BuildResult(docker.build(store, path, given["file"], chosen, given["secrets"], shown))
    return build(store, path, given["file"], chosen)


def _finish(context: Context, image: Image, given: dict[str, Any]) -> None:
    from jettison.oci import transfer
    from jettison.oci.reference import StoreReference, parse

    assert image.descriptor is not None, "the build has stored it"
    for name in given["tags"]:
        context.store().tag(str(parse(name)), image.descriptor)
    if given["iidfile"]:
        given["iidfile"].write_text(str(image.descriptor.digest))
    if given["output"]:
        source = StoreReference(image.descriptor.digest)
        transfer.copy(context.store(), source, parse(given["output"]), None, context.progress())


def _print(result: BuildResult, tags: tuple[str, ...], as_json: bool) -> None:
    import json

    assert result.image.descriptor is not None, "the build has stored it"
    digest = str(result.image.descriptor.digest)
    if not as_json:
        click.echo(digest)
        return
    steps = [{"step": s.step, "seconds": round(s.seconds, 3), "cached": s.cached} for s in result.steps]
    value = {"digest": digest, "tags": list(tags), "compressed_bytes": result.image.compressed_bytes, "steps": steps}
    click.echo(json.dumps(value, indent=2))


def arguments(words: tuple[str, ...]) -> dict[str, str]:
    """``NAME`` alone takes the value from the environment, and is left out where there is none, as in Docker."""
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals or name in os.environ:
            found[name] = value if equals else os.environ[name]
    return found


def pair(flag: str, word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not name or not equals:
        raise click.UsageError(f"{flag} takes NAME=VALUE, not {word!r}")
    return name, value


def secret(word: str) -> tuple[str, bytes]:
    """``id=ID[,src=FILE|,env=NAME]``; without either, the variable ID if it is set, else the file ID."""
    fields = dict(pair("--secret", part) for part in word.split(","))
    name = fields.get("id", "")
    file = fields.get("src", fields.get("source", ""))
    variable = fields.get("env", "" if file or name not in os.environ else name)
    if not name:
        raise click.UsageError(f"--secret needs an id, as id=NAME,src=FILE, not {word!r}")
    if variable:
        if variable not in os.environ:
            raise click.UsageError(f"--secret id={name}: the environment has no {variable}")
        return name, os.environb[os.fsencode(variable)]
    try:
        return name, Path(file or name).read_bytes()
    except OSError as error:
        raise click.UsageError(f"--secret id={name}: {file or name}: {error.strerror}") from error
