"""What the tests of unpacking share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jettison.oci.removal import remove_tree
from tools import need


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """An empty directory, and beside it a file that nobody may touch."""
    need()
    (tmp_path / "outside").write_bytes(b"outside")
    before = (tmp_path / "outside").stat()
    place = tmp_path / "root"
    place.mkdir()
    try:
        yield place
        assert sorted(os.listdir(tmp_path)) == ["outside", "root"]
        after = (tmp_path / "outside").stat()
        assert (tmp_path / "outside").read_bytes() == b"outside"
        assert (after.st_nlink, after.st_mode, after.st_uid) == (1, before.st_mode, before.st_uid)
    finally:
        remove_tree(place)  # too deep for pytest to remove
