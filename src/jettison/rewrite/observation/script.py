"""The stage that gathers what stays: RUNs of the original's own shell and tar, with comments between their lines.

Only what GNU's and BusyBox's programs both know is used. Every step fails where it cannot do what it should: the
archive goes through a file, for a shell does not see that the first part of a pipe failed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jettison.filetree import FileTree, Kind
from jettison.rewrite.observation.cover import Cover, removal_word
from jettison.rewrite.observation.model import Group
from jettison.rewrite.observation.quoting import WIDTH, path_word, shell_word, wrap

#: What a build mounts something on: of these only the directories are made.
MOUNTED = ("/dev", "/proc", "/sys")
_VERSIONED = re.compile(r"(?P<stem>/[\w@%+=:,./-]+\.so)(?P<dot>\.)?(?P<major>\d+)?[\w.]*$", re.ASCII)
_IN = "    "
_QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class Stage:
    """What the stage is written from. ``directory`` is where it gathers, such as ``/kept``; ``xattrs``: some
    path has extended attributes, which GNU tar keeps when it is told to.
    """

    tree: FileTree
    cover: Cover
    groups: Sequence[Group]
    directory: str
    xattrs: bool = False
    records: Sequence[str] = ()
    mounted: Sequence[str] = ()


def runs(stage: Stage) -> Iterator[tuple[str, list[str]]]:
    """Each RUN: the comment above it, and its lines without continuation marks."""
    yield "", _copying(stage)
    if stage.records:
        yield "Package records of what stays, so that scanners see it.", ["set -e;", *stage.records]
    yield "The directories themselves: owners, modes, times.", _directories(stage)


def _copying(stage: Stage) -> list[str]:
    archive, options = f"{stage.directory}.tar", " --xattrs --xattrs-include='*'" if stage.xattrs else ""
    said = {group.comment: words(stage.tree, group.paths) for group in stage.groups}
    place = _frequent(word for names in said.values() for word in names)
    lines = [f"cd / &&{f' lib={place} &&' if place else ''} mkdir {stage.directory} && tar{options} -cf {archive}"]
    for comment, names in said.items():
        lines += [f"# {comment}", *wrap(_shortened(names, place), _IN)]
    if len(lines) == 1:
        lines = [f"mkdir {stage.directory}"]
    else:
        lines.append(f"&& tar -C {stage.directory}{options} -xpf {archive} --numeric-owner && rm {archive}")
    return [*lines, *_empty_directories(stage), *_taking_away(stage)]


def _empty_directories(stage: Stage) -> Iterator[str]:
    """Make those that stay without their content, and those that a build mounts something on."""
    empty = sorted({*stage.cover.bare, *stage.mounted})
    if empty:
        yield "# directories that stay without their content"
        yield f"&& cd {stage.directory} && mkdir -p"
        yield from wrap(map(path_word, empty), _IN)
    modes: dict[int, list[str]] = defaultdict(list)
    for path in stage.mounted:
        modes[stage.tree[path].mode].append(path_word(path))
    yield from (f"&& chmod {mode:o} {' '.join(paths)}" for mode, paths in sorted(modes.items()) if mode != 0o755)


def _taking_away(stage: Stage) -> Iterator[str]:
    """Remove what is in directories that were copied whole, and does not stay."""
    litter = stage.cover.litter
    by_root: dict[str, list[str]] = defaultdict(list)
    for path in stage.cover.removed:
        root = next((root for root in litter.roots if path.startswith(f"{root}/")), "")
        by_root[root].append(removal_word(path, litter.roots))
    if by_root:
        yield "# nothing was seen to use these"
    for root, names in by_root.items():
        yield f"&& cd {shell_word(stage.directory + root)} && rm -rf"
        yield from wrap(names, _IN)
    if litter.patterns:
        yield "# texts, tests and the like, of packages"
        yield f"&& cd {stage.directory} && find"
        yield from wrap(map(path_word, litter.roots), _IN)
        tests = " -o ".join(f"-name {shell_word(pattern)}" for pattern in litter.patterns)
        yield from wrap(["\\(", *tests.replace(" -o", "\0-o").split("\0"), "\\)"], _IN)
        yield f"{_IN}-prune -exec rm -rf {{}} +"


def words(tree: FileTree, paths: Iterable[str]) -> list[str]:
    """Paths as words of a shell; names of one shared library as one, ``libz.so.1*``, where that names them all."""
    paths, found, done = tuple(paths), [], set[str]()
    known = frozenset(paths)
    for path in paths:
        if path in done:
            continue
        pattern, named = _library(tree, path, known)
        done |= named
        found.append(path_word(path) if len(named) < 2 else f"{path_word(pattern)}*")
    return found


def _frequent(names: Iterable[str]) -> str:
    """The directory of libraries that most words begin with, where a variable for it saves a line; else ``""``."""
    found = Counter(word.rpartition("/")[0] for word in names if "/lib" in word and not word.startswith(_QUOTES))
    place, count = max(found.items(), key=lambda item: item[1] * len(item[0]), default=("", 0))
    return place if count * (len(place) - len("$lib")) > WIDTH else ""


def _shortened(names: Iterable[str], place: str) -> Iterator[str]:
    for word in names:
        short = place and word.startswith(f"{place}/")
        yield f"$lib{word[len(place) :]}" if short else word


def _library(tree: FileTree, path: str, paths: frozenset[str]) -> tuple[str, set[str]]:
    """The shortest beginning that only ``paths`` begin with, of all that are beside ``path``."""
    match = _VERSIONED.fullmatch(path)
    if match is None:
        return path, {path}
    stem, major = match["stem"], match["major"]
    for start in (stem, f"{stem}.", *((f"{stem}.{major}",) if major and match["dot"] else ())):
        named = {other for other in tree.children(tree[path].parent) if other.startswith(start)}
        if named <= paths:
            return start, named
    return path, {path}


def _directories(stage: Stage) -> list[str]:
    """Copy each directory that is there once more, without its content: what was made on the way was made anew."""
    here, archive = stage.directory, f"{stage.directory}.tar"
    places = " -o ".join(f"-path .{place}" for place in MOUNTED)
    return [
        f"cd {here} && find . \\( {places} \\) -prune -o -type d -exec sh -c",
        f"{_IN}'tar -C / -cf {archive} --no-recursion \"$@\" && tar -C {here} -xpf {archive} --numeric-owner'",
        f"{_IN}sh {{}} + && rm {archive}",
    ]


def mounted(tree: FileTree, kept: Iterable[str]) -> tuple[list[str], list[str]]:
    """What of ``kept`` lies where a build mounts something: the directories, and what cannot be copied."""
    inside = [path for path in sorted(kept) if path in MOUNTED or path.startswith(tuple(f"{m}/" for m in MOUNTED))]
    places = [path for path in inside if tree[path].kind is Kind.DIRECTORY]
    return places, [path for path in inside if path not in places]


def text(lines: Sequence[str], escape: str) -> str:
    """Lines as one RUN: continued, except for comments."""
    said = [line if line.startswith("#") else f"{line} {escape}" for line in lines]
    last = max(number for number, line in enumerate(lines) if not line.startswith("#"))
    said[last] = lines[last]
    return "RUN " + "\n    ".join(said)
