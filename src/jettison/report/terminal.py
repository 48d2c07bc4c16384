"""The report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jettison.report.model import Measure, ProbeLine, Report
from jettison.report.security.terminal import counted
from jettison.report.tables import size, spaced, table, text, times


def show(report: Report, console: Console) -> None:
    """Print the report."""
    console.print()
    console.print(_headline(report))
    console.print(Padding(Group(*_sections(report)), (1, 0, 0, 2)))


def _headline(report: Report) -> Text:
    before, after = report.before, report.after
    change = f"{size(before.disk_bytes)} → {size(after.disk_bytes)}"
    line = text(f"{report.image} → {report.result}" if report.result else report.image, "bold")
    if report.outcome == "shrunk":
        line.append(f"  {change}", "bold green")
        line.append(f"  {times(before.disk_bytes, after.disk_bytes)}")
        line.append(f"  {len(report.probes)} probes agree", "green")
    elif report.outcome == "original":
        line.append("  the original is kept: nothing smaller was found", "yellow")
    else:
        line.append("  the small image behaves differently and was not kept", "bold red")
    return line


def _sections(report: Report) -> Iterable[Table | Padding]:
    yield _sizes(report.before, report.after)
    if report.categories:
        yield spaced(_categories(report))
    if report.largest:
        yield spaced(_largest(report))
    if report.probes:
        yield spaced(probes_table(report.probes))
    if report.security is not None:
        yield Padding(counted(report.security), (1, 0, 0, 0))
    if report.healed or report.caveats:
        yield spaced(notes_table(report.healed, report.caveats))
    yield spaced(_phases(report))


def _sizes(before: Measure, after: Measure) -> Table:
    rows = table("", "before", "after", "", right=("before", "after"))
    rows.add_row(
        "on disk",
        size(before.disk_bytes),
        size(after.disk_bytes),
        times(before.disk_bytes, after.disk_bytes),
    )
    rows.add_row(
        "compressed",
        size(before.compressed_bytes),
        size(after.compressed_bytes),
        times(before.compressed_bytes, after.compressed_bytes) + _compressions(before, after),
    )
    for name in ("files", "packages", "layers"):
        rows.add_row(name, f"{getattr(before, name):,}", f"{getattr(after, name):,}")
    return rows


def _compressions(before: Measure, after: Measure) -> str:
    old, new = "+".join(before.compression), "+".join(after.compression)
    return f" ({old} → {new})" if old != new else f" ({new})"


def _categories(report: Report) -> Table:
    rows = table("kept because", "files", "bytes", right=("files", "bytes"))
    for category in report.categories:
        rows.add_row(text(category.name), f"{category.files:,}", size(category.bytes))
    return rows


def _largest(report: Report) -> Table:
    rows = table("bytes", "largest kept, and why", right=("bytes",))
    for kept in report.largest:  # one cell, so that a narrow terminal breaks it between words, not within a path
        rows.add_row(size(kept.bytes), text(f"{kept.path}  ").append(text(kept.reason, "dim")))
    return rows


def probes_table(probes: Sequence[ProbeLine]) -> Table:
    """What was asked, what the original answered, and whether the small image does the same."""
    rows = table("probe", "original", "small image")
    many = len({line.scenario for line in probes}) > 1
    for line in probes:
        name = f"{line.scenario}: {line.probe}" if many else line.probe
        agreed = Text("same", "green") if line.agreed else text(line.difference or "different", "red")
        rows.add_row(text(name), text(line.answer), agreed)
    return rows


def notes_table(healed: Iterable[str], caveats: Iterable[str]) -> Table:
    """What a reader should know."""
    rows = table("notes")
    for path in healed:
        rows.add_row(text(f"healed: {path}"))
    for caveat in caveats:
        rows.add_row(text(caveat, "yellow"))
    return rows


def _phases(report: Report) -> Table:
    rows = table("seconds", "", right=("",))
    for phase in report.phases:
        rows.add_row(phase.name, f"{phase.seconds:.2f}")
    rows.add_row("total", f"{sum(phase.seconds for phase in report.phases):.2f}", style="bold")
    return rows
