"""Image + Plan -> small Image."""

from __future__ import annotations

from jettison.carve.carve import carve
from jettison.carve.layering import LAYERS, layering
from jettison.carve.strip import Stripped, strip_files

__all__ = ["LAYERS", "Stripped", "carve", "layering", "strip_files"]
