"""Presets: what distroless images of the same names hold, as packages, slices and a configuration."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jettison.bases.assemble import slices
from jettison.bases.assemble.slices import Slices
from jettison.errors import NotFound


@dataclass(frozen=True, slots=True)
class Preset:
    """Packages to take, names to leave out, and how a container of the image runs."""

    name: str
    summary: str
    packages: tuple[str, ...]
    without: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] | None = None
    env: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by its name, in the order of the file: from the smallest on."""
    document = _document()
    common = tuple(document["without"])
    found: dict[str, Preset] = {}
    for name, value in document["preset"].items():
        found[name] = _preset(name, value, found.get(value.get("on", "")), common)
    return found


def preset(name: str) -> Preset:
    """One preset. Raises ``NotFound``."""
    if name not in presets():
        raise NotFound(f"cannot use preset {name[:100]!r}: there are {', '.join(presets())}")
    return presets()[name]


@cache
def shipped() -> Slices:
    """The slices that come with the presets."""
    return slices.parse({"package": _document()["package"]}, "of the presets")


def _preset(name: str, value: Mapping[str, Any], below: Preset | None, common: tuple[str, ...]) -> Preset:
    """A preset holds all that the one below it holds; what it leaves out is its own."""
    return Preset(
        name,
        value["summary"],
        ((below.packages if below else ()) + tuple(value.get("packages", ()))),
        common + tuple(value.get("without", ())),
        tuple(value["entrypoint"]) if "entrypoint" in value else None,
        tuple(value.get("env", ())),
        tuple(value.get("links", {}).items()),
    )


def _document() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("presets.toml").read_text("utf-8"))
