"""``jettison scan``: what an image is made of, and what is known to be wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jettison.cli.common import DATABASE, SECURITY_GATES, asked
from jettison.cli.context import Context
from jettison.cli.options import PlatformType
from jettison.cli.sections import SectionedCommand, section

FORMATS = ("table", "json", "sarif", "cyclonedx", "spdx", "openvex")
_result = section("Result")


@click.command(cls=SectionedCommand)
@click.argument("images", nargs=-1, required=True, metavar="IMAGE [IMAGE]")
@_result("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="What to print.")
@_result("--json", "as_json", is_flag=True, help="The same as --format json.")
@_result("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file.")
@_result(
    "--severity", type=click.Choice(("critical", "high", "medium", "low", "negligible", "unknown")),
    default="high", show_default=True, help="List findings of this severity and worse; all are counted.",
)  # fmt: skip
@_result("--weaknesses/--no-weaknesses", default=True, help="List secrets, setuid files and the like.")
@_result("--platform", type=PlatformType(), help="Which image of a multi-platform one.")
@_result("--insecure", is_flag=True, help="Allow plain HTTP and unknown certificates of registries.")
@_result("--config", type=click.Path(path_type=Path, dir_okay=False), help="A jettison.toml with [scan] and [gates].")
@asked(DATABASE, SECURITY_GATES)
@click.pass_obj
def command(context: Context, /, images: tuple[str, ...], **flags: Any) -> None:
    """List the packages of IMAGE and count their vulnerabilities by severity; of two images, compare them.

    Of two images, a vulnerability of the first was removed (its package and all its files are gone, or there in a
    version that has it mended), remains, or cannot be told (the record is gone, files of it are not). What is not
    known is said in words: no package records, no distribution, an ecosystem without advisories, programs of no
    package. While there is any of that, nothing found is printed as a dash, never as 0.

    IMAGE is any image reference, or a file: the JSON of Trivy, Grype or Syft, CycloneDX or SPDX. Advisories come
    from the database of jettison db; nothing is sent anywhere. The exit code is 3 where a gate does not hold.

    \b
    Examples:
      jettison scan app:1
      jettison scan app:1 app:1-small --severity medium
      jettison scan app:1 --format cyclonedx -o app.cdx.json
      jettison scan app:1 --max-count critical=0,high=5 --fail-on unknown-inventory
      jettison scan before.trivy.json after.trivy.json
    """
    from jettison.cli.scanning import run

    if len(images) > 2:
        raise click.UsageError("at most two images can be compared")
    run(context, images, flags)
