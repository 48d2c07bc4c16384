"""Programs that no record names; and ELF files that are no good."""

from __future__ import annotations

import platform
import random
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elf_files import elf, inline, real
from jettison.filetree import FileTree
from jettison.packages.contained.classifiers import PROGRAMS
from jettison.packages.contained.programs import Programs
from jettison.packages.inventory import take
from jettison.packages.model import Gap, Package
from make import tree
from tools import need

#: What stands in programs of Debian 12, in node 8 and in the CPython that pyenv builds; OpenSSL 1.1.1w, Python 2.7.18+
#: and 3.13.0rc2 are written after their form.
CONSTANTS = [
    ("node", b"node.js/v8.17.0\0", "node", "8.17.0"),
    ("python3.11", b"\x003.2.0\x003.11.2\0", "python", "3.11.2"),
    ("libpython3.8.so.1.0", b"/root/.pyenv/versions/3.8.18\0", "python", "3.8.18"),
    ("libpython2.7.so.1.0", b"\x002.7.18+\0", "python", "2.7.18"),
    ("python3.13t", b"\x003.13.0rc2\0", "python", "3.13.0rc2"),
    ("libruby-3.1.so.3.1.7", b"ruby 3.1.7p261 (2025-03-26 revision 0a3704f218) [x86_64-linux-gnu]", "ruby", "3.1.7"),
    ("php8.2", b"X-Powered-By: PHP/8.2.36\0", "php", "8.2.36"),
    ("php-fpm8.2", b"X-Powered-By: PHP/8.2.36\0", "php", "8.2.36"),
    ("libperl.so.5.36.0", b"\0v5.36.0\0", "perl", "5.36.0"),
    ("busybox", b"BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1)", "busybox", "1.35.0"),
    ("libcrypto.so.3", b"OpenSSL 3.0.19 27 Jan 2026\0", "openssl", "3.0.19"),
    ("openssl", b"OpenSSL 1.1.1w  11 Sep 2023\0", "openssl", "1.1.1w"),
    ("nginx", b"nginx version: nginx/1.22.1\0", "nginx", "1.22.1"),
    ("apache2", b"Apache/2.4.71 (Debian)\0", "httpd", "2.4.71"),
    ("haproxy", b"\n version 2.6.12-1+deb12u4, released 2026/10/17\n", "haproxy", "2.6.12"),
    ("redis-server", b"\x007.0.15\0", "redis", "7.0.15"),
    ("memcached", b"memcached 1.6.18\0", "memcached", "1.6.18"),
    ("postgres", b"PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu", "postgresql", "15.20"),
    ("mariadbd", b"\x0010.11.19-MariaDB\0", "mariadb", "10.11.19"),
]


def looked_into(files: dict[str, bytes]) -> tuple[list[Package], list[Gap]]:
    """What is in files that are executable."""
    gaps: list[Gap] = []
    return list(Programs().find(executable(files), gaps.append)), gaps


def executable(files: dict[str, bytes]) -> FileTree:
    return FileTree({path: replace(entry, mode=0o755) for path, entry in tree(files).items()}, files)


def versions(files: dict[str, bytes]) -> dict[str, str]:
    return {package.name: package.version for package in looked_into(files)[0] if package.type == "generic"}


@pytest.mark.parametrize("section", [".rodata", ".data"])
@pytest.mark.parametrize(("file", "constant", "name", "version"), CONSTANTS)
def test_a_program_is_known_by_its_name_and_told_by_its_constants(
    file: str, constant: bytes, name: str, version: str, section: str
) -> None:
    (package,), _ = looked_into({f"/opt/{file}": elf({section: b"\0other 1.2.3\0" + constant})})
    assert (package.type, package.name, package.version) == ("generic", name, version)
    assert package.attributes == {"classifier": name}
    assert package.files == {f"/opt/{file}"}


def test_every_row_of_the_table_is_tested() -> None:
    assert {row.name for row in PROGRAMS} == {name for _, _, name, _ in CONSTANTS}


