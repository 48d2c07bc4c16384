"""What the charts of a page are drawn from: labels and numbers, and a sentence for those who do not see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jettison.inspection.model import Node
from jettison.measure.model import Action, Bench, Measurement, State
from jettison.report.tables import size

if TYPE_CHECKING:
    from jettison.measure.recovery.model import Recovery
    from jettison.report.html.page import Page

SEVERITIES = ("critical", "high", "medium", "low", "negligible", "unknown")
_ACTIONS = (Action.BUILD, Action.PUSH, Action.BUILD_PUSH, Action.PULL, Action.START)
_MB = 1e6
#: Where the longest time is so many times the shortest, the scale is logarithmic.
_MANY_TIMES = 20


def of(page: Page) -> Mapping[str, Any]:
    """Chart name -> its data, as ``page.js`` reads it."""
    found: dict[str, Any] = {}
    if page.before and page.after:
        found["sizes"] = _sizes(page)
    if page.bench:
        found |= {f"times{number}": chart for number, chart in enumerate(_times(page.bench))}
    if page.recovery:
        found["recovery"] = _recovery(page.recovery)
    if page.trees:
        found["trees"] = [_tree(name, node) for name, node in page.trees]
    if page.saturation:
        found["saturation"] = _saturation(page)
    if page.security:
        found["severities"] = _severities(page)
    return found


def _bars(title: str, unit: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Any:
    def row(n: int) -> str:
        told = ((name, values[n]) for name, values in series)
        return ", ".join(f"{name} {value:g} {unit}".rstrip() for name, value in told if value is not None)

    said = "; ".join(f"{label}: {row(n)}" for n, label in enumerate(labels))
    drawn = [{"name": name, "values": list(values)} for name, values in series]
    return {"title": title, "unit": unit, "labels": list(labels), "series": drawn, "said": f"{title}. {said}"}


def _sizes(page: Page) -> Any:
    assert page.before is not None
    assert page.after is not None
    sides = zip(page.names, (page.before, page.after), strict=True)
    series = [(name, (round(side.disk_bytes / _MB, 2), round(side.compressed_bytes / _MB, 2))) for name, side in sides]
    return _bars("Size", "MB", ("on disk", "compressed"), series)


def _times(bench: Bench) -> Iterator[Any]:
    """One chart for each link: the actions by image, on each machine, by Jettison; cold."""
    mine = [one for one in bench.measurements if one.tool == "jettison" and one.state is State.COLD]
    for link in sorted({one.link for one in mine}):
        here = [one for one in mine if one.link == link]
        actions = [action for action in _ACTIONS if any(one.action is action for one in here)]
        keys = list(dict.fromkeys((one.image, one.machine) for one in here))
        if actions:
            named = [(" on ".join(filter(None, key)), key) for key in keys]
            series = [(name, [_median(here, key, action) for action in actions]) for name, key in named]
            yield _bars(f"Time, {link}", "s", [str(action) for action in actions], series)


def _median(found: Sequence[Measurement], key: tuple[str, str], action: Action) -> float | None:
    fitting = (one for one in found if (one.image, one.machine) == key and one.action is action)
    first = next(fitting, None)
    return None if first is None else round(first.median, 3)


def bench_headline(bench: Bench) -> list[tuple[str, str, str]]:
    """Push and pull of the first two images, where both were measured over the same link on the same machine."""
    found = []
    names = list(dict.fromkeys(image.name for image in bench.images))[:2]
    for action in (Action.PUSH, Action.PULL) if len(names) == 2 else ():
        before = bench.of(action, names[0])
        after = before and _same(bench, before, names[1])
        if before and after:
            found.append((f"{action} ({before.link})", _seconds(before.median), _seconds(after.median)))
    return found


def _same(bench: Bench, one: Measurement, image: str) -> Measurement | None:
    """The same of another image: over the same link, on the same machine."""
    wanted = (image, one.action, one.tool, one.state, one.link, one.machine)
    found = (
        other
        for other in bench.measurements
        if (other.image, other.action, other.tool, other.state, other.link, other.machine) == wanted
    )
    return next(found, None)


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 99.95 else f"{value:.0f} s"


def bench_columns(bench: Bench) -> tuple[tuple[str, bool], ...]:
    """The columns of ``bench_rows``, and whether each has numbers; machines have one where there are several."""
    words = ("image", "action", "tool", "there was", "link", *(["machine"] if _several(bench) else []))
    numbers = ("median", "spread", "runs", "moved")
    return (*((word, False) for word in words), *((word, True) for word in numbers), ("checked", False), ("", False))


def _several(bench: Bench) -> bool:
    return len(bench.machines) > 1


def bench_rows(bench: Bench) -> Iterator[tuple[str, ...]]:
    """Every measurement, as a table has it: median, spread, number of runs."""
    for one in bench.measurements:
        low, high = one.spread
        wire = [sample.wire_bytes for sample in one.samples if sample.wire_bytes is not None]
        yield (
            one.image, str(one.action), one.tool, str(one.state), one.link,
            *([one.machine] if _several(bench) else []), f"{one.median:.2f} s", f"{low:.2f}–{high:.2f} s",
            str(len(one.samples)), size(max(wire)) if wire else "",
            {True: "same files", False: "other files", None: ""}[one.verified], one.note,
        )  # fmt: skip


def _recovery(found: Recovery) -> Any:
    """Time to ready over the number of nodes: the median and the last pod, before and after."""
    sides = (("before", 0), ("after", 1))
    series = [
        {
            "name": f"{side}, {what}",
            "values": [round(getattr(pair[n], field), 3) for pair in found.outcomes],
            "dash": dash,
        }
        for side, n in sides
        for what, field, dash in (("last pod", "last", False), ("median pod", "p50", True))
    ]
    nodes = [pair[0].nodes for pair in found.outcomes]
    said = "; ".join(
        f"{before.nodes:,} nodes: {before.last:.1f} s, then {after.last:.1f} s" for before, after in found.outcomes
    )
    title = "Time to ready over the number of nodes"
    times = [outcome.last for pair in found.outcomes for outcome in pair]
    return {
        "title": title, "nodes": nodes, "series": series, "log": max(times) > _MANY_TIMES * min(times),
        "said": f"{title}. Last pod, before and after: {said}.",
    }  # fmt: skip


def _tree(name: str, root: Node) -> Any:
    leaves = list(_leaves(root, ()))
    largest = ", ".join(f"{node.name} {size(node.bytes)}" for node in root.children[:5])
    return {
        "name": name, "total": size(root.bytes), "leaves": leaves,
        "said": f"What is in {name}: {size(root.bytes)}, of these {largest}.",
    }  # fmt: skip


def _leaves(node: Node, above: tuple[str, ...]) -> Iterator[Any]:
    """Each leaf with the two directories that it is grouped by."""
    path = (*above, node.name) if node.name != "/" else above
    for child in node.children:
        yield from _leaves(child, path)
    if not node.children and path:
        first = f"/{path[0]}"
        yield {
            "path": "/" + "/".join(path), "bytes": node.bytes, "size": size(node.bytes), "note": node.note,
            "first": first, "second": f"{first}/{path[1]}" if len(path) > 1 else first,
        }  # fmt: skip


def _saturation(page: Page) -> Any:
    """How many paths were known after each probe."""
    total, points = 0, []
    for line in page.saturation:
        total += line.new_paths
        points.append((f"{line.scenario}: {line.probe}", total, line.new_paths))
    said = f"{total} paths after {len(points)} probes; the last one found {points[-1][2]} new ones."
    labels, values, new = zip(*points, strict=True)
    return {"labels": labels, "values": values, "new": new, "said": said}


def _severities(page: Page) -> Any:
    security = page.security
    assert security is not None
    rows = {"found": security.after.counts}
    if security.before is not None:
        rows = {
            "before": security.before.counts, "removed": security.removed, "remaining": security.remaining,
            "cannot tell": security.cannot_tell,
        }  # fmt: skip
    series = [(severity, [counts.get(severity, 0) for counts in rows.values()]) for severity in SEVERITIES]
    return _bars("Vulnerabilities", "", list(rows), series)
