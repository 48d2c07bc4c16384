"""The order of versions in each ecosystem, and which of them an advisory hits.

``scheme("Debian:12")`` is the name of an order; ``compare`` and ``satisfies`` take it. ``is_affected`` and ``fixed_in``
ask an advisory. One module for each scheme, all of them listed in ``registry.SCHEMES``.
"""

from __future__ import annotations

from jettison.security.versions.ranges import fixed_in, is_affected
from jettison.security.versions.registry import SCHEMES, compare, satisfies, scheme

__all__ = ["SCHEMES", "compare", "fixed_in", "is_affected", "satisfies", "scheme"]
