"""Digests, descriptors and platforms."""

from __future__ import annotations

import hashlib

import pytest

from jettison.errors import InvalidInput
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.digest import Digest

HEX = hashlib.sha256(b"content").hexdigest()
GOOD = {"mediaType": "text/plain", "digest": f"sha256:{HEX}", "size": 7}


def test_digests_are_read_as_they_are_written() -> None:
    digest = Digest.of(b"content")
    assert str(digest) == f"sha256:{HEX}"
    assert Digest.parse(str(digest)) == digest
    assert digest.short == HEX[:12]
    assert digest.hasher().name == "sha256"
    assert Digest.parse("sha512:" + "0" * 128).hasher().name == "sha512"


@pytest.mark.parametrize(
    "text",
    [
        "", "sha256", "sha256:", HEX, f"sha256:{HEX}0", f"sha256:{HEX[1:]}", f"sha256:{HEX.upper()}",
        f"md5:{HEX[:32]}", f"SHA256:{HEX}", f"sha256:{HEX}\n", f" sha256:{HEX}", f"sha512:{HEX}",
        f"sha256:../{HEX[3:]}", f"sha256+b64:{HEX}",
    ],
)  # fmt: skip
def test_what_is_no_digest(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read digest"):
        Digest.parse(text)


def test_descriptors_are_read_as_they_are_written() -> None:
    full = Descriptor(
        "text/plain", Digest.of(b"x"), 1, {"b": "2", "a": "1"}, Platform("linux", "arm", "v7"), ("https://x/y",)
    )
    assert Descriptor.from_json(full.to_json()) == full
    assert Descriptor.from_json(GOOD) == Descriptor.of("text/plain", b"content")
    assert Descriptor.of("text/plain", b"content").to_json() == GOOD


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "sha256:1"}, {"digest": 5}, {"digest": None}, {"size": -1}, {"size": "7"}, {"size": 7.0},
        {"size": True}, {"size": None}, {"annotations": 5}, {"platform": "linux"}, {"urls": 5},
    ],
)  # fmt: skip
def test_what_is_no_descriptor(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="cannot read"):
        Descriptor.from_json(GOOD | change)


@pytest.mark.parametrize("value", [None, [], "text", {}, {"size": 1}])
def test_what_is_nothing_like_a_descriptor(value: object) -> None:
    with pytest.raises(InvalidInput, match="cannot read descriptor"):
        Descriptor.from_json(value)


def test_platforms() -> None:
    assert str(Platform.parse("linux/arm64/v8")) == "linux/arm64/v8"
    assert Platform.host().os == "linux"
    with pytest.raises(InvalidInput, match="cannot read platform 'linux': expected OS/ARCHITECTURE"):
        Platform.parse("linux")


@pytest.mark.parametrize(
    ("here", "there", "runs"),
    [
        ("linux/amd64", "linux/amd64", True),
        ("linux/amd64", "linux/arm64", False),
        ("linux/amd64", "windows/amd64", False),
        ("linux/arm64/v8", "linux/arm64", True),
        ("linux/arm/v7", "linux/arm/v6", False),
    ],
)
def test_what_runs_where(here: str, there: str, runs: bool) -> None:
    assert Platform.parse(here).accepts(Platform.parse(there)) is runs
