"""Whether images exist, as a store and registries say it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import images
from jettison.bases import Found, closest, find, find_all
from jettison.bases.lookup import mirrored
from jettison.errors import InvalidReference, NotFound, RegistryError
from jettison.oci import transfer
from jettison.oci.layout import Store
from jettison.oci.reference import RegistryReference, name
from jettison.oci.registry import Repository
from registry_fake import FakeRegistry
from servers import docker_registry, free_port

MANIFEST = ("application/vnd.oci.image.manifest.v1+json", b"{}")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with FakeRegistry().serving() as fake:
        fake.manifests["hub/library/node"] = {"8-slim": MANIFEST}
        tags = ("3.7", "3.7-slim-buster", "3.7-slim-bookworm", "3.7-bookworm", "3.8-slim")
        fake.manifests["hub/library/python"] = dict.fromkeys(tags, MANIFEST)
        yield fake


def test_the_store_goes_first(store: Store, registry: FakeRegistry, tmp_path: Path) -> None:
    image = images.image(store, images.write(tmp_path / "root", {"/a": b"a"}))
    assert image.descriptor
    store.tag("docker.io/library/node:8-slim", image.descriptor)
    for offline in (False, True):
        found = find(store, "node:8-slim", mirror=f"{registry.domain}/hub", offline=offline)
        assert found == Found("node:8-slim", True, "in the store")
    assert registry.log == []


def test_the_store_may_have_it_under_the_name_of_the_mirror(store: Store, tmp_path: Path) -> None:
    image = images.image(store, images.write(tmp_path / "root", {"/a": b"a"}))
    assert image.descriptor
    store.tag("localhost:1/hub/library/node:8", image.descriptor)
    assert find(store, "node:8", mirror="localhost:1/hub", offline=True) == Found(
        "localhost:1/hub/library/node:8", True, "in the store"
    )


def test_the_registry_is_asked(store: Store, registry: FakeRegistry) -> None:
    mirror = f"{registry.domain}/hub"
    assert find(store, "node:8-slim", mirror=mirror) == Found(f"{mirror}/library/node:8-slim", True)
    missing = find(store, "node:8-tiny", mirror=mirror)
    assert missing.exists is False
    assert missing.note == f"{registry.domain} has no {mirror}/library/node:8-tiny"
    assert find(store, f"{mirror}/library/node:8-slim").exists is True
    assert all(line.startswith(("HEAD", "GET /v2/ ")) or line == "GET /v2/" for line in registry.log)


def test_off_line_is_said(store: Store) -> None:
    assert find(store, "node:8", offline=True) == Found("node:8", None, "not looked up: off line")
    assert closest("node:8", offline=True) == Found("node:8", None, "not looked up: off line")


def test_nobody_answers(store: Store) -> None:
    found = find(store, f"localhost:{free_port()}/node:8")
    assert found.exists is None
    assert found.note.startswith("not looked up: cannot reach localhost:")


def test_a_registry_in_trouble_is_not_known(store: Store, registry: FakeRegistry) -> None:
    registry.fault("^HEAD", times=9, status=503)
    found = find(store, f"{registry.domain}/hub/library/node:8-slim")
    assert found.exists is None
    assert "answered 503" in found.note
    assert len(registry.requests("^HEAD")) == 2


def test_a_registry_that_refuses_is_not_known(store: Store, registry: FakeRegistry) -> None:
    registry.login, registry.scheme = ("me", "secret"), "basic"
    found = find(store, f"{registry.domain}/hub/library/node:8-slim")
    assert found.exists is None
    assert "wants credentials" in found.note


def test_scratch_is_never_looked_up(store: Store) -> None:
    assert find(store, "scratch", mirror="localhost:1", offline=True) == Found("scratch", True)


def test_several_at_once_and_in_order(store: Store, registry: FakeRegistry) -> None:
    mirror = f"{registry.domain}/hub"
    wanted = ["node:9", "node:8-slim", "scratch", "node:9", "python:3.7"]
    found = find_all(store, wanted, mirror=mirror)
    assert [one.exists for one in found] == [False, True, True, False, True]
    assert len(registry.requests("^HEAD .*node/manifests/9$")) == 1
    assert find_all(store, []) == ()


@pytest.mark.parametrize(
    ("reference", "mirror", "found"),
    [
        ("node:8", "", "docker.io/library/node:8"),
        ("node:8", "localhost:5000/hub", "localhost:5000/hub/library/node:8"),
        ("node:8", "mirror.gcr.io/", "mirror.gcr.io/library/node:8"),
        ("bitnami/redis", "localhost:5000", "localhost:5000/bitnami/redis:latest"),
        ("gcr.io/distroless/base", "localhost:5000/hub", "gcr.io/distroless/base:latest"),
    ],
)
def test_a_mirror_stands_in_for_docker_hub(reference: str, mirror: str, found: str) -> None:
    assert str(mirrored(name(reference), mirror)) == found


def test_a_mirror_that_is_none(store: Store) -> None:
    with pytest.raises(InvalidReference):
        find(store, "node:8", mirror="Not A Mirror")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("3.7-slim", "3.7-slim-bookworm"), ("3.8-slim", ""), ("3.7-alpine", ""), ("3.7", "3.7-bookworm")],
)
@pytest.mark.parametrize("page", [1, 2, 1000])
def test_the_closest_tag(registry: FakeRegistry, wanted: str, found: str, page: int) -> None:
    registry.page = page
    mirror = f"{registry.domain}/hub"
    near = closest(f"python:{wanted}", mirror=mirror)
    assert near.exists is bool(found)
    assert near.reference == f"{mirror}/library/python:{found or wanted}"


def test_no_closest_tag_of_a_repository_that_is_none(registry: FakeRegistry) -> None:
    assert closest(f"{registry.domain}/none:1").exists is False
    assert closest(f"localhost:{free_port()}/none:1").exists is None


def test_all_tags_of_a_repository(registry: FakeRegistry) -> None:
    registry.page = 2
    with Repository(RegistryReference(registry.domain, "hub/library/python", "x")) as repository:
        assert sorted(repository.tags()) == sorted(registry.manifests["hub/library/python"])
    registry.fault("tags/list", body=b'{"tags": [1]}')
    with (
        Repository(RegistryReference(registry.domain, "hub/library/python", "x")) as repository,
        pytest.raises(RegistryError, match="is not a list of tags"),
    ):
        repository.tags()
    with Repository(RegistryReference(registry.domain, "none", "x")) as repository, pytest.raises(NotFound):
        repository.tags()


@pytest.mark.integration
def test_a_real_registry(store: Store, tmp_path: Path) -> None:
    image = images.image(store, images.write(tmp_path / "root", {"/a": b"a"}))
    with docker_registry(tmp_path) as domain:
        for tag in ("3.7-slim-bookworm", "3.7-slim-buster"):
            transfer.push(store, image, name(f"{domain}/hub/library/python:{tag}"))
        mirror = f"{domain}/hub"
        found = find_all(store, ["python:3.7-slim", "python:3.7-slim-buster", "ruby:3"], mirror=mirror)
        assert [one.exists for one in found] == [False, True, False]
        assert closest("python:3.7-slim", mirror=mirror) == Found(f"{mirror}/library/python:3.7-slim-bookworm", True)
        assert closest("ruby:3", mirror=mirror).exists is False
