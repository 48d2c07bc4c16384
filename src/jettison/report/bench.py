"""What ``jettison bench`` measured, for a person at a terminal."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jettison.measure.floor import share
from jettison.measure.links import UNSHAPED
from jettison.measure.model import Bench, Floor, ImageFacts, Machine, Measurement, State
from jettison.report.tables import size, table, text

#: Column -> its width.
_NUMBERS = {"median": 7, "spread": 13, "CPU": 7, "memory": 7, "wire": 7, "floor": 5, "files": 5}


def show(bench: Bench, console: Console) -> None:
    """Print it: machines, then each image with its times, the floors, and the notes."""
    console.print()
    for machine in bench.machines:
        console.print(_machine(machine, bench.date))
    for image in bench.images:
        console.print(Padding(Group(*_image(bench, image)), (1, 0, 0, 2)))
    if bench.rates:
        console.print(Padding(_rates(bench), (1, 0, 0, 2)))
    if any(one.verified is not None for one in bench.measurements):
        line = "files: whether mode, owner, links and content of every file are the same as the image's"
        console.print(Padding(text(line, "dim"), (0, 0, 0, 2)))
    for note in bench.notes:
        console.print(Padding(text(f"note: {note}", "yellow"), (0, 0, 0, 2)))


def _machine(machine: Machine, date: str) -> Text:
    line = text(machine.name, "bold")
    details = [machine.cpu, machine.disk, f"Linux {machine.kernel}" if machine.kernel else "", machine.system]
    details += [f"{name} {version}" for name, version in machine.tools.items()]
    return line.append_text(text(f"  {'; '.join(part for part in details if part)}; {date}", "dim"))


def _image(bench: Bench, image: ImageFacts) -> Iterable[RenderableType]:
    line = text(image.name, "bold")
    line.append(f"  {size(image.compressed_bytes)} compressed, {size(image.disk_bytes)} on disk, {image.files:,} files")
    yield line
    found = [one for one in bench.measurements if one.image == image.name]
    if found:
        yield ""
        yield from _times(found, bench.floors, several=len(bench.machines) > 1)
    floors = [one for one in bench.floors if one.image == image.name]
    for machine in dict.fromkeys(one.machine for one in floors):
        yield ""
        if len(bench.machines) > 1:
            yield text(f"on {machine}" if machine else "on a machine that is not known", "dim")
        yield _floors([one for one in floors if one.machine == machine])


def _times(found: Sequence[Measurement], floors: Sequence[Floor], *, several: bool) -> Iterable[RenderableType]:
    """A heading for each action, state and link, and a line for each tool; the fastest stands out."""
    best: dict[str, float] = {}
    for one in found:
        best[_cell(one)] = min(best.get(_cell(one), one.median), one.median)
    rows, before = _columns(header=True), ""
    for one in found:
        if _cell(one) != before:
            if before:
                yield rows
                rows = _columns(header=False)
            before = _cell(one)
            yield text(_heading(one, several=several), "dim")
        rows.add_row(text(f"  {one.tool}"), *_numbers(one, floors, fastest=one.median == best[before]))
    yield rows


def _columns(*, header: bool) -> Table:
    """Of the same widths in every table, so that they stand below each other."""
    rows = table("", *_NUMBERS, right=_NUMBERS)
    rows.show_header = header
    for column, width in zip(rows.columns, (12, *_NUMBERS.values()), strict=True):
        column.no_wrap, column.min_width = True, width
    return rows


def _cell(one: Measurement) -> str:
    return f"{one.action} {one.state} {one.link} {one.machine}"


def _heading(one: Measurement, *, several: bool) -> str:
    link = "" if one.link == UNSHAPED else f", {one.link}"
    return f"{one.action}, {one.state}{link}{f', {one.machine}' if several else ''}"


def _numbers(one: Measurement, floors: Sequence[Floor], *, fastest: bool) -> Iterable[Text]:
    cpu = [sample.cpu_seconds for sample in one.samples if sample.cpu_seconds is not None]
    peak = [sample.peak_bytes for sample in one.samples if sample.peak_bytes is not None]
    wire = [sample.wire_bytes for sample in one.samples if sample.wire_bytes is not None]
    reached = share(one, floors) if one.state is State.COLD else None
    yield text(seconds(one.median), "bold green" if fastest else "")
    yield text(_spread(*one.spread) if len(one.samples) > 1 else "", "dim")
    yield text(seconds(statistics.median(cpu)) if cpu else "")
    yield text(size(statistics.median(peak)) if peak else "")
    yield text(size(statistics.median(wire)) if wire else "")
    yield text(f"{100 * reached:.0f} %" if reached is not None else "")
    yield {True: text("same"), False: text("other", "red"), None: text("")}[one.verified]


def _spread(shortest: float, longest: float) -> str:
    """``37–41 ms``: the unit once, where it is the same."""
    first, last = seconds(shortest), seconds(longest)
    same = first.rpartition(" ")[2] == last.rpartition(" ")[2]
    return f"{first.rpartition(' ')[0] if same else first}–{last}"


def _floors(floors: Sequence[Floor]) -> Table:
    columns = ("link", "codec", "disk", "round trips", "least")
    rows = table("floor", "", *columns, right=columns)
    for one in floors:
        terms = (one.link, one.codec, one.disk, one.round_trips, one.seconds)
        rows.add_row(
            text(str(one.action)), text(one.link_name), *(text(seconds(term) if term else "") for term in terms)
        )
    return rows


def _rates(bench: Bench) -> Text:
    rates = bench.rates
    told = {
        "codec": f"decompresses {size(rates.get('codec', 0))}/s on one processor",
        "disk": f"writes {size(rates.get('disk', 0))}/s",
        "file": f"makes a file in {1e3 * rates.get('file', 0):.2f} ms",
        "round_trip": f"round trip {1e3 * rates.get('round_trip', 0):.2f} ms",
    }
    whole = [replace(one, cpus=None, label="") for one in bench.machines]
    several = any(one != whole[0] for one in whole)
    where = f"on {bench.machines[0].name}" if several else "here"
    return text(f"measured {where}: " + ", ".join(line for name, line in told.items() if name in rates), "dim")


def seconds(value: float) -> str:
    """``12 ms``, ``1.27 s``, ``26.1 s``, ``312 s``."""
    if value < 0.9995:
        return f"{1000 * value:.0f} ms" if value >= 0.00995 else f"{1000 * value:.1f} ms"
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f} s"
