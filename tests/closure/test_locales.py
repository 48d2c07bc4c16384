"""Locales."""

from __future__ import annotations

from jettison.closure.locales import Locales
from make import tree

IMAGE = tree(
    {
        "/usr/lib/locale/locale-archive": "file",
        "/usr/lib/locale/de_DE.utf8/LC_TIME": "file",
        "/usr/lib/locale/fr_FR.utf8/LC_TIME": "file",
        "/usr/share/locale/de/LC_MESSAGES/libc.mo": "file",
    }
)


def test_a_locale_is_its_directory_its_language_and_the_archive() -> None:
    assert set(Locales(IMAGE).mentioned(b'setlocale(LC_ALL, "de_DE.UTF-8")')) == {
        "/usr/lib/locale/locale-archive",
        "/usr/lib/locale/de_DE.utf8/LC_TIME",
        "/usr/share/locale/de/LC_MESSAGES/libc.mo",
    }


def test_the_name_alone_sets_no_locale() -> None:
    assert not set(Locales(IMAGE).mentioned(b'translations = "de_DE"'))
