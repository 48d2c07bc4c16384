"""Strangers: naive servers that Jettison was not written for, and what each of them can do."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

STRANGERS = Path(__file__).parents[1] / "strangers"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that a server does; it works where the answer contains ``expect``."""

    name: str
    path: str
    expect: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Stranger:
    """A Dockerfile with its context. The probes visit ``probes`` only; no behaviour is among them.

    ``same`` maps what a behaviour is called to the paths that must be in the small image as they were: kind, mode,
    owner and xattrs, and for files their content.
    """

    name: str
    context: Path
    base: str
    port: int
    probes: tuple[str, ...]
    behaviours: tuple[Behaviour, ...]
    same: dict[str, tuple[str, ...]]


def names() -> list[str]:
    """Every stranger's name."""
    return sorted(path.parent.name for path in STRANGERS.glob("*/behaviours.toml"))


def load(name: str) -> Stranger:
    """Read ``tests/strangers/NAME/behaviours.toml``."""
    directory = STRANGERS / name
    data = tomllib.loads((directory / "behaviours.toml").read_text())
    gets = [Behaviour(what, path, expect) for what, (path, expect) in data["get"].items()]
    posts = [
        Behaviour(what, path, expect, body.encode()) for what, (path, body, expect) in data.get("post", {}).items()
    ]
    return Stranger(
        name,
        (directory / data.get("context", ".")).resolve(),
        data.get("base", "buildpack-deps:bookworm"),
        data["port"],
        tuple(data["probes"]),
        (*gets, *posts),
        {what: tuple(paths) for what, paths in data.get("same", {}).items()},
    )
