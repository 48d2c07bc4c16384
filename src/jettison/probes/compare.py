"""Whether two images gave the same answers.

Three readings of one fact are compared: what the original said, what it said when it was run a second time (if it
was), and what the small image said. Equal is equal; then times and ids are made alike (``normalise``); and what
still differs counts only where the original agreed with itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jettison.probes.model import Answer
from jettison.probes.normalise import normalise

#: Shown of a value in a difference, in characters.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question, the original's answer, and ``difference``: in words, or empty where the small image agreed."""

    probe: str
    original: Answer
    difference: str = ""

    @property
    def agreed(self) -> bool:
        """Whether the two images answered alike."""
        return not self.difference


def compare(
    original: Sequence[Answer], small: Sequence[Answer], repeat: Sequence[Answer] | None = None
) -> tuple[Comparison, ...]:
    """Answer by answer, in the original's order, then questions that only the small image led to.

    ``repeat`` are the answers of a second run of the original; a question that it did not lead to (a link whose
    name changes) is left out.
    """
    first, second, again = _named(original), _named(small), _named(repeat or ())
    found = []
    for name, answer in first.items():
        if repeat is not None and name not in again:
            continue
        found.append(Comparison(name, answer, _difference(answer, second.get(name), again.get(name))))
    for name, answer in second.items():
        if name not in first and name not in again:
            found.append(Comparison(name, answer, "only the small image leads to this question"))
    return tuple(found)


def _named(answers: Sequence[Answer]) -> dict[str, Answer]:
    """By the question, ids in it made alike; a question asked again is numbered."""
    found: dict[str, Answer] = {}
    for answer in answers:
        name = base = normalise(answer.probe)
        number = 1
        while name in found:
            number += 1
            name = f"{base} ({number})"
        found[name] = answer
    return found


def _difference(original: Answer, small: Answer | None, repeat: Answer | None) -> str:
    if small is None:
        return "not asked: no page of the small image leads to it"
    if original.ok and not small.ok:
        return small.error or "does not work"
    if small.ok and not original.ok and not (repeat and repeat.ok):
        return f"works, where the original did not: {original.error}"
    again = repeat.facts if repeat else original.facts
    for name in sorted(original.facts.keys() | small.facts.keys(), key=_weight):
        words = _fact(name, original.facts.get(name), again.get(name), small.facts.get(name))
        if words:
            return words
    return ""


def _weight(name: str) -> tuple[int, str]:
    """The telling facts first."""
    order = ("status", "exit", "stderr", "stdout", "body")
    return (order.index(name) if name in order else len(order), name)


def _fact(name: str, original: str | None, repeat: str | None, small: str | None) -> str:
    """The difference of one fact in words, or nothing."""
    if original is None or small is None:
        volatile = (original is None) != (repeat is None)
        there, gone = ("the original", "the small image") if small is None else ("the small image", "the original")
        return "" if volatile or original == small else f"{name} only from {there}, not from {gone}"
    if same(original, repeat, small):
        return ""
    was, now = _part(original, small)
    return f"{name} {was} became {now}"


def same(original: str, repeat: str | None, small: str) -> bool:
    """Whether ``small`` says what ``original`` said, as far as ``repeat``, its second run, said it too."""
    if small in (original, repeat):
        return True
    texts = [normalise(text) for text in (original, original if repeat is None else repeat, small)]
    if texts[2] in texts[:2]:
        return True
    leaves = [_json_leaves(text) for text in (original, original if repeat is None else repeat, small)]
    if None not in leaves:
        return _same_leaves(*(found or {} for found in leaves))
    return _same_tokens(*(re.findall(r"<\w+>|\w+|[^\w\s]", text) for text in texts))


def _same_tokens(original: list[str], repeat: list[str], small: list[str]) -> bool:
    """Words in order; where the original's own number of words varies, those that it always says must be said."""
    if len(original) != len(repeat):
        return set(original) & set(repeat) <= set(small)
    return len(small) == len(original) and all(
        s == o or o != r for o, r, s in zip(original, repeat, small, strict=True)
    )


def _same_leaves(original: Mapping[str, str], repeat: Mapping[str, str], small: Mapping[str, str]) -> bool:
    """The same keys, and the same values where the original agrees with itself."""
    if original.keys() != repeat.keys():
        shapes = [{re.sub(r"\[\d+\]", "[]", key) for key in leaves} for leaves in (original, repeat, small)]
        return shapes[0] & shapes[1] <= shapes[2] <= shapes[0] | shapes[1]
    return small.keys() == original.keys() and all(
        small[key] == value or repeat[key] != value for key, value in original.items()
    )


def _json_leaves(text: str) -> dict[str, str] | None:
    """Every value of a JSON document by its path; ``None`` where the text is no object or list."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return dict(_leaves(json.loads(text)))
    except (ValueError, RecursionError):
        return None


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """``.user.tags[0]`` -> its normalised value, an empty object or list being a value of its own."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}[{number}]")
    else:
        yield path, normalise(value if isinstance(value, str) else json.dumps(value))


def _part(original: str, small: str) -> tuple[str, str]:
    """The two texts from a little before where they part, short and on one line."""
    start = next((at for at, (a, b) in enumerate(zip(original, small, strict=False)) if a != b), None)
    if start is None:
        start = min(len(original), len(small))
    start = max(0, start - 10) if max(len(original), len(small)) > _SHOWN else 0
    return _quoted(original[start:]), _quoted(small[start:])


def _quoted(text: str) -> str:
    return repr(text[:_SHOWN] + ("…" if len(text) > _SHOWN else ""))
