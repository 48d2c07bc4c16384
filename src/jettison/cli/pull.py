"""``jettison pull``: from a registry into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jettison.cli import options, result
from jettison.cli.context import Context

if TYPE_CHECKING:
    from jettison.oci.descriptor import Platform


@click.command()
@click.argument("image")
@options.platform
@click.option("--all-platforms", is_flag=True, help="The whole index, with the images for all platforms.")
@click.option("--unpack", is_flag=True, help="Unpack each layer as soon as it is there, ready for containers.")
@options.registry
@options.json
@click.pass_obj
def command(
    context: Context,
    image: str,
    platform: Platform | None,
    all_platforms: bool,
    unpack: bool,
    insecure: bool,
    as_json: bool,
) -> None:
    """Bring IMAGE from a registry into the store.

    What the store has already is not fetched again. Six blobs are fetched at a time, every digest is verified while
    it streams, and a pull that was interrupted goes on where it stopped when it is called again. Credentials are
    those of docker login and podman login, credential helpers included.

    \b
    Examples:
      jettison pull node:8
      jettison pull --platform linux/arm64 node:8
      jettison pull --all-platforms ghcr.io/me/app:1      the index, whole
      jettison pull localhost:5000/app                    plain HTTP is fine on this machine
      jettison pull --tls-verify=false registry.lan/app   …and elsewhere only if you say so

    To time a pull including unpacking, give it a store of its own:

    \b
      time jettison --store $(mktemp -d) pull --unpack localhost:5000/app
    """
    from jettison.oci import transfer

    made = transfer.pull(
        context.store(),
        transfer.in_registry(image, "pull"),
        platform,
        context.progress(),
        all_platforms=all_platforms,
        insecure=insecure,
        unpack=unpack,
    )
    result.show(image, made, as_json)
