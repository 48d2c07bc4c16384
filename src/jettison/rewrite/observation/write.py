"""Dockerfile + tree + Plan -> a Dockerfile whose last stage has exactly what the plan keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jettison.attribution import Attribution, application_roots
from jettison.closure.model import Evidence
from jettison.dockerfile import Dockerfile, edit, render, select, stages
from jettison.errors import Unsupported
from jettison.filetree import FileTree, Kind
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.packages import Package
from jettison.plan import Plan
from jettison.plan.globs import covered
from jettison.rewrite.observation import plain
from jettison.rewrite.observation.cover import Cover, expand
from jettison.rewrite.observation.groups import facts, groups, some
from jettison.rewrite.observation.model import Group, Observed
from jettison.rewrite.observation.onto import lacking, unrecorded
from jettison.rewrite.observation.records import Records, records
from jettison.rewrite.observation.rounding import readable
from jettison.rewrite.observation.script import Stage, mounted, runs, text
from jettison.rewrite.observation.settings import settings
from jettison.rewrite.observation.spoken import spoken
from jettison.rewrite.observation.stages import Original, original
from jettison.rewrite.observation.tools import Tools, tools

#: A build mounts files of its own on these, so that the shell in it does not see the original's.
_MOUNTED_FILES = ("/etc/hostname", "/etc/hosts", "/etc/resolv.conf")
_NEEDED = ("sh", "tar", "find", "mkdir", "rm")
_ROOT = ("", "root", "0", "root:root", "0:0")
_SHELL = ("/bin/sh", "-c")
_NO_SHELL = "package records are left out, so that scanners cannot tell what is there: nothing could trim them"


@dataclass(frozen=True, slots=True)
class _Work:
    """What is written from. ``directory`` is where the middle stage gathers, a name that the original has not."""

    source: Original
    container: ContainerConfig
    tree: FileTree
    plan: Plan
    packages: tuple[Package, ...]
    attribution: Attribution
    tools: Tools
    directory: str
    base: tuple[str, FileTree] | None


def write(
    dockerfile: Dockerfile | None,
    image: str,
    config: ImageConfig,
    tree: FileTree,
    plan: Plan,
    packages: Iterable[Package],
    attribution: Attribution,
    *,
    target: str | None = None,
    base: tuple[str, FileTree] | None = None,
) -> Observed:
    """Write the Dockerfile that makes of the original (``dockerfile``, or else ``image``) what ``plan`` keeps.

    ``config`` and ``tree`` are the original's. The plan that is returned is the one that the Dockerfile carries
    out: it keeps more where that makes the Dockerfile readable. ``base``, a reference with its tree, is what the
    last stage stands on instead of nothing: the result has what either has. Raises ``Unsupported`` where there is
    no way.
    """
    source = original(dockerfile, image, config.container, target)
    have = tools(tree, config.container.environment)
    directory = _free_directory(tree, "/kept")
    container = replace(config.container, labels=dict(_said(config.container.labels)))
    work = _Work(source, container, tree, plan, tuple(packages), attribution, have, directory, base)
    found = _copied(work) or _gathered(work)
    unsaid = sorted(config.container.labels.keys() - container.labels.keys())
    notes = (f"label {some(unsaid)}: left out, for no Dockerfile can say a line break",) if unsaid else ()
    return replace(found, notes=(*found.notes, *notes))


def _said(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The labels that a Dockerfile can say."""
    yield from ((name, text) for name, text in labels.items() if not re.search(r"[\r\n]", name + text))


def _free_directory(tree: FileTree, wanted: str) -> str:
    name, number = wanted, 1
    while name in tree or f"{name}.tar" in tree:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _copied(work: _Work) -> Observed | None:
    """With COPY alone; ``None`` where that would not give the same tree."""
    if work.base:
        return None
    kept = _wanted(work)
    known = _records(work, kept)
    copies = plain.copies(work.tree, kept - known.dropped - frozenset(known.written), work.source.name)
    if copies is None or (known.written and not work.tools.lacks(*_NEEDED)):
        return None
    kept = kept - known.dropped - frozenset(known.written)
    notes = known.notes or ((_NO_SHELL,) if known.written else ())
    return _observed(work, ["FROM scratch", *copies], kept, Records(), notes)


def _wanted(work: _Work) -> frozenset[str]:
    """What the plan keeps, with the working directory, which a builder would make otherwise."""
    place, _ = work.tree.walk(work.container.working_dir or "/")
    return frozenset(work.tree.subset([*work.plan.keep, "/", *([place] if place else [])]))


def _records(work: _Work, kept: frozenset[str]) -> Records:
    """The package records of what is kept; onto a base none, for they are its own."""
    found = records(work.tree, work.packages, kept, work.tools, work.directory)
    if work.base is None:
        return found
    return Records(dropped=found.dropped.union(found.written, found.copied))


