"""Records of Python, Ruby, PHP and apk that cannot be read."""

from __future__ import annotations

import pytest

from jettison.filetree import FileTree
from jettison.packages.apk import DATABASES, Apk
from jettison.packages.composer import Composer
from jettison.packages.gem import Gems
from jettison.packages.model import Cataloger, Gap
from jettison.packages.pypi import FROM_NAME, Pypi
from jettison.packages.records import LIMIT
from make import tree

SITE = "/usr/lib/python3/site-packages"
RECORD = "/app/vendor/composer/installed.json"
GEMS = "/usr/lib/ruby/gems/3.3.0"
UNREADABLE = [
    ("dir 0755", "it is a directory"),
    ("fifo", "it is no regular file"),
    (f"file 0644 0:0 {LIMIT + 1}", "it is bigger than 64 MB"),
    ("link -> /nowhere", "it is a link that leads nowhere"),
]


def found(cataloger: Cataloger, image: FileTree) -> tuple[list[str], list[Gap]]:
    return sorted(map(str, cataloger.catalog(image))), list(cataloger.gaps(image))


@pytest.mark.parametrize(("cataloger", "path"), [
    (Apk(), DATABASES[0]), (Apk(), DATABASES[1]), (Composer(), RECORD),
    (Gems(), f"{GEMS}/specifications/a-1.gemspec"), (Pypi(), f"{SITE}/a.egg-info/PKG-INFO"),
])  # fmt: skip
@pytest.mark.parametrize(("what", "reason"), UNREADABLE)
def test_a_record_that_is_no_file_is_told(cataloger: Cataloger, path: str, what: str, reason: str) -> None:
    assert found(cataloger, tree({path: what})) == ([], [Gap(path, reason)])


@pytest.mark.parametrize(("bad", "reason"), [
    (b"\x00\xff", "broken lines: 1, packages without a name: 1"),
    (b"V:1\n", "packages without a name: 1"),
    (b"P:\xff\nV:1\n", "packages without a name: 1"),
    (b"", ""),
])  # fmt: skip
def test_what_cannot_be_read_of_apk_is_told_and_the_rest_is_found(bad: bytes, reason: str) -> None:
    image = tree({DATABASES[0]: b"P:a\nV:1-r0\n\n" + bad})
    assert found(Apk(), image) == (["a 1-r0"], [Gap(DATABASES[0], reason)] if reason else [])


def test_a_package_of_apk_without_a_version_is_found_and_told() -> None:
    image = tree({DATABASES[0]: b"P:a\nF:\n"})
    assert found(Apk(), image) == (["a "], [Gap(DATABASES[0], "packages without a version: 1")])


def test_a_database_that_a_merged_usr_moved_is_read_where_it_is() -> None:
    image = tree({"/lib": "link -> usr/lib", DATABASES[1]: b"P:a\nV:1\n"})
    assert found(Apk(), image) == (["a 1"], [])
    elsewhere = tree({"/lib/apk": "link -> /opt", "/opt/db/installed": b"P:a\nV:1\n"})
    assert found(Apk(), elsewhere) == ([], [Gap(DATABASES[0], "it is in a linked directory")])


@pytest.mark.parametrize(("info", "name"), [
    ("foo_bar-1.2.dist-info", "foo_bar 1.2"), ("foo-bar-1.2-py3.11.egg-info", "foo-bar 1.2"),
    ("foo-2to3-1.0rc1.dist-info", "foo-2to3 1.0rc1"), ("foo-1.0-py3.9-linux-x86_64.egg-info", "foo 1.0"),
])  # fmt: skip
def test_without_metadata_the_directory_s_name_tells(info: str, name: str) -> None:
    image = tree({f"{SITE}/{info}/RECORD": b"foo.py,,\n", f"{SITE}/foo.py": "file"})
    (package,) = Pypi().catalog(image)
    assert (str(package), package.attributes) == (name, FROM_NAME)
    assert package.files == {f"{SITE}/foo.py", f"{SITE}/{info}/RECORD"}
    assert list(Pypi().gaps(image)) == []


