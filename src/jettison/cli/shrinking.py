"""What ``jettison shrink`` does with its flags."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from jettison import pipeline
from jettison.cli import choices
from jettison.cli.build import arguments, secret
from jettison.cli.context import Context
from jettison.configuration import Configuration
from jettison.errors import JettisonError
from jettison.oci import transfer
from jettison.oci.digest import Digest
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.progress import SILENT
from jettison.oci.reference import RegistryReference, StoreReference, parse
from jettison.report import json, terminal
from jettison.report.model import Report
from jettison.report.security.model import Security
from jettison.runtime import require

_PATH_LIKE = (".", "/", "~")


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be shrunk: a Dockerfile in ``directory``, or the image ``name``."""

    name: str
    directory: Path | None = None
    dockerfile: Path | None = None


def run(context: Context, text: str, flags: Mapping[str, Any]) -> int:
    """Do it; the exit code is 0, or 3 where the small image differs or a gate does not hold."""
    if flags["seccomp_log"] and not flags["seccomp"]:
        raise click.UsageError("--seccomp-log says what --seccomp FILE writes; give that too")
    target = find_target(text, flags["file"])
    config = choices.read_configuration(flags, target.directory)
    if flags["dockerfile"] and target.directory is not None:
        from jettison.cli.rewriting import refuse_original

        refuse_original(target.dockerfile or target.directory / "Dockerfile", flags["dockerfile"])
    options, gates = choices.options(flags, config), choices.gates(flags, config)
    small_name = str(parse(flags["tag"])) if flags["tag"] else _small_name(target.name)
    require()
    store = context.store()
    image = original(context, store, target, flags)
    with phases(context, target.name) as tell:
        shrunk = pipeline.shrink(store, image, target.name, options, tell)
        security = scanned(shrunk.case, (target.name, small_name), shrunk.image, config, flags, tell)
    report = replace(shrunk.report, security=security)
    if report.outcome == "failed":
        _show(shrunk, report, flags)
        return 3
    found = shrunk.image.descriptor
    assert found is not None, "what was carved is stored"
    store.tag(small_name, found)
    _show(shrunk, replace(report, result=_familiar(small_name), digest=str(found.digest)), flags)
    choices.check_gates(gates, report.after, report.security)  # before it is sent anywhere
    if flags["dockerfile"]:
        _write_dockerfile(context, target, shrunk, config, flags)
    elif target.directory is not None and not (context.quiet or flags["as_json"]):
        click.echo(f"a Dockerfile for it: jettison rewrite {text}", err=True)
    if flags["seccomp"]:
        from jettison.cli.confining import confine

        with phases(context, target.name) as tell:
            confine(shrunk, flags["seccomp"], complain=flags["seccomp_log"], tell=tell)
    _send(context, store, found.digest, small_name, flags)
    return 0


def _show(shrunk: pipeline.Shrunk, report: Report, flags: Mapping[str, Any]) -> None:
    """Print the report, and write the files that were asked for."""
    _print(report, flags["as_json"])
    if flags["html"] or flags["markdown"] or flags["badge"]:
        from jettison.cli import pages

        pages.write(pages.of_shrink(shrunk, report, flags), flags)


def scanned(
    case: pipeline.Case,
    names: tuple[str, str],
    small: Image,
    config: Configuration,
    flags: Mapping[str, Any],
    tell: Callable[[str], None] | None,
) -> Security | None:
    """Vulnerabilities before and after; ``None`` where nobody asked and there is no database."""
    needed = choices.security_gates(flags, config).need_scan
    if needed and flags["scan"] is False:
        raise click.UsageError("--no-scan leaves nothing for --max-severity, --max-count and --fail-on to hold to")
    if flags["scan"] is False:
        return None
    from jettison.cli import scanning

    with scanning.told(flags, config, required=needed) as known:
        if not (flags["scan"] or needed or known.database is not None):
            return None
        if tell:
            tell("scan")
        return scanning.report(pipeline.secured(case, names, small, known))


def find_target(text: str, dockerfile: Path | None) -> Target:
    """What looks like a path, and a directory with a Dockerfile, is built; anything else names an image."""
    path = Path(text).expanduser()
    is_path = text.startswith(_PATH_LIKE) or text.endswith("/") or "Dockerfile" in path.name
    if path.is_file() and is_path:
        return Target(_directory_name(path.absolute().parent), path.parent, path)
    if is_path or (path.is_dir() and (dockerfile or (path / "Dockerfile").is_file())):
        return Target(_directory_name(path.resolve()), path, dockerfile)
    return Target(text)


