"""Paths in groups by what they are for, each with a comment that says so, and why they stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from jettison.attribution import Attribution, inside_packages
from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.plan.runtimes import is_runtime
from jettison.rewrite.observation.model import Group
from jettison.rewrite.observation.quoting import WIDTH

#: Command-line tools that come with a runtime, although they lie where packages do.
_TOOLS = re.compile(r"^/usr/(local/)?lib/node_modules(/|$)|/(site|dist)-packages/(pip|setuptools|wheel)([/-]|$)")
_LIBRARY = re.compile(r"\.so(\.[^/]*)?$|/ld-[^/]*$")
_PROGRAM = re.compile(r"/s?bin/[^/]+$")
_SETTINGS = re.compile(r"^/etc/|/(zoneinfo|ca-certificates|ssl)(/|$)|/os-release$")
_RECORDS = re.compile(r"^/(var/lib/(dpkg|rpm)|(usr/)?lib/apk)(/|$)")
_ODD = re.compile(r"[^\w .,:+()@/-]", re.ASCII)
#: How many names a comment has room for.
_NAMES = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What the comments are made from."""

    tree: FileTree
    attribution: Attribution
    keep: Mapping[str, tuple[Evidence, ...]]
    #: Directories in which the application has files of its own.
    own: frozenset[str]


def facts(tree: FileTree, attribution: Attribution, keep: Mapping[str, tuple[Evidence, ...]]) -> Facts:
    """Work out what all comments need."""
    own: set[str] = set()
    for path in attribution.application:
        while path in tree and path in keep and path not in own and path != "/":
            own.add(path)
            path = tree[path].parent
    return Facts(tree, attribution, keep, frozenset(own))


def groups(facts: Facts, paths: Iterable[str]) -> tuple[Group, ...]:
    """``paths``, sorted, in groups: the application first, then what it needs most."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        found.setdefault(_purpose(facts, path), []).append(path)
    return tuple(
        Group(printable(_comment(facts, name, found[name])), tuple(found[name])) for name in _COMMENTS if name in found
    )


def _purpose(facts: Facts, path: str) -> str:
    entry = facts.tree[path]
    if _RECORDS.match(path):
        return "records"
    if path in facts.own and not _SETTINGS.search(path):
        return "application"
    if _TOOLS.search(path) or (is_runtime(path) and not _LIBRARY.search(path)):
        return "runtime"
    if inside_packages(path):
        return "dependencies"
    if all(_LIBRARY.search(name) for name in facts.tree.children(path) or [path]):
        return "libraries"
    if entry.kind is Kind.DIRECTORY and not facts.tree.children(path):
        return "places"
    if entry.kind is Kind.SYMLINK and (entry.parent in ("/", "/usr", "/var")):
        return "places"
    if _SETTINGS.search(path):
        return "settings"
    return "programs" if _PROGRAM.search(path) else "data"


def _users(facts: Facts, paths: Iterable[str]) -> Counter[str]:
    """The programs by which ``paths`` were used or are linked, most of them first."""
    found: Counter[str] = Counter()
    for path in paths:
        for reason in facts.keep.get(path, ()):
            if reason.kind in ("opened", "executed"):
                found[reason.by.rpartition(" in ")[0]] += 1
            elif reason.kind in ("elf", "dlopen") and not _LIBRARY.search(reason.by):
                found[reason.by.rpartition("/")[2]] += 1
    del found["a process"], found[""]
    return found


def _packages(facts: Facts, paths: Iterable[str]) -> list[str]:
    owners = (facts.attribution.owners.get(path) for path in paths)
    return sorted({owner.name for owner in owners if owner is not None})


def printable(text: str) -> str:
    """A comment on one line, whatever the names in it are."""
    return _ODD.sub("?", text)[:WIDTH]


def some(names: Collection[str]) -> str:
    """``a, b, c and 4 more``."""
    names = list(names)
    shown = ", ".join(names[:_NAMES])
    return f"{shown} and {len(names) - _NAMES} more" if len(names) > _NAMES else shown


def _comment(facts: Facts, purpose: str, paths: list[str]) -> str:
    """What ``paths`` are, for which programs, of which packages."""
    what, for_programs, of_packages = _COMMENTS[purpose]
    names = [name for name, _ in _users(facts, paths).most_common(3)] if for_programs else []
    packages = _packages(facts, paths) if of_packages else []
    return what + (f" for {', '.join(names)}" if names else "") + (f" ({some(packages)})" if packages else "")


#: Purpose -> what its comment says; whether it says for which programs, and of which packages.
_COMMENTS = {
    "application": ("the application", False, False),
    "dependencies": ("what the application depends on", False, False),
    "runtime": ("the runtime", False, True),
    "libraries": ("shared libraries", True, True),
    "programs": ("programs", False, True),
    "data": ("data", True, True),
    "settings": ("settings: accounts, name look-up, certificates, time zones", False, False),
    "places": ("directories and links that every system has", False, False),
    "records": ("package records", False, False),
}
