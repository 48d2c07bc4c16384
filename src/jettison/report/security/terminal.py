"""Vulnerabilities for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jettison.report.printable import line as one_line
from jettison.report.security.model import FindingLine, Security, Side, WeaknessLine
from jettison.report.tables import number, size, spaced, table, text

_STYLES = {
    "critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "negligible": "dim",
    "unknown": "magenta",
}  # fmt: skip
_SEVERITIES = tuple(_STYLES)


def show(found: Security, console: Console, *, least: str = "high", weaknesses: bool = True) -> None:
    """Print everything: counts, what is not known, each finding of severity ``least`` or worse, and weaknesses."""
    console.print()
    console.print(text(_title(found), "bold"))
    parts: list[RenderableType] = [counted(found), *map(spaced, _details(found, least))]
    if weaknesses and found.after.weaknesses:
        parts.append(spaced(_weaknesses(found.after.weaknesses)))
    console.print(Padding(Group(*parts), (1, 0, 0, 2)))


def _title(found: Security) -> str:
    names = f"{found.before.image} → {found.after.image}" if found.before else found.after.image
    release = f"  {found.after.distribution}" if found.after.distribution else ""
    return names + release


def counted(found: Security) -> Group:
    """The table of counts, and below it what they do not cover."""
    rows = table("vulnerabilities", *_SEVERITIES, "all", right=(*_SEVERITIES, "all"))
    if found.before is None:
        _count(rows, "found", found.after.counts, not found.after.not_known)
    else:
        _count(rows, "before", found.before.counts, not found.before.not_known)
        _count(rows, "removed", found.removed, True)
        _count(rows, "remaining", found.remaining, not found.after.not_known)
        _count(rows, "cannot tell", found.cannot_tell, True)
        if sum(found.added.values()):
            _count(rows, "added", found.added, True)
    return Group(rows, *(Text(line, style) for line, style in _below(found)))


def _count(rows: Table, name: str, counts: Mapping[str, int], complete: bool) -> None:
    """One row. Where not everything is known, none found is a dash: it is no 0."""
    none = "0" if complete else "–"
    cells = [Text(str(counts.get(one, 0) or none), _STYLES[one] if counts.get(one) else "dim") for one in _SEVERITIES]
    rows.add_row(name, *cells, str(sum(counts.values()) or none))


def _below(found: Security) -> Iterable[tuple[str, str]]:
    sides = [one for one in (found.before, found.after) if one is not None]
    for one in sides:
        yield one_line(f"{_name(one, found)}{sentence(one)}"), ""
    for one in sides:
        for unknown in one.not_known:
            yield one_line(f"{_name(one, found)}not known: {unknown}"), "yellow"
        for note in one.notes:
            yield one_line(f"{_name(one, found)}{note}"), "dim"
    if found.database_age_days is not None:
        old = found.database_age_days
        days = f"{old:.0f} day{'s' if old >= 1.5 else ''} ago" if old >= 1 else "less than a day ago"
        dated = "; ".join(f"{name} of {date[:10] or 'an unknown day'}" for name, date in found.sources.items())
        yield one_line(f"advisory database: built {days}, of {dated}"), "dim"


def _name(one: Side, found: Security) -> str:
    if found.before is None:
        return ""
    return "before: " if one is found.before else "after: "


def sentence(one: Side) -> str:
    """Packages, what can be mended, and what no package record names; never a bare 0 where something is unknown."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in one.packages.items())
    total = sum(one.counts.values())
    words = [f"{number(sum(one.packages.values()), 'package')} ({kinds})" if kinds else "no package is known"]
    if total:
        words.append(f"{one.fixable} of {total} {'has' if one.fixable == 1 else 'have'} a fixed version")
    elif one.not_known:
        words.append("no vulnerability was found in what can be told")
    else:
        words.append("no known vulnerability")
    if one.known_exploited:
        words.append(f"{one.known_exploited} known to be exploited")
    if one.suppressed:
        words.append(f"{len(one.suppressed)} not counted, by VEX, by the distribution or by the ignore file")
    unowned = number(one.unowned_files, "program or script", "programs and scripts")
    words.append(f"{unowned} of no package ({size(one.unowned_bytes)})")
    return "; ".join(words)


def _details(found: Security, least: str) -> Iterable[Table]:
    limit = _SEVERITIES.index(least)
    shown = [line for line in found.after.findings if _SEVERITIES.index(line.severity) <= limit]
    if shown:
        yield _findings(shown, len(found.after.findings))
    if found.after.suppressed:
        yield _suppressed(found.after.suppressed)
    if found.after.unowned:
        yield _unowned(found.after)


def _findings(lines: Sequence[FindingLine], total: int) -> Table:
    rows = table("vulnerability", "severity", "package", "fix", "where")
    for line in lines:
        fix = f"in {line.fixed_in}" if line.fixed_in else line.fix
        mark = " exploited" if line.known_exploited else ""
        layer = f"layer {line.layer + 1}  " if line.layer >= 0 else ""
        rows.add_row(
            text(line.id + mark), Text(line.severity, _STYLES[line.severity]),
            text(f"{line.package} {line.version}"), text(fix), text(f"{layer}{line.path}", "dim"),
        )  # fmt: skip
    if len(lines) < total:
        rows.add_row(text(f"{total - len(lines)} more: --severity unknown shows all", "dim"))
    return rows


def _suppressed(lines: Iterable[FindingLine]) -> Table:
    rows = table("not counted", "package", "because")
    for line in lines:
        rows.add_row(text(line.id), text(f"{line.package} {line.version}"), text(line.suppressed))
    return rows


def _unowned(one: Side) -> Table:
    rows = table("bytes", "of no package", right=("bytes",))
    for file in one.unowned[:10]:
        rows.add_row(size(file.bytes), text(f"{file.path}  ").append(file.kind, "dim"))
    return rows


def _weaknesses(lines: Iterable[WeaknessLine]) -> Table:
    rows = table("to be hardened", "severity", "where", "")
    for line in lines:
        layer = f"layer {line.layer + 1}" + (", deleted later" if line.deleted else "") if line.layer >= 0 else ""
        path = f"{line.path}:{line.line}" if line.line else line.path or "the image"
        rows.add_row(
            text(line.kind), Text(line.severity, _STYLES.get(line.severity, "")), text(path),
            text(f"{layer}  {line.message}".strip(), "dim"),
        )  # fmt: skip
    return rows
