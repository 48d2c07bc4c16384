"""Strings of programs that pack them."""

from __future__ import annotations

from jettison.closure import packed, strings
from make import tree


def test_go_and_rust_pack_their_strings() -> None:
    assert strings.separated(b"\x7fELF a\0b")
    for packed_by in (b"\xff Go buildinf:", b"/rustc/0123abc/library", b"/usr/src/rustc-1.63.0/library"):
        assert not strings.separated(b"\x7fELF" + packed_by)


def test_a_packed_path_is_the_longest_that_there_is() -> None:
    image = tree({"/data/a": b"", "/data/ab": b"", "/data/c/d": b""})
    assert set(packed.paths(image, b"x/data/abcno/data/c%s")) == {"/data/ab"}


def test_a_packed_library_is_the_longest_that_is_known() -> None:
    assert list(packed.sonames({"libz.so.1": 1, "z.so.1": 1}, b"invalidlibz.so.1")) == ["libz.so.1"]