def _directory_name(path: Path) -> str:
    """A directory's name as the name of an image."""
    name = re.sub(r"[^a-z0-9._-]+", "-", path.name.lower()).strip("._-")
    return name or "image"


def _small_name(name: str) -> str:
    """``app`` becomes ``app:small``, ``app:1`` becomes ``app:1-small``; an archive is called by its file."""
    reference = parse(name)
    if not isinstance(reference, RegistryReference):
        stem = re.sub(r"[^a-z0-9._-]+", "-", name.rpartition("/")[2].partition(":")[0].lower()).strip("._-")
        return str(parse(f"{stem.removesuffix('.tar') or 'image'}:small"))
    tag = reference.tag if reference.tag and reference.tag != "latest" else ""
    return str(replace(reference, tag=f"{tag}-small" if tag else "small", digest=None))


def _familiar(name: str) -> str:
    reference = parse(name)
    return reference.familiar if isinstance(reference, RegistryReference) else name


def original(context: Context, store: Store, target: Target, flags: Mapping[str, Any]) -> Image:
    """The original, in the store: built, or brought from where it is."""
    if target.directory is None:
        try:
            return transfer.resolve(
                store,
                target.name,
                flags["platform"],
                pull="always" if flags["pull"] else "missing",
                progress=context.progress(),
                insecure=flags["insecure"],
            )
        except JettisonError as error:
            if Path(target.name).is_dir():
                raise type(error)(f"{error}; and the directory {target.name} has no Dockerfile") from error
            raise
    from jettison.builder import Options, build, docker
    from jettison.cli.build_progress import choose

    shown = "quiet" if context.quiet else "auto"
    with choose(shown) as progress:
        options = Options(
            target=flags["stage"],
            args=arguments(flags["build_arg"]),
            secrets=secrets(flags),
            no_cache=flags["no_cache"],
            pull=flags["pull"],
            progress=progress,
            transfers=SILENT if context.quiet else context.progress(),
        )
        if flags["engine"] == "docker":
            built = docker.build(store, target.directory, target.dockerfile, options, flags["secret"], shown)
        else:
            built = build(store, target.directory, target.dockerfile, options).image
    assert built.descriptor is not None, "the build has stored it"
    store.tag(str(parse(target.name)), built.descriptor)
    return built


def _write_dockerfile(
    context: Context, target: Target, shrunk: pipeline.Shrunk, config: Configuration, flags: Mapping[str, Any]
) -> None:
    """The best Dockerfile for what was shrunk, with the table of all that were tried on standard error."""
    from rich.console import Console

    from jettison.cli import rewriting
    from jettison.report import candidates
    from jettison.tuner import search

    settings = rewriting.settings({**rewriting.DEFAULTS, **flags}, config)
    store = shrunk.case.store
    with store.scratch("context") as empty, phases(context, target.name) as tell:
        source = rewriting.source(target, empty)
        found = search(shrunk.case, shrunk.attempt, source, settings, pipeline.Clock(tell), tell)
    candidates.show(found.report, Console(stderr=True, highlight=False))
    if not found.report.chosen:
        raise JettisonError(f"cannot write {flags['dockerfile']}: no Dockerfile that was tried is smaller and works")
    flags["dockerfile"].write_text(found.report.dockerfile, encoding="utf-8")


def secrets(flags: Mapping[str, Any]) -> dict[str, bytes]:
    """The content of each ``--secret``; Docker reads them itself."""
    return dict(map(secret, flags["secret"])) if flags["engine"] != "docker" else {}


@contextmanager
def phases(context: Context, name: str) -> Iterator[Callable[[str], None] | None]:
    """Where the pipeline says what it does: a line that changes on a terminal, lines elsewhere, nothing if quiet."""
    if context.quiet:
        yield None
    elif not sys.stderr.isatty():
        yield lambda phase: click.echo(f"{name}: {phase}", err=True)
    else:
        from rich.console import Console

        with Console(stderr=True).status(name) as status:
            yield lambda phase: status.update(f"{name}: {phase}")


def _send(context: Context, store: Store, digest: Digest, name: str, flags: Mapping[str, Any]) -> None:
    """Send the result wherever else it was asked for."""
    wanted = [*flags["output"], *flags["push"]]
    wanted += [f"docker-daemon:{_familiar(name)}"] if flags["load"] else []
    for text in wanted:
        transfer.copy(store, StoreReference(digest), parse(text), None, context.progress(), insecure=flags["insecure"])


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        click.echo(json.render(report))
        return
    from rich.console import Console

    terminal.show(report, Console(highlight=False))
