"""A change touches what it names and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.dockerfile import edit, parse, render
from jettison.errors import DockerfileError

TEXT = """\
# syntax=docker/dockerfile:1

FROM  a   AS  b
\tRUN x \\
  # why
  y
COPY <<EOF /c
text
EOF
CMD z"""


def test_replace() -> None:
    found = parse(TEXT)
    changed = edit.replace(found, found.instructions[1], "RUN 1\nRUN 2")
    assert render(changed) == TEXT.replace("\tRUN x \\\n  # why\n  y\n", "RUN 1\nRUN 2\n")
    assert [(one.keyword, one.line, one.end_line) for one in changed.instructions] == [
        ("FROM", 3, 3), ("RUN", 4, 4), ("RUN", 5, 5), ("COPY", 6, 8), ("CMD", 9, 9),
    ]  # fmt: skip


def test_the_last_line_keeps_its_end() -> None:
    found = parse(TEXT)
    assert render(edit.replace(found, found.instructions[3], "CMD q\n")) == TEXT.replace("CMD z", "CMD q")
    assert render(edit.insert(found, "USER u")) == TEXT + "\nUSER u\n"
    assert render(edit.remove(found, found.instructions[3])) == TEXT.removesuffix("CMD z")


def test_insert_and_remove() -> None:
    found = parse(TEXT)
    assert render(edit.insert(found, "ENV a=b", found.instructions[2])) == TEXT.replace("COPY", "ENV a=b\nCOPY", 1)
    assert render(edit.remove(found, found.instructions[2])) == TEXT.replace("COPY <<EOF /c\ntext\nEOF\n", "")


def test_line_ends_and_byte_order_mark() -> None:
    found = parse("\ufeffFROM a\r\nRUN b\r\n")
    first, second = found.instructions
    assert render(edit.insert(found, "ARG x\nARG y", first)) == "\ufeffARG x\r\nARG y\r\nFROM a\r\nRUN b\r\n"
    assert render(edit.replace(found, first, "FROM c")) == "\ufeffFROM c\r\nRUN b\r\n"
    assert render(edit.replace(found, second, "RUN c \\\r\n d")) == "\ufeffFROM a\r\nRUN c \\\r\n d\r\n"


def test_the_result_must_be_a_dockerfile() -> None:
    found = parse(TEXT)
    with pytest.raises(DockerfileError, match="must be FROM"):
        edit.remove(found, found.instructions[0])
    with pytest.raises(DockerfileError, match="unknown instruction"):
        edit.insert(found, "NOTHING")


@given(st.lists(st.sampled_from(["RUN a", "COPY b c", "# d", "", "RUN e \\\n f"]), max_size=8), st.data())
def test_to_replace_by_itself_changes_nothing(lines: list[str], data: st.DataObject) -> None:
    found = parse("\n".join(["FROM s", *lines]))
    chosen = data.draw(st.sampled_from(found.instructions))
    assert edit.replace(found, chosen, chosen.source) == found


def test_where_an_instruction_is() -> None:
    first, second, third, _ = parse(TEXT).instructions
    assert [(one.line, one.column, one.end_line) for one in (first, second, third)] == [(3, 1, 3), (4, 2, 6), (7, 1, 9)]
