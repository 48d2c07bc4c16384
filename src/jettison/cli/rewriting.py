"""What ``jettison rewrite`` does with its flags."""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from jettison import builder, tuner
from jettison.cli import choices, shrinking
from jettison.cli.access import keep_access
from jettison.cli.build import arguments
from jettison.cli.context import Context
from jettison.configuration import Configuration
from jettison.dockerfile import open_context, parse, stages
from jettison.errors import InvalidInput, NotFound, Unsupported
from jettison.oci import reference
from jettison.oci.layout import Store
from jettison.oci.reference import RegistryReference
from jettison.report import candidates, json
from jettison.report.model import CandidateLine, Rewriting
from jettison.report.security.model import Security
from jettison.rewrite.recipes import RECIPES
from jettison.runtime import require
from jettison.tuner import Rewritten, Settings, Source

#: Frontends that read the language that is parsed here.
_FRONTENDS = ("docker/dockerfile", "docker.io/docker/dockerfile", "docker/dockerfile-upstream")

#: Where Microsoft publishes images of Windows.
_WINDOWS = re.compile(r"(^|/)(windows/|windows[/:-]?(servercore|nanoserver)|servercore|nanoserver)", re.IGNORECASE)
#: What ``jettison shrink``, which has no flags for it, searches with.
DEFAULTS: Mapping[str, Any] = {"only": (), "max_candidates": 8, "time_limit": None, "mirror": "", "offline": None}


def run(context: Context, text: str, flags: Mapping[str, Any]) -> int:
    """Do it; the exit code is 0, or 3 where nothing smaller works (with ``--check``: where something does)."""
    target = shrinking.find_target(text, flags["file"])
    if target.directory is None:
        raise InvalidInput(f"cannot rewrite {text}: it is no directory with a Dockerfile, and no Dockerfile")
    file = target.dockerfile or target.directory / "Dockerfile"
    original = builder.read(file)
    refuse_original(file, flags["output"])
    if flags["check"] and (flags["write"] or flags["diff"] or flags["output"]):
        raise click.UsageError("--check prints and writes nothing: leave out --write, --diff and --output")
    asked = source(target, target.directory)
    wanted = settings(flags, choices.read_configuration(flags, target.directory))
    found = _unproved(context, asked, wanted) if flags["no_build"] else _proved(context, target, asked, wanted, flags)
    report = found.report if isinstance(found, Rewritten) else found
    _show(report, flags)
    if isinstance(found, Rewritten) and (flags["html"] or flags["markdown"] or flags["badge"]):
        from jettison.cli import pages

        pages.write(pages.of_rewrite(found, original, flags), flags)
    if flags["check"]:
        return 3 if report.chosen else 0
    if not report.chosen:
        return 3
    _give(original, report, file, flags)
    if report.security is not None:
        from jettison.cli.scanning import check

        check(choices.security_gates(flags, choices.read_configuration(flags, target.directory)), report.security)
    return 0


def refuse_original(file: Path, output: Path | None) -> None:
    """Raise ``InvalidInput`` where the original would be overwritten without being asked for."""
    if output is not None and output.exists() and file.exists() and output.samefile(file):
        raise InvalidInput(f"cannot write {output}: it is the original; jettison rewrite --write replaces it")


def source(target: shrinking.Target, empty: Path) -> Source:
    """What is rewritten; for an image alone, a Dockerfile that begins with it, in the directory ``empty``.

    Raises ``Unsupported`` for a Dockerfile of a frontend's own language.
    """
    if target.directory is None:
        return Source(target.name, empty, parse(f"FROM {target.name}\n"), open_context(empty))
    file = target.dockerfile or target.directory / "Dockerfile"
    dockerfile = parse(builder.read(file), file.name)
    syntax = dockerfile.directives.get("syntax", "")
    if syntax and syntax.partition(":")[0] not in _FRONTENDS:
        raise Unsupported(
            f"cannot rewrite {target.name}: only the frontend {syntax} knows what its Dockerfile means; "
            f"take away the line '# syntax=' if it is written in Docker's own language"
        )
    for stage in stages(dockerfile):
        if _WINDOWS.search(stage.base.image):
            raise Unsupported(
                f"cannot rewrite {target.name}: {stage.base.image} is an image of Windows, and only Linux containers "
                f"are built and run here"
            )
    return Source(target.name, target.directory, dockerfile, open_context(target.directory, file))


def settings(flags: Mapping[str, Any], config: Configuration) -> Settings:
    """How to search. Raises ``click.UsageError`` for a recipe that there is not."""
    known = (*(recipe.name for recipe in RECIPES), tuner.OBSERVATION)
    for name in flags["only"]:
        if name not in known:
            raise click.UsageError(f"--only takes {', '.join(known)}; not {name!r}")
    bases = config.bases
    return Settings(
        max_candidates=flags["max_candidates"],
        time_limit=flags["time_limit"],
        only=flags["only"],
        mirror=flags["mirror"] or bases.mirror,
        offline=bases.offline if flags["offline"] is None else flags["offline"],
        insecure=flags["insecure"],
        extra=bases.variants,
        build=builder.Options(
            target=flags["stage"], args=arguments(flags["build_arg"]), secrets=shrinking.secrets(flags)
        ),
    )


