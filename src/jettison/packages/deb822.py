"""Paragraphs of ``Name: value`` lines, as dpkg's status file has them (deb-control(5))."""

from __future__ import annotations

from collections.abc import Iterator


def paragraphs(text: str) -> Iterator[list[tuple[str, str]]]:
    """Each paragraph as fields in their order; a value keeps its continuation lines. Broken lines are passed over."""
    fields: list[tuple[str, str]] = []
    for line in text.split("\n"):
        if not line.strip():
            if fields:
                yield fields
            fields = []
        elif line[0] in " \t":
            if fields:
                fields[-1] = (fields[-1][0], f"{fields[-1][1]}\n{line}")
        else:
            name, colon, value = line.partition(":")
            if colon:
                fields.append((name, value.strip()))
    if fields:
        yield fields


def render(fields: list[tuple[str, str]]) -> str:
    """A paragraph with the empty line after it."""
    return "".join(f"{name}:{'' if value[:1] in ('', chr(10)) else ' '}{value}\n" for name, value in fields) + "\n"


def broken(text: str) -> int:
    """How many lines are neither a field, nor the continuation of one, nor empty."""
    return sum(bool(line.strip()) and line[0] not in " \t" and ":" not in line for line in text.split("\n"))
