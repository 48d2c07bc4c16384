"""VEX: what somebody states about vulnerabilities in a product, read and written."""

from __future__ import annotations

from jettison.security.vex.applying import apply
from jettison.security.vex.model import Statement, Status, Target
from jettison.security.vex.reading import parse, read
from jettison.security.vex.writing import write

__all__ = ["Statement", "Status", "Target", "apply", "parse", "read", "write"]
