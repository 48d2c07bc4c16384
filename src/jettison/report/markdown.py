"""A summary for a pull request, in GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING

from jettison.report.printable import printable
from jettison.report.security.model import Security
from jettison.report.security.terminal import sentence
from jettison.report.tables import size, times

if TYPE_CHECKING:
    from jettison.report.html import Page

_SEVERITIES = ("critical", "high", "medium", "low", "negligible", "unknown")
#: Characters of a summary. GitHub takes 65,536 in a comment, of which some are for what stands around it.
LIMIT = 65_000
#: Of these, for what ends a summary that was shortened.
_ROOM = 200
#: What has a meaning in Markdown, or in the HTML that may stand in it.
_MEANS = re.compile(r"([\\`*_{}\[\]()#+!|~])")


def render(page: Page) -> str:
    """Headline, table of sizes and times, vulnerabilities, what is not known, and the probes folded away."""
    return shortened("\n".join(_lines(page)).rstrip() + "\n")


def shortened(text: str) -> str:
    """Its first lines where it is longer than a comment on GitHub may be, and a sentence that says so."""
    if len(text) <= LIMIT:
        return text
    lines, room = text.rstrip("\n").split("\n"), LIMIT - _ROOM
    kept = 0
    while room >= 0 and kept < len(lines):
        room -= len(lines[kept]) + 1
        kept += room >= 0
    left = lines[:kept]
    open_ = sum(line.startswith("<details>") for line in left) > left.count("</details>")
    told = f"Lines left out here: {len(lines) - kept:,}. A comment on GitHub holds no more."
    return "\n".join([*left, "", *(["</details>", ""] if open_ else []), told]) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield f"### {_safe(page.title)}"
    yield ""
    if page.outcome:
        yield from (_safe(page.outcome), "")
    yield from _sizes(page)
    if page.security is not None:
        yield from _security(page.security)
    if page.probes:
        yield from _folded(page)
    for note in page.notes:
        yield f"- {_safe(note)}"


def _sizes(page: Page) -> Iterator[str]:
    from jettison.report.html.page import headline

    if page.before and page.after:
        yield "| | before | after | |"
        yield "|---|---:|---:|---|"
        for name, old, new in (
            ("on disk", page.before.disk_bytes, page.after.disk_bytes),
            ("compressed", page.before.compressed_bytes, page.after.compressed_bytes),
        ):
            yield f"| {name} | {size(old)} | **{size(new)}** | {times(old, new)} |"
        yield f"| files | {page.before.files:,} | {page.after.files:,} | |"
        yield f"| packages | {page.before.packages:,} | {page.after.packages:,} | |"
        for name, was, now in headline(page)[2:]:
            yield f"| {_safe(name)} | {was} | **{now}** | |"
        yield ""


def _security(found: Security) -> Iterator[str]:
    yield f"| vulnerabilities | {' | '.join(_SEVERITIES)} |"
    yield f"|---|{'---:|' * len(_SEVERITIES)}"
    if found.before is None:
        yield _row("found", found.after.counts, not found.after.not_known)
    else:
        yield _row("before", found.before.counts, not found.before.not_known)
        yield _row("removed", found.removed, True)
        yield _row("remaining", found.remaining, not found.after.not_known)
        yield _row("cannot tell", found.cannot_tell, True)
    yield ""
    yield f"{_safe(sentence(found.after))}."
    yield from (f"- not known: {_safe(unknown)}" for unknown in found.after.not_known)
    yield ""


def _row(name: str, counts: Mapping[str, int], complete: bool) -> str:
    none = "0" if complete else "–"
    return f"| {name} | {' | '.join(str(counts.get(severity, 0) or none) for severity in _SEVERITIES)} |"


def _folded(page: Page) -> Iterator[str]:
    agreed = sum(probe.agreed for probe in page.probes)
    yield f"<details><summary>{agreed} of {len(page.probes)} probes answer alike</summary>"
    yield ""
    yield "| probe | original | small image |"
    yield "|---|---|---|"
    for probe in page.probes:
        told = "same" if probe.agreed else probe.difference or "different"
        yield f"| {_safe(f'{probe.scenario}: {probe.probe}')} | {_safe(probe.answer)} | {_safe(told)} |"
    yield ""
    yield "</details>"
    yield ""


def _safe(text: str) -> str:
    """As text in one line of a table: nothing of it is Markdown, HTML or a mention of somebody."""
    line = escape(" ".join(printable(text).split()), quote=False)
    return _MEANS.sub(r"\\\1", line).replace("@", "@\u200b")
