"""Why a path was kept or dropped, for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from jettison.attribution import CACHES, TOOLCHAINS, Attribution
from jettison.closure.model import Evidence
from jettison.filetree import FileTree
from jettison.plan.application import cache_directories, only_built_from
from jettison.plan.globs import covered
from jettison.plan.model import Plan, strength
from jettison.plan.neverruns import never_runs
from jettison.redaction import hidden

_SENTENCES = {
    "opened": "opened by {by}",
    "executed": "executed by {by}",
    "elf": "a library or loader that {by} is linked with",
    "dlopen": "a plug-in that {by} loads by name",
    "script": "interpreter or program of the script {by}",
    "import": "imported by {by}",
    "mention": "named in {by}",
    "link": "another name of, or a link on the way to, {by}",
    "directory": "a directory on the way to {by}",
    "package": "part of {by}, which is kept whole",
    "application": "the application's own file ({by})",
    "runtime": "standard library of {by}",
    "essential": "kept in every image that needs it: {by}",
    "config": "named in the image's configuration: {by}",
    "include": "asked for: {by}",
    "healed": "looked up in vain by the small image: {by}",
    "record": "package record: {by}",
}
#: How many names are suggested for a path that does not exist.
_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to "why is this path here, or not?".

    ``chain`` are sentences: for a kept path from its own reason back to where the plan started, for a dropped one
    the single reason. ``path`` is what was asked for, ``reached`` what it leads to over symlinks; ``package`` and
    ``instruction`` are ``""`` where unknown. Where ``exists`` is false, ``suggestions`` are similar paths.
    """

    path: str
    exists: bool
    kept: bool
    reached: str = ""
    chain: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    package: str = ""
    instruction: str = ""
    suggestions: tuple[str, ...] = ()


def why(plan: Plan, tree: FileTree, attribution: Attribution, path: str) -> Explanation:
    """Explain ``path``; ``tree`` and ``attribution`` are those of the original image."""
    path = "/" + path.strip("/")
    here = path if path in tree else (tree.walk(path, follow_last=False)[0] or "")
    if not here:
        return Explanation(path, exists=False, kept=False, suggestions=_similar(tree, path))
    owner = attribution.owners.get(here)
    reached = tree.walk(here)[0] or ""
    reasons = plan.keep.get(here, ())
    return Explanation(
        path,
        exists=True,
        kept=here in plan.keep,
        reached=reached if reached != path else "",
        chain=_chain(plan, here) if reasons else (_dropped(plan, tree, attribution, here),),
        others=tuple(sentence(reason) for reason in reasons[1:]),
        package=str(owner) if owner else "",
        instruction=hidden(attribution.instruction(tree[here])),
    )


def sentence(evidence: Evidence) -> str:
    """Evidence as a phrase that completes "kept: …"."""
    return _SENTENCES.get(evidence.kind, evidence.kind + ": {by}").format(by=evidence.by)


def _chain(plan: Plan, path: str) -> tuple[str, ...]:
    """From the path's strongest reason back to a reason that names no kept path."""
    chain: list[str] = []
    seen: set[str] = set()
    while path in plan.keep and path not in seen:
        seen.add(path)
        reason = min(plan.keep[path], key=lambda r: (r.by in seen, strength(r)))
        chain.append(f"{path}: {sentence(reason)}")
        path = reason.by
    return tuple(chain)


def _dropped(plan: Plan, tree: FileTree, attribution: Attribution, path: str) -> str:
    """The first of these that holds: excluded, a cache, a toolchain, never read, not needed."""
    for pattern in plan.excluded:
        if path in covered(tree, pattern):
            return f"excluded: --exclude {pattern}"
    if CACHES.search(path) or any(path.startswith(f"{cache}/") for cache in cache_directories(tree)):
        return "a cache or litter of a build: nothing opened it"
    if path in attribution.application and only_built_from(path):
        return f"{only_built_from(path)}: nothing opened it"
    if never_runs(path):
        return f"{never_runs(path)}: no program reads it at run time, and none opened it"
    if TOOLCHAINS.match(path):
        return "part of a toolchain or package manager that was not run"
    return _unused(plan, attribution, path)


def _unused(plan: Plan, attribution: Attribution, path: str) -> str:
    owner = attribution.owners.get(path)
    if owner is None:
        return "nothing opened it, and no kept file needs or names it"
    kept = sum(1 for file in owner.files if file in plan.keep)
    if not kept:
        return f"nothing of {owner} was opened, and no kept file needs or names any of it"
    share = f"{kept} of {len(owner.files)} files of {owner} are kept"
    return f"nothing opened it, and no kept file needs or names it ({share})"


def _similar(tree: FileTree, path: str) -> tuple[str, ...]:
    """Paths with the same last component, then near misses in the deepest directory that exists."""
    name = path.rpartition("/")[2]
    same = [found for found in tree if found.endswith(f"/{name}")] if name else []
    parent = path
    while parent not in tree:
        parent = parent.rpartition("/")[0] or "/"
    wanted = path[len(parent.rstrip("/")) :].lstrip("/").partition("/")[0]
    siblings = {child.rpartition("/")[2]: child for child in tree.children(parent)}
    near = [siblings[match] for match in get_close_matches(wanted, siblings, _SUGGESTIONS, 0.6)]
    stem = re.sub(r"[\d.]+$", "", name)
    loose = [p for p in tree if p.rpartition("/")[2].startswith(stem)] if len(stem) > 3 and not (same or near) else []
    return tuple(dict.fromkeys([*sorted(same, key=len), *near, *sorted(loose, key=len)]))[:_SUGGESTIONS]
