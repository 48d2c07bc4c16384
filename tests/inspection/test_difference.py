"""What two trees differ in."""

from __future__ import annotations

from dataclasses import replace

from jettison.filetree import FileTree
from jettison.inspection.difference import Side, difference
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.descriptor import Platform
from jettison.oci.image import Image
from jettison.packages.model import Package
from make import tree


def side(paths: FileTree, *packages: Package, **container: object) -> Side:
    return Side("app", Image(ImageConfig(container=ContainerConfig(**container)), ()), paths, packages)  # type: ignore[arg-type]


def changes(before: FileTree, after: FileTree) -> dict[str, tuple[str, ...]]:
    return {change.path: change.what for change in difference(side(before), side(after)).paths}


def test_the_same_is_the_same() -> None:
    one = side(tree({"/a": b"x", "/l": "link -> a"}), Package("deb", "a", "1"), env=("A=1",))
    assert difference(one, one).same


def test_paths_come_go_and_change() -> None:
    before = tree({"/gone": b"1", "/mode": "file 0644", "/owner": "file 0644 0:0", "/text": b"abc", "/l": "link -> a"})
    after = tree({"/new": b"22", "/mode": "file 0755", "/owner": "file 0644 5:5", "/text": b"abd", "/l": "link -> b"})
    assert changes(before, after) == {
        "/gone": (), "/new": (), "/mode": ("mode",), "/owner": ("owner",), "/text": ("content",), "/l": ("target",),
    }  # fmt: skip
    found = {change.path: change for change in difference(side(before), side(after)).paths}
    assert (found["/gone"].before, found["/gone"].after, found["/gone"].bytes) == ("file 0644 0:0 1", "", -1)
    assert (found["/new"].before, found["/new"].bytes) == ("", 2)


def test_a_file_that_becomes_a_directory_has_another_kind() -> None:
    assert changes(tree({"/a": b""}), tree({"/a": "dir 0755"})) == {"/a": ("kind",)}


def test_times_do_not_count_and_attributes_do() -> None:
    plain = tree({"/a": b"x"})
    later = FileTree({**plain, "/a": replace(plain["/a"], mtime=5)}, {"/a": b"x"})
    capable = FileTree({**plain, "/a": replace(plain["/a"], xattrs={"security.capability": b"1"})}, {"/a": b"x"})
    assert changes(plain, later) == {}
    assert changes(plain, capable) == {"/a": ("extended attributes",)}


def test_packages_by_version() -> None:
    files = tree({"/a": b"12345"})
    old = (Package("deb", "a", "1", files=frozenset({"/a"})), Package("npm", "b", "2"), Package("npm", "b", "1"))
    new = (Package("deb", "c", "3"), Package("npm", "b", "2"))
    found = difference(side(files, *old), side(files, *new)).packages
    assert [(c.type, c.name, c.before, c.after, c.bytes) for c in found] == [
        ("deb", "a", "1", "", -5), ("deb", "c", "", "3", 0), ("npm", "b", "1, 2", "2", 0),
    ]  # fmt: skip


def test_configuration_key_by_key() -> None:
    empty = tree({})
    before = side(empty, env=("A=1", "B=2"), cmd=("x", "y"), labels={"v": "1"}, user="app")
    after = side(empty, env=("A=1", "B=3"), cmd=("x",), labels={"v": "2"}, exposed_ports=("80/tcp",))
    assert [(c.key, c.before, c.after) for c in difference(before, after).config] == [
        ("Cmd", '["x", "y"]', '["x"]'), ("Env B", "2", "3"), ("ExposedPorts 80/tcp", "", ""), ("Labels v", "1", "2"),
        ("User", "app", ""),
    ]  # fmt: skip


def test_configuration_is_without_secrets() -> None:
    empty = tree({})
    before = side(empty, env=("DB_PASSWORD=Sup3rS3cretPw9",), cmd=("serve", "--token", "Sup3rS3cretPw9"))
    after = side(empty, env=("DB_PASSWORD=0therS3cretPw9",), cmd=("serve",))
    assert [(c.key, c.before, c.after) for c in difference(before, after).config] == [
        ("Cmd", '["serve", "--token", "…"]', '["serve"]'), ("Env DB_PASSWORD", "…", "…"),
    ]  # fmt: skip


def test_one_word_is_not_two() -> None:
    empty = tree({})
    found = difference(side(empty, cmd=("sh", "-c", "x")), side(empty, cmd=("sh -c x",)))
    assert [change.key for change in found.config] == ["Cmd"]
    assert not found.same


def test_another_processor_is_a_difference() -> None:
    empty = tree({})
    before, after = (
        Side("app", Image(ImageConfig(platform=Platform("linux", name)), ()), empty, ()) for name in ("amd64", "arm64")
    )
    assert [(c.key, c.before, c.after) for c in difference(before, after).config] == [
        ("Platform", "linux/amd64", "linux/arm64")
    ]


def test_a_copy_is_not_a_hard_link() -> None:
    copies = tree({"/a": b"x", "/b": b"x"})
    linked = FileTree(
        {**copies, **{path: replace(copies[path], inode=(0, 7)) for path in ("/a", "/b")}}, {"/a": b"x", "/b": b"x"}
    )
    assert changes(linked, copies) == {"/b": ("hard link",)}
    assert changes(linked, linked) == {}
