"""A badge: an SVG with the size before and after, as a README shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from jettison.report.tables import size

if TYPE_CHECKING:
    from jettison.report.html import Page

#: Pixels of a character of 11-pixel sans-serif, on the generous side.
_CHARACTER = 6.8
_PADDING = 10


def render(page: Page) -> str:
    """``image size | 1.27 GB → 41.3 MB``."""
    label = "image size"
    value = "unknown"
    if page.before and page.after:
        value = f"{size(page.before.disk_bytes)} → {size(page.after.disk_bytes)}"
    left, right = (round(len(text) * _CHARACTER + 2 * _PADDING) for text in (label, value))
    total = left + right
    said = escape(f"{label}: {value}", {'"': "&quot;"})
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" aria-label="{said}">
<title>{said}</title>
<rect width="{total}" height="20" rx="3" fill="#3b4252"/>
<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z" fill="#17692e"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{left / 2:g}" y="14">{escape(label)}</text>
<text x="{left + right / 2:g}" y="14">{escape(value)}</text>
</g>
</svg>
"""
