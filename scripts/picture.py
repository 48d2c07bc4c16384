"""Draw what ``jettison shrink`` printed: a report of ``--json`` as the terminal shows it, in an SVG file.

``.venv/bin/python scripts/picture.py demo-out/node-onbuild.json docs/images/shrink.svg``
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from table import security

from jettison.report import terminal
from jettison.report.model import Category, KeptFile, Measure, Phase, ProbeLine, Report, Saturation

_PARTS = {
    "categories": Category, "largest": KeptFile, "probes": ProbeLine, "saturation": Saturation, "phases": Phase,
}  # fmt: skip


def report(value: dict[str, Any]) -> Report:
    """A report from its JSON form."""
    parts = {name: tuple(kind(**each) for each in value[name]) for name, kind in _PARTS.items()}
    sides = {side: Measure(**{**value[side], "compression": tuple(value[side]["compression"])})
             for side in ("before", "after")}  # fmt: skip
    lists = {"healed": tuple(value["healed"]), "caveats": tuple(value["caveats"])}
    scanned = security(value["security"]) if value.get("security") else None
    return Report(**{**value, **parts, **sides, **lists, "security": scanned})


def main() -> None:
    """Read one file, write the other."""
    source, target = map(Path, sys.argv[1:3])
    console = Console(record=True, width=110, file=io.StringIO(), force_terminal=True, highlight=False)
    terminal.show(report(json.loads(source.read_text())), console)
    target.parent.mkdir(parents=True, exist_ok=True)
    console.save_svg(str(target), title="jettison shrink examples/node-onbuild")


if __name__ == "__main__":
    main()
