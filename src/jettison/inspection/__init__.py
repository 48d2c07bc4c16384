"""Where the bytes of an image are, which of them are waste, and what two images differ in."""

from __future__ import annotations

from jettison.inspection.contents import inspect
from jettison.inspection.difference import difference
from jettison.inspection.model import Contents, Difference

__all__ = ["Contents", "Difference", "difference", "inspect"]
