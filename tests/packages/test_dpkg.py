"""Debian's packages, and dpkg's own word on what is left of its records."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.filetree import Kind, index
from jettison.packages.dpkg import INFO, STATUS, STATUS_D, Dpkg
from make import tree
from tools import need

INSTALLED = b"Status: install ok installed\nArchitecture: amd64\n"
DASH = b"Package: dash\n" + INSTALLED + b"Version: 1\nSource: dsh (0.9)\nConffiles:\n /etc/d 12\n /etc/gone 34\n"
DASH += b"Description: a shell\n and more\n\n"
IMAGE: dict[str, str | bytes] = {
    STATUS: DASH + b"Package: old\nStatus: deinstall ok config-files\nVersion: 2\n\n",
    f"{INFO}/dash.list": b"/.\n/bin\n/bin/sh\n/bin/dash\n/etc\n/etc/d\n/usr/share/doc/dash/copyright\n",
    f"{INFO}/dash.md5sums": b"11  bin/dash\n22  usr/share/doc/dash/copyright\n",
    f"{INFO}/dash.postinst": b"#!/bin/sh\n",
    "/var/lib/dpkg/diversions": b"/bin/sh\n/bin/sh.distrib\ndash\n",
    "/bin": "link -> usr/bin", "/usr/bin/sh": "link -> dash", "/usr/bin/dash": "file 0755", "/etc/d": "file",
    "/usr/share/doc/dash/copyright": "file",
}  # fmt: skip


def trimmed(*kept: str) -> dict[str, bytes | None]:
    image = tree(IMAGE)
    return dict(Dpkg().trim(image, tuple(Dpkg().catalog(image)), frozenset(kept)))


def test_a_package_has_its_files_where_a_merged_usr_put_them_and_what_it_diverted() -> None:
    (dash,) = Dpkg().catalog(tree(IMAGE))
    assert (str(dash), dash.source, dash.attributes["source_version"]) == ("dash 1", "dsh", "0.9")
    assert dash.files == {"/usr/bin/sh", "/usr/bin/dash", "/etc/d", "/usr/share/doc/dash/copyright"}


def test_the_lists_name_what_remains_and_the_directories_that_lead_there() -> None:
    result = trimmed("/usr/bin/dash", "/usr/bin/sh")
    assert result[f"{INFO}/dash.list"] == b"/.\n/bin\n/bin/sh\n/bin/dash\n"
    assert result[f"{INFO}/dash.md5sums"] == b"11  bin/dash\n"
    assert result[f"{INFO}/dash.postinst"] is None


def test_the_status_keeps_the_synopsis_and_the_configuration_that_remains() -> None:
    status = trimmed("/usr/bin/dash", "/etc/d")[STATUS]
    assert status is not None
    assert b"Conffiles:\n /etc/d 12\nDescription: a shell\n\n" in status
    assert b"old" not in status


def test_of_a_package_whose_documentation_alone_remains_nothing_is_said() -> None:
    assert trimmed("/usr/share/doc/dash/copyright")[STATUS] == b""


def test_the_records_of_distroless_images_are_read() -> None:
    image = tree({f"{STATUS_D}/tz": b"Package: tzdata\nVersion: 3\n", f"{STATUS_D}/tz.md5sums": b"1  usr/z\n",
                  "/usr/z": "file"})  # fmt: skip
    (package,) = Dpkg().catalog(image)
    assert package.files == {"/usr/z"}


def test_the_records_of_distroless_images_are_trimmed() -> None:
    paragraph = b"Package: tzdata\nVersion: 3\n"
    image = tree({f"{STATUS_D}/tz": paragraph, f"{STATUS_D}/tz.md5sums": b"1  usr/z\n2  usr/y\n",
                  "/usr/z": "file", "/usr/y": "file"})  # fmt: skip
    packages = tuple(Dpkg().catalog(image))
    assert Dpkg().trim(image, packages, frozenset(("/usr/z",))) == {
        f"{STATUS_D}/tz": paragraph, f"{STATUS_D}/tz.md5sums": b"1  usr/z\n",
    }  # fmt: skip
    assert Dpkg().trim(image, packages, frozenset()) == {f"{STATUS_D}/tz": None, f"{STATUS_D}/tz.md5sums": None}


def test_the_list_of_an_architecture_of_which_nothing_remains_goes() -> None:
    both = b"Package: a\n" + INSTALLED + b"\nPackage: a\n" + INSTALLED.replace(b"amd64", b"i386")
    image = tree({STATUS: both, f"{INFO}/a:amd64.list": b"/l/a\n", f"{INFO}/a:i386.list": b"/l/b\n",
                  "/l/a": "file", "/l/b": "file"})  # fmt: skip
    result = Dpkg().trim(image, tuple(Dpkg().catalog(image)), frozenset(("/l/a",)))
    assert result[f"{INFO}/a:amd64.list"] == b"/l/a\n"
    assert result[f"{INFO}/a:i386.list"] is None
    assert b"i386" not in (result[STATUS] or b"")


def test_how_the_lists_are_called_stays_said() -> None:
    image = tree({**IMAGE, f"{INFO}/format": b"1\n"})
    packages = tuple(Dpkg().catalog(image))
    assert Dpkg().trim(image, packages, frozenset(("/usr/bin/dash",)))[f"{INFO}/format"] == b"1\n"


@given(st.binary(max_size=200), st.binary(max_size=100), st.binary(max_size=100))
def test_no_record_raises(status: bytes, listed: bytes, diverted: bytes) -> None:
    image = tree({**IMAGE, STATUS: DASH + status, f"{INFO}/dash.list": listed, f"{INFO}/dash.md5sums": listed,
                  "/var/lib/dpkg/diversions": diverted, f"{STATUS_D}/x": status})  # fmt: skip
    Dpkg().trim(image, tuple(Dpkg().catalog(image)), frozenset(("/usr/bin/dash",)))


@pytest.mark.integration
def test_dpkg_agrees_before_and_after_a_trim(tmp_path: Path) -> None:
    need("mmdebstrap", "dpkg-query", "dpkg")
    subprocess.run(["mmdebstrap", "--variant=minbase", "--quiet", "bookworm", str(tmp_path)], check=True)
    image = index([tmp_path])
    packages = tuple(Dpkg().catalog(image))

    def said(*words: str) -> str:
        admin = f"--admindir={tmp_path}/var/lib/dpkg"
        return subprocess.run([words[0], admin, *words[1:]], capture_output=True, text=True, check=True).stdout

    shown = said("dpkg-query", "-W", "-f", "${Package} ${Version} ${Architecture}\n").splitlines()
    assert sorted(f"{package} {package.architecture}" for package in packages) == sorted(shown)
    bash = next(package for package in packages if package.name == "bash")
    for path in said("dpkg-query", "-L", "bash").splitlines():
        end, reached = image.walk(path, follow_last=False)[0], image.resolve(path)
        assert end is None or reached is None or reached.kind is Kind.DIRECTORY or end in bash.files

    kept = frozenset(
        path for package in packages if package.name in ("bash", "libc6", "tzdata") for path in package.files
    )
    for path, content in Dpkg().trim(image, packages, kept).items():
        (tmp_path / path[1:]).unlink() if content is None else (tmp_path / path[1:]).write_bytes(content)
    left = {line.split()[1].partition(":")[0] for line in said("dpkg", "-l").splitlines() if line.startswith("ii")}
    assert {"bash", "libc6"} <= left
    assert "apt" not in left
    assert said("dpkg", "--audit") == ""
    assert "/bin/bash" in said("dpkg-query", "-L", "bash")
