"""Manifests, indexes and descriptors: what is written, what is read, what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidInput, NotFound, Unsupported
from jettison.oci import mediatypes
from jettison.oci.descriptor import Descriptor, Platform
from jettison.oci.manifest import SIZE_LIMIT, Index, Manifest, parse

CONFIG = Descriptor.of(mediatypes.OCI_CONFIG, b"{}")
LAYER = Descriptor.of(mediatypes.OCI_LAYER_ZSTD, b"layer")
MANIFEST = Manifest(CONFIG, (LAYER,), {"b": "2", "a": "é"}, subject=CONFIG, artifact_type="text/x")


def document(**more: Any) -> bytes:
    return json.dumps(json.loads(MANIFEST.to_bytes()) | more).encode()


def test_what_is_written_is_read() -> None:
    assert parse(MANIFEST.to_bytes()) == MANIFEST
    index = Index((Descriptor("", LAYER.digest, 1, platform=Platform("linux", "arm64", "v8")),), {"a": "b"})
    assert parse(index.to_bytes()) == index


def test_the_same_bytes_whatever_the_order() -> None:
    other = Manifest(CONFIG, (LAYER,), {"a": "é", "b": "2"}, subject=CONFIG, artifact_type="text/x")
    assert other.to_bytes() == MANIFEST.to_bytes()


def test_docker_s_manifests() -> None:
    found = parse(document(mediaType=mediatypes.DOCKER_MANIFEST))
    assert isinstance(found, Manifest)
    assert found.media_type == mediatypes.DOCKER_MANIFEST


@pytest.mark.parametrize("said", ["", mediatypes.OCI_MANIFEST])
def test_without_a_media_type_of_its_own(said: str) -> None:
    assert parse(document(mediaType=None), said) == MANIFEST


def test_docker_s_schema_1() -> None:
    with pytest.raises(Unsupported, match="schema 1"):
        parse(b'{"schemaVersion": 1, "fsLayers": []}')


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff", b"[]", b"1", b"null", b"{}", b'{"manifests": 3}', b'{"layers": []}', b" " * (SIZE_LIMIT + 1),
        document(layers=None), document(config="x"), document(annotations=[1]), document(mediaType="text/plain"),
        document(config={"digest": "sha256:1", "size": 1}), document(layers=[LAYER.to_json() | {"size": -1}]),
        document(layers=[LAYER.to_json() | {"size": True}]), document(layers=[LAYER.to_json() | {"size": "1"}]),
        document(layers=[LAYER.to_json() | {"digest": 5}]), document(layers=[LAYER.to_json() | {"platform": 5}]),
        document(mediaType=["x"]), b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_none(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^cannot read [^\n]*$"):
        parse(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(["config", "layers", "annotations", "subject", "mediaType", "schemaVersion", "manifests"]), JSON)
def test_any_value_anywhere(key: str, value: Any) -> None:
    try:
        parse(document(**{key: value}))
    except (InvalidInput, Unsupported):
        pass


def test_the_first_that_fits() -> None:
    arm, old = Platform("linux", "arm", "v7"), Platform("linux", "arm", "v6")
    index = Index(tuple(Descriptor(str(p), LAYER.digest, 1, platform=p) for p in (old, arm)))
    assert index.select(arm).media_type == "linux/arm/v7"
    assert index.select(Platform("linux", "arm")).media_type == "linux/arm/v6"
    with pytest.raises(NotFound, match="no image for linux/amd64, only for linux/arm/v6, linux/arm/v7"):
        index.select(Platform("linux", "amd64"))


@pytest.mark.parametrize("text", ["", "linux", "linux/", "/amd64", "a/b/c/d"])
def test_no_platform(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read platform"):
        Platform.parse(text)
