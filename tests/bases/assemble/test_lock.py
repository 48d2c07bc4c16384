"""Lock files: written, read again, and refused where they are not sane."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jettison.bases.assemble import lock
from jettison.bases.assemble.lock import Lock, Locked
from jettison.errors import InvalidConfiguration

LOCKED = Locked("libstdc++6", "1:12.2.0-14+deb12u1", "amd64", "0" * 64, 12, "http://mirror/pool/a_1%3a2.deb", "main")
LOCK = Lock("debian:bookworm", "amd64", ("a", 'odd "name" é\\'), ("b",), True, 1_700_000_000, (LOCKED,))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    for each in (LOCK, replace(LOCK, packages=(), dependencies=False)):
        lock.write(each, tmp_path / "lock")
        assert lock.read(tmp_path / "lock") == each


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("format = 1", "format = 2", "its format is 2"),
        ("suite", "sweet", "it has no suite"),
        ('name = "libstdc++6"', 'name = "../x"', "is no name of a package"),
        ('sha256 = "0', 'sha256 = "', "is no sha256 of a package"),
        ("http://mirror", "file://mirror", "is no url of a package"),
        ("size = 12", "size = -1", "is no size"),
        ("size = 12", "", "it has no size"),
        ('version = "1:', 'version = ":', "cannot read version"),
        ("date = 2023-11-14T22:13:20Z", "date = 1", "cannot read the lock"),
        ("[[package]]", "[[package", "cannot read the lock"),
        ('without = ["b"]', "without = [1]", "is no text"),
    ],
)
def test_refuses_what_was_not_written(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = lock.render(LOCK)
    assert old in text
    (tmp_path / "lock").write_text(text.replace(old, new))
    with pytest.raises(InvalidConfiguration, match=reason):
        lock.read(tmp_path / "lock")