@pytest.mark.parametrize("file", ["node-gyp", "python3-config", "libcryptosetup.so.12", "nginx.conf", "perldoc"])
def test_other_names_are_no_programs_of_the_table(file: str) -> None:
    assert versions({f"/usr/bin/{file}": elf({".rodata": b"".join(row[1] for row in CONSTANTS)})}) == {}


def test_a_script_of_the_name_is_none_of_the_programs() -> None:
    assert versions({"/usr/bin/node": b"#!/bin/sh\nnode.js/v8.17.0" + bytes(64)}) == {}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [("/usr/local/go/VERSION", b"go1.26.8\ntime 2026-08-28T16:20:06Z\n", {"go": "1.26.8"}),
     ("/usr/share/go-1.19/VERSION", b"go1.19.8\n", {"go": "1.19.8"}), ("/app/VERSION", b"1.2.3\n", {}),
     ("/opt/jdk/release", b'IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\n', {"java": "17.0.15"}),
     ("/app/release", b"JAVA_VERSION=\n", {})],
)  # fmt: skip
def test_a_toolchain_is_told_by_its_text_file(path: str, text: bytes, expected: dict[str, str]) -> None:
    assert versions({path: text}) == expected


@pytest.mark.parametrize(("name", "arguments"), [("busybox", ["--help"]), ("openssl", ["version"])])
def test_a_real_program_says_what_was_found_in_it(name: str, arguments: list[str]) -> None:
    need(name)
    program = Path(shutil.which(name) or "").resolve()
    said = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    told = re.search(r"(?:BusyBox v|OpenSSL )(\S+)", said.stdout + said.stderr)
    assert told
    assert versions({f"/bin/{name}": program.read_bytes()}) == {name: told[1]}


def test_the_running_python_is_found() -> None:
    library = Path(sysconfig.get_config_var("LIBDIR")) / str(sysconfig.get_config_var("INSTSONAME"))
    files = [Path(sys.executable).resolve(), *([library.resolve()] if library.is_file() else [])]
    minor = "{}.{}".format(*sys.version_info)
    found = versions({f"/{number}/python{minor}": file.read_bytes() for number, file in enumerate(files)})
    assert found == {"python": platform.python_version().rstrip("+")}


def test_of_a_distribution_s_program_the_package_tells() -> None:
    status = b"Package: nginx\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.22.1-9\n"
    program = elf({".rodata": b"nginx version: nginx/1.22.1\0", ".comment": b"rustc version 1.95.0"})
    files = {"/var/lib/dpkg/status": status, "/var/lib/dpkg/info/nginx.list": b"/usr/sbin/nginx\n"}
    inventory = take(executable({**files, "/usr/sbin/nginx": program, "/opt/nginx": program}))
    assert [(c.package.type, c.place) for c in inventory.components] == [
        ("deb", "/var/lib/dpkg/info/nginx.list"), ("generic", "/opt/nginx"),
    ]  # fmt: skip
    assert [gap.path for gap in inventory.gaps] == ["/opt/nginx"]


WHOLE = [
    elf({".go.buildinfo": real("go1.26"), ".rodata": b"node.js/v8.17.0", ".dep-v0": b"x"}, wide=wide, order=order)
    for wide in (True, False)
    for order in "<>"
] + [elf({".data": inline("go1.22", "mod\ta\tv1\n")}, named=False)]


@given(st.binary(max_size=256))
@example(b"")
@example(b"\x02\x01")
def test_what_only_begins_as_an_elf_file_raises_nothing(rest: bytes) -> None:
    looked_into({"/bin/node": b"\x7fELF" + rest})


@given(st.sampled_from(WHOLE), st.integers(0, 2**32), st.integers(1, 24), st.booleans())
def test_a_damaged_program_raises_nothing(program: bytes, seed: int, changes: int, cut: bool) -> None:
    chance = random.Random(seed)
    damaged = bytearray(program)
    for _ in range(changes):
        place = chance.randrange(4, len(damaged) if chance.random() < 0.3 else 128)
        damaged[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    looked_into({"/bin/node": bytes(damaged[: chance.randrange(4, len(damaged))] if cut else damaged)})
