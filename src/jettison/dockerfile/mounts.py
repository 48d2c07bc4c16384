"""``RUN --mount=type=…``: its keys, as BuildKit's reference lists them."""

from __future__ import annotations

import csv

from jettison.dockerfile.model import Mount

_TARGET = {"target", "dst", "destination"}
_KEYS = {
    "bind": _TARGET | {"source", "src", "from", "rw", "readwrite", "ro", "readonly"},
    "cache": _TARGET
    | {"source", "src", "from", "id", "sharing", "mode", "uid", "gid", "ro", "readonly", "rw", "readwrite"},
    "tmpfs": _TARGET | {"size"},
    "secret": _TARGET | {"id", "required", "mode", "uid", "gid", "env", "source", "src"},
    "ssh": _TARGET | {"id", "required", "mode", "uid", "gid"},
}
_FLAGS = {"rw", "readwrite", "ro", "readonly", "required"}


def _items(text: str) -> list[str]:
    try:
        return next(csv.reader([text]), [])
    except csv.Error as error:
        raise ValueError(str(error)) from None


def mount(text: str) -> Mount:
    """Read the comma-separated value. Raises ``ValueError`` saying what is wrong."""
    options: dict[str, str] = {}
    for item in _items(text):
        name, equals, value = item.partition("=")
        name = name.strip().lower()
        if not equals and name not in _FLAGS:
            raise ValueError(f"{item!r} is not of the form KEY=VALUE")
        options[name] = value if equals else "true"
    kind = options.pop("type", "bind")
    if kind not in _KEYS:
        raise ValueError(f"type {kind!r} is none of {', '.join(_KEYS)}")
    for name in options:
        if name not in _KEYS[kind]:
            raise ValueError(f"a {kind} mount has no key {name!r}")
    made = Mount(kind, options)
    if kind in ("bind", "cache", "tmpfs") and not made.get("target", "dst", "destination"):
        raise ValueError(f"a {kind} mount needs target=")
    if options.get("sharing", "shared") not in ("shared", "private", "locked"):
        raise ValueError(f"sharing {options['sharing']!r} is none of shared, private, locked")
    return made
