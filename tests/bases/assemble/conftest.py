"""A store, keys and a repository."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bases.assemble import debian
from jettison.bases.assemble import Request
from jettison.oci.layout import Store
from tools import need


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[debian.Key]:
    need("gpg", "gpgconf")
    with debian.key(tmp_path_factory.mktemp("keys") / "keyring.gpg") as key:
        yield key


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[debian.Key]:
    """A key that nobody trusts."""
    with debian.key(tmp_path_factory.mktemp("keys") / "keyring.gpg") as key:
        yield key


@pytest.fixture
def repository(tmp_path: Path, signer: debian.Key) -> Iterator[debian.Repository]:
    need("dpkg-deb", "gpgv")
    directory = tmp_path / "repository"
    directory.mkdir()
    with debian.repository(directory, signer) as made:
        yield made


@pytest.fixture
def request_(repository: debian.Repository) -> Request:
    """A request to the repository, for no packages yet."""
    return Request(
        mirror=repository.url, security_mirror=repository.url, keyring=repository.key.keyring, architecture="amd64"
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")
