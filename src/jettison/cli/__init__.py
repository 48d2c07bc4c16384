"""The command line: one small file per verb, loaded only when it is called."""

from __future__ import annotations


def main() -> None:
    """The entry point of the ``jettison`` command."""
    from jettison.cli.main import run

    run()
