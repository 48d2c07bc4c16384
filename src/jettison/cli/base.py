"""``jettison base``: packages of a distribution become a minimal base image."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jettison.cli import options
from jettison.cli.context import Context
from jettison.cli.sections import SectionedCommand, section
from jettison.report.printable import printable

if TYPE_CHECKING:
    from jettison.bases.assemble import Assembled, Request
    from jettison.oci.image import Image
    from jettison.oci.recompress import Compression

_what, _where = section("What is in it"), section("Where packages come from")
_again, _result = section("The same again"), section("Result")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(cls=SectionedCommand)
@click.argument("packages", nargs=-1, metavar="[PACKAGE[=VERSION]]...")
@_what("-p", "--preset", "presets", multiple=True, metavar="NAME", help="Start from a preset; may be repeated.")
@_what("--no-deps", is_flag=True, help="Only the packages that are named, without what they depend on.")
@_what("--without", multiple=True, metavar="NAME", help="Take a dependency on NAME for met; may be repeated.")
@_what("--slice", "slices", multiple=True, type=_FILE, help="Which files of packages to take, in TOML; see below.")
@_what("--documentation", is_flag=True, help="Also manuals, translations and the like.  [default: only copyrights]")
@_what("--user", default="root", show_default=True, metavar="root|nonroot|UID[:GID]", help="Who runs in it.")
@_where(
    "--suite",
    metavar="DISTRIBUTION:CODENAME",
    help="debian:… or ubuntu:…  [default: debian:bookworm, without --source]",
)
@_where("--mirror", default="", metavar="URL", help="Of the suite and its updates.  [default: the distribution's]")
@_where("--security-mirror", default="", metavar="URL", help="Of security updates.  [default: the distribution's]")
@_where("--component", "components", multiple=True, default=("main",), show_default=True, help="May be repeated.")
@_where(
    "--source", "sources", multiple=True, metavar="LINE", help="Another: 'deb [signed-by=FILE] URL SUITE COMPONENT…'"
)
@_where("--arch", "architecture", default="", metavar="NAME", help="amd64, arm64, …  [default: this machine's]")
@_where("--keyring", type=_FILE, help="Whose signatures count.  [default: /usr/share/keyrings/…-archive-keyring.gpg]")
@_where("--allow-unsigned", is_flag=True, help="Verify no signatures. Whoever answers decides what is in the image.")
@_where("--ignore-valid-until", is_flag=True, help="Take a repository that is out of date, such as a snapshot.")
@_again("--lock", type=_FILE, help="Take exactly these packages; written where there is no such file.")
@_again("--update-lock", is_flag=True, help="Write the lock again, with the packages of today.")
@_again(
    "--epoch", type=click.IntRange(0), envvar="SOURCE_DATE_EPOCH", metavar="SECONDS",
    help="The latest time in the image.  [default: $SOURCE_DATE_EPOCH, or the repository's]",
)  # fmt: skip
@_result("-t", "--tag", "tags", multiple=True, help="A name for the image in the store; may be repeated.")
@_result("-o", "--output", metavar="IMAGE", help="Copy it there too: a registry, oci:DIR, docker-archive:FILE, …")
@_result(
    "--compression",
    type=options.CompressionType(whole=True),
    help="zstd, gzip or none, with a level.  [default: zstd]",
)
@options.json
@click.pass_obj
def command(context: Context, /, tags: tuple[str, ...], output: str | None, as_json: bool, **given: Any) -> None:
    """Make a minimal base image of PACKAGEs of Debian or Ubuntu, as distroless and chisel do.

    Package files are fetched, verified (signature of the suite by gpgv, then SHA256 of every file) and laid over each
    other; none of their scripts is run. What programs need of these is made: users, certificates, the local time zone,
    /tmp, alternatives. The image has no shell and no package manager unless a package brings one, its licences, and the
    records that scanners read (/var/lib/dpkg/status.d). Packages whose scripts would make more users are named on
    standard error, and in the notes of --json. Neither root nor a container is needed.

    \b
    Presets:
      static    no libc: certificates, time zones, users, /tmp
      base      static, with glibc and OpenSSL
      cc        base, with the libraries that GCC's programs need
      python3   cc, with Python 3
      java17    cc, with OpenJDK 17's runtime; java21 where the suite has it
      nodejs    cc, with the distribution's Node.js

    Packages that are named beside a preset are added to it. A lock file pins every package file, so that the same lock
    and options give the same digest, on any machine and at any time.

    \b
    Examples:
      jettison base --preset static -t static
      jettison base --preset cc --lock base.lock --user nonroot -t cc
      jettison base --preset python3 --suite ubuntu:noble -o oci:python
      jettison base libpq5 --preset base --without libldap-2.5-0
      jettison base busybox-static --no-deps -t busybox
      jettison base libc6 --slice libc6.toml -t tiny

    \b
    A file of slices:
      [package.libc6]
      paths = ["/usr/lib/**/*.so*"]        only these; * stays within a directory, ** does not
      exclude = ["/usr/lib/*/gconv"]       but not these, nor what is below
      [links]
      "/bin/sh" = "/usr/bin/dash"          a symlink to the one path that matches
    """
    from jettison.bases.assemble import make
    from jettison.oci.reference import parse

    for name in tags:
        parse(name)
    request = _request(given)
    store = context.store()
    made = make(store, request, context.progress())
    for note in () if context.quiet or as_json else made.notes:
        click.echo(f"jettison: {printable(note)}", err=True)
    _finish(context, made.image, tags, output)
    _print(made, tags, as_json)


def _request(given: dict[str, Any]) -> Request:
    from jettison.bases.assemble import DEFAULT_SUITE, Request

    compression: Compression | None = given.pop("compression")
    no_dependencies = given.pop("no_deps")
    suite = given.pop("suite")
    if suite is None:
        suite = "" if given["sources"] else DEFAULT_SUITE
    if not given["packages"] and not given["presets"]:
        raise click.UsageError("name a PACKAGE or a --preset")
    if given["update_lock"] and not given["lock"]:
        raise click.UsageError("--update-lock needs --lock FILE")
    if compression is not None:
        # ISA-L's gzip has levels up to 3, which stand for all that are above, as where a layer is compressed again.
        most = 3 if compression.algorithm == "gzip" else 22
        level = None if compression.level is None else min(compression.level, most)
        given |= {"compression": compression.algorithm, "level": level}
    return Request(suite=suite, dependencies=not no_dependencies, **given)


def _finish(context: Context, image: Image, tags: tuple[str, ...], output: str | None) -> None:
    from jettison.oci import transfer
    from jettison.oci.reference import StoreReference, parse

    assert image.descriptor is not None, "it is in the store"
    for name in tags:
        context.store().tag(str(parse(name)), image.descriptor)
    if output:
        source = StoreReference(image.descriptor.digest)
        transfer.copy(context.store(), source, parse(output), None, context.progress())


def _print(made: Assembled, tags: tuple[str, ...], as_json: bool) -> None:
    import json

    assert made.image.descriptor is not None, "it is in the store"
    digest = str(made.image.descriptor.digest)
    if not as_json:
        click.echo(digest)
        return
    packages = [
        {"name": each.name, "version": each.version, "architecture": each.architecture} for each in made.lock.locked
    ]
    value = {
        "digest": digest,
        "tags": list(tags),
        "compressed_bytes": made.image.compressed_bytes,
        "disk_bytes": made.disk_bytes,
        "files": made.files,
        "created": made.image.config.created,
        "packages": packages,
        "notes": list(made.notes),
    }
    click.echo(json.dumps(value, indent=2))
