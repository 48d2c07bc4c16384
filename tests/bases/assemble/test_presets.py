"""Presets, and what they bring along."""

from __future__ import annotations

import hashlib

import pytest

from jettison.bases.assemble.keystore import keystore
from jettison.bases.assemble.presets import preset, presets, shipped
from jettison.cli.base import command
from jettison.errors import InvalidInput, NotFound


def test_each_holds_what_the_one_below_it_holds() -> None:
    assert list(presets()) == ["static", "base", "cc", "python3", "java17", "java21", "nodejs"]
    smaller = preset("static").packages
    for name in ("base", "cc", "python3"):
        assert preset(name).packages[: len(smaller)] == smaller
        smaller = preset(name).packages
    assert preset("python3").entrypoint == ("/usr/bin/python3",)


def test_what_a_preset_leaves_out_is_not_what_it_takes() -> None:
    assert "libc6" in preset("static").without
    for each in presets().values():
        assert not set(each.packages) & set(each.without), each.name


def test_the_help_page_names_every_preset() -> None:
    assert command.help is not None
    assert all(name in command.help for name in presets())


def test_slices_are_of_packages_that_presets_take() -> None:
    assert {"libc6", "tzdata", "base-files"} <= set(shipped().packages)


def test_there_are_no_others() -> None:
    with pytest.raises(NotFound, match="cannot use preset 'perl': there are static, base, cc"):
        preset("perl")


def test_a_key_store_ends_with_its_digest() -> None:
    pem = b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"
    made = keystore([("one", pem), ("two", pem * 2)], 1)
    body, digest = made[:-20], made[-20:]
    assert digest == hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()
    assert body.startswith(bytes.fromhex("feedfeed 00000002 00000003"))
    assert body.count(b"\0\x05X.509\0\0\0\x03ABC") == 3
    assert b"two-1" in body


def test_what_is_no_certificate_is_refused() -> None:
    with pytest.raises(InvalidInput, match="one is not PEM"):
        keystore([("one", b"-----BEGIN CERTIFICATE-----!-----END CERTIFICATE-----")], 1)
