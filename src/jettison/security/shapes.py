"""Members of JSON documents of others. What is there has to be of its kind; ``ValueError`` says which member is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def rows(holder: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list that may be null or missing."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError(f"{key} is no list of objects")
    return value


def table(holder: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object that may be null or missing."""
    value = holder.get(key)
    if value is not None and not isinstance(value, dict):
        raise ValueError(f"{key} is no object")
    return value or {}


def word(holder: Mapping[str, Any], key: str) -> str:
    """A text that may be null or missing."""
    value = holder.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is no text")
    return value or ""


def required(holder: Mapping[str, Any], key: str) -> str:
    """A text that is not empty."""
    value = word(holder, key)
    if not value:
        raise ValueError(f"{key} is missing")
    return value


def words(holder: Mapping[str, Any], key: str) -> list[str]:
    """The texts of a list that may be null or missing."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{key} is no list of texts")
    return value
