"""Valid documents in which one value was replaced."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

#: What may stand where something else belongs.
OTHERS: tuple[Any, ...] = (None, 0, -1, 5, 1.5, 10**400, True, "", "x", [], [None], [5], ["x"], {}, [{}], {"x": 5})


def broken(document: Any) -> st.SearchStrategy[Any]:
    """The document with one value, at any depth, replaced by another one."""
    places = [place for place in _places(document) if place]
    return st.tuples(st.sampled_from(places), st.sampled_from(OTHERS)).map(lambda drawn: _replaced(document, *drawn))


def _places(value: Any) -> Iterator[tuple[str | int, ...]]:
    yield ()
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from ((key, *place) for place in _places(each))


def _replaced(document: Any, place: tuple[str | int, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return changed
