"""``jettison push``: from the store to a registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jettison.cli import options, result
from jettison.cli.context import Context

if TYPE_CHECKING:
    from jettison.oci.recompress import Compression


@click.command()
@click.argument("image")
@click.argument("destination", required=False)
@options.compression
@click.option("--sbom", metavar="FORMAT|FILE", help="Attach an SBOM: made as cyclonedx or spdx, or a file of either.")
@options.registry
@options.json
@click.pass_obj
def command(
    context: Context,
    image: str,
    destination: str | None,
    compression: Compression | None,
    sbom: str | None,
    insecure: bool,
    as_json: bool,
) -> None:
    """Send IMAGE from the store to a registry, under its own name or as DESTINATION.

    What the registry has already, or can mount from another repository where the image was seen before, is not sent
    again. Five blobs are sent at a time, and one that breaks off goes on where the registry says.

    Layers go as they are, zstd for what Jettison made. For a client that cannot read zstd (Docker before 23.0) use
    --compression gzip. With zstd:chunked Podman and CRI-O fetch only the pieces that they lack, where they are told to
    (enable_partial_images); with estargz stargz-snapshotter starts a container before all is there, and what was
    observed when the image was made or shrunk comes first. Other clients read these as zstd and gzip.

    --sbom attaches a list of the image's packages to it, which the registry lists among its referrers (OCI 1.1); for
    one that keeps no such lists it is in an index under the tag sha256-DIGEST.

    \b
    Examples:
      jettison push ghcr.io/me/app:1
      jettison push app:small ghcr.io/me/app:small
      jettison push --compression gzip app:small localhost:5000/app
      jettison push --compression zstd:19 app:small ghcr.io/me/app:small   small and slow
      jettison push --compression zstd:chunked app:small ghcr.io/me/app:small
      jettison push --sbom cyclonedx app:small ghcr.io/me/app:small
    """
    from jettison.oci import transfer

    store = context.store()
    goal = transfer.in_registry(destination or image, "push to")
    source = transfer.in_store(store, image)
    listed = None
    if sbom:
        from jettison.cli import attaching

        listed = attaching.document(store, source, str(goal), sbom)
    made = transfer.push(
        store, source, goal, context.progress(), compression, insecure=insecure, told=options.told(context)
    )
    if listed:
        attaching.send(goal, made, listed, insecure=insecure, told=options.told(context))
    result.show(str(goal), made, as_json)
