"""Names of commands, libraries and zones; families of plug-ins; locales and character sets."""

from __future__ import annotations

from jettison.closure.locales import Locales
from jettison.closure.names import Names
from make import tree


def test_the_first_executable_on_path_is_the_command() -> None:
    image = tree({"/opt/bin/x": "file 0755", "/usr/bin/x": "file 0755", "/usr/local/bin/y": "file 0644",
                  "/usr/bin/y": "link -> x"})  # fmt: skip
    names = Names(image, ["/opt/bin"])
    assert (names.command("x"), names.command("y"), names.command("z")) == ("/opt/bin/x", "/usr/bin/y", None)


def test_zones_are_known_by_their_names() -> None:
    names = Names(tree({"/usr/share/zoneinfo/Asia/Tokyo": "file", "/usr/share/zoneinfo/right/UTC": "file"}))
    assert dict(names.zones) == {"Asia/Tokyo": "/usr/share/zoneinfo/Asia/Tokyo"}


def test_a_character_set_is_its_gconv_module_where_text_is_converted() -> None:
    gconv = "/usr/lib/x86_64-linux-gnu/gconv"
    locales = Locales(
        tree({f"{gconv}/ISO8859-15.so": "file", f"{gconv}/SJIS.so": "file", f"{gconv}/CP1252.so": "file"})
    )
    text = b"iconv('latin-9 ISO_8859-15', 'Shift_JIS', 'windows-1252')"
    assert len(set(locales.mentioned(text, converts=True))) == 3
    assert not set(locales.mentioned(text, converts=False))
