"""Paragraphs of fields."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jettison.packages.deb822 import paragraphs, render


def test_a_value_keeps_its_continuation_lines() -> None:
    text = "Package: a\nConffiles:\n /etc/a 12\n /etc/b 34\nVersion: 1\n\n"
    assert list(paragraphs(text)) == [[("Package", "a"), ("Conffiles", "\n /etc/a 12\n /etc/b 34"), ("Version", "1")]]


def test_lines_without_a_colon_and_continuations_of_nothing_are_passed_over() -> None:
    assert list(paragraphs(" x\nnonsense\nPackage: a\n\n\n\nPackage: b")) == [[("Package", "a")], [("Package", "b")]]


def test_a_paragraph_is_rendered_as_it_was() -> None:
    text = "Package: a\nEmpty:\nConffiles:\n /etc/a 12\nDescription: one\n two\n .\n three\n\n"
    assert "".join(map(render, paragraphs(text))) == text


@given(st.text())
def test_what_is_rendered_reads_the_same(text: str) -> None:
    once = list(paragraphs(text))
    again = list(paragraphs("".join(map(render, once))))
    assert again == once or any("" in (name.strip(), name) or name != name.strip() for par in once for name, _ in par)
