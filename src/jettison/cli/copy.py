"""``jettison copy``: from any place to any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jettison.cli import options, result
from jettison.cli.context import Context

if TYPE_CHECKING:
    from jettison.oci.descriptor import Platform
    from jettison.oci.recompress import Compression


@click.command()
@click.argument("source")
@click.argument("destination")
@options.platform
@click.option("--all-platforms", is_flag=True, help="An index whole, with the images for all platforms.")
@options.compression
@options.registry
@options.json
@click.pass_obj
def command(
    context: Context,
    source: str,
    destination: str,
    platform: Platform | None,
    all_platforms: bool,
    compression: Compression | None,
    insecure: bool,
    as_json: bool,
) -> None:
    """Copy an image from SOURCE to DESTINATION.

    Both may be in a registry (docker://NAME, or just NAME), a directory (oci:DIR[:TAG]), a file (oci-archive:FILE,
    docker-archive:FILE) or the Docker daemon (docker-daemon:NAME). A plain NAME as SOURCE is looked for in the store
    first. The bytes go through the store, so that a copy that breaks off need not start again; jettison prune
    removes them. Between two repositories of one registry no layer is moved, unless --compression asks for another;
    jettison push says what each is for.

    \b
    Examples:
      jettison copy docker://alpine:3 docker://localhost:5000/alpine:3
      jettison copy --all-platforms docker://alpine:3 oci:alpine:3
      jettison copy docker-daemon:app:1 docker://ghcr.io/me/app:1
      jettison copy app:small docker-archive:app.tar:app:small
      jettison copy --compression zstd:chunked docker://alpine:3 docker://localhost:5000/alpine:3
    """
    from jettison.oci import transfer
    from jettison.oci.reference import parse

    made = transfer.copy(
        context.store(),
        parse(source),
        parse(destination),
        platform,
        context.progress(),
        prefer_store=not source.startswith("docker://"),
        all_platforms=all_platforms,
        compression=compression,
        insecure=insecure,
        told=options.told(context),
    )
    result.show(destination, made, as_json)
