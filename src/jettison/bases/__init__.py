"""Base images: a catalogue of them, which could take another's place, and whether a registry has them."""

from __future__ import annotations

from jettison.bases.choose import language, runtimes, variants
from jettison.bases.lookup import closest, find, find_all
from jettison.bases.model import Found, Needs, Variant
from jettison.bases.needs import lacks

__all__ = [
    "Found", "Needs", "Variant",
    "closest", "find", "find_all", "lacks", "language", "runtimes", "variants",
]  # fmt: skip
