"""The report as one HTML file: no network, opens from disk, light and dark, for screens and for paper."""

from __future__ import annotations

from jettison.report.html.page import Page, render

__all__ = ["Page", "render"]
