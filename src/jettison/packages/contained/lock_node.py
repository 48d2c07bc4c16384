"""The lock files of npm, Yarn and pnpm, as (name, version) pairs; ``ValueError`` for what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jettison.packages.contained.documents import json_object, objects, string

Pair = tuple[str, str]
_MODULES = "node_modules/"
#: ``name@range`` and ``@scope/name@range``; ``alias@npm:name@range`` is ``name``.
_YARN = re.compile(r'"?(?:@?[^@"]+@npm:(?=@?[a-zA-Z_]))?(@?[^@"]+)@')
_YARN_VERSION = re.compile(r'  version:? "?([^"\s]+)"?\Z')
_YARN_RESOLUTION = re.compile(r'  resolution: "?(@?[^@"]+)@([a-z]+):')
_PNPM_OLD = re.compile(r"/(@[^/]+/[^/@]+|[^/@]+)/([^/_(]+)(?:[_(].*)?\Z")
_PNPM_NEW = re.compile(r"/?(@[^/]+/[^@(]+|[^/@(][^/@(]*)@([0-9][^(@:/]*)(?:\(.*)?\Z")


def npm(data: bytes) -> Iterator[Pair]:
    """``package-lock.json`` and ``npm-shrinkwrap.json``, lockfileVersion 1 to 3, and the application itself."""
    document = json_object(data)
    yield from _own(document)
    if isinstance(document.get("packages"), dict):
        yield from _npm_packages(document["packages"])
    else:
        yield from _npm_dependencies(document)


def application(data: bytes) -> Iterator[Pair]:
    """Only the application itself, which the lock of npm names."""
    yield from _own(json_object(data))


def _own(document: Mapping[str, Any]) -> Iterator[Pair]:
    if string(document.get("name")) and string(document.get("version")):
        yield document["name"], document["version"]


def _npm_packages(packages: Mapping[str, Any]) -> Iterator[Pair]:
    for place, package in objects(packages):
        name = string(package.get("name")) or place.rpartition(_MODULES)[2]
        if _MODULES in place and not package.get("link") and string(package.get("version")):
            yield name, package["version"]


def _npm_dependencies(document: Mapping[str, Any]) -> Iterator[Pair]:
    """Version 1 nests: a dependency has its own dependencies."""
    waiting: list[object] = [document.get("dependencies")]
    while waiting:
        for name, package in objects(waiting.pop()):
            version = string(package.get("version"))
            alias = re.match(r"npm:(@?[^@]+)@(.+)\Z", version)
            name, version = (alias[1], alias[2]) if alias else (name, version)
            if version[:1].isdigit():
                yield name, version
            waiting.append(package.get("dependencies"))


def yarn(data: bytes) -> Iterator[Pair]:
    """``yarn.lock`` of Yarn 1 and of Berry: blocks that a line without indentation heads."""
    text = data.decode("utf-8")
    if "yarn lockfile v1" not in text and "__metadata:" not in text:
        raise ValueError("not a lock file of a Yarn that is known")
    for block in re.split(r"\n(?=\S)", text.replace("\r\n", "\n")):
        head, _, body = block.partition("\n")
        name = _YARN.match(head)
        lines = body.split("\n")
        version = next((found[1] for line in lines if (found := _YARN_VERSION.match(line))), "")
        resolution = next((found for line in lines if (found := _YARN_RESOLUTION.match(line))), None)
        if resolution and resolution[2] != "npm":
            continue  # a workspace, a patch, a link
        if head.endswith(":") and name and version:
            yield resolution[1] if resolution else name[1], version


def pnpm(data: bytes) -> Iterator[Pair]:
    """``pnpm-lock.yaml``, lockfileVersion 5, 6 and 9: the keys of ``packages``. No more of YAML is understood."""
    text = data.decode("utf-8").replace("\r\n", "\n")
    version = re.search(r"^lockfileVersion: '?([0-9]+)", text, re.MULTILINE)
    if version is None or version[1] not in ("5", "6", "9"):
        raise ValueError("not a lock file of a pnpm that is known")
    section = re.search(r"^packages:\n((?:(?:  .*)?\n)*)", text + "\n", re.MULTILINE)
    form = _PNPM_OLD if version[1] == "5" else _PNPM_NEW
    for line in section[1].split("\n") if section else ():
        if line.startswith("  ") and line[2:3] not in (" ", "") and line.rstrip().endswith(":"):
            found = form.match(line.strip().removesuffix(":").strip("'\""))
            if found:
                yield found[1], found[2]
