"""All kinds of packages together."""

from __future__ import annotations

from jettison.packages import catalog, trim, uncataloged
from make import tree

IMAGE: dict[str, str | bytes] = {
    "/var/lib/dpkg/status": b"Package: b\nVersion: 1\nStatus: install ok installed\n\n",
    "/node_modules/a/package.json": b'{"name": "a", "version": "1"}',
    "/usr/lib/python3/dist-packages/c.dist-info/METADATA": b"Name: c\nVersion: 1\n",
}


def test_packages_are_sorted_by_kind_and_name() -> None:
    assert [(package.type, package.name) for package in catalog(tree(IMAGE))] == [
        ("deb", "b"), ("npm", "a"), ("pypi", "c"),
    ]  # fmt: skip


def test_only_databases_are_rewritten() -> None:
    image = tree(IMAGE)
    assert trim(image, catalog(image), frozenset(IMAGE)) == {"/var/lib/dpkg/status": b""}


def test_an_rpm_database_is_said_to_be_unread() -> None:
    assert uncataloged(tree({"/var/lib/rpm/rpmdb.sqlite": b""}))
    assert not uncataloged(tree(IMAGE))
