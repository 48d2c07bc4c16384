"""Which Dockerfiles are worth a try, the smallest expected first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from jettison.bases import Found, Variant, find_all, lacks
from jettison.errors import JettisonError, Unsupported
from jettison.oci.layout import Store
from jettison.rewrite.recipes import RECIPES, Candidate, Project
from jettison.tuner.model import Proposal, Settings

#: How much larger an image is on disk than compressed, where only that is published: the median of the catalogue.
_EXPANSION = 2.7


def propose(store: Store, project: Project, settings: Settings) -> tuple[Proposal, ...]:
    """What the recipes write, with the reason for each that is ruled out before it is built."""
    found: list[tuple[Candidate, str]] = []
    refused: list[Proposal] = []
    for recipe in RECIPES:
        if settings.only and recipe.name not in settings.only:
            continue
        try:
            found += [(one, lacks(one.base, one.needs)) for one in recipe.candidates(project)]
        except Unsupported as error:
            refused.append(Proposal(recipe.name, "", reason=str(error)))
    known = _look_up(store, (one for one, reason in found if not reason), settings)
    made = [_proposal(store, one, reason, known) for one, reason in found]
    return (*sorted(_distinct(made), key=_order), *refused)


def _look_up(store: Store, candidates: Iterable[Candidate], settings: Settings) -> dict[str, Found]:
    """Whether there are such images: they are asked for, never supposed."""
    names = list(dict.fromkeys(name for one in candidates for name in (one.base.reference, *one.images)))
    found = find_all(store, names, mirror=settings.mirror, insecure=settings.insecure, offline=settings.offline)
    return dict(zip(names, found, strict=True))


def _proposal(store: Store, one: Candidate, reason: str, known: dict[str, Found]) -> Proposal:
    proposal = Proposal(one.recipe, one.dockerfile, one.base, _expected(store, one.base), one.notes)
    if reason:
        return replace(proposal, reason=f"{one.base.reference} {reason}")
    for name in (one.base.reference, *one.images):
        found = known[name]
        if not found.exists:
            return replace(proposal, reason=f"{name}: {found.note}")
        if found.reference != name:
            text = proposal.dockerfile.replace(f"FROM {name}\n", f"FROM {found.reference}\n")
            proposal = replace(proposal, dockerfile=text.replace(f"FROM {name} AS", f"FROM {found.reference} AS"))
    return proposal


def _expected(store: Store, base: Variant) -> int | None:
    """The size of a base on disk, as published."""
    if base.reference == "scratch":
        return 0
    if base.disk_bytes is not None:
        return base.disk_bytes
    return None if base.compressed_bytes is None else int(base.compressed_bytes * _EXPANSION)


def _distinct(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """Each text once."""
    seen: set[str] = set()
    for proposal in proposals:
        if proposal.dockerfile not in seen:
            seen.add(proposal.dockerfile)
            yield proposal


def _order(proposal: Proposal) -> tuple[bool, bool, int]:
    """Those to be tried first, by expected size; of unknown size last."""
    size = proposal.expected_bytes
    return bool(proposal.reason), size is None, size or 0


def failure(error: JettisonError) -> str:
    """The first line of an error, which says enough in a table."""
    return str(error).splitlines()[0]
