"""The page of ``jettison bench``."""

from __future__ import annotations

import time

import jettison
from jettison.measure.model import Bench
from jettison.report.html import Page, render


def page(found: Bench) -> str:
    """As HTML text. The first image is the one before, the last the one after."""
    names = [image.name for image in found.images]
    stamp = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    return render(
        Page(
            title=f"Times: {' → '.join(dict.fromkeys((names[0], names[-1])))}" if names else "Times",
            names=(names[0], names[-1]) if names else ("before", "after"),
            bench=found,
            notes=found.notes,
            made={"Made": f"{stamp} by Jettison {jettison.__version__}"},
        )
    )
