"""What Trivy, Grype and Syft found, as our own scan, so that it can be compared and shown."""

from __future__ import annotations

from jettison.security.foreign.reading import read, recognise

__all__ = ["read", "recognise"]
