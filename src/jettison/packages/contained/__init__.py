"""Packages that are inside files. A finder is one file and one line of ``FINDERS``."""

from __future__ import annotations

from jettison.packages.contained.model import Finder

__all__ = ["FINDERS", "Finder"]

FINDERS: tuple[Finder, ...] = ()
