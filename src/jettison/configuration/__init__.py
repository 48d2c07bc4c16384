"""``jettison.toml``: what a repository says about how its image is probed, and what must stay in it.

A key that is not in ``KEYS`` is an error that names the nearest one which is, since a misspelt wish that is
silently not honoured would be found out in production.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jettison.configuration.keys import KEYS, Key
from jettison.configuration.model import (
    BaseEntry,
    Bases,
    BaseSize,
    Configuration,
    Gates,
    Keep,
    Lint,
    Request,
    Scanning,
    ScenarioSettings,
)
from jettison.configuration.values import READERS, check, command, counts, listed, port, rank, size
from jettison.errors import InvalidConfiguration

__all__ = [
    "KEYS", "BaseEntry", "BaseSize", "Bases", "Configuration", "Gates", "Keep", "Key", "Lint", "Request",
    "Scanning", "ScenarioSettings", "base_entry", "command", "counts", "find", "load", "parse", "port", "rank",
    "request", "size",
]  # fmt: skip

FILE_NAME = "jettison.toml"
_TABLES = ("keep", "gates", "scan", "scenario", "bases", "lint")
#: What every ``[[bases.variant]]`` has.
_ENTRY = ("family", "images", "distribution", "libc")


def load(path: Path) -> Configuration:
    """Read a ``jettison.toml``. Raises ``InvalidConfiguration`` with the file's name, never anything else."""
    try:
        return _placed(parse(path.read_text(encoding="utf-8"), str(path)), path.parent)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(f"cannot read {path}: {error}") from error


def _placed(found: Configuration, directory: Path) -> Configuration:
    """With the files that it names as seen from here: they are written as seen from its own directory."""
    vex = tuple(str(directory / name) for name in found.scan.vex)
    ignore = str(directory / found.scan.ignore) if found.scan.ignore else ""
    return replace(found, scan=replace(found.scan, vex=vex, ignore=ignore))


def find(directory: Path) -> Configuration:
    """The configuration of a repository: ``jettison.toml`` in ``directory``, or the defaults where there is none."""
    path = directory / FILE_NAME
    return load(path) if path.exists() else Configuration()


def parse(text: str, file: str = FILE_NAME) -> Configuration:
    """Read the text of a ``jettison.toml``; ``file`` is what error messages call it."""
    try:
        value = tomllib.loads(text)
        return _configuration(value)
    except tomllib.TOMLDecodeError as error:
        raise InvalidConfiguration(f"cannot read {file}: {error}") from error
    except _Wrong as error:
        raise InvalidConfiguration(f"cannot read {file}: {error}") from None


class _Wrong(Exception):
    """What is wrong, without the file's name."""


def _configuration(value: Mapping[str, Any]) -> Configuration:
    top = {name: content for name, content in value.items() if name not in _TABLES}
    scenarios = _tables(value.get("scenario", []), "scenario")
    names = [scenario.get("name", "default") for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise _Wrong(f"two scenarios are called {name!r}")
    return Configuration(
        **_fields("", top),
        scenarios=tuple(ScenarioSettings(**_fields("scenario", scenario)) for scenario in scenarios),
        keep=Keep(**_fields("keep", value.get("keep", {}))),
        gates=Gates(**_fields("gates", value.get("gates", {}))),
        bases=_bases(value.get("bases", {})),
        lint=Lint(**_fields("lint", value.get("lint", {}))),
        scan=Scanning(**_fields("scan", value.get("scan", {}))),
    )


def _bases(value: Any) -> Bases:
    if not isinstance(value, dict):
        raise _Wrong("bases must be a table")
    entries = _tables(value.get("variant", []), "bases.variant")
    settings = {name: content for name, content in value.items() if name != "variant"}
    return Bases(**_fields("bases", settings), variants=tuple(_entry(entry) for entry in entries))


def base_entry(value: Mapping[str, Any], file: str) -> BaseEntry:
    """One ``[[bases.variant]]``; ``file`` is what error messages call its place. Raises ``InvalidConfiguration``."""
    try:
        return _entry(value)
    except _Wrong as error:
        raise InvalidConfiguration(f"cannot read {file}: {error}") from None


def _entry(value: Mapping[str, Any]) -> BaseEntry:
    fields = _fields("bases.variant", value)
    for key in _ENTRY:
        if not fields.get(key):
            raise _Wrong(f"bases.variant needs {key}")
    return BaseEntry(**fields)


def _base_size(value: Any) -> BaseSize:
    fields = _fields("bases.variant.sizes", value)
    whole = {"image", "source", "date"} <= fields.keys() and {"compressed", "disk"} & fields.keys()
    check(whole, "a table with image, source, date, and compressed or disk")
    return BaseSize(**fields)


def _tables(value: Any, name: str) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _Wrong(f"{name} must be written [[{name}]]")
    return value


def _fields(table: str, value: Any) -> dict[str, Any]:
    """The checked and converted keys of one table."""
    if not isinstance(value, dict):
        raise _Wrong(f"{table} must be a table")
    kinds = {key.name: key.kind for key in KEYS if key.table == table}
    found = {}
    for name, content in value.items():
        where = f"{table}.{name}" if table else name
        if name not in kinds:
            raise _Wrong(f"unknown key {where}{_nearest(name, kinds if table else (*kinds, *_TABLES))}")
        try:
            found[name] = _read(kinds[name], content)
        except ValueError as error:
            raise _Wrong(f"{where} must be {error}, not {content!r}") from None
    return found


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"


def request(value: Any) -> Request:
    """An HTTP probe: ``/path``, ``METHOD /path`` or a table. Raises ``ValueError`` saying what was expected."""
    if isinstance(value, dict):
        fields = _fields("scenario.http", value)
        check(fields.get("path", "").startswith("/"), "a table with a path from the slash on")
        return Request(**fields | {"method": fields.get("method", "GET").upper()})
    found = re.fullmatch(r"(?:([A-Za-z]+) +)?(/\S*)", value) if isinstance(value, str) else None
    if not found:
        raise ValueError('"/path", "METHOD /path" or a table')
    return Request(found[2], (found[1] or "GET").upper())


def _read(kind: str, value: Any) -> Any:
    if kind == "requests":
        return listed(value, request, "a list of requests")
    return listed(value, _base_size, "a list of tables") if kind == "sizes" else READERS[kind](value)
