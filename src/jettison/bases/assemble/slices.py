"""Slices: which files of a package are wanted, as patterns of paths in a TOML file.

::

    [package.libc6]
    paths = ["/usr/lib/**"]                  # only these; without it, everything
    exclude = ["/usr/lib/*/gconv"]           # but not these

    [links]
    "/usr/bin/java" = "/usr/lib/jvm/*/bin/java"

``*`` and ``?`` stay within a component, ``**`` crosses them. A pattern also means all that is below what it matches.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jettison.errors import InvalidConfiguration, NotFound

#: What no program needs: left out unless asked for, much as Debian's own slim images leave it out.
DOCUMENTATION = (
    "/usr/share/doc", "/usr/share/man", "/usr/share/info", "/usr/share/lintian", "/usr/share/linda",
    "/usr/share/groff", "/usr/share/doc-base", "/usr/share/bug", "/usr/share/reportbug", "/usr/share/locale",
)  # fmt: skip
#: Licences are kept in every case: they must go with what they are for.
COPYRIGHT = ("/usr/share/doc/*/copyright", "/usr/share/common-licenses")

_TOKEN = re.compile(r"/\*\*(?=/|\Z)|\*\*|\*|\?|[^*?]+?(?=/\*\*(?:/|\Z)|\*|\?|\Z)")
_MERGED = re.compile(r"/(bin|sbin|lib[0-9ox]*)(?=/|\Z)")


@dataclass(frozen=True, slots=True)
class Slice:
    """What is wanted of one package: ``paths`` (empty: all), without ``exclude``."""

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def has(self, path: str) -> bool:
        """Whether a path is wanted."""
        wanted = not self.paths or any(matches(pattern, path) for pattern in self.paths)
        return wanted and not any(matches(pattern, path) for pattern in self.exclude)


@dataclass(frozen=True, slots=True)
class Slices:
    """Slices by package, and symlinks to be made: from a path to the one that a pattern matches."""

    packages: Mapping[str, Slice] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    def merged(self, other: Slices) -> Slices:
        """Both; where both have a slice of a package, that of ``other``."""
        return Slices({**self.packages, **other.packages}, {**self.links, **other.links})


def read(path: Path) -> Slices:
    """Read a file of slices. Raises ``NotFound`` and ``InvalidConfiguration``."""
    try:
        return parse(tomllib.loads(path.read_text("utf-8")), str(path))
    except OSError as error:
        raise NotFound(f"cannot read the slices {path}: {(error.strerror or str(error)).lower()}") from error
    except ValueError as error:
        raise InvalidConfiguration(f"cannot read the slices {path}: {error}") from error


def parse(value: Mapping[str, Any], where: str) -> Slices:
    """Take slices out of a document. Raises ``InvalidConfiguration`` for keys that mean nothing."""
    packages, links = value.get("package", {}), value.get("links", {})
    unknown = sorted(set(value) - {"package", "links"})
    if unknown or not isinstance(packages, dict) or not isinstance(links, dict):
        raise InvalidConfiguration(
            f"cannot read the slices {where}: {unknown[0] if unknown else 'package'} is no table of it"
        )
    for pair in links.items():
        _patterns(list(pair), where)
    return Slices({name: _slice(entry, name, where) for name, entry in packages.items()}, links)


def _slice(value: Any, name: str, where: str) -> Slice:
    if not isinstance(value, dict) or set(value) - {"paths", "exclude"}:
        raise InvalidConfiguration(f"cannot read the slices {where}: package.{name} has keys beyond paths and exclude")
    return Slice(_patterns(value.get("paths", []), where), _patterns(value.get("exclude", []), where))


def _patterns(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.startswith("/") for v in value):
        raise InvalidConfiguration(
            f"cannot read the slices {where}: {value!r} is not made of patterns that begin with /"
        )
    return tuple(value)


def matches(pattern: str, path: str) -> bool:
    """Whether ``pattern`` matches ``path`` or a directory that it is in."""
    return _expression(pattern).match(path) is not None


def full(pattern: str, path: str) -> bool:
    """Whether ``pattern`` matches ``path`` itself."""
    found = _expression(pattern).match(path)
    return found is not None and found["below"] is None


@lru_cache(maxsize=1 << 10)
def _expression(pattern: str) -> re.Pattern[str]:
    """``/lib`` means ``/usr/lib``, since that is where it leads."""
    text = _MERGED.sub(r"/usr/\1", pattern.rstrip("/"), count=1) if _MERGED.match(pattern) else pattern.rstrip("/")
    return re.compile("".join(map(_token, _TOKEN.findall(text))) + r"(?P<below>/.*)?\Z", re.DOTALL)


def _token(text: str) -> str:
    return {"/**": "(?:/[^/]+)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(text) or re.escape(text)
