"""What dpkg's records leave open: merged directories, states, what a package has left."""

from __future__ import annotations

import pytest

from jettison.filetree import FileTree
from jettison.packages.dpkg import INFO, STATUS, Dpkg
from jettison.packages.model import Package
from make import tree

MERGED: dict[str, str | bytes] = {
    "/bin": "link -> usr/bin", "/lib": "link -> usr/lib", "/usr/bin/ls": "file 0755", "/usr/lib/x": "file",
}  # fmt: skip


def paragraph(name: str, state: str = "install ok installed", architecture: str = "amd64") -> bytes:
    said = f"Package: {name}\nStatus: {state}\nArchitecture: {architecture}\nMulti-Arch: same\nVersion: 1\n"
    return f"{said}Conffiles:\n /etc/{name} 1\n\n".encode()


def image(files: dict[str, str | bytes], *paragraphs: bytes) -> tuple[FileTree, dict[str, Package]]:
    made = tree({STATUS: b"".join(paragraphs), **files})
    return made, {f"{package.name}:{package.architecture}": package for package in Dpkg().catalog(made)}


def left(made: FileTree, *kept: str) -> dict[str, bytes | None]:
    return dict(Dpkg().trim(made, tuple(Dpkg().catalog(made)), frozenset(kept)))


def test_a_path_from_before_the_merge_is_the_file_that_is_there() -> None:
    made, found = image({**MERGED, f"{INFO}/ls.list": b"/.\n/bin\n/bin/ls\n"}, paragraph("ls"))
    assert found["ls:amd64"].files == {"/usr/bin/ls"}
    assert left(made, "/bin", "/usr/bin/ls")[f"{INFO}/ls.list"] == b"/.\n/bin\n/bin/ls\n"


def test_a_directory_that_a_link_replaced_is_nobody_s() -> None:
    lists = {f"{INFO}/cpp.list": b"/.\n/lib\n/usr\n/usr/lib\n", f"{INFO}/x.list": b"/.\n/lib\n/lib/x\n"}
    made, found = image({**MERGED, **lists}, paragraph("cpp"), paragraph("x"))
    assert not found["cpp:amd64"].files
    assert found["x:amd64"].files == {"/usr/lib/x"}
    assert b"cpp" not in (left(made, "/lib", "/usr/lib/x")[STATUS] or b"")


def test_a_link_to_a_directory_that_a_package_brought_is_its_own() -> None:
    files: dict[str, str | bytes] = {"/usr/share/a": "dir 0755", "/usr/share/b": "link -> a", "/b": "link -> bin/ls"}
    _, found = image({**MERGED, **files, f"{INFO}/b.list": b"/.\n/usr/share/b\n/b\n"}, paragraph("b"))
    assert found["b:amd64"].files == {"/usr/share/b", "/b"}


def test_files_that_no_package_has_say_nothing_of_packages() -> None:
    made, _ = image({
        f"{INFO}/ca.list": b"/.\n/etc\n/etc/ssl\n/etc/ssl/certs\n", "/etc/ssl/certs/a.pem": "file",
        f"{INFO}/py.list": b"/usr/lib/a.py\n", "/usr/lib/a.py": "file", "/usr/lib/__pycache__/a.pyc": "file",
    }, paragraph("ca"), paragraph("py"))  # fmt: skip
    result = left(made, "/etc/ssl/certs/a.pem", "/usr/lib/__pycache__/a.pyc")
    assert result == {STATUS: b"", f"{INFO}/ca.list": None, f"{INFO}/py.list": None}


def test_a_package_of_which_one_configuration_file_remains_is_still_counted() -> None:
    made, _ = image(
        {f"{INFO}/a.list": b"/.\n/etc\n/etc/a\n/opt/a\n", "/etc/a": "file", "/opt/a": "file"}, paragraph("a")
    )
    result = left(made, "/etc/a")
    assert result == {STATUS: paragraph("a"), f"{INFO}/a.list": b"/.\n/etc\n/etc/a\n"}


def test_a_diverted_file_is_the_one_that_it_was_moved_to() -> None:
    lists = {f"{INFO}/ls.list": b"/bin/ls\n", f"{INFO}/other.list": b"/bin/ls\n", f"{INFO}/local.list": b"/usr/lib/x\n"}
    moved = b"/bin/ls\n/bin/ls.old\nother\n/usr/lib/x\n/usr/lib/x.old\n:\n"
    files: dict[str, str | bytes] = {"/var/lib/dpkg/diversions": moved, "/usr/bin/ls.old": "file"}
    made, found = image({**MERGED, **lists, **files}, *map(paragraph, ("ls", "other", "local")))
    assert {name: package.files for name, package in found.items()} == {
        "ls:amd64": {"/usr/bin/ls.old"}, "other:amd64": {"/usr/bin/ls"}, "local:amd64": frozenset(),
    }  # fmt: skip
    assert left(made, "/usr/bin/ls.old")[f"{INFO}/ls.list"] == b"/bin/ls\n"


@pytest.mark.parametrize(("state", "counts"), [
    ("install ok installed", True), ("hold ok installed", True), ("deinstall ok installed", True),
    ("install reinstreq half-installed", True), ("install ok unpacked", True), ("install ok half-configured", True),
    ("install ok triggers-awaited", True), ("install ok triggers-pending", True),
    ("deinstall ok config-files", False), ("purge ok not-installed", False), ("install ok", False), ("", False),
])  # fmt: skip
def test_a_package_counts_in_every_state_in_which_its_files_are_there(state: str, counts: bool) -> None:
    _, found = image({}, paragraph("a", state))
    assert bool(found) is counts


def test_an_interrupted_installation_has_the_files_that_are_there_and_keeps_its_state() -> None:
    said = paragraph("a", "install reinstreq half-installed")
    made, found = image({f"{INFO}/a.list": b"/opt/a\n/opt/b\n/etc/a\n", "/opt/a": "file", "/etc/a": "file"}, said)
    assert found["a:amd64"].files == {"/opt/a", "/etc/a"}
    assert left(made, "/opt/a", "/etc/a")[STATUS] == said


def test_what_was_removed_does_not_come_back_with_the_architecture_of_what_is_installed() -> None:
    made, _ = image(
        {f"{INFO}/a.list": b"/opt/a\n", "/opt/a": "file", "/etc/a": "file"},
        paragraph("a", "deinstall ok config-files"), paragraph("a"),
    )  # fmt: skip
    assert (left(made, "/opt/a", "/etc/a")[STATUS] or b"").count(b"Package: a\n") == 1


def test_one_package_of_two_architectures_is_two() -> None:
    shared: dict[str, str | bytes] = {"/usr/share/doc/c": "file", "/l/64": "file", "/l/32": "file"}
    lists = {f"{INFO}/c:amd64.list": b"/usr/share/doc/c\n/l/64\n", f"{INFO}/c:i386.list": b"/usr/share/doc/c\n/l/32\n"}
    made, found = image({**shared, **lists}, paragraph("c"), paragraph("c", architecture="i386"))
    assert found["c:amd64"].files == {"/usr/share/doc/c", "/l/64"}
    assert found["c:i386"].files == {"/usr/share/doc/c", "/l/32"}
    result = left(made, "/l/32", "/usr/share/doc/c")
    assert (result[f"{INFO}/c:amd64.list"], b"amd64" in (result[STATUS] or b"")) == (None, False)
    assert result[f"{INFO}/c:i386.list"] == b"/usr/share/doc/c\n/l/32\n"
