"""The catalogue of base images: one TOML file for each family, the largest image first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jettison.configuration import BaseEntry, base_entry
from jettison.errors import InvalidConfiguration


@dataclass(frozen=True, slots=True)
class Family:
    """One file. ``precision`` is how many numbers of a version the images that run its programs are named with."""

    name: str
    entries: tuple[BaseEntry, ...]
    language: str = ""
    precision: int = 0


@dataclass(frozen=True, slots=True)
class Distribution:
    """What every image of a distribution, or of one release, has."""

    users: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


def files() -> tuple[str, ...]:
    """The names of the files of families."""
    names = sorted(item.name for item in resources.files(__name__).iterdir() if item.name.endswith(".toml"))
    return tuple(name for name in names if name != "distributions.toml")


@cache
def families() -> Mapping[str, Family]:
    """Every family by its name. Raises ``InvalidConfiguration`` for a file that is wrong."""
    return {name.removesuffix(".toml"): _family(name) for name in files()}


@cache
def _distributions() -> Mapping[str, Distribution]:
    table = tomllib.loads(_text("distributions.toml"))
    return {
        name: Distribution(tuple(row.get("users", ())), tuple(row.get("libraries", ()))) for name, row in table.items()
    }


def distribution(name: str, release: str = "") -> Distribution:
    """What all images of a distribution have, and those of one release (``bookworm``) beside that."""
    known, nothing = _distributions(), Distribution()
    whole, part = known.get(name, nothing), known.get(release, nothing)
    return Distribution(whole.users, whole.libraries + part.libraries)


def entries(extra: Sequence[BaseEntry] = ()) -> tuple[BaseEntry, ...]:
    """All entries, family by family, and ``extra`` after them."""
    return (*(entry for family in families().values() for entry in family.entries), *extra)


def family(name: str) -> Family | None:
    """The family of that name, or the one whose programs are in that language."""
    known = families()
    return known.get(name) or next((each for each in known.values() if each.language == name), None)


def _family(file: str) -> Family:
    table = tomllib.loads(_text(file))
    name = file.removesuffix(".toml")
    if unknown := table.keys() - {"language", "precision", "variant"}:
        raise InvalidConfiguration(f"cannot read {file}: unknown key {min(unknown)}")
    rows: list[dict[str, Any]] = table["variant"]
    found = tuple(base_entry({"family": name, **row}, file) for row in rows)
    return Family(name, found, table.get("language", ""), table.get("precision", 0))


def _text(file: str) -> str:
    return (resources.files(__name__) / file).read_text(encoding="utf-8")
