"""Findings in Dockerfiles, as text for people and in the forms that other programs read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jettison
from jettison.report.printable import printable
from jettison.report.tables import size
from jettison.rewrite.lint import Linted
from jettison.rewrite.model import Finding, Rule, Span
from jettison.rewrite.rules import RULES

#: SARIF (OASIS, version 2.1.0, 3.27.10) and GitHub's workflow commands have three levels.
_SARIF = {"error": "error", "warning": "warning", "info": "note", "style": "note"}
_GITHUB = {"error": "error", "warning": "warning", "info": "notice", "style": "notice"}


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with its file, its lines and columns, and the text of its first line."""

    file: str
    finding: Finding
    span: Span
    source: str


def locate(linted: Linted, finding: Finding, file: str) -> Located:
    """Where a finding is, as people count."""
    before = linted.text[: finding.start]
    line, column = before.count("\n") + 1, finding.start - (before.rfind("\n") + 1) + 1
    inside = linted.text[finding.start : finding.end]
    last = inside.rfind("\n")
    end_column = column + len(inside) if last < 0 else len(inside) - last
    source = linted.text.split("\n", line)[line - 1].rstrip("\r")
    if source.startswith("\ufeff"):  # the byte order mark is no character of the line
        source, column, end_column = source[1:], max(1, column - 1), max(2, end_column - 1)
    return Located(file, finding, Span(line, column, line + inside.count("\n"), end_column), source)


def show(found: Sequence[Located], form: str, echo: Callable[[str], None], *, mended: int = 0) -> None:
    """Print in one of the forms ``text``, ``json``, ``sarif``, ``github``."""
    if form == "json":
        echo(json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=True))
    elif form == "sarif":
        echo(json.dumps(_sarif(found), indent=2, ensure_ascii=True))
    elif form == "github":
        for one in found:
            echo(_github(one))
    else:
        for one in found:
            echo(_text(one))
        _summary(found, mended, echo)


def _text(one: Located) -> str:
    """``FILE:LINE:COLUMN: severity rule: message``, the source line, and a caret below what is meant."""
    finding, span = one.finding, one.span
    saved = ""
    if finding.saving is not None:
        amount = f"saves about {size(finding.saving.bytes)}: " if finding.saving.bytes else ""
        saved = f" ({amount}{finding.saving.basis})"
    head = f"{one.file}:{span.line}:{span.column}: {finding.severity} {finding.rule}: {finding.message}{saved}"
    source = one.source.replace("\t", " ")
    end = span.end_column if span.end_line == span.line else len(source) + 1
    marks = "^" + "~" * (max(1, min(end, len(source) + 1) - span.column) - 1)
    return f"{printable(head)}\n  {printable(source)}\n  {' ' * (span.column - 1)}{marks}"


def _summary(found: Sequence[Located], mended: int, echo: Callable[[str], None]) -> None:
    if mended:
        echo(f"{mended} mended")
    if not found:
        echo("nothing left to say" if mended else "nothing found")
        return
    files = len({one.file for one in found})
    fixable = sum(bool(one.finding.edits and one.finding.safe) for one in found)
    unsafe = sum(bool(one.finding.edits and not one.finding.safe) for one in found)
    words = [f"{len(found)} found in {files} file{'s' if files > 1 else ''}"]
    words += [f"{fixable} to be mended with --fix"] if fixable else []
    words += [f"{unsafe} more with --fix --unsafe, to be proved by a build"] if unsafe else []
    echo("; ".join(words))


def _plain(one: Located) -> dict[str, Any]:
    finding, span = one.finding, one.span
    saving = finding.saving
    return {
        "file": one.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "saving": None if saving is None else {"bytes": saving.bytes, "basis": saving.basis},
        "edits": [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in finding.edits],
        "safe": finding.safe,
    }


def _github(one: Located) -> str:
    """A workflow command; the characters that end its parts are escaped as GitHub's toolkit does."""
    finding, span = one.finding, one.span
    place = f"file={_property(one.file)},line={span.line},endLine={span.end_line},col={span.column}"
    message = finding.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{_GITHUB[finding.severity]} {place},title={_property(finding.rule)}::{printable(message)}"


def _property(text: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        text = text.replace(char, code)
    return printable(text)


def _sarif(found: Iterable[Located]) -> dict[str, Any]:
    rules = [
        {
            "id": rule.name,
            "shortDescription": {"text": rule.summary},
            "help": {"text": f"{rule.summary}; see docs/rules/{rule.name}.md"},
            "defaultConfiguration": {"level": _SARIF[rule.severity]},
            "properties": {"tags": list(rule.also)},
        }
        for rule in RULES
    ]
    driver = {"name": "Jettison", "version": jettison.__version__, "rules": rules}
    results = [_sarif_result(one) for one in found]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _sarif_result(one: Located) -> dict[str, Any]:
    finding, span = one.finding, one.span
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": max(span.end_column, span.column + 1 if span.end_line == span.line else 1),
    }
    place = {"artifactLocation": {"uri": quote(one.file)}, "region": region}
    return {
        "ruleId": finding.rule,
        "level": _SARIF[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
    } | ({"fixes": [_sarif_fix(one)]} if finding.edits and finding.safe else {})


def _sarif_fix(one: Located) -> dict[str, Any]:
    """The safe edits (SARIF 3.55), by offsets in characters."""
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in one.finding.edits
    ]
    change = {"artifactLocation": {"uri": quote(one.file)}, "replacements": replacements}
    return {"description": {"text": one.finding.message}, "artifactChanges": [change]}


def list_rules(rules: Iterable[Rule], echo: Callable[[str], None]) -> None:
    """One line for each rule: its name, its severity, what it is called elsewhere, what it finds."""
    for rule in sorted(rules, key=lambda rule: rule.name):
        also = f" ({', '.join(rule.also)})" if rule.also else ""
        echo(f"{rule.name:<28} {rule.severity:<8} {rule.summary}{also}")
