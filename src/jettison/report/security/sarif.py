"""Vulnerabilities and weaknesses as SARIF (OASIS, version 2.1.0), for code-scanning pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import jettison
from jettison.report.printable import printable
from jettison.report.security.model import FindingLine, Security, WeaknessLine

_LEVELS = {"critical": "error", "high": "error", "medium": "warning"}
#: What GitHub sorts by (its "security-severity" property, 0 to 10): the middle of each range of CVSS 3.1, section 5.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "negligible": "0.5"}


def render(found: Security) -> str:
    """One SARIF log with one run."""
    findings, weaknesses = found.after.findings, found.after.weaknesses
    rules: dict[str, Mapping[str, Any]] = {}
    for line in findings:  # the worst come first: a rule is as severe as the worst that it found
        rules.setdefault(line.id, _rule(line.id, line.summary or line.id, line.severity))
    for weakness in weaknesses:
        rules.setdefault(weakness.kind, _rule(weakness.kind, weakness.kind, weakness.severity))
    driver = {"name": "Jettison", "version": jettison.__version__, "rules": list(rules.values())}
    results = [*_findings(findings, found.after.image), *_weaknesses(weaknesses, found.after.image)]
    notes = [
        {"level": "warning", "message": {"text": printable(f"not known: {unknown}")}}
        for unknown in found.after.not_known
    ]
    run: dict[str, Any] = {"tool": {"driver": driver}, "results": results}
    run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True)


def _rule(name: str, text: str, severity: str) -> Mapping[str, Any]:
    properties: dict[str, Any] = {"tags": ["security", severity]}
    if severity in _SCORES:
        properties["security-severity"] = _SCORES[severity]
    return {
        "id": name,
        "shortDescription": {"text": printable(text)},
        "defaultConfiguration": {"level": _LEVELS.get(severity, "note")},
        "properties": properties,
    }


def _findings(lines: Iterable[FindingLine], image: str) -> Iterable[Mapping[str, Any]]:
    for line in lines:
        fix = f"fixed in {line.fixed_in}" if line.fixed_in else line.fix
        exploited = "; known to be exploited" if line.known_exploited else ""
        text = f"{line.package} {line.version}: {line.id} ({line.severity}), {fix}{exploited}"
        brought = f"; brought by layer {line.layer + 1} {line.instruction}".rstrip() if line.layer >= 0 else ""
        yield _result(line.id, line.severity, f"{text}{brought}", line.path, image)


def _weaknesses(lines: Iterable[WeaknessLine], image: str) -> Iterable[Mapping[str, Any]]:
    for line in lines:
        layer = f" (layer {line.layer + 1})" if line.layer >= 0 else ""
        yield _result(line.kind, line.severity, f"{line.message}{layer}", line.path, image, line.line)


def _result(rule: str, severity: str, text: str, path: str, image: str, line: int = 0) -> Mapping[str, Any]:
    """A code-scanning page needs a file and a line: the path inside of the image, and the first."""
    uri = quote(printable(path).lstrip("/") or image)
    region = {"startLine": line or 1, "startColumn": 1, "endLine": line or 1, "endColumn": 1}
    return {
        "ruleId": rule,
        "level": _LEVELS.get(severity, "note"),
        "message": {"text": printable(text)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": uri}, "region": region},
                "message": {"text": printable(f"{image}: {path or 'the image'}")},
            }
        ],
    }
