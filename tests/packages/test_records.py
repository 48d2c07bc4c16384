"""Records that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jettison.filetree import index
from jettison.packages import catalog, trim, uncataloged
from jettison.packages.records import LIMIT, content, is_record
from make import tree

A = b"Package: a\nStatus: install ok installed\nVersion: 1\n\n"


def test_a_link_is_followed_inside_the_image_only(tmp_path: Path) -> None:
    places = tmp_path / "var/lib/dpkg/status.d"
    places.mkdir(parents=True)
    (places / "real").write_bytes(A)
    (places / "link").symlink_to("real")
    (places / "outside").symlink_to(Path(__file__).resolve())
    os.mkfifo(places / "fifo")
    image = index([tmp_path])
    packages = catalog(image)
    assert {path for package in packages for path in package.records} == {
        "/var/lib/dpkg/status.d/real", "/var/lib/dpkg/status.d/link",
    }  # fmt: skip
    assert trim(image, packages, frozenset())["/var/lib/dpkg/status.d/link"] is None


def test_a_file_that_is_too_big_is_not_read(tmp_path: Path) -> None:
    status = tmp_path / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.touch()
    os.truncate(status, LIMIT + 1)
    image = index([tmp_path])
    assert content(image, "/var/lib/dpkg/status") == b""
    assert uncataloged(image) == ("no package can be told from /var/lib/dpkg/status",)


@pytest.mark.parametrize("path", ["/var/lib/dpkg/status", "/lib/apk/db/installed"])
def test_a_directory_in_the_place_of_a_database_is_left_alone(path: str) -> None:
    image = tree({path: "dir 0755", f"{path}/x": "file"})
    assert not is_record(image, path)
    assert path not in trim(image, catalog(image), frozenset(image))


def test_what_a_linked_directory_holds_is_no_record() -> None:
    image = tree({"/opt/dpkg/status": A, "/var/lib/dpkg": "link -> /opt/dpkg"})
    assert catalog(image) == ()
    assert uncataloged(image) == ("no package can be told from /var/lib/dpkg/status",)


@pytest.mark.parametrize(("kind", "path", "content", "reason"), [
    ("dpkg", "/var/lib/dpkg/status", A + b"Package: b\n", "paragraphs without a state: 1"),
    ("apk", "/lib/apk/db/installed", b"P:a\nV:1\n\n?\n", "broken lines: 1, packages without a name: 1"),
])  # fmt: skip
def test_a_record_that_can_be_read_in_part_is_told(kind: str, path: str, content: bytes, reason: str) -> None:
    image = tree({path: content, "/var/lib/dpkg/info/a.list": b"/x\n"})
    (said,) = uncataloged(image)
    assert said == f"not all records of {kind} can be read, and what cannot may be dropped ({path}: {reason})"
