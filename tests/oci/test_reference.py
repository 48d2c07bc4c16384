"""References: what people write, and what is meant."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidReference
from jettison.oci.digest import Digest
from jettison.oci.reference import (
    DockerArchiveReference,
    DockerDaemonReference,
    OciArchiveReference,
    OciReference,
    RegistryReference,
    StoreReference,
    name,
    parse,
)

DIGEST = Digest.of(b"x")


@pytest.mark.parametrize(
    ("text", "full", "familiar"),
    [
        ("node:8", "docker.io/library/node:8", "node:8"),
        ("node", "docker.io/library/node:latest", "node:latest"),
        ("docker://node:8", "docker.io/library/node:8", "node:8"),
        ("index.docker.io/node:8", "docker.io/library/node:8", "node:8"),
        ("docker.io/me/app", "docker.io/me/app:latest", "me/app:latest"),
        ("me/app:1", "docker.io/me/app:1", "me/app:1"),
        ("ghcr.io/me/app:1", "ghcr.io/me/app:1", "ghcr.io/me/app:1"),
        ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
        ("localhost:5000/app", "localhost:5000/app:latest", "localhost:5000/app:latest"),
        ("[::1]:5000/a/b:t", "[::1]:5000/a/b:t", "[::1]:5000/a/b:t"),
        ("Registry/app", "Registry/app:latest", "Registry/app:latest"),
        ("app:small", "docker.io/library/app:small", "app:small"),
        ("a__b/c--d.e:_x", "docker.io/a__b/c--d.e:_x", "a__b/c--d.e:_x"),
        (f"node@{DIGEST}", f"docker.io/library/node@{DIGEST}", f"node@{DIGEST}"),
        (f"node:8@{DIGEST}", f"docker.io/library/node:8@{DIGEST}", f"node:8@{DIGEST}"),
    ],
)
def test_a_name_is_completed_as_docker_does(text: str, full: str, familiar: str) -> None:
    reference = parse(text)
    assert isinstance(reference, RegistryReference)
    assert (str(reference), reference.familiar) == (full, familiar)
    assert parse(full) == reference == parse(familiar)


def test_a_digest_says_more_than_a_tag() -> None:
    assert name(f"node:8@{DIGEST}").target == str(DIGEST)
    assert name("node:8").target == "8"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("oci:dir", OciReference(Path("dir"))),
        ("oci:/a/dir:v1", OciReference(Path("/a/dir"), "v1")),
        ("oci:dir:localhost:5000/a:1", OciReference(Path("dir"), "localhost:5000/a:1")),
        ("oci-archive:a.tar:v1", OciArchiveReference(Path("a.tar"), "v1")),
        ("docker-archive:a.tar", DockerArchiveReference(Path("a.tar"))),
        ("docker-archive:a.tar:node:8", DockerArchiveReference(Path("a.tar"), name("node:8"))),
        ("docker-archive:a.tar:@1", DockerArchiveReference(Path("a.tar"), index=1)),
        ("docker-daemon:node:8", DockerDaemonReference(name("node:8"))),
        (f"docker-daemon:{DIGEST}", DockerDaemonReference(DIGEST)),
        (str(DIGEST), StoreReference(DIGEST)),
    ],
)
def test_transports(text: str, reference: object) -> None:
    assert parse(text) == reference
    assert str(reference) == text
    assert parse(str(reference)) == reference


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "names no repository"),
        ("Node:8", "lower case"),
        ("node:", "not a tag"),
        ("node:a b", "not a tag"),
        ("node:" + "a" * 129, "not a tag"),
        ("a//b", "not a repository name"),
        ("-a", "not a repository name"),
        ("node@sha256:12", "not a digest"),
        ("node@", "not a digest"),
        ("http://node", "no transport 'http'"),
        ("oci:", "nothing follows"),
        ("oci::tag", "names no path"),
        ("docker-archive:a.tar:@x", "not @ and a number"),
        ("docker-daemon:", "nothing follows"),
        ("a" * 256, "longer than"),
        ("ab" * 32, "identifier"),
        ("a.b:x/app", "not a host"),
        ("node\n:8", "not a repository name"),
    ],
)
def test_what_is_not_a_reference_says_why(text: str, reason: str) -> None:
    with pytest.raises(InvalidReference, match=reason) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_an_error(text: str) -> None:
    with suppress(InvalidReference):
        reference = parse(text)
        assert parse(str(reference)) == reference