def _proved(
    context: Context, target: shrinking.Target, asked: Source, wanted: Settings, flags: Mapping[str, Any]
) -> Rewritten:
    """Build the original, and try everything."""
    config = choices.read_configuration(flags, asked.directory)
    options = choices.options({**flags, "compression": "zstd", "level": None}, config)
    require()
    store = context.store()
    image = shrinking.original(context, store, target, flags)
    with shrinking.phases(context, asked.name) as tell:
        found = tuner.rewrite(store, asked, image, options, wanted, tell)
        report = replace(found.report, security=_scanned(found, config, flags, tell))
    _tag(store, found, asked.name, flags["tag"])
    return replace(found, report=report)


def _scanned(
    found: Rewritten, config: Configuration, flags: Mapping[str, Any], tell: Callable[[str], None] | None
) -> Security | None:
    """Vulnerabilities before and after, where something smaller works."""
    if found.best is None or found.best.image is None:
        return None
    names = (found.report.image, flags["tag"] or f"{found.report.image}:rewritten")
    return shrinking.scanned(found.case, names, found.best.image, config, flags, tell)


def _tag(store: Store, found: Rewritten, name: str, wanted: str | None) -> None:
    """The small image gets the name that was asked for; by itself ``NAME:rewritten``."""
    if found.best is None or found.best.image is None or found.best.image.descriptor is None:
        return
    given = reference.parse(wanted or f"{name}:rewritten")
    if not isinstance(given, RegistryReference):
        raise click.UsageError(f"--tag takes a name of the store, not {wanted!r}")
    store.tag(str(given), found.best.image.descriptor)


def _unproved(context: Context, asked: Source, wanted: Settings) -> Rewriting:
    """The first candidate, which nobody built."""
    store = context.store()
    proposals = tuner.propose(store, tuner.project(store, asked, wanted), wanted)
    lines = tuple(
        CandidateLine(
            one.name, one.recipe, one.base.reference if one.base else "scratch",
            "ruled out" if one.reason else "unproved", one.reason, expected_bytes=one.expected_bytes,
        )
        for one in proposals
    )  # fmt: skip
    first = next((one for one in proposals if not one.reason), None)
    return Rewriting(
        image=asked.name,
        before=None,
        candidates=lines,
        chosen=first.name if first else "",
        dockerfile=first.dockerfile if first else "",
        notes=first.notes if first else (),
    )


def _show(report: Rewriting, flags: Mapping[str, Any]) -> None:
    if flags["as_json"]:
        click.echo(json.render(report))
        return
    from rich.console import Console

    candidates.show(report, Console(stderr=True, highlight=False))


def _give(original: str, report: Rewriting, file: Path, flags: Mapping[str, Any]) -> None:
    """The Dockerfile, to where it was asked for."""
    if flags["output"]:
        flags["output"].write_text(report.dockerfile, encoding="utf-8")
    if flags["write"]:
        _replace(file, original, report.dockerfile)
    if flags["diff"]:
        _diff(file, original, report.dockerfile)
    elif not (flags["output"] or flags["write"] or flags["as_json"]):
        click.echo(report.dockerfile, nl=False)


def _replace(file: Path, original: str, text: str) -> None:
    """Write ``file`` in one step; where no Git has what stood in it, that stays as ``NAME.orig``."""
    if not _is_committed(file):
        backup = _free(file)
        backup.write_text(original, encoding="utf-8")
        keep_access(file, backup)
        click.echo(f"{file} is kept as {backup.name}", err=True)
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8")
    keep_access(file, part)
    part.replace(file.resolve())


def _is_committed(file: Path) -> bool:
    """Whether Git has the file just as it is."""
    try:
        for arguments in (["ls-files", "--error-unmatch"], ["diff", "--quiet", "HEAD"]):
            command = ["git", "-C", str(file.absolute().parent), *arguments, "--", file.name]
            if subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL).returncode:
                return False
    except OSError:
        return False
    return True


def _free(file: Path) -> Path:
    """A name for a copy that nothing has."""
    names = [file.with_name(f"{file.name}.orig"), *(file.with_name(f"{file.name}.orig{n}") for n in range(2, 1000))]
    for name in names:
        if not name.exists():
            return name
    raise NotFound(f"cannot keep a copy of {file}: there are a thousand already")


def _diff(file: Path, original: str, text: str) -> None:
    """A unified difference; in colour on a terminal."""
    lines = difflib.unified_diff(
        original.splitlines(keepends=True), text.splitlines(keepends=True), f"a/{file.name}", f"b/{file.name}"
    )
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines:
        shown = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        click.echo(click.style(shown, fg=colours.get(line[0])) if sys.stdout.isatty() else shown, nl=False)
