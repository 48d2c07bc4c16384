"""Secrets in an image: one row for each kind, in ``tokens`` and ``places``."""
