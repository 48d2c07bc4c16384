"""How long recovery takes, for a person at a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jettison.measure.model import ImageFacts
from jettison.measure.recovery.model import Outcome, Recovery
from jettison.report.tables import size, spaced, table, text

#: The terms of ``T = detect + toleration + schedule + provision + queue + pull + start``, as ``Terms`` names them.
TERMS = ("detect", "toleration", "schedule", "provision", "queue", "pull", "start")
#: Smaller shares are not shown.
_SHOWN = 0.005


def seconds(value: float) -> str:
    """``850 ms``, ``12.3 s``, ``351 s``, ``1 h 12 min``."""
    if value < 0.9995:
        return f"{1000 * value:.0f} ms"
    if value < 99.95:
        return f"{value:.1f} s"
    minutes = round(value / 60)
    return f"{value:.0f} s" if value < 3600 else f"{minutes // 60} h {minutes % 60} min"


def show_recovery(found: Recovery, console: Console) -> None:
    """Print everything: times, terms, what limits, what a change is worth, and what was assumed."""
    parts: list[RenderableType] = [
        _times(found), spaced(_terms(found)), spaced(_limits(found)), spaced(_gains(found)),
        Padding(Group(*(text(f"- {note}", "dim") for note in found.notes)), (1, 0, 0, 0)),
    ]  # fmt: skip
    console.print()
    console.print(_headline(found))
    console.print(Padding(Group(*parts), (1, 0, 0, 2)))


def _headline(found: Recovery) -> Text:
    line = text(f"Recovery ({found.scenario}): ", "bold")
    line.append_text(_image(found.before))
    line.append(" → ")
    line.append_text(_image(found.after))
    return line


def _image(image: ImageFacts) -> Text:
    line = text(image.name, "bold")
    layers = f"{len(image.layers)} layer{'s' if len(image.layers) != 1 else ''}"
    return line.append(f" ({size(image.compressed_bytes)} compressed, {image.files:,} files, {layers})")


def _times(found: Recovery) -> Table:
    columns = ("nodes", "pods", "pulling nodes", "p50", "p95", "last pod", "from the registry")
    rows = table(*columns, right=columns)
    for before, after in found.outcomes:
        rows.add_row(
            f"{before.nodes:,}", f"{before.pods:,}", f"{before.pulling_nodes:,}", _change(before.p50, after.p50),
            _change(before.p95, after.p95), _change(before.last, after.last),
            f"{size(before.egress_bytes)} → {size(after.egress_bytes)}",
        )  # fmt: skip
    return rows


def _change(before: float, after: float) -> str:
    return f"{seconds(before)} → {seconds(after)}"


def _sides(found: Recovery) -> Iterator[tuple[str, str, Outcome]]:
    for before, after in found.outcomes:
        yield f"{before.nodes:,}", "before", before
        yield "", "after", after


def _terms(found: Recovery) -> Table:
    rows = _titled(
        table("nodes", "", *TERMS, "= all", right=("nodes", *TERMS, "= all")), "Where the last pod's time goes"
    )
    for row in term_rows(found):
        rows.add_row(*row[:-1])
    return rows


def _limits(found: Recovery) -> Table:
    rows = _titled(table("nodes", "", "shares of the time", right=("nodes",)), "What the pulls waited for")
    for row in limit_rows(found):
        rows.add_row(*row)
    return rows


def _gains(found: Recovery) -> Table:
    columns = ("nodes", "a MB: median pod", "last pod", "1,000 files: median pod", "last pod")
    rows = _titled(table(*columns, right=columns), "What less of BEFORE is worth")
    for row in gain_rows(found):
        rows.add_row(*row)
    return rows


def _titled(rows: Table, title: str) -> Table:
    rows.title, rows.title_justify, rows.title_style = title, "left", "bold"
    return rows


def headline(found: Recovery) -> list[tuple[str, str, str]]:
    """The last pod of the smallest and of the largest cluster: name, before, after."""
    chosen = found.outcomes[:: max(1, len(found.outcomes) - 1)]
    return [
        (f"ready again ({before.nodes:,} nodes)", seconds(before.last), seconds(after.last)) for before, after in chosen
    ]


def term_rows(found: Recovery) -> Iterator[tuple[str, ...]]:
    """For each cluster before and after: its nodes, the terms of the last pod, their sum, what the registry sent."""
    for nodes, side, outcome in _sides(found):
        values = (seconds(getattr(outcome.last_terms, term)) for term in TERMS)
        yield nodes, side, *values, seconds(outcome.last), size(outcome.egress_bytes)


def limit_rows(found: Recovery) -> Iterator[tuple[str, str, str]]:
    """For each cluster before and after: its nodes, and what its pulls waited for, the largest share first."""
    for nodes, side, outcome in _sides(found):
        shares = sorted(outcome.limits.items(), key=lambda item: -item[1])
        said = ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares if share >= _SHOWN)
        yield nodes, side, said or "nothing: no node pulled"


def gain_rows(found: Recovery) -> Iterator[tuple[str, ...]]:
    """For each cluster: its nodes, what a MB and what 1,000 files less are worth to the median and the last pod."""
    for gain in found.gains:
        values = (
            gain.median_per_megabyte, gain.last_per_megabyte,
            gain.median_per_thousand_files, gain.last_per_thousand_files,
        )  # fmt: skip
        yield f"{gain.nodes:,}", *(f"{value:.3f} s" for value in values)


def plain(value: object) -> object:
    """The same without infinite numbers and sets, of which JSON knows nothing: those become null and lists."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
