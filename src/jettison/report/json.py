"""The report as JSON: the field names of ``report.model``, stable within one ``schema_version``."""

from __future__ import annotations

import json
from dataclasses import asdict

from jettison.report.model import Report


def render(report: Report) -> str:
    """One JSON document, indented, its keys in the order of the model."""
    return json.dumps(asdict(report), indent=2, ensure_ascii=False)