def _gathered(work: _Work) -> Observed:
    """With a middle stage, in which the original's own shell and tar gather what stays."""
    missing = work.tools.lacks(*_NEEDED)
    if missing:
        raise Unsupported(
            f"cannot write a Dockerfile by observation: there is no {', no '.join(missing)} in the original"
        )
    known = _records(work, _wanted(work))
    kept = frozenset(work.tree.subset([*_wanted(work), *known.written, *known.copied])) - known.dropped
    needed = lacking(work.tree, kept, work.base[1], work.base[0]) if work.base else kept
    places, lost = mounted(work.tree, needed)
    apart = _apart(work, needed)
    cover = _readable(work, needed.difference(places, lost, apart, known.written), apart)
    done = frozenset(expand(cover, work.tree)).union(places, apart)
    known = _records(work, done.union(known.written))
    xattrs = work.tools.xattrs and any(work.tree[path].xattrs for path in done)
    stage = Stage(work.tree, cover, _groups(work, cover), work.directory, xattrs, known.script, tuple(places))
    notes = (*_rounded(work, done - kept), *_lost(lost), *known.notes, *_unrecorded(work, done))
    everything = done | kept.difference(lost, known.dropped) if work.base else done
    return _observed(work, list(_stages(work, stage, apart)), everything, known, notes)


def _unrecorded(work: _Work, copied: frozenset[str]) -> Iterator[str]:
    if work.base is None:
        return
    names = unrecorded(work.packages, work.base[1], copied)
    if names:
        yield f"files of {some(names)} are copied, of which the package records of {work.base[0]} say nothing"


def _readable(work: _Work, kept: frozenset[str], apart: Sequence[str]) -> Cover:
    roots = application_roots(work.container, work.tree)
    known = facts(work.tree, work.attribution, work.plan.keep)
    unwanted = {path for pattern in work.plan.excluded for path in covered(work.tree, pattern)}

    def lines(cover: Cover) -> int:
        stage = Stage(work.tree, cover, groups(known, cover.whole), work.directory)
        return sum(len(said) for _, said in runs(stage))

    return readable(work.tree, kept, roots, unwanted, apart, lines)


def _groups(work: _Work, cover: Cover) -> tuple[Group, ...]:
    return groups(facts(work.tree, work.attribution, work.plan.keep), cover.whole)


def _apart(work: _Work, kept: Iterable[str]) -> list[str]:
    """Files that the middle stage cannot copy, and the last one therefore takes from the original."""
    return sorted(
        path
        for path in kept
        if work.tree[path].kind is Kind.FILE
        and (path in _MOUNTED_FILES or (work.tree[path].xattrs and not work.tools.xattrs))
    )


def _rounded(work: _Work, more: frozenset[str]) -> Iterator[str]:
    if more:
        size = work.tree.subset(more).disk_bytes / 1e6
        yield f"{len(more)} paths ({size:.1f} MB) more than needed are kept, so that the Dockerfile is short"


def _lost(paths: Sequence[str]) -> Iterator[str]:
    if paths:
        yield f"{some(paths)}: left out, for a build cannot see them, and every engine makes them"


def _stages(work: _Work, stage: Stage, apart: Sequence[str]) -> Iterator[str]:
    """The middle stage and the last one's COPYs."""
    name, escape = work.source.free_name("kept"), work.source.escape
    yield "# What was seen to be used, gathered as it is in the original; all else is left behind."
    yield f"FROM {work.source.name} AS {name}"
    if work.container.user not in _ROOT:
        yield "USER 0"
    if work.container.shell is not None and work.container.shell != _SHELL:
        yield 'SHELL ["/bin/sh", "-c"]'
    for comment, lines in runs(stage):
        yield from [f"# {comment}"] if comment else []
        yield text(lines, escape)
    yield ""
    yield f"FROM {work.base[0]}" if work.base else "FROM scratch"
    yield f"COPY --from={name} {work.directory}/ /"
    yield from plain.lines(apart, work.source.name)


def _observed(work: _Work, body: Sequence[str], kept: frozenset[str], known: Records, notes: Iterable[str]) -> Observed:
    """All put together: the user's stages, ``body``, and how the result runs."""
    said_by = spoken(select(stages(work.source.dockerfile), work.source.name))
    said = (
        "\n".join(
            ["", *body, *settings(work.container, work.source.escape, reset=work.base is not None, spoken=said_by)]
        )
        + "\n"
    )
    dockerfile = edit.insert(work.source.dockerfile, said)
    return Observed(render(dockerfile), _plan(work, kept | frozenset(known.written), known), tuple(notes))


def _plan(work: _Work, kept: frozenset[str], known: Records) -> Plan:
    """The plan that is carried out; what it keeps beyond the one that was given, it keeps with its directory."""
    keep = {
        path: work.plan.keep.get(path) or (Evidence("directory", work.tree[path].parent),)
        for path in sorted(work.tree.subset(kept))
    }
    caveats = (*work.plan.caveats, *known.notes)
    return replace(work.plan, keep=keep, rewritten=dict(known.written), caveats=caveats)
