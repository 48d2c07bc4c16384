"""The pages of the rules: what they show is run.

Fences of a page, in their order::

    ```context            files that are there for all blocks below: ``PATH`` or ``PATH BYTES`` in each line; replaces
    ```file PATH          such a file with its content; replaces the same path only
    ```dockerfile before  the rule finds something
    ```dockerfile after   what its safe edits make of the block before (``after unsafe``: of those to be proved)
    ```dockerfile good    the rule finds nothing

A block ``before`` without ``after`` has no edits. Every page names its rule's severity, codes and summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jettison.dockerfile import Context, open_context
from jettison.rewrite.fix import fix
from jettison.rewrite.lint import lint
from jettison.rewrite.model import Rule
from jettison.rewrite.rules import RULES

PAGES = Path(__file__).parents[2] / "docs" / "rules"
FENCE = re.compile(r"^```(?P<info>\S[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def name(rule: Rule) -> str:
    return rule.name


def page(rule: Rule) -> str:
    path = PAGES / f"{rule.name}.md"
    assert path.is_file(), f"the rule {rule.name} has no page"
    return path.read_text()


def blocks(text: str, directory: Path) -> Iterator[tuple[str, str, Context | None]]:
    """Each dockerfile block with the context that the fences above it describe."""
    files: dict[str, str] = {}
    for number, found in enumerate(FENCE.finditer(text)):
        kind, _, rest = found["info"].partition(" ")
        if kind == "context":
            files = {}
            for line in found["body"].split("\n"):
                path, _, size = line.strip().partition(" ")
                files |= {path: "x" * int(size or 1)} if path else {}
        elif kind == "file":
            files[rest] = found["body"]
        elif kind == "dockerfile":
            yield rest, found["body"], _context(files, directory / str(number)) if files else None


def _context(files: dict[str, str], directory: Path) -> Context:
    for path, content in files.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not path.endswith("/"):
            place.write_text(content)
    return open_context(directory)


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_a_page_shows_what_is_so(rule: Rule, tmp_path: Path) -> None:
    kinds = list(blocks(page(rule), tmp_path))
    assert {"before", "good"} <= {kind for kind, _, _ in kinds}
    for at, (kind, text, context) in enumerate(kinds):
        found = lint(text, context=context, rules=(rule,)).findings
        following = kinds[at + 1] if at + 1 < len(kinds) else ("", "", None)
        match kind:
            case "before":
                assert found, f"nothing is found in\n{text}"
                assert {finding.rule for finding in found} == {rule.name}
                mended = following[1] if following[0].startswith("after") else text
                safe = following[1] if following[0] == "after" else text
                assert fix(text, context=context, rules=(rule,), unsafe=True)[0] == mended
                assert fix(text, context=context, rules=(rule,))[0] == safe
            case "after" | "after unsafe":
                assert kinds[at - 1][0] == "before"
            case "good":
                assert not found, f"{found[0].message} in\n{text}"
            case _:
                raise AssertionError(f"no such block: {kind}")


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_a_page_names_its_rule(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"# {rule.name}\n\n{rule.severity}")
    assert rule.summary in text.replace("\n", " ")
    assert [code for code in rule.also if code not in text] == []


def row(rule: Rule) -> str:
    """The line of a rule in ``docs/rules/README.md``."""
    return f"| [{rule.name}]({rule.name}.md) | {rule.severity} | {rule.summary} | {', '.join(rule.also)} |"


def test_all_rules_are_listed() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert {path.stem for path in PAGES.glob("*.md")} == {"README", "hadolint", *map(name, RULES)}
    listed = [line for line in (PAGES / "README.md").read_text().splitlines() if line.startswith("| [")]
    assert listed == [row(rule) for rule in sorted(RULES, key=name)]
