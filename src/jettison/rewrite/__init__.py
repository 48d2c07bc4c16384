"""Dockerfiles made better: by recipe, by observation, by rule."""
