"""The lock files of Composer, Bundler, Pipenv, Poetry, uv and Cargo, as (name, version) pairs.

Each raises ``ValueError`` for what it cannot read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from jettison.packages.contained.documents import json_object, objects, string

Pair = tuple[str, str]
_GEM = re.compile(r"    ([A-Za-z0-9_.-]+) \(([0-9][^)-]*)(?:-[^)]+)?\)\Z")


def composer(data: bytes) -> Iterator[Pair]:
    """``composer.lock``: what is needed, and what only developers need."""
    document = json_object(data)
    for section in ("packages", "packages-dev"):
        for _, package in objects(document.get(section)):
            yield string(package.get("name")), string(package.get("version"))


def bundler(data: bytes) -> Iterator[Pair]:
    """``Gemfile.lock``: the ``specs`` of its ``GEM`` sections; ``GIT`` and ``PATH`` name no release."""
    section = ""
    for line in data.decode("utf-8").replace("\r\n", "\n").split("\n"):
        if line and not line.startswith(" "):
            section = line
        found = _GEM.match(line) if section == "GEM" else None
        if found:
            yield found[1], found[2]


def pipenv(data: bytes) -> Iterator[Pair]:
    """``Pipfile.lock``: ``default`` and ``develop``; every version is ``==VERSION``."""
    document = json_object(data)
    for section in ("default", "develop"):
        for name, package in objects(document.get(section)):
            version = string(package.get("version"))
            if version.startswith("=="):
                yield name, version.removeprefix("==")


def cargo(data: bytes) -> Iterator[Pair]:
    """``Cargo.lock``, with the crates of the workspace itself, which have no source."""
    for _, package in objects(_toml(data)):
        yield string(package.get("name")), string(package.get("version"))


def python(data: bytes) -> Iterator[Pair]:
    """``poetry.lock`` and ``uv.lock``; what uv has from a directory is the project itself."""
    for _, package in objects(_toml(data)):
        source = package.get("source")
        if not (isinstance(source, dict) and {"editable", "virtual", "directory", "path"} & source.keys()):
            yield string(package.get("name")), string(package.get("version"))


def _toml(data: bytes) -> object:
    return tomllib.loads(data.decode("utf-8")).get("package")
