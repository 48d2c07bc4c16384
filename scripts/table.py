"""Print the before/after table of some shrinks from their ``--json`` reports; exit 1 unless all are proved."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


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


def main() -> None:
    """Read the reports named on the command line and print their table."""
    reports = {Path(name).stem: json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]}
    Console(width=None if sys.stdout.isatty() else 120).print(table(reports))
    if any(report["verdict"] != "same" for report in reports.values()):
        sys.exit("not every small image answers as its original does")


if __name__ == "__main__":
    main()
