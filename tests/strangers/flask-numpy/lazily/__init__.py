"""Modules that are imported by name."""
