"""Print the before/after table of some shrinks from their ``--json`` reports; exit 1 unless all are proved."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from jettison.report.security.model import Security, Side
from jettison.report.security.terminal import counted


def table(reports: dict[str, dict[str, Any]]) -> Table:
    """One row per report, sizes in MB (10⁶ bytes)."""
    found = Table("", "before", "after", "of it", "files", "packages", "probes", "verdict", box=None, pad_edge=False)
    for column in found.columns[1:-1]:
        column.justify = "right"
    for name, report in reports.items():
        before, after = report["before"], report["after"]
        agreed = sum(probe["agreed"] for probe in report["probes"])
        for label, key in ((f"{name}, on disk", "disk_bytes"), ("  compressed", "compressed_bytes")):
            sizes = [f"{side[key] / 1e6:,.1f} MB" for side in (before, after)]
            part = f"{after[key] / before[key]:.1%}"
            if key == "disk_bytes":
                counts = [f"{before[of]:,} → {after[of]:,}" for of in ("files", "packages")]
                found.add_row(label, *sizes, part, *counts, f"{agreed}/{len(report['probes'])}", report["verdict"])
            else:
                found.add_row(label, *sizes, part, "", "", "", "")
    return found


def security(value: dict[str, Any]) -> Security:
    """What a report says of it, from its JSON form; without the findings one by one."""
    lists = ("findings", "weaknesses", "unowned")
    sides = {side: Side(**{**value[side], **dict.fromkeys(lists, ())}) for side in ("before", "after")}
    return Security(**{**value, **sides})


def vulnerabilities(name: str, security: Security) -> Group:
    """What was removed, what remains, what nobody can tell."""
    return Group("", Text(f"{name}: vulnerabilities", "bold"), counted(security))


def main() -> None:
    """Read the reports named on the command line and print their table."""
    reports = {Path(name).stem: json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]}
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(table(reports))
    for name, report in reports.items():
        if report.get("security"):
            console.print(vulnerabilities(name, security(report["security"])))
    if any(report["verdict"] != "same" for report in reports.values()):
        sys.exit("not every small image answers as its original does")


if __name__ == "__main__":
    main()
