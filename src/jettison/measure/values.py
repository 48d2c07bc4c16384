"""Values of a JSON document that somebody else may have written, each checked as it is read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Sizes, rates and times are below it, so that sums of them are finite.
LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Values:
    """One object of the document; ``place`` says where it is. All methods raise ``ValueError`` naming the key."""

    value: Mapping[str, Any]
    place: str = ""

    def text(self, key: str, default: str | None = None) -> str:
        """Text that UTF-8 can hold; ``default`` where there is no such key."""
        return _text(self._get(key, default), self._at(key))

    def count(self, key: str, default: int | None = None, *, least: int = 0) -> int:
        """A whole number."""
        return _count(self._get(key, default), self._at(key), least)

    def maybe_count(self, key: str, *, least: int = 0) -> int | None:
        """The same; ``None`` for null and where there is no such key."""
        return None if self.value.get(key) is None else self.count(key, least=least)

    def number(self, key: str, default: float | None = None, *, least: float = 0.0) -> float:
        """A finite number."""
        return _number(self._get(key, default), self._at(key), least)

    def maybe_number(self, key: str) -> float | None:
        """The same; ``None`` for null and where there is no such key."""
        return None if self.value.get(key) is None else self.number(key)

    def flag(self, key: str, default: bool | None = None) -> bool | None:
        """True or false; ``default`` where there is no such key, or null."""
        found = self.value.get(key)
        if found is not None and not isinstance(found, bool):
            raise ValueError(f"{self._at(key)} is neither true nor false")
        return default if found is None else found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where there is no such key."""
        return tuple(_text(one, at) for one, at in self._list(key, []))

    def named_texts(self, key: str) -> dict[str, str]:
        """An object of texts; empty where there is no such key."""
        inner = self._inner(key)
        return {_text(name, inner.place): inner.text(name) for name in inner.value}

    def named_numbers(self, key: str) -> dict[str, float]:
        """An object of numbers; empty where there is no such key."""
        inner = self._inner(key)
        return {_text(name, inner.place): inner.number(name) for name in inner.value}

    def each(self, key: str, default: list[Any] | None = None) -> Iterator[Values]:
        """The objects of a list."""
        return (values(one, at) for one, at in self._list(key, default))

    def _inner(self, key: str) -> Values:
        return values(self._get(key, {}), self._at(key))

    def _list(self, key: str, default: list[Any] | None) -> list[tuple[Any, str]]:
        found = self._get(key, default)
        if not isinstance(found, list):
            raise ValueError(f"{self._at(key)} is no list")
        return [(one, f"{self._at(key)}[{number}]") for number, one in enumerate(found)]

    def _get(self, key: str, default: Any) -> Any:
        found = self.value.get(key, default)
        if found is None and key not in self.value:
            raise ValueError(f"there is no {self._at(key)}")
        return found

    def _at(self, key: str) -> str:
        shown = key if key.isidentifier() and key.isprintable() else repr(key)
        return f"{self.place}.{shown}" if self.place else shown


def values(value: Any, place: str = "") -> Values:
    """``value`` where it is an object; else ``ValueError``."""
    if not isinstance(value, dict):
        raise ValueError(f"{place or 'it'} is no object")
    return Values(value, place)


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{place} is no text")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(f"{place} is no text that UTF-8 can hold")
    return value


def _count(value: Any, place: str, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < LARGEST:
        raise ValueError(f"{place} is no whole number from {least}")
    return value


def _number(value: Any, place: str, least: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{place} is no number")
    if not (least <= value < LARGEST and math.isfinite(value)):
        raise ValueError(f"{place} is no finite number from {least:g}")
    return value
