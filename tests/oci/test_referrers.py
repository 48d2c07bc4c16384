"""Documents attached to images, in registries that know of subjects, that do not, and that refuse them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jettison.errors import IntegrityError, InvalidInput, RegistryError
from jettison.oci import mediatypes
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.reference import RegistryReference
from jettison.oci.referrers import attach, fetch, referrers
from jettison.oci.registry import Repository
from jettison.oci.retry import Retry
from registry_fake import FakeRegistry
from servers import docker_registry

SPDX, CYCLONEDX = "application/spdx+json", "application/vnd.cyclonedx+json"
IMAGE = b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}'
QUICK = Retry(attempts=2, first=0.01, longest=0.02, patience=1)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with FakeRegistry().serving() as fake:
        yield fake


@pytest.fixture
def repository(registry: FakeRegistry) -> Iterator[Repository]:
    with Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as found:
        yield found


def attach_two(repository: Repository) -> Descriptor:
    """An image with an SBOM of each format, one of them attached twice; everything is to come back."""
    image = repository.put_manifest("1", mediatypes.OCI_INDEX, IMAGE)
    assert referrers(repository, image.digest) == ()
    one = attach(repository, image, CYCLONEDX, b'{"a":1}', {"org.example.note": "x"})
    two = attach(repository, image, SPDX, b'{"b":2}')
    assert attach(repository, image, CYCLONEDX, b'{"a":1}', {"org.example.note": "x"}).digest == one.digest
    assert {found.digest for found in referrers(repository, image.digest)} == {one.digest, two.digest}
    (found,) = referrers(repository, image.digest, CYCLONEDX)
    assert fetch(repository, found) == (CYCLONEDX, b'{"a":1}')
    assert repository.find("1") == image, "the image is as it was"
    return image


def tag(image: Descriptor) -> str:
    return str(image.digest).replace(":", "-")


def test_a_registry_that_knows_of_subjects_keeps_the_list(registry: FakeRegistry, repository: Repository) -> None:
    registry.knows_subjects = True
    image = attach_two(repository)
    assert tag(image) not in registry.manifests["app"]
    assert registry.requests(r"referrers/.*from=1"), "the second page was asked for"


def test_for_another_one_the_list_is_under_a_tag(registry: FakeRegistry, repository: Repository) -> None:
    image = attach_two(repository)
    index = json.loads(registry.manifests["app"][tag(image)][1])
    assert [entry["artifactType"] for entry in index["manifests"]] == [SPDX, CYCLONEDX]
    assert index["manifests"][1]["annotations"] == {"org.example.note": "x"}
    digest = index["manifests"][0]["digest"]
    manifest = json.loads(registry.manifests["app"][digest][1])
    assert manifest["subject"]["digest"] == str(image.digest)
    assert manifest["config"]["mediaType"] == mediatypes.OCI_EMPTY


@pytest.mark.parametrize("knows", [False, True])
def test_one_that_refuses_subjects_gets_none(registry: FakeRegistry, repository: Repository, knows: bool) -> None:
    registry.refuses_subjects, registry.knows_subjects = True, knows
    image = attach_two(repository)
    index = json.loads(registry.manifests["app"][tag(image)][1])
    manifest = json.loads(registry.manifests["app"][index["manifests"][0]["digest"]][1])
    assert "subject" not in manifest


@pytest.mark.parametrize("refuses", [False, True])
def test_it_is_told_that_only_a_tag_leads_there(registry: FakeRegistry, repository: Repository, refuses: bool) -> None:
    registry.refuses_subjects = refuses
    image = repository.put_manifest("1", mediatypes.OCI_INDEX, IMAGE)
    told: list[str] = []
    attach(repository, image, SPDX, b"{}", told=told.append)
    assert told == (
        [f"{registry.domain} refuses manifests with a subject: only the tag {tag(image)} leads to what is attached"]
        if refuses
        else []
    )


def test_entries_of_other_clients_stay(registry: FakeRegistry, repository: Repository) -> None:
    image = repository.put_manifest("1", mediatypes.OCI_INDEX, IMAGE)
    theirs = {"mediaType": mediatypes.OCI_MANIFEST, "digest": "sha256:" + "1" * 64, "size": 5, "x": {"y": 1}}
    index = json.dumps({"schemaVersion": 2, "manifests": [theirs]}).encode()
    repository.put_manifest(tag(image), mediatypes.OCI_INDEX, index)
    attach(repository, image, SPDX, b"{}")
    assert json.loads(registry.manifests["app"][tag(image)][1])["manifests"][0] == theirs


def test_a_denied_push_is_said(registry: FakeRegistry, repository: Repository) -> None:
    image = repository.put_manifest("1", mediatypes.OCI_INDEX, IMAGE)
    registry.fault("PUT /v2/app/manifests", status=403)
    with pytest.raises(RegistryError, match="denies it"):
        attach(repository, image, SPDX, b"{}")


@pytest.mark.parametrize("body", [b"no", b"[]", b'{"manifests": 3}', b'{"manifests": [3]}', b"[" * 100_000])
def test_a_list_that_is_none_is_said(registry: FakeRegistry, repository: Repository, body: bytes) -> None:
    image = repository.put_manifest("1", mediatypes.OCI_INDEX, IMAGE)
    repository.put_manifest(tag(image), mediatypes.OCI_INDEX, body)
    with pytest.raises(InvalidInput, match="cannot list what is attached"):
        referrers(repository, image.digest)
    registry.knows_subjects = True
    registry.fault("GET /v2/app/referrers", body=body)
    with pytest.raises((InvalidInput, RegistryError), match="cannot list what is attached"):
        referrers(repository, image.digest)


def test_a_document_that_was_changed_is_refused(registry: FakeRegistry, repository: Repository) -> None:
    image = repository.put_manifest("1", mediatypes.OCI_INDEX, IMAGE)
    put = attach(repository, image, SPDX, b'{"a":1}')
    registry.blobs["app"][str(Digest.of(b'{"a":1}'))] = b'{"a":2}'
    with pytest.raises(IntegrityError, match="has not the digest"):
        fetch(repository, put)
    with pytest.raises(InvalidInput, match="not one document"):
        fetch(repository, image)


@pytest.mark.integration
def test_debians_registry(tmp_path: Path) -> None:
    with docker_registry(tmp_path) as domain, Repository(RegistryReference(domain, "app", "1")) as repository:
        attach_two(repository)
