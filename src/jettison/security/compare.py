"""What became of each finding when an image was made smaller, or replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from jettison.packages.inventory import Component
from jettison.packages.records import DOCUMENTATION
from jettison.security.model import Compared, Finding, Scan

#: What makes a component the same: a language package also by where it is, for there may be several of it.
Place = tuple[str, ...]


def compare(before: Scan, after: Scan, left: frozenset[str] | None = None) -> Compared:
    """Sort every finding of ``before`` into removed, remaining and cannot tell.

    ``left`` are the paths of the second image. Where they are not known, as with other scanners' results, a package
    whose record is gone counts as removed only if there are records of its kind, and ``after.unknown`` says so.
    """
    there = _There(after, left)
    removed: list[Finding] = []
    remaining: list[Finding] = []
    cannot_tell: list[Finding] = []
    for finding in before.findings:
        column = {True: remaining, False: removed, None: cannot_tell}[there.has(finding.component)]
        column.append(finding)
    known = {(_place(finding.component), finding.id) for finding in (*before.findings, *before.suppressed)}
    return Compared(
        before,
        replace(after, unknown=(*after.unknown, *_said(left, len(removed), len(cannot_tell)))),
        tuple(removed),
        tuple(remaining),
        tuple(cannot_tell),
        tuple(finding for finding in after.findings if (_place(finding.component), finding.id) not in known),
        tuple(component for component in before.inventory.components if there.has(component) is False),
    )


@dataclass(frozen=True)
class _There:
    """What the second image has."""

    scan: Scan
    left: frozenset[str] | None

    @cached_property
    def places(self) -> frozenset[Place]:
        """Its components."""
        return frozenset(map(_place, self.scan.inventory.components))

    @cached_property
    def types(self) -> frozenset[str]:
        """The kinds of which it has records."""
        return frozenset(package.type for package in self.scan.inventory.packages)

    @cached_property
    def unowned(self) -> frozenset[str]:
        """Paths that are left without a record."""
        assert self.left is not None
        return self.left.difference(*(package.files for package in self.scan.inventory.packages))

    def has(self, component: Component) -> bool | None:
        """Yes, no, or ``None``: its record is gone, though files of it may remain."""
        if _place(component) in self.places:
            return True
        package = component.package
        if self.left is None or not package.files:
            return False if package.type in self.types and self._unchanged(component) else None
        return None if any(path in self.unowned for path in _substance(package.files)) else False

    def _unchanged(self, component: Component) -> bool:
        """Whether the second image's distribution is told, without which its records may be another's."""
        return not component.package.is_distribution or self.scan.inventory.distribution is not None


def _place(component: Component) -> Place:
    return component.key if component.package.is_distribution else (*component.key, component.place.lstrip("/"))


def _substance(files: Iterable[str]) -> Iterable[str]:
    """Without documentation, which no vulnerability is in."""
    return (path for path in files if not DOCUMENTATION.match(path))


def _said(left: frozenset[str] | None, removed: int, cannot_tell: int) -> tuple[str, ...]:
    if left is not None or not removed + cannot_tell:
        return ()
    return (f"records were compared, not files: {removed} findings count as removed because no record names their "
            f"packages any more; of {cannot_tell} it cannot be told",)  # fmt: skip


def findings_of(components: Iterable[Component], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of the findings that are of one of the components."""
    places = set(map(_place, components))
    return tuple(finding for finding in findings if _place(finding.component) in places)
