"""``RUN --mount=type=…``: its keys, as BuildKit's reference lists them."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping

from jettison.dockerfile.model import Mount

#: Keys with several names, by all of their names.
_SAME = {
    "target": "target", "dst": "target", "destination": "target", "source": "source", "src": "source",
    "ro": "ro", "readonly": "ro", "rw": "rw", "readwrite": "rw",
}  # fmt: skip
#: Keys that need no value.
_TRUTHS = ("ro", "rw", "required")
_TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
#: Which types a key is for; a key that is not here is for all.
_ONLY = {
    "size": ("tmpfs",), "required": ("secret", "ssh"), "sharing": ("cache",),
    "mode": ("cache", "secret", "ssh"), "uid": ("cache", "secret", "ssh"), "gid": ("cache", "secret", "ssh"),
}  # fmt: skip
_KEYS = ("type", "from", "id", "env", *_ONLY, *_SAME)
_YES, _NO = ("1", "t", "true"), ("0", "f", "false")
_SHARING = ("shared", "private", "locked")


def mount(text: str) -> Mount:
    """Read the comma-separated value. Raises ``ValueError`` saying what is wrong.

    Of the names of a key, ``target``, ``source``, ``ro`` and ``rw`` are used. ``ro`` and ``rw``, where one was given,
    are both there, and opposite. A mount without ``target`` is at the working directory. A value with variables in it
    is not checked.
    """
    options: dict[str, str] = {}
    for item in _items(text):
        options |= _option(item)
    kind = options.pop("type", "bind").lower()
    _check(kind, options)
    return Mount(kind, options)


def _items(text: str) -> list[str]:
    try:
        return next(csv.reader([text]), [])
    except csv.Error as error:
        raise ValueError(str(error)) from None


def _option(item: str) -> dict[str, str]:
    written, equals, value = item.partition("=")
    name = _SAME.get(written.lower(), written.lower())
    if written.lower() not in _KEYS:
        near = difflib.get_close_matches(written.lower(), _KEYS, n=1)
        raise ValueError(f"no mount has a key {written!r}" + (f"; did you mean {near[0]}?" if near else ""))
    if not equals and name not in _TRUTHS:
        raise ValueError(f"{item!r} is not of the form KEY=VALUE")
    if name not in _TRUTHS or "$" in value:
        return {name: value.lower() if name == "sharing" else value}
    truth = _truth(written, value if equals else "true")
    if name == "required":
        return {name: _said(truth)}
    return {name: _said(truth), "rw" if name == "ro" else "ro": _said(not truth)}


def _truth(name: str, value: str) -> bool:
    if value.lower() not in (*_YES, *_NO):
        raise ValueError(f"{name}={value} is neither true nor false")
    return value.lower() in _YES


def _said(truth: bool) -> str:
    return "true" if truth else "false"


def _check(kind: str, options: Mapping[str, str]) -> None:
    if kind not in _TYPES:
        raise ValueError(f"type {kind!r} is none of {', '.join(_TYPES)}")
    for name in options:
        if kind not in _ONLY.get(name, _TYPES):
            raise ValueError(f"a {kind} mount has no key {name!r}")
    if kind == "secret" and not any(options.get(name) for name in ("id", "source", "target")):
        raise ValueError("a secret mount needs id= or target=")
    if "$" in options.get("from", ""):
        raise ValueError("from= takes no variables; give a stage that name with FROM … AS")
    sharing = options.get("sharing", "shared")
    if "$" not in sharing and sharing not in _SHARING:
        raise ValueError(f"sharing {sharing!r} is none of {', '.join(_SHARING)}")
