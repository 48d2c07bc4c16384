"""The catalogue's files are valid, and say where their figures come from."""

from __future__ import annotations

import datetime
import tomllib

import pytest

from jettison.bases import catalogue, variants
from jettison.configuration import BaseEntry
from jettison.errors import InvalidConfiguration

ENTRIES = catalogue.entries()
FAMILIES = {
    "alpine", "buildpack-deps", "busybox", "chainguard", "debian", "distroless", "dotnet", "eclipse-temurin", "gcc",
    "golang", "gradle", "httpd", "maven", "nginx", "node", "openjdk", "php", "python", "ruby", "rust", "scratch",
    "ubuntu",
}  # fmt: skip


def label(entry: BaseEntry) -> str:
    return f"{entry.family}/{entry.name}"


def test_every_family_is_there() -> None:
    assert set(catalogue.families()) == FAMILIES


@pytest.mark.parametrize("entry", ENTRIES, ids=label)
def test_an_entry_is_whole(entry: BaseEntry) -> None:
    assert entry.distribution in {"debian", "ubuntu", "alpine", "wolfi", "none"}
    assert entry.package_manager in {"", "apt", "apk"}
    assert entry.shell or not entry.package_manager, "a package manager's scripts need a shell"
    assert (entry.libc == "musl") == (entry.distribution == "alpine") or entry.family == "busybox"
    assert len(set(entry.libraries)) == len(entry.libraries)


@pytest.mark.parametrize("entry", ENTRIES, ids=label)
def test_a_size_has_its_source_and_date(entry: BaseEntry) -> None:
    for size in entry.sizes:
        assert size.source
        assert datetime.date.fromisoformat(size.date) <= datetime.date(2026, 12, 31)
        assert size.compressed is not None or size.disk is not None
        assert size.compressed is None or size.disk is None or size.compressed <= size.disk


@pytest.mark.parametrize("entry", ENTRIES, ids=label)
def test_a_size_is_that_of_an_image_of_its_entry(entry: BaseEntry) -> None:
    for size in entry.sizes:
        itself = variants(size.image)[0]
        assert (itself.family, itself.name) == (entry.family, entry.name)
        assert itself.size_of == size.image


def test_names_are_unique_in_a_family() -> None:
    for family in catalogue.families().values():
        names = [entry.name for entry in family.entries]
        assert len(set(names)) == len(names), family.name


def test_sizes_fall_within_a_family() -> None:
    """Of one purpose, as far as they are of today."""
    for family in catalogue.families().values():
        for purpose in {entry.purpose for entry in family.entries}:
            sizes = [e.sizes[0] for e in family.entries if e.purpose == purpose and e.sizes]
            found = [size.compressed for size in sizes if size.compressed is not None and size.date > "2026"]
            assert found == sorted(found, reverse=True), family.name


def test_a_distribution_has_its_users_and_libraries() -> None:
    debian, bookworm = catalogue.distribution("debian"), catalogue.distribution("debian", "bookworm")
    assert "www-data" in debian.users
    assert "libstdc++.so.6" in debian.libraries
    assert "libgnutls.so.30" not in debian.libraries
    assert "libgnutls.so.30" in bookworm.libraries
    assert catalogue.distribution("wolfi") == catalogue.Distribution()


def test_a_wrong_entry_names_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[[variant]]\nimages = ["x"]\ndistribution = "debian"\nlibc = "bionic"\n'
    monkeypatch.setattr(catalogue, "_text", lambda _file: text)
    with pytest.raises(InvalidConfiguration, match=r"cannot read x\.toml: bases\.variant\.libc must be one of glibc"):
        catalogue._family("x.toml")
    text = 'lang = "x"\n'
    with pytest.raises(InvalidConfiguration, match=r"cannot read x\.toml: unknown key lang"):
        catalogue._family("x.toml")


def test_files_are_plain_toml() -> None:
    for file in catalogue.files():
        assert set(tomllib.loads(catalogue._text(file))) <= {"language", "precision", "variant"}
