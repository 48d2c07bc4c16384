"""Which paths of an image stay, and why."""

from __future__ import annotations

from jettison.plan.make import make
from jettison.plan.model import Plan, Policy, Wishes, strength
from jettison.plan.record import from_json, to_json
from jettison.plan.why import Explanation, why

__all__ = ["Explanation", "Plan", "Policy", "Wishes", "from_json", "make", "strength", "to_json", "why"]
