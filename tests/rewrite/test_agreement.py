"""What hadolint finds in the Dockerfiles here, our rules find in the same lines, but for the differences listed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from jettison.rewrite.lint import instruction_at, lint
from jettison.rewrite.model import Finding
from jettison.rewrite.rules import RULES
from jettison.rewrite.sheet import Sheet

AGREEMENT = Path(__file__).parent / "agreement"
EXPECTED: dict[str, list[tuple[str, int]]] = json.loads((AGREEMENT / "expected.json").read_text())
DIFFERENCES = tomllib.loads((Path(__file__).parents[2] / "docs" / "rules" / "hadolint-differences.toml").read_text())[
    "difference"
]
CODES = {
    rule.name: tuple(code.removeprefix("hadolint ") for code in rule.also if code.startswith("hadolint "))
    for rule in RULES
}

#: What hadolint calls what we refuse, since Docker refuses it.
REFUSED = {
    "only stages above can be taken from": "DL3023",
    "two stages are called": "DL3024",
    "is not allowed as an ONBUILD trigger": "DL3043",
    "the first instruction must be FROM": "DL3061",
}

Found = set[tuple[str, int]]


def line(sheet: Sheet, finding: Finding) -> int:
    """hadolint gives the line in which an instruction begins."""
    instruction = instruction_at(sheet, finding.start)
    return instruction.line if instruction else sheet.span(finding.start, finding.end).line


def refusal(finding: Finding) -> str:
    return next((code for words, code in REFUSED.items() if words in finding.message), finding.rule)


def ours(text: str) -> Found:
    result = lint(text)
    if result.sheet is None:
        return {(refusal(each), text[: each.start].count("\n") + 1) for each in result.findings}
    sheet = result.sheet
    return {(code, line(sheet, finding)) for finding in result.findings for code in CODES[finding.rule][:1]}


def listed(file: str, side: str) -> Found:
    return {
        (each["code"], number)
        for each in DIFFERENCES
        if each["only"] == side and file in each["files"]
        for number in each["files"][file]
    }


def test_every_dockerfile_is_recorded() -> None:
    assert {path.name for path in AGREEMENT.glob("*.Dockerfile")} == set(EXPECTED)
    assert len(EXPECTED) >= 100


@pytest.mark.parametrize("file", EXPECTED)
def test_both_find_the_same(file: str) -> None:
    theirs = {(code, number) for code, number in EXPECTED[file]}
    found = ours((AGREEMENT / file).read_bytes().decode())
    assert theirs - found == listed(file, "hadolint")
    assert found - theirs == listed(file, "jettison")


def test_differences_say_why() -> None:
    assert {each["only"] for each in DIFFERENCES} <= {"hadolint", "jettison"}
    assert all(each["reason"].endswith(".") and len(each["reason"]) > 20 for each in DIFFERENCES)
    assert {name for each in DIFFERENCES for name in each["files"]} <= set(EXPECTED)


def test_the_table_names_every_rule() -> None:
    table = (Path(__file__).parents[2] / "docs" / "rules" / "hadolint.md").read_text()
    rows = {row.split("|")[1].strip(): row for row in table.splitlines() if row.startswith("| ")}
    for rule in RULES:
        for code in (code.rpartition(" ")[2] for code in rule.also if not code.startswith("Parfum")):
            assert f"[{rule.name}]({rule.name}.md)" in rows[code]
