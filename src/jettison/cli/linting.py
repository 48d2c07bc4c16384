"""What ``jettison lint`` does with its flags."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from jettison import configuration
from jettison.cli.access import keep_access
from jettison.cli.context import Context
from jettison.configuration import Configuration, Lint
from jettison.dockerfile import Context as BuildContext
from jettison.dockerfile import open_context
from jettison.errors import InvalidInput, JettisonError, NotFound
from jettison.report import findings
from jettison.report.findings import Located
from jettison.rewrite.fix import fix
from jettison.rewrite.lint import choose, lint
from jettison.rewrite.model import Severity
from jettison.rewrite.rules import RULES

#: Names of Dockerfiles, as Docker, Buildah and editors know them.
_NAMES = re.compile(r"(Dockerfile|Containerfile)(\.[\w.-]+)?|[\w.-]+\.(Dockerfile|Containerfile|dockerfile)")
_NOT_ENTERED = frozenset({".git", "node_modules", ".venv", "venv", "__pycache__", ".tox", "target"})
_LARGEST = 8 << 20
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Request:
    """What is done with each file; sent to other processes."""

    only: tuple[str, ...]
    ignore: tuple[str, ...]
    severity: str | None
    config: Path | None
    look_around: bool
    mend: bool
    unsafe: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A file with what was found in it; ``before`` and ``text`` differ where it was mended."""

    name: str
    before: str
    text: str
    found: tuple[Located, ...]
    mended: int = 0


def run(context: Context, paths: Sequence[str], flags: Mapping[str, Any]) -> int:
    """Do it; the exit code is 0, or 3 with ``--check`` where anything is found."""
    if flags["list_rules"]:
        findings.list_rules(RULES, click.echo)
        return 0
    choose(flags["only"], flags["ignore"])  # a name that is none is said once, before any file is read
    request = Request(
        flags["only"], flags["ignore"], flags["severity"], flags["config"], not flags["no_context"],
        flags["fix"] or flags["diff"], flags["unsafe"],
    )  # fmt: skip
    results = list(_results(request, _files(paths or (_default(),)), flags["jobs"]))
    for result in results:
        if result.text == result.before:
            continue
        if flags["diff"]:
            click.echo(_difference(result), nl=False)
        elif result.name == STANDARD_INPUT:
            click.echo(result.text, nl=False)
        else:
            _write(Path(result.name), result.text)
    found = [located for result in results for located in result.found]
    if not flags["diff"] and not (flags["fix"] and paths == (STANDARD_INPUT,)):
        findings.show(found, flags["form"], click.echo, mended=sum(result.mended for result in results))
    return 3 if flags["check"] and found else 0


def _default() -> str:
    for name in ("Dockerfile", "Containerfile"):
        if Path(name).is_file():
            return name
    raise NotFound("cannot lint: there is no Dockerfile here; name a file or a directory")


def _files(paths: Iterable[str]) -> Iterator[str]:
    """The files themselves, and every Dockerfile in the directories."""
    for text in paths:
        path = Path(text)
        if text == STANDARD_INPUT or path.is_file():
            yield text if text == STANDARD_INPUT else os.path.normpath(text)
        elif path.is_dir():
            found = sorted(_below(path))
            if not found:
                raise NotFound(f"cannot lint {text}: there is no Dockerfile in it")
            yield from found
        else:
            raise NotFound(f"cannot lint {text}: there is no such file")


def _below(directory: Path) -> Iterator[str]:
    for here, directories, names in os.walk(directory):
        directories[:] = [name for name in directories if name not in _NOT_ENTERED]
        for name in names:
            if _NAMES.fullmatch(name) and not name.endswith((".dockerignore", ".orig")):
                yield os.path.normpath(os.path.join(here, name))


def _results(request: Request, files: Iterator[str], jobs: int) -> Iterator[Result]:
    each = partial(_one, request)
    if jobs == 1:
        yield from map(each, files)
        return
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(each, files, chunksize=8)


def _one(request: Request, name: str) -> Result:
    before = _read(name)
    around = _context(name) if request.look_around else None
    settings = _settings(request, name)
    rules = choose((*settings.only, *request.only), (*settings.ignore, *request.ignore))
    least = Severity(request.severity or settings.severity).rank
    text, mended = before, 0
    if request.mend:
        text, findings_mended = fix(before, context=around, rules=rules, unsafe=request.unsafe)
        mended = len(findings_mended)
    linted = lint(text, context=around, rules=rules, file=name)
    shown = "<standard input>" if name == STANDARD_INPUT else name
    found = tuple(findings.locate(linted, one, shown) for one in linted.findings if one.severity.rank <= least)
    return Result(name, before, text, found, mended)


def _settings(request: Request, name: str) -> Lint:
    if request.config:
        return configuration.load(request.config).lint
    return (configuration.find(Path(name).parent) if name != STANDARD_INPUT else Configuration()).lint


def _read(name: str) -> str:
    """A Dockerfile's text; bytes that are no UTF-8 stay what they are, so that a rule can say so."""
    try:
        if name == STANDARD_INPUT:
            data = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with open(name, "rb") as file:
                data = file.read(_LARGEST + 1)
    except OSError as error:
        raise InvalidInput(f"cannot read {name}: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise InvalidInput(f"cannot lint {name}: it is larger than {_LARGEST >> 20} MiB")
    return data.decode("utf-8", "surrogateescape")


def _context(name: str) -> BuildContext | None:
    if name == STANDARD_INPUT:
        return None
    try:
        return open_context(Path(name).absolute().parent, Path(name).absolute())
    except JettisonError:
        return None  # a .dockerignore that cannot be read: the build will say it


def _write(file: Path, text: str) -> None:
    """In one step, so that nothing is lost when the process is killed."""
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(text.encode("utf-8", "surrogateescape"))
    keep_access(file, part)
    part.replace(file.resolve())


def _difference(result: Result) -> str:
    lines = difflib.unified_diff(
        result.before.splitlines(keepends=True),
        result.text.splitlines(keepends=True),
        f"a/{result.name}",
        f"b/{result.name}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
