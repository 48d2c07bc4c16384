"""Jettison makes container images small, proves that they still work, and measures what that won.

The floors of the package, lowest first; a module imports only its own package and lower floors:
``errors`` · ``oci``, ``dockerfile`` · ``filetree`` · ``packages``, ``closure``, ``runtime`` · ``builder``,
``observe``, ``probes``, ``attribution`` · ``plan`` · ``carve``, ``verify`` · ``report`` · ``pipeline`` · ``cli``.
"""

__version__ = "0.1.0"
