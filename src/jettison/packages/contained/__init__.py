"""Packages that are inside files. A finder is one file and one line of ``FINDERS``."""

from __future__ import annotations

from jettison.packages.contained.dotnet import DotNet
from jettison.packages.contained.java import Java
from jettison.packages.contained.locks import Locks
from jettison.packages.contained.manifests import Manifests
from jettison.packages.contained.model import Finder
from jettison.packages.contained.packed import Packed
from jettison.packages.contained.programs import Programs

__all__ = ["FINDERS", "Finder"]

FINDERS: tuple[Finder, ...] = (Programs(), Java(), DotNet(), Locks(), Manifests(), Packed())
