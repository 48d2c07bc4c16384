"""Lock files: exactly which package files an image is made of, as TOML that is good to read and to compare."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jettison.bases.assemble.versions import order
from jettison.errors import InvalidConfiguration, JettisonError

_FORMAT = 1
_FIELDS: Mapping[str, re.Pattern[str]] = {
    "name": re.compile(r"[a-z0-9][a-z0-9+.-]*\Z"),
    "version": re.compile(r"[0-9A-Za-z.+:~-]+\Z"),
    "architecture": re.compile(r"[a-z0-9][a-z0-9-]*\Z"),
    "sha256": re.compile(r"[0-9a-f]{64}\Z"),
    "url": re.compile(r"https?://[!-~]+\Z"),
    "archive": re.compile(r"main\Z|security\Z|extra\Z"),
}


@dataclass(frozen=True, slots=True)
class Locked:
    """One package file: SHA256 and size in bytes; ``archive`` says which mirror has it."""

    name: str
    version: str
    architecture: str
    sha256: str
    size: int
    url: str
    archive: str


@dataclass(frozen=True, slots=True)
class Lock:
    """What was asked for, and what came of it; ``epoch`` is the repositories' time, in seconds since 1970."""

    suite: str
    architecture: str
    packages: tuple[str, ...]
    without: tuple[str, ...]
    dependencies: bool
    epoch: int
    locked: tuple[Locked, ...]

    def asks(self) -> tuple[object, ...]:
        """What has to be the same for a lock to be of use."""
        return self.suite, self.architecture, self.packages, self.without, self.dependencies


def write(lock: Lock, path: Path) -> None:
    """Write a lock file. Raises ``JettisonError`` where it cannot be written."""
    try:
        path.write_text(render(lock), "utf-8")
    except OSError as error:
        raise JettisonError(f"cannot write the lock {path}: {(error.strerror or str(error)).lower()}") from error


def render(lock: Lock) -> str:
    """The file's text; strings are ASCII, so that JSON's notation of them is TOML's too."""
    date = datetime.fromtimestamp(lock.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        "# Written by jettison base; --update-lock writes it again.",
        f"format = {_FORMAT}",
        f"suite = {_text(lock.suite)}",
        f"architecture = {_text(lock.architecture)}",
        f"date = {date}",
        f"packages = {_list(lock.packages)}",
        f"without = {_list(lock.without)}",
        f"dependencies = {'true' if lock.dependencies else 'false'}",
    ]
    for each in lock.locked:
        lines += [
            "",
            "[[package]]",
            *(f"{key} = {_text(getattr(each, key))}" for key in _FIELDS),
            f"size = {each.size}",
        ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return json.dumps(text)


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, words))}]"


def read(path: Path) -> Lock:
    """Read a lock file. Raises ``InvalidConfiguration`` for what ``write`` would not have written."""
    try:
        value = tomllib.loads(path.read_text("utf-8"))
        if value.get("format") != _FORMAT:
            raise ValueError(f"its format is {value.get('format')!r}, only {_FORMAT} is known")
        return Lock(
            _string(value["suite"]),
            _string(value["architecture"]),
            tuple(map(_string, value["packages"])),
            tuple(map(_string, value["without"])),
            value["dependencies"] is True,
            int(value["date"].timestamp()),
            tuple(map(_locked, value["package"])),
        )
    except KeyError as error:
        raise InvalidConfiguration(f"cannot read the lock {path}: it has no {error.args[0]}") from error
    except (OSError, ValueError, TypeError, AttributeError, JettisonError) as error:
        raise InvalidConfiguration(f"cannot read the lock {path}: {error}") from error


def _locked(value: Mapping[str, Any]) -> Locked:
    for key, pattern in _FIELDS.items():
        if not isinstance(value[key], str) or not pattern.match(value[key]):
            raise ValueError(f"{value[key]!r} is no {key} of a package")
    order(value["version"])
    size = value["size"]
    if not isinstance(size, int) or not 0 <= size < 1 << 50:
        raise ValueError(f"{size!r} is no size of a package")
    return Locked(**{key: value[key] for key in _FIELDS}, size=size)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value
