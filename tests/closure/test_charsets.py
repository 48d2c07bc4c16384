"""Character sets."""

from __future__ import annotations

import pytest

from jettison.closure.charsets import Charsets
from make import tree

GCONV = "/usr/lib/x86_64-linux-gnu/gconv"
MODULES = {f"{GCONV}/{name}.so": "file" for name in ("ISO8859-15", "SJIS", "CP1252", "UHC", "IBM850", "KOI8-R")}
CONFIGURATION = b"""# from to module cost
alias	LATIN-9//	ISO-8859-15//
module	ISO-8859-15//	INTERNAL	ISO8859-15	1
module	INTERNAL	ISO-8859-15//	ISO8859-15	1
"""
MORE = b"""alias SHIFT-JIS// SJIS//
module SJIS// INTERNAL SJIS 1
alias CP949// UHC//
module UHC// INTERNAL UHC 1
alias CP850// IBM850//
module IBM850// INTERNAL IBM850 1
broken
"""
IMAGE = tree(
    {**MODULES, f"{GCONV}/gconv-modules": CONFIGURATION, f"{GCONV}/gconv-modules.d/gconv-modules-extra.conf": MORE}
)


def modules(text: bytes, content: bytes | None = None) -> set[str]:
    found = Charsets(IMAGE).mentioned(text, text if content is None else content)
    return {path.removeprefix(f"{GCONV}/").removesuffix(".so") for path in found}


@pytest.mark.parametrize(
    ("name", "module"),
    [(b"latin-9", "ISO8859-15"), (b"ISO_8859-15", "ISO8859-15"), (b"Shift_JIS", "SJIS"), (b"windows-1252", "CP1252"),
     (b"CP949", "UHC"), (b"cp850", "IBM850"), (b"KOI8-R", "KOI8-R")],
)  # fmt: skip
def test_a_character_set_is_its_module_by_every_name(name: bytes, module: str) -> None:
    assert modules(b'iconv("UTF-8", "%b", text)' % name) == {module}


def test_nothing_is_kept_where_nothing_is_converted() -> None:
    assert not modules(b'encode("latin-9")')
    assert not modules(b'from iconvenient import "UTF-8"')


COMPUTED = [
    b'iconv("UTF-8", $to, $text)',
    b"iconv($from, 'UTF-8', $text)",
    b'cat "$1" | iconv -f "$2" -t UTF-8',
    b"subprocess.run(['iconv', '-f', charset])",
]


@pytest.mark.parametrize("source", COMPUTED)
def test_every_module_is_kept_where_the_name_is_computed(source: bytes) -> None:
    assert {*MODULES} <= {f"{GCONV}/{name}.so" for name in modules(source)}


def test_a_program_that_names_no_character_set_is_told_one() -> None:
    content = b"\x7fELF\0iconv_open\0"
    assert "gconv-modules" in modules(b"UTF-8", content)
    assert modules(b"UTF-8\nCP949", content) == {"UHC"}


def test_an_image_without_glibc_has_no_modules() -> None:
    assert not set(Charsets(tree({"/lib/ld-musl-x86_64.so.1": "file"})).mentioned(b"iconv($a, $b)", b"iconv($a, $b)"))
