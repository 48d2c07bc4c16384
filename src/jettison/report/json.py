"""The report as JSON: the field names of ``report.model``, stable within one ``schema_version``."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

from jettison.report.model import Report, Rewriting
from jettison.report.security.model import Security

#: Bytes of a path that are not UTF-8, as Python holds them (PEP 383).
_NO_UTF8 = re.compile("[\ud800-\udfff]")


def render(report: Report | Rewriting | Security) -> str:
    """One JSON document, indented, its keys in the order of the model."""
    text = json.dumps(asdict(report), indent=2, ensure_ascii=False)
    return _NO_UTF8.sub(lambda byte: f"\\u{ord(byte[0]):04x}", text)
