"""What every verb is handed as ``ctx.obj``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from jettison.oci.layout import Store
    from jettison.oci.progress import Progress


@dataclass(frozen=True, slots=True)
class Context:
    """The options before the verb: where the store is (``None``: the default place), and whether to be quiet."""

    store_root: Path | None = None
    quiet: bool = False

    def store(self) -> Store:
        """Open the store, making it where there is none."""
        from jettison.oci.layout import Store

        return Store.open(self.store_root)

    def progress(self) -> Progress:
        """Bars on a terminal, plain lines elsewhere, nothing with ``--quiet``; always on standard error.

        The display ends with the command that runs, so that what is printed afterwards stands below it.
        """
        from jettison.cli.progress import Bars, Lines
        from jettison.oci.progress import SILENT

        if self.quiet:
            return SILENT
        if not sys.stderr.isatty():
            return Lines()
        bars = Bars()
        click.get_current_context().call_on_close(bars.close)
        return bars
