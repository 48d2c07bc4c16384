"""A store with a tiny base image, for tests that build."""

from __future__ import annotations

import pytest

from builder.dockerfiles import BASE, BASE_NAME, make_context
from jettison.builder import build
from jettison.oci.layout import Store
from tools import need


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that has ``localhost/tiny:latest``."""
    need("runc", "busybox")
    directory = tmp_path_factory.mktemp("builds")
    make_context(directory / "context")
    made = Store.open(directory / "store")
    build(made, directory / "context", BASE, tag=BASE_NAME)
    return made
