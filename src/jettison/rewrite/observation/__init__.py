"""Where no recipe knows better: a Dockerfile by observation, whose last stage copies what a plan keeps."""

from __future__ import annotations

from jettison.rewrite.observation.model import Observed
from jettison.rewrite.observation.write import write

__all__ = ["Observed", "write"]
