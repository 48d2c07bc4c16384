"""Minimal base images, assembled from the packages of Debian and Ubuntu without running any of their scripts."""

from __future__ import annotations

from jettison.bases.assemble.assemble import assemble, make
from jettison.bases.assemble.model import Assembled, Request

__all__ = ["Assembled", "Request", "assemble", "make"]
