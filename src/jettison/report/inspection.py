"""What is in an image, and what two images differ in, for a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TypeVar

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jettison.inspection import model
from jettison.inspection.model import Contents, Difference
from jettison.report.tables import size, spaced, table, text

Change = TypeVar("Change", model.PackageChange, model.PathChange)
#: An instruction is shown up to here.
_INSTRUCTION = 100


def show_contents(found: Contents, console: Console, *, limit: int = 10) -> None:
    """Print everything, of each list the ``limit`` largest; 0 is all of them."""
    limit = limit or sys.maxsize
    console.print()
    console.print(_headline(found))
    parts: list[RenderableType] = [
        _layers(found),
        spaced(_groups("package", found.packages, found.disk_bytes, limit)),
        spaced(_groups("directory", found.directories, found.disk_bytes, limit)),
        spaced(_groups("kind", found.kinds, found.disk_bytes, limit)),
    ]
    if found.waste:
        parts.append(spaced(_waste(found, limit)))
    console.print(Padding(Group(*parts), (1, 0, 0, 2)))


def _headline(found: Contents) -> Text:
    line = text(found.image, "bold")
    line.append(f"  {size(found.disk_bytes)} on disk, {size(found.compressed_bytes)} compressed, {found.files:,} files")
    style = "green" if found.efficiency >= 0.95 else "yellow"
    line.append(f"  efficiency {100 * found.efficiency:.1f} %", style)
    line.append(f"  {size(found.wasted_bytes)} wasted")
    return line


def _layers(found: Contents) -> Table:
    columns = ("layer", "compressed", "bytes", "files", "hidden later")
    rows = table(*columns, "brought by", right=columns)
    for line in found.layers:
        rows.add_row(
            str(line.number + 1), size(line.compressed_bytes), size(line.bytes), f"{line.files:,}",
            size(line.hidden_bytes) if line.hidden_bytes else "", text(_short(line.instruction), "dim"),
        )  # fmt: skip
    return rows


def _short(instruction: str) -> str:
    words = " ".join(instruction.split())
    return words if len(words) <= _INSTRUCTION else f"{words[: _INSTRUCTION - 1]}…"


def _groups(name: str, groups: Sequence[model.Group], total: int, limit: int) -> Table:
    rows = table("bytes", "", "files", name, right=("bytes", "", "files"))
    for group in groups[:limit]:
        share = f"{100 * group.bytes / total:.0f} %" if total else ""
        rows.add_row(size(group.bytes), share, f"{group.files:,}", text(group.name))
    if len(groups) > limit:
        rest = groups[limit:]
        rows.add_row("", "", "", text(f"and {len(rest):,} smaller", "dim"))
    return rows


def _waste(found: Contents, limit: int) -> Table:
    rows = table("wasted", "in layer", "file", right=("wasted", "in layer"))
    for one in found.waste[:limit]:
        rows.add_row(size(one.bytes), str(one.layer + 1), text(f"{one.path}  ").append(_why(one), "dim"))
    if len(found.waste) > limit:
        rows.add_row("", "", text(f"and {len(found.waste) - limit:,} smaller: --limit 0 shows all", "dim"))
    return rows


def _why(one: model.Waste) -> str:
    if one.same_as:
        return f"the same as {one.same_as}"
    return f"{one.kind} in layer {one.by_layer + 1}" if one.by_layer is not None else str(one.kind)


def show_difference(found: Difference, console: Console, *, limit: int = 20) -> None:
    """Print it, of each list the ``limit`` first; 0 is all of them."""
    console.print()
    change = found.after_bytes - found.before_bytes
    head = text(f"{found.before} → {found.after}", "bold")
    head.append(f"  {size(found.before_bytes)} → {size(found.after_bytes)} ({_signed(change)})")
    console.print(head)
    if found.same:
        console.print(Padding(Text("no difference", "green"), (1, 0, 0, 2)))
        return
    tables = [_packages(found, limit), _paths(found, limit), _config(found)]
    console.print(Padding(Group(*(spaced(one) for one in tables if one is not None)), (0, 0, 0, 2)))


def _packages(found: Difference, limit: int) -> Table | None:
    rows = table("bytes", "package", "before", "after", right=("bytes",))
    ordered = sorted(found.packages, key=lambda one: (-abs(one.bytes), one.type, one.name))
    for one in _first(ordered, limit):
        rows.add_row(
            _signed(one.bytes), text(f"{one.type} {one.name}"), text(one.before or "–"), text(one.after or "–")
        )
    _rest(rows, len(ordered), limit, 4)
    return rows if ordered else None


def _paths(found: Difference, limit: int) -> Table | None:
    rows = table("bytes", "path", "", right=("bytes",))
    ordered = sorted(found.paths, key=lambda one: (-abs(one.bytes), one.path))
    for one in _first(ordered, limit):
        rows.add_row(_signed(one.bytes), text(one.path), text(_change(one), "dim"))
    _rest(rows, len(ordered), limit, 3)
    return rows if ordered else None


def _change(one: model.PathChange) -> str:
    if not one.before:
        return f"added: {one.after}"
    if not one.after:
        return f"removed: {one.before}"
    return f"{', '.join(one.what)}: {one.before} → {one.after}"


def _config(found: Difference) -> Table | None:
    rows = table("configuration", "before", "after")
    for one in found.config:
        rows.add_row(text(one.key), text(one.before or "–"), text(one.after or "–"))
    return rows if found.config else None


def _signed(count: int) -> str:
    return f"{'+' if count > 0 else '−' if count < 0 else ''}{size(abs(count))}"


def _first(items: Sequence[Change], limit: int) -> Sequence[Change]:
    return items[:limit] if limit else items


def _rest(rows: Table, count: int, limit: int, columns: int) -> None:
    if limit and count > limit:
        cells = [Text("")] * columns
        cells[1] = text(f"and {count - limit:,} more: --limit 0 shows all", "dim")
        rows.add_row(*cells)
