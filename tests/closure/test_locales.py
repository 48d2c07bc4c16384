"""Character sets."""

from __future__ import annotations

from jettison.closure.locales import Locales
from make import tree


def test_a_character_set_is_its_gconv_module_where_text_is_converted() -> None:
    gconv = "/usr/lib/x86_64-linux-gnu/gconv"
    locales = Locales(
        tree({f"{gconv}/ISO8859-15.so": "file", f"{gconv}/SJIS.so": "file", f"{gconv}/CP1252.so": "file"})
    )
    text = b"iconv('latin-9 ISO_8859-15', 'Shift_JIS', 'windows-1252')"
    assert len(set(locales.mentioned(text, converts=True))) == 3
    assert not set(locales.mentioned(text, converts=False))
