"""``jettison db``: the advisories that vulnerabilities are looked up in."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jettison.cli import options
from jettison.cli.context import Context
from jettison.report.printable import printable

if TYPE_CHECKING:
    from jettison.security.advisories.database import Database
    from jettison.security.model import DatabaseInfo, Source

_FILE = click.Path(dir_okay=False, path_type=Path)
_WHERE = "The database.  [default: $JETTISON_DB, or $XDG_DATA_HOME/jettison/advisories.db]"
_output = click.option("-o", "--output", type=_FILE, help=_WHERE)


@click.group()
def command() -> None:
    """Build, update and describe the database of advisories that jettison scan looks vulnerabilities up in.

    It is one SQLite file, made on this machine of what distributions and communities publish. Nothing is sent
    anywhere, and a scan never fetches anything by itself.

    \b
    Examples:
      jettison db update                     fetch everything, and build
      jettison db build ~/osv                build of files that are here, without a network
      jettison db status
    """


@command.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@_output
@options.json
@click.pass_obj
def build(context: Context, paths: tuple[Path, ...], output: Path | None, as_json: bool) -> None:
    """Build the database of files, directories and zip archives. It replaces the old one when it is whole.

    Files are told apart by their content: OSV's records, one a file or in zip archives (all.zip of an ecosystem);
    the JSON of Debian's security tracker; Alpine's secdb; CISA's catalogue of exploited vulnerabilities as JSON or
    CSV; EPSS scores; and the compact snapshot in data/advisories. Each may be compressed with gzip or zstd.

    A PATH that is none of these, or is cut off, is an error, and the old database stays. In a directory, what is
    none of these is counted and passed over. Withdrawn records are left out.

    \b
    Examples:
      jettison db build data/advisories
      jettison db build PyPI/all.zip npm/all.zip debian.json epss.csv.gz
      jettison db build ~/osv -o team.db
    """
    from jettison.security.advisories import default_path
    from jettison.security.advisories.build import build as make

    target = output or default_path()
    _print(target, make(paths, target, _teller(context, as_json), context.progress()), as_json)


@command.command()
@click.option(
    "-e", "--ecosystem", "ecosystems", multiple=True, metavar="NAME",
    help="Only this one, as OSV spells it; may be repeated. 'default' stands for the usual ones.",
)  # fmt: skip
@click.option("--mirror", default="", metavar="URL|DIR", help="Fetch from there, not from the publishers.")
@_output
@options.json
@click.pass_obj
def update(context: Context, ecosystems: tuple[str, ...], mirror: str, output: Path | None, as_json: bool) -> None:
    """Fetch the newest advisories and build the database of them. Until it is whole, the old one stays.

    Debian's come from its security tracker, Alpine's from its secdb, all others from OSV; with them CISA's catalogue
    of exploited vulnerabilities and EPSS scores. Only what changed is fetched, and a transfer that broke off goes on
    where it ended; for that the files are kept in a directory beside the database (NAME.downloads), which may be
    removed at any time.

    The usual ecosystems are Debian, Alpine, AlmaLinux, Rocky Linux, Bitnami, PyPI, npm, Go, crates.io, RubyGems,
    Packagist, Maven and NuGet. Others of OSV, such as Ubuntu, Red Hat or SUSE, have to be named.

    \b
    A mirror, as a directory or a web server, has:
      osv/NAME/all.zip                       for every ecosystem NAME
      debian/data.json
      alpine/v3.20/main.json                 and community.json, for every release
      kev/known_exploited_vulnerabilities.json
      epss/epss_scores-current.csv.gz

    What a mirror does not have is left out and told, unless it was named.

    \b
    Examples:
      jettison db update
      jettison db update --ecosystem Debian --ecosystem PyPI
      jettison db update --ecosystem default --ecosystem Ubuntu
      jettison db update --mirror https://mirror.example.com/advisories
    """
    from jettison.security.advisories import default_path
    from jettison.security.advisories.update import update as fetch

    target = output or default_path()
    told = _teller(context, as_json)
    _print(target, fetch(target, ecosystems, mirror, told, context.progress()), as_json)


@command.command()
@click.argument("path", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option(
    "--max-age",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="An error where it or its advisories are older.",
)
@options.json
def status(path: Path | None, max_age: float | None, as_json: bool) -> None:
    """Say where the database is, how old, of what it was built, and check that it is whole.

    FILE is the database, $JETTISON_DB or $XDG_DATA_HOME/jettison/advisories.db if none is given.

    \b
    Examples:
      jettison db status
      jettison db status --max-age 7
      jettison db status team.db --json
    """
    from jettison.security.advisories import default_path
    from jettison.security.advisories.database import check, opened

    target = path or default_path()
    with opened(target, max_age) as database:
        check(database)
        if as_json:
            click.echo(json.dumps(_described(target, database), indent=2))
        else:
            _print_status(target, database)


def _teller(context: Context, as_json: bool) -> Any:
    def tell(sentence: str) -> None:
        if not context.quiet and not as_json:
            click.echo(f"jettison: {printable(sentence)}", err=True)

    return tell


def _described(path: Path, database: Database) -> dict[str, Any]:
    from jettison.security.advisories.writer import SCHEMA

    exploited, epss = database.overlays()
    return {
        "path": str(path.absolute()),
        "size": path.stat().st_size,
        "schema": SCHEMA,
        "built": database.info.built,
        "age_days": round(database.info.age_days, 3),
        "advisories_age_days": _rounded(database.info.advisories_age_days),
        "advisories": sum(database.ecosystems.values()),
        "known_exploited": exploited,
        "epss": epss,
        "ecosystems": database.ecosystems,
        "sources": [asdict(source) for source in database.info.sources],
    }


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 3)


def _print(path: Path, info: DatabaseInfo, as_json: bool) -> None:
    from jettison.cli.progress import size

    number, bytes_ = sum(source.advisories for source in info.sources), path.stat().st_size
    if as_json:
        sources = [asdict(source) for source in info.sources]
        click.echo(json.dumps({"path": str(path.absolute()), "size": bytes_, "built": info.built,
                               "advisories": number, "sources": sources}, indent=2))  # fmt: skip
    else:
        click.echo(f"{printable(str(path))}: {number:,} advisories of {len(info.sources)} sources, {size(bytes_)}")


def _print_status(path: Path, database: Database) -> None:
    from jettison.cli.progress import size

    described = _described(path, database)
    click.echo(f"{printable(described['path'])}: {size(described['size'])}, schema {described['schema']}")
    newest = described["advisories_age_days"]
    said = "of no known age" if newest is None else f"{newest:.1f} days old"
    click.echo(f"built {described['built']}, {described['age_days']:.1f} days ago; its newest advisories are {said}")
    click.echo(f"{described['advisories']:,} advisories, {described['known_exploited']:,} CVEs known to be exploited, "
               f"{described['epss']:,} with an EPSS score")  # fmt: skip
    click.echo("\nSources")
    for source in database.info.sources:
        click.echo(printable(_line(source)))
    click.echo("\nEcosystems")
    for name, number in database.ecosystems.items():
        click.echo(f"  {printable(name):<28} {number:>9,}")


def _line(source: Source) -> str:
    number = f"{source.advisories:,}" if source.advisories else "-"
    date, licence = source.date[:10] or "no date", source.licence or "licence not stated"
    return f"  {source.name:<28} {number:>9}  {date:<10}  {licence}"
