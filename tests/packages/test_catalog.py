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


def test_an_unreadable_rpm_database_is_said_and_goes() -> None:
    image = tree({"/usr/lib/sysimage/rpm/rpmdb.sqlite": b"", "/var/lib/rpm": "link -> ../../usr/lib/sysimage/rpm"})
    assert uncataloged(image) == (
        "the packages of an RPM distribution cannot be told: its database is dropped, not trimmed",
    )
    assert trim(image, (), frozenset(image)) == {"/usr/lib/sysimage/rpm/rpmdb.sqlite": None, "/var/lib/rpm": None}


def test_packages_whose_lists_were_deleted_are_said() -> None:
    image = {**IMAGE, "/var/lib/dpkg/info/b.list": b"/.\n"}
    assert uncataloged(tree(image)) == ()
    assert uncataloged(tree(IMAGE)) == (
        "nothing tells the files of 1 Debian packages (b): their records are dropped",
    )  # fmt: skip
