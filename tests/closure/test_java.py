"""Jars."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jettison.closure.java import class_path


def _jar(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nClass-Path: lib/a.jar li\r\n b/b.jar\r\n\r\n"
        )
    return path.read_bytes()


def test_the_class_path_of_a_manifest_is_read_over_its_line_breaks(tmp_path: Path) -> None:
    _jar(tmp_path / "a.jar")
    assert class_path(str(tmp_path / "a.jar")) == ["lib/a.jar", "lib/b.jar"]


@given(st.integers(0, 250), st.integers(0, 255))
def test_no_damage_raises(tmp_path_factory, place: int, value: int) -> None:  # type: ignore[no-untyped-def]
    jar = tmp_path_factory.mktemp("jar") / "a.jar"
    content = bytearray(_jar(jar))
    content[place % len(content)] = value
    jar.write_bytes(content)
    class_path(str(jar))
