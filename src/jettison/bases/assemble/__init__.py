"""Minimal base images, assembled from the packages of Debian and Ubuntu without running any of their scripts."""

from __future__ import annotations

from jettison.bases.assemble.assemble import assemble, make
from jettison.bases.assemble.model import DEFAULT_SUITE, Assembled, Request

__all__ = ["DEFAULT_SUITE", "Assembled", "Request", "assemble", "make"]
