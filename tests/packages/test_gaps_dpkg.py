"""Records of dpkg that cannot be read."""

from __future__ import annotations

import pytest

from jettison.packages.dpkg import INFO, STATUS, STATUS_D, Dpkg
from jettison.packages.model import Gap
from jettison.packages.records import LIMIT
from make import tree

A = b"Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n"
UNREADABLE = [
    ("dir 0755", "it is a directory"),
    ("char", "it is no regular file"),
    (f"file 0644 0:0 {LIMIT + 1}", "it is bigger than 64 MB"),
    ("link -> status", "it is a link that leads nowhere"),
    ("link -> /nowhere", "it is a link that leads nowhere"),
]


@pytest.mark.parametrize(("bad", "reason"), [
    (b"\x00" * 64, "broken lines: 1"),
    (b"\xff\xfe: \x80\n", "paragraphs without a name: 1"),
    (b"Package: b\nStatus: install ok inst", "paragraphs without a state: 1"),
    (b"Package: b\nSta", "broken lines: 1, paragraphs without a state: 1"),
    (b"Status: install ok installed\nVersion: 1\n", "paragraphs without a name: 1"),
    (b"Package: \xff\nStatus: install ok installed\nVersion: 1\n", "paragraphs without a name: 1"),
    (b"Package: b\nStatus: deinstall ok config-files\n\nStatus: purge ok not-installed\n", ""),
])  # fmt: skip
def test_what_cannot_be_read_of_the_status_is_told_and_the_rest_is_found(bad: bytes, reason: str) -> None:
    image = tree({STATUS: A + b"\n" + bad})
    assert [str(package) for package in Dpkg().catalog(image)] == ["a 1"]
    assert list(Dpkg().gaps(image)) == ([Gap(STATUS, reason)] if reason else [])


@pytest.mark.parametrize("version", [b"", b"Version: \xff\n", b"Version: 1\n 2\n"])
def test_a_package_without_a_version_is_found_and_told(version: bytes) -> None:
    image = tree({STATUS: b"Package: a\nStatus: install ok installed\n" + version})
    (package,) = Dpkg().catalog(image)
    assert (package.name, package.version) == ("a", "")
    assert list(Dpkg().gaps(image)) == [Gap(STATUS, "paragraphs without a version: 1")]


@pytest.mark.parametrize(("content", "reason"), [(b"", ""), (b"\n \n", ""), (b" a\n b\n", "it has no paragraph")])
def test_a_status_of_no_paragraph(content: bytes, reason: str) -> None:
    assert [gap.reason for gap in Dpkg().gaps(tree({STATUS: content}))] == ([reason] if reason else [])


@pytest.mark.parametrize(("what", "reason"), UNREADABLE)
def test_a_status_that_is_no_file_is_told(what: str, reason: str) -> None:
    image = tree({STATUS: what})
    assert list(Dpkg().catalog(image)) == []
    assert list(Dpkg().gaps(image)) == [Gap(STATUS, reason)]


@pytest.mark.parametrize("path", [f"{INFO}/a.list", f"{INFO}/a:amd64.md5sums", "/var/lib/dpkg/diversions"])
@pytest.mark.parametrize(("what", "reason"), [(what, reason) for what, reason in UNREADABLE if "status" not in what])
def test_a_list_that_is_no_file_is_told_and_its_package_is_found(path: str, what: str, reason: str) -> None:
    image = tree({STATUS: A, path: what})
    assert [str(package) for package in Dpkg().catalog(image)] == ["a 1"]
    assert list(Dpkg().gaps(image)) == [Gap(path, reason)]


@pytest.mark.parametrize(("bad", "reason"), [
    (b"", "it has no paragraph"),
    (b"\x00\x01", "broken lines: 1"),
    (b"Version: 1\n", "paragraphs without a name: 1"),
    ("dir 0755", "it is a directory"),
    ("link -> x", "it is a link that leads nowhere"),
])  # fmt: skip
def test_a_record_of_distroless_images_that_cannot_be_read_is_told(bad: str | bytes, reason: str) -> None:
    image = tree({f"{STATUS_D}/a": b"Package: a\nVersion: 1\n", f"{STATUS_D}/x": bad})
    assert [str(package) for package in Dpkg().catalog(image)] == ["a 1"]
    assert list(Dpkg().gaps(image)) == [Gap(f"{STATUS_D}/x", reason)]


def test_records_in_linked_directories_are_not_read_but_told() -> None:
    image = tree({"/opt/status": A, "/opt/info/a.list": b"/x\n", "/var/lib/dpkg": "link -> /opt"})
    assert list(Dpkg().gaps(image)) == [Gap(STATUS, "it is in a linked directory"), Gap(INFO, "it is no directory")]


@pytest.mark.parametrize("directory", [INFO, STATUS_D])
def test_a_directory_of_records_that_is_none_is_told(directory: str) -> None:
    assert list(Dpkg().gaps(tree({STATUS: A, directory: b"junk"}))) == [Gap(directory, "it is no directory")]


def test_nothing_is_told_where_nothing_is() -> None:
    assert list(Dpkg().gaps(tree({"/bin/x": "file"}))) == []
