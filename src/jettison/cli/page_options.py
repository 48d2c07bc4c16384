"""The options for files beside the result."""

from __future__ import annotations

from pathlib import Path

import click

from jettison.cli.sections import section

_files = section("Files beside the result")
PAGES = (
    _files("--html", type=click.Path(path_type=Path, dir_okay=False), help="A page with charts: one file, no network."),
    _files("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="A summary for a pull request."),
    _files("--badge", type=click.Path(path_type=Path, dir_okay=False), help="An SVG badge with the size."),
    _files(
        "--bench", type=click.Path(path_type=Path, dir_okay=False),
        help="Times for the page, as jettison bench wrote them.",
    ),
)  # fmt: skip
