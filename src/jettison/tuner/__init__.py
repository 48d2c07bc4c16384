"""Find the smallest Dockerfile that works: make candidates, order them by expected size, build and probe them.

``propose`` gives the candidates of a project; ``tune`` tries them against a ``pipeline.Case``, heals where it can,
and keeps the smallest that passes; ``rewrite`` does all of it for a Dockerfile that was built.
"""

from __future__ import annotations

from jettison.tuner.model import OBSERVATION, Outcome, Proposal, Settings, Tried, Tuned
from jettison.tuner.propose import propose
from jettison.tuner.rewrite import Rewritten, Source, project, rewrite, search
from jettison.tuner.tune import tune

__all__ = [
    "OBSERVATION", "Outcome", "Proposal", "Rewritten", "Settings", "Source", "Tried", "Tuned",
    "project", "propose", "rewrite", "search", "tune",
]  # fmt: skip
