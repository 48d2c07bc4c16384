"""The rule engine: places, silencing, mending, and that nothing makes it fall over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.errors import InvalidInput
from jettison.rewrite.fix import fix
from jettison.rewrite.lint import choose, lint

APT = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7\n"


def found(text: str, **options: object) -> list[str]:
    return [finding.rule for finding in lint(text, rules=choose(["apt-lists"], [])).findings]


def test_a_finding_has_its_place() -> None:
    result = lint(APT, rules=choose(["apt-lists"]))
    assert result.sheet is not None
    (finding,) = result.findings
    span = result.sheet.span(finding.start, finding.end)
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 5, 2, 19)
    assert result.sheet.line(span.line)[span.column - 1 : span.end_column - 1] == "apt-get update"


@pytest.mark.parametrize(
    "comment",
    ["# jettison ignore=apt-lists", "# hadolint ignore=DL3008,DL3009", "#jettison ignore = APT-LISTS"],
)
def test_a_comment_silences_what_is_below_it(comment: str) -> None:
    head, run = APT.split("\n", 1)
    assert found(f"{head}\n{comment}\n{run}") == []
    assert found(f"{head}\n{comment}\nRUN true\n{run}") == ["apt-lists"]
    assert found(f"{head}\n{comment}\n\n{run}") == ["apt-lists"]


def test_silence_everywhere() -> None:
    assert found(f"# jettison global ignore=apt-lists\n{APT}") == []
    text = "# check=skip=JSONArgsRecommended\nFROM a\nCMD a b\n"
    assert lint(text, rules=choose(["exec-form"])).findings == ()


def test_rules_are_chosen_by_any_of_their_names() -> None:
    assert [rule.name for rule in choose(["DL3009"])] == ["apt-lists"]
    assert "apt-lists" not in {rule.name for rule in choose(ignore=["dl3009"])}
    with pytest.raises(InvalidInput, match="cannot choose the rule 'nonsense'"):
        choose(["nonsense"])


def test_what_is_no_dockerfile_is_a_finding_with_its_place() -> None:
    result = lint("FROM a\nRUM b\n")
    assert result.sheet is None
    assert [(f.rule, f.message, f.start) for f in result.findings] == [
        ("syntax", "unknown instruction RUM; did you mean RUN?", 7)
    ]


def test_mending_is_done_until_nothing_is_left() -> None:
    text, mended = fix(APT, rules=choose(["apt-lists", "apt-recommends"]))
    assert text == APT.rstrip("\n") + " \\\n && rm -rf /var/lib/apt/lists/*\n"
    assert [finding.rule for finding in mended] == ["apt-lists"]
    assert fix(text)[0] == fix(fix(text)[0])[0]


def test_what_must_be_proved_is_mended_only_where_that_is_asked_for() -> None:
    text = APT.replace(" --no-install-recommends", "")
    assert "--no-install-recommends" not in fix(text)[0]
    assert "install --no-install-recommends -y" in fix(text, unsafe=True)[0]


def test_shell_that_is_not_understood_is_not_edited() -> None:
    text = "FROM a\nRUN apt-get update && (apt-get install a\n"
    assert all(not finding.edits for finding in lint(text).findings if finding.start > 7)
    assert fix(text)[0] == text


PIECES = st.sampled_from([
    "FROM a\n", "RUN ", "apt-get update", " && ", "apt-get install x", "\\\n", "<<EOF\n", "EOF\n", "\n", "# x\n", "'",
    '"', "$(", ")", "`", "CMD ", "COPY . .", "ADD x y\n", "ENV A=", "é", "\0", "|", ";", "if ", "fi", "ONBUILD ", "[",
    "]", "USER ", "\ufeff", "\r\n", "\ud800", "HEALTHCHECK CMD ", "ARG X\n", "--mount=type=cache", " ", "\t",
    "pip install x", "EXPOSE 0",
])  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)))
@settings(max_examples=400, deadline=None)
def test_no_text_makes_it_fall_over(text: str) -> None:
    for candidate in (text, f"FROM a\nRUN {text}"):
        result = lint(candidate)
        for finding in result.findings:
            assert 0 <= finding.start <= finding.end <= len(candidate)
        fix(candidate, unsafe=True)
