"""Digests and configurations: what is read, what is written, what is refused."""

from __future__ import annotations

import hashlib
import json

import pytest

from jettison.errors import InvalidInput
from jettison.oci.config import ContainerConfig, Healthcheck, History, ImageConfig
from jettison.oci.digest import Digest


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_digests(algorithm: str) -> None:
    text = f"{algorithm}:{hashlib.new(algorithm, b'x').hexdigest()}"
    digest = Digest.parse(text)
    assert str(digest) == text
    assert digest.hasher().name == algorithm


@pytest.mark.parametrize("text", ["", "x", "sha256:", "sha256:" + "A" * 64, "sha256:" + "0" * 63, "md5:" + "0" * 32])
def test_what_is_no_digest(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read digest"):
        Digest.parse(text)


def test_a_configuration_is_read_as_it_was_written() -> None:
    container = ContainerConfig(
        env=("A=1", "B=é"), entrypoint=(), cmd=("x",), user="1:2", exposed_ports=("80/tcp",), labels={"b": "1"},
        healthcheck=Healthcheck(("CMD", "x"), interval=5), extra={"Tty": True},
    )  # fmt: skip
    config = ImageConfig(container=container, history=(History("a"), History("b", empty_layer=True)), extra={"x": [1]})
    assert ImageConfig.from_bytes(config.to_bytes()) == config


@pytest.mark.parametrize(
    "value", [b"", b"[]", b"\xff", b"[" * 100_000, *(json.dumps({k: 5}).encode() for k in ("config", "history"))]
)
def test_what_is_no_configuration(value: bytes) -> None:
    with pytest.raises(InvalidInput, match="cannot read image configuration"):
        ImageConfig.from_bytes(value)
