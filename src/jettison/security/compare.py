"""What became of each finding when an image was made smaller, or replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from jettison.filetree import FileTree
from jettison.packages.inventory import Component
from jettison.security.advisories import names
from jettison.security.model import Compared, Finding, Scan
from jettison.security.remains import Remains

#: What makes a component the same: a language package also by where it is, for there may be several of it.
Place = tuple[str, ...]
#: Names that are written out; the rest is a number.
_SHOWN = 3


def compare(before: Scan, after: Scan, old: FileTree | None = None, new: FileTree | None = None) -> Compared:
    """Sort every finding of ``before`` into removed, remaining and cannot tell.

    A vulnerability remains where a package of the same type and name has it, in whatever version and place: one
    finding for one. It was removed if nothing of its package is left. ``old`` and ``new`` are the images' trees; where
    one is not known, as with other scanners' results, a package whose record is gone counts as removed if there are
    records of its kind, and ``after.unknown`` says so.
    """
    there = _There(before, after, old, new)
    columns: dict[bool | None, list[Finding]] = {True: [], False: [], None: []}
    pairs = _pairs((*before.findings, *before.suppressed), (*after.findings, *after.suppressed))
    for finding in before.findings:
        columns[True if id(finding) in pairs else there.has(finding.component)].append(finding)
    matched = set(pairs.values())
    removed, remaining, cannot_tell = (tuple(columns[column]) for column in (False, True, None))
    return Compared(
        before,
        replace(after, unknown=(*after.unknown, *there.said(removed, cannot_tell))),
        removed,
        remaining,
        cannot_tell,
        tuple(finding for finding in after.findings if id(finding) not in matched),
        tuple(component for component in before.inventory.components if there.is_gone_whole(component)),
    )


def _pairs(before: Sequence[Finding], after: Sequence[Finding]) -> dict[int, int]:
    """Which finding of the second image is which of the first, by ``id()``: each once, the nearest first."""
    found: dict[int, int] = {}
    nearness: tuple[Callable[[Finding], Hashable], ...] = (
        lambda finding: _place(finding.component),
        lambda finding: finding.component.place,
        lambda finding: None,
    )
    for near in nearness:
        taken = set(found.values())
        free: dict[Hashable, list[Finding]] = defaultdict(list)
        for finding in after:
            if id(finding) not in taken:
                free[_name(finding.component), finding.id, near(finding)].append(finding)
        for finding in before:
            candidates = free.get((_name(finding.component), finding.id, near(finding)))
            if candidates and id(finding) not in found:
                found[id(finding)] = id(candidates.pop(0))
    return found


@dataclass(frozen=True)
class _There:
    """What the second image has."""

    before: Scan
    after: Scan
    old: FileTree | None
    new: FileTree | None
    _known: dict[Place, bool | None] = field(default_factory=dict)
    _left: dict[str, str] = field(default_factory=dict)

    def has(self, component: Component) -> bool | None:
        """Yes, no, or ``None``: its record is gone, though something of it may remain."""
        place = _place(component)
        if place not in self._known:
            self._known[place] = True if place in self._places else self._judged(component)
        return self._known[place]

    def is_gone_whole(self, component: Component) -> bool:
        """Whether nothing of it is there, nor another version or copy of it."""
        return not self._named.get(_name(component)) and self.has(component) is False

    def _judged(self, component: Component) -> bool | None:
        namesakes = self._named.get(_name(component), [])
        if any(self._is_unchecked(each, component) for each in (*namesakes, *self._nameless(component))):
            return None
        if self._remains is None:
            return self._by_records(component)
        if not component.package.files:
            return None
        path = self._remains.of(component, namesakes)
        if path and path not in component.package.files:
            self._left[str(component.package)] = path
        return None if path else False

    def _by_records(self, component: Component) -> bool | None:
        """Without the files of both images. Another distribution's records, or none, say nothing."""
        package = component.package
        if self.new is not None and any(path in self.new for path in package.files):
            return None
        told = not package.is_distribution or self.after.inventory.distribution is not None
        return False if told and any(each.type == package.type for each in self.after.inventory.packages) else None

    def _is_unchecked(self, namesake: Component, component: Component) -> bool:
        """Whether it has no finding because nobody could look: then the vulnerability may be in it."""
        same = namesake.owner is not None and namesake.key == component.key
        return not namesake.package.version or same or _place(namesake) in self._unchecked

    def _nameless(self, component: Component) -> Iterator[Component]:
        """A jar that may be it, and names no group."""
        _, colon, artifact = component.package.name.rpartition(":")
        if component.package.type == "maven" and colon:
            yield from self._named.get(("maven", artifact), ())

    def said(self, removed: Sequence[Finding], cannot_tell: Sequence[Finding]) -> Iterator[str]:
        """What the columns do not say by themselves."""
        if self._remains is None and (removed or cannot_tell):
            yield (f"records were compared, not files: {len(removed)} findings count as removed because no record "
                   f"names their packages any more; of {len(cannot_tell)} it cannot be told")  # fmt: skip
        doubtful = {str(each.component.package): each.component.package for each in cannot_tell}
        fileless = [name for name, package in doubtful.items() if not package.files]
        if self._remains is not None and fileless:
            yield (f"no list of files of {_packages(len(fileless))} without a record now ({_some(fileless)}): "
                   "whether their files are there cannot be told")  # fmt: skip
        named = [f"{package}: {path}" for package, path in self._left.items() if package in doubtful]
        if named:
            yield f"files of {_packages(len(named))} without a record now are there under another name ({_some(named)})"

    @cached_property
    def _remains(self) -> Remains | None:
        if self.old is None or self.new is None:
            return None
        return Remains(self.old, self.new, self.before.inventory, self.after.inventory)

    @cached_property
    def _places(self) -> frozenset[Place]:
        return frozenset(map(_place, self.after.inventory.components))

    @cached_property
    def _unchecked(self) -> frozenset[Place]:
        return frozenset(map(_place, self.after.unchecked))

    @cached_property
    def _named(self) -> dict[tuple[str, str], list[Component]]:
        found: dict[tuple[str, str], list[Component]] = defaultdict(list)
        for component in self.after.inventory.components:
            found[_name(component)].append(component)
        return found


def _name(component: Component) -> tuple[str, str]:
    """What a package is called, in whatever version and place."""
    package = component.package
    return package.type, names.package("PyPI", package.name) if package.type == "pypi" else package.name


def _place(component: Component) -> Place:
    return component.key if component.package.is_distribution else (*component.key, component.place.lstrip("/"))


def _some(texts: Iterable[str]) -> str:
    every = sorted(texts)
    more = len(every) - _SHOWN
    return ", ".join(every[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _packages(count: int) -> str:
    return f"{count} package{'s' * (count != 1)}"


def findings_of(components: Iterable[Component], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of the findings that are of one of the components."""
    places = set(map(_place, components))
    return tuple(finding for finding in findings if _place(finding.component) in places)
