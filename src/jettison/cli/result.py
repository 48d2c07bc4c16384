"""What the verbs that move images print when they are done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from jettison.oci.descriptor import Descriptor


def show(name: str, descriptor: Descriptor, as_json: bool) -> None:
    """``NAME@DIGEST`` on a line, or an object with the descriptor's properties and ``name``."""
    if as_json:
        click.echo(json.dumps({"name": name, **descriptor.to_json()}, indent=2))
    else:
        click.echo(f"{name}  {descriptor.digest}")
