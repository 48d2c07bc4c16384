"""What was tried for a Dockerfile, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jettison.report.model import CandidateLine, Rewriting
from jettison.report.printable import printable
from jettison.report.security.terminal import counted
from jettison.report.tables import size, spaced, table, times
from jettison.report.terminal import notes_table, probes_table

_STYLES = {"works": "green", "differs": "red", "not built": "red", "unproved": "yellow"}
_RULED_OUT = "ruled out"
#: Reasons that are shown: more say nothing new.
_SHOWN = 12


def show(report: Rewriting, console: Console) -> None:
    """Print the report; not the Dockerfile."""
    console.print(_headline(report))
    parts: list[Table | Padding] = []
    if report.before is not None or any(line.outcome != _RULED_OUT for line in report.candidates):
        parts.append(_candidates(report))
    out = [line for line in report.candidates if line.outcome == _RULED_OUT]
    if out:
        parts.append(spaced(_ruled_out(out)))
    if report.security is not None:
        parts.append(Padding(counted(report.security), (1, 0, 0, 0)))
    if report.probes:
        parts.append(spaced(probes_table(report.probes)))
    if report.notes:
        parts.append(spaced(notes_table((), report.notes)))
    console.print(Padding(Group(*parts), (1, 0, 0, 2)))


def _headline(report: Rewriting) -> Text:
    line = Text(printable(report.image), "bold")
    if report.before is not None and report.after is not None:
        line.append(f"  {size(report.before.disk_bytes)} → {size(report.after.disk_bytes)}", "bold green")
        line.append(f"  {times(report.before.disk_bytes, report.after.disk_bytes)}")
        line.append(f"  {_agreeing(report)} probes agree", "green")
        line.append(f"  by {printable(report.chosen)}")
    elif report.chosen:
        line.append(f"  unproved: {printable(report.chosen)} was not built", "yellow")
    else:
        line.append(f"  not rewritten, because {_why_not(report)}", "bold yellow")
    return line


def _agreeing(report: Rewriting) -> int:
    return sum(probe.agreed for probe in report.probes)


def _why_not(report: Rewriting) -> str:
    """In a few words; the table has the reasons one by one."""
    outcomes = {line.outcome for line in report.candidates}
    if not report.candidates:
        return "no recipe is for a program of this kind"
    if "works" in outcomes:
        return "nothing that works is smaller than the original"
    return "no candidate works"


def _candidates(report: Rewriting) -> Table:
    found = table("candidate", "on disk", "compressed", "build", "", right=("on disk", "compressed", "build"))
    original = report.before
    if original is not None:
        found.add_row("the original", size(original.disk_bytes), size(original.compressed_bytes), "", "", style="dim")
    for line in report.candidates:
        if line.outcome != _RULED_OUT:
            found.add_row(*_row(line, report.chosen))
    return found


def _ruled_out(lines: Iterable[CandidateLine]) -> Table:
    """Those that were not built, by reason: one reason often rules out many."""
    reasons: dict[str, list[str]] = {}
    for line in lines:
        reason = line.reason.removeprefix(f"{line.base}: ").removeprefix(f"{line.base} ")
        reasons.setdefault(reason, []).append(f"{line.recipe} on {line.base}")
    found = table("ruled out")
    for reason, names in list(reasons.items())[:_SHOWN]:
        found.add_row(Text(printable(", ".join(names))).append(f"  {printable(reason)}", "dim"))
    if len(reasons) > _SHOWN:
        found.add_row(Text(f"… and for {len(reasons) - _SHOWN} more reasons", "dim"))
    return found


def _row(line: CandidateLine, chosen: str) -> tuple[Text, str, str, str, Text]:
    said = Text(line.outcome, _STYLES.get(line.outcome, "dim"))
    if line.reason:
        said.append(f": {printable(line.reason)}", "dim")
    if line.healed:
        said.append(f" (healed: {', '.join(map(printable, line.healed))})", "dim")
    name = Text(printable(line.name), "bold" if line.name == chosen else "")
    disk = size(line.disk_bytes) if line.disk_bytes is not None else ""
    compressed = size(line.compressed_bytes) if line.compressed_bytes is not None else ""
    seconds = f"{line.build_seconds:.1f} s" if line.build_seconds is not None else ""
    return name, disk, compressed, seconds, said
