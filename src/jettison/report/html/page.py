"""One self-contained page out of what is known; every section is left out where its part is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from jettison.inspection.model import LayerLine, Node
from jettison.measure.model import Bench
from jettison.measure.recovery.model import Recovery
from jettison.report import recovery
from jettison.report.html import charts, dockerfile
from jettison.report.model import CandidateLine, KeptFile, Measure, Phase, ProbeLine, Saturation
from jettison.report.security.model import Security
from jettison.report.security.terminal import sentence
from jettison.report.tables import size, times

_ASSETS = ("chart-4.6.1.umd.min.js", "chartjs-chart-treemap-4.2.2.min.js")
#: A file that a debugger would look for beside the page.
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
#: What would be no character of an HTML document (HTML, 13.2.3.5).
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page can show. ``before`` and ``after`` are called by ``names``."""

    title: str
    names: tuple[str, str] = ("before", "after")
    outcome: str = ""
    before: Measure | None = None
    after: Measure | None = None
    bench: Bench | None = None
    recovery: Recovery | None = None
    trees: tuple[tuple[str, Node], ...] = ()
    layers: tuple[tuple[str, tuple[LayerLine, ...]], ...] = ()
    candidates: tuple[CandidateLine, ...] = ()
    chosen: str = ""
    probes: tuple[ProbeLine, ...] = ()
    saturation: tuple[Saturation, ...] = ()
    largest: tuple[KeptFile, ...] = ()
    security: Security | None = None
    dockerfiles: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    made: Mapping[str, str] = field(default_factory=dict)


def render(page: Page) -> str:
    """The page as HTML text."""
    import jinja2

    strict = jinja2.StrictUndefined
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=strict)
    environment.filters |= {"size": size, "count": "{:,}".format, "sentence": sentence, "text": _text}
    template = environment.from_string(_asset("page.html.j2"))
    return _NO_TEXT.sub("\ufffd", template.render(**_context(page)))


def _context(page: Page) -> dict[str, Any]:
    from markupsafe import Markup

    drawn = charts.of(page)
    return {
        "page": page,
        "headline": headline(page),
        "smaller": times(page.before.disk_bytes, page.after.disk_bytes) if page.before and page.after else "",
        "charts": drawn,
        "data": Markup(_script(drawn)),
        "difference": dockerfile.lines(*page.dockerfiles) if page.dockerfiles else (),
        "bench_rows": charts.bench_rows(page.bench) if page.bench else (),
        "bench_columns": charts.bench_columns(page.bench) if page.bench else (),
        "style": Markup(_asset("style.css")),
        "scripts": [Markup(_asset(name)) for name in (*_ASSETS, "page.js")],
        "recovery_terms": tuple(recovery.term_rows(page.recovery)) if page.recovery else (),
        "recovery_limits": tuple(recovery.limit_rows(page.recovery)) if page.recovery else (),
        "recovery_gains": tuple(recovery.gain_rows(page.recovery)) if page.recovery else (),
        "recovery_columns": recovery.TERMS,
        "severities": charts.SEVERITIES,
    }


def _script(value: object) -> str:
    """JSON that can stand in a script element (HTML, 4.12.1.3)."""
    text = json.dumps(value, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _text(value: str) -> str:
    return _NO_TEXT.sub("\ufffd", value)


@cache
def _asset(name: str) -> str:
    folder = resources.files("jettison.report.html")
    inside = folder / "assets" / name if name in _ASSETS else folder / name
    return _SOURCE_MAP.sub("", inside.read_text(encoding="utf-8"))


def headline(page: Page) -> Sequence[tuple[str, str, str]]:
    """What a manager reads: the name of a figure, before, after."""
    found: list[tuple[str, str, str]] = []
    if page.before and page.after:
        found.append(("on disk", size(page.before.disk_bytes), size(page.after.disk_bytes)))
        found.append(("to download", size(page.before.compressed_bytes), size(page.after.compressed_bytes)))
    if page.bench:
        found += charts.bench_headline(page.bench)
    if page.recovery:
        found += recovery.headline(page.recovery)
    if page.security and page.security.before:
        found += _security_headline(page.security)
    return found


def _security_headline(security: Security) -> list[tuple[str, str, str]]:
    before, after = security.before, security.after
    assert before is not None
    if not sum(before.counts.values()) and not sum(after.counts.values()):
        return []

    def count(severity: str, counts: Mapping[str, int], complete: bool) -> str:
        return str(counts[severity] or ("0" if complete else "none found"))

    shown = [severity for severity in ("critical", "high") if before.counts[severity] or after.counts[severity]]
    return [
        (f"{severity} vulnerabilities", count(severity, before.counts, not before.not_known),
         count(severity, after.counts, not after.not_known))
        for severity in shown
    ]  # fmt: skip
