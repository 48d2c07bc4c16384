"""What ``jettison bench`` does with its options."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from jettison.cli.bench import ACTIONS, OTHERS, STATES
from jettison.cli.context import Context
from jettison.errors import InvalidInput, JettisonError
from jettison.measure import links
from jettison.measure.bench.model import Plan
from jettison.measure.merge import merge
from jettison.measure.model import Action, Bench, State, from_json, to_json
from jettison.oci.recompress import Compression

_STATES = dict(zip(STATES, (State.COLD, State.ONE_FILE, State.NOTHING), strict=True))
_INTERRUPTED = 130


def run(context: Context, targets: Sequence[str], flags: Mapping[str, Any]) -> int:
    """Measure or merge, and give the result; the exit code."""
    if not targets:
        raise click.UsageError("name at least one IMAGE or PATH" if not flags["merge"] else "name results to merge")
    _check_output(flags)
    if flags["merge"]:
        found = merge([from_json(_read(name), name) for name in targets])
    else:
        found = _measured(context, targets, flags)
    _give(found, flags)
    return 0 if found.complete or flags["merge"] else _INTERRUPTED


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InvalidInput(f"cannot read {name}: {(error.strerror or str(error)).lower()}") from error


def _measured(context: Context, targets: Sequence[str], flags: Mapping[str, Any]) -> Bench:
    from jettison.measure.bench.run import bench

    plan = _plan(targets, flags)

    def keep(found: Bench) -> None:
        """After each run. Where it cannot be written now, it is tried again at the end, and told then."""
        with contextlib.suppress(JettisonError):
            if flags["output"] and _whole(flags["output"]):
                _put(flags["output"], to_json(found) + "\n")

    return bench(context.store(), plan, _told(context), context.progress(), keep)


def _check_output(flags: Mapping[str, Any]) -> None:
    """Before an hour of measuring, not after it."""
    for path in filter(None, (flags["output"], flags["html"])):
        if not path.absolute().parent.is_dir():
            raise JettisonError(f"cannot write {path}: there is no directory {path.absolute().parent}")
        with _writing(path):
            if _whole(path):
                _part(path).touch()
                _part(path).unlink()


def _plan(targets: Sequence[str], flags: Mapping[str, Any]) -> Plan:
    if flags["compression"]:
        Compression.parse(flags["compression"])
    known = {action.replace("+", " + "): Action(action.replace("+", " + ")) for action in ACTIONS}
    actions = _chosen("--action", (flags["actions"] or "").replace("+", " + "), known)
    return Plan(
        images=tuple(targets),
        actions=actions or tuple(known.values()),
        named=bool(actions),
        states=_chosen("--state", flags["states"], _STATES) or tuple(_STATES.values()),
        rates=tuple(map(links.rate, _words(flags["links"]))) or (links.Rate(),),
        tools=_chosen("--against", flags["against"], dict(zip(OTHERS, OTHERS, strict=True))),
        cpus=tuple(map(_count, _words(flags["cpus"]))),
        runs=flags["runs"],
        seed=flags["seed"],
        warm_up=flags["warm_up"],
        timeout=flags["timeout"],
        registry=flags["registry"] or "",
        insecure=flags["insecure"],
        compression=flags["compression"] or "",
        change=flags["change"] or "",
        verify=flags["verify"],
    )


def _words(text: str | None) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(word.strip() for word in (text or "").split(",") if word.strip()))


def _chosen(flag: str, text: str | None, known: Mapping[str, Any]) -> tuple[Any, ...]:
    words = _words(text)
    for word in words:
        if word not in known:
            raise click.UsageError(f"{flag}: {word!r} is none of {', '.join(known)}")
    return tuple(known[word] for word in words)


def _count(word: str) -> int:
    import os

    here = len(os.sched_getaffinity(0))
    if not word.isdecimal() or not 1 <= int(word) <= here:
        raise click.UsageError(f"--cpus: {word!r} is no number from 1 to {here}, which this machine has")
    return int(word)


def _told(context: Context) -> Callable[[str], None]:
    """On a terminal one line that changes, elsewhere a line for each step; always on standard error."""
    if context.quiet:
        return lambda line: None
    from jettison.report.printable import printable

    if not sys.stderr.isatty():
        return lambda line: click.echo(printable(line), err=True)
    context_ = click.get_current_context()
    context_.call_on_close(lambda: click.echo("\r\x1b[K", nl=False, err=True))
    width = 100

    def show(line: str) -> None:
        click.echo(f"\r\x1b[K{printable(line)[:width]}", nl=False, err=True)

    return show


def _give(found: Bench, flags: Mapping[str, Any]) -> None:
    """To the files, and in any case to standard output; only then what could not be written is an error."""
    text = to_json(found)
    unsaved = _failure(flags["output"], lambda: text + "\n")
    failed = unsaved or _failure(flags["html"], lambda: _page(found))
    if flags["as_json"] or unsaved:
        click.echo(text)
    if not flags["as_json"]:
        _table(found)
    if failed:
        raise failed


def _page(found: Bench) -> str:
    from jettison.cli.bench_page import page

    return page(found)


def _table(found: Bench) -> None:
    from rich.console import Console

    from jettison.report.bench import show

    show(found, Console(highlight=False))


def _failure(path: Path | None, content: Callable[[], str]) -> JettisonError | None:
    """Why a file that is wanted could not be written."""
    try:
        if path is not None:
            _put(path, content())
    except JettisonError as error:
        return error
    return None


def _put(path: Path, content: str) -> None:
    """In one step, so that nobody reads half of it."""
    with _writing(path):
        if not _whole(path):
            path.write_text(content, encoding="utf-8")
            return
        part = _part(path)
        part.write_text(content, encoding="utf-8")
        part.replace(path.resolve())


def _whole(path: Path) -> bool:
    """Whether it can be replaced; a pipe or a device is written to instead, once."""
    return path.is_file() or not path.exists()


def _part(path: Path) -> Path:
    """What becomes the file when it is complete, beside it."""
    file = path.resolve()
    return file.with_name(f".{file.name}.part")


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JettisonError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error