def test_without_metadata_and_a_version_in_its_name_nothing_tells() -> None:
    image = tree({f"{SITE}/foo.egg-info/top_level.txt": b"foo\n", f"{SITE}/gone-1.dist-info": "dir 0755"})
    assert found(Pypi(), image) == (
        [], [Gap(f"{SITE}/foo.egg-info", "it has no metadata, and its name says no version")]
    )  # fmt: skip


@pytest.mark.parametrize(("metadata", "reason", "package"), [
    (b"\x00\xff\n", "it says no name", "foo 3"),
    (b"", "it says no name", "foo 3"),
    (b"Name: \xff\nVersion: 1\n", "it says no name", "foo 1"),
    (b"Name: Foo\n", "it says no version", "Foo 3"),
    ("dir 0755", "it is a directory", "foo 3"),
])  # fmt: skip
def test_metadata_that_cannot_be_read_are_told_though_the_directory_s_name_tells(
    metadata: str | bytes, reason: str, package: str
) -> None:
    path = f"{SITE}/foo-3.dist-info/METADATA"
    assert found(Pypi(), tree({path: metadata})) == ([package], [Gap(path, reason)])


def test_a_distribution_is_found_once_and_a_link_to_one_where_it_is() -> None:
    said = b"Name: a\nVersion: 1\n"
    image = tree({
        f"{SITE}/a.egg-info/PKG-INFO": said, f"{SITE}/a.egg-info/METADATA": said,
        "/venv/a.egg-info": f"link -> {SITE}/a.egg-info",
    })  # fmt: skip
    assert found(Pypi(), image) == (["a 1"], [])


@pytest.mark.parametrize("name", ["a", "a-b", "-1", "a-1\udcff"])
def test_a_gemspec_whose_name_cannot_be_read_is_told(name: str) -> None:
    places = f"{GEMS}/specifications"
    image = tree({f"{places}/default/{name}.gemspec": b"", f"{places}/b-2.0.gemspec": b"", "/src/a.gemspec": b""})
    reason = "its name is not that of a gem with a version"
    assert found(Gems(), image) == (["b 2.0"], [Gap(f"{places}/default/{name}.gemspec", reason)])


@pytest.mark.parametrize(("record", "reason"), [
    (b"", "it is no JSON"), (b"[" * 99999, "it is no JSON"), (b"\xff", "it is no JSON"),
    (b"null", "it has no list of packages"), (b'{"packages": {}}', "it has no list of packages"),
    (b'"packages"', "it has no list of packages"),
    (b'[7, {}, {"name": 1}, {"name": ""}, {"name": "\\ud800"}]', "packages without a name: 5"),
    (b"[]", ""),
])  # fmt: skip
def test_an_installed_json_that_cannot_be_read_is_told(record: bytes, reason: str) -> None:
    assert found(Composer(), tree({RECORD: record})) == ([], [Gap(RECORD, reason)] if reason else [])


def test_what_can_be_read_of_an_installed_json_is_found() -> None:
    image = tree({RECORD: b'[{"name": "a/b", "version": "1"}, 7]'})
    assert found(Composer(), image) == (["a/b 1"], [Gap(RECORD, "packages without a name: 1")])


def test_a_package_in_the_project_but_outside_of_vendor_has_its_files_and_another_none() -> None:
    core, away = (
        b'{"name": "drupal/core", "install-path": "../../web/core"}',
        b'{"name": "a/b", "install-path": "../../../etc"}',
    )
    image = tree({RECORD: b"[" + core + b"," + away + b"]", "/app/web/core/x.php": "file", "/etc/passwd": "file"})
    assert {package.name: (package.files, package.root) for package in Composer().catalog(image)} == {
        "drupal/core": ({"/app/web/core/x.php"}, "/app/web/core"), "a/b": (frozenset(), ""),
    }  # fmt: skip
