"""Trees that were made small by others: what is missing is said, and never counted as nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.packages.inventory import take
from jettison.security.match import scan
from make import tree
from security.matching import database, record

_RELEASE = {"/etc/os-release": b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n'}
_STATUS = b"Package: git\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:2.39.5-0\n\n"
_RECORDS = {"/var/lib/dpkg/status": _STATUS, "/var/lib/dpkg/info/git.list": b"/.\n/usr\n/usr/bin\n/usr/bin/git\n"}
_FILES = {"/usr/bin/git": b"\x7fELF", "/usr/lib/x86_64-linux-gnu/libc.so.6": b"\x7fELF"}


@pytest.mark.parametrize(
    ("files", "findings", "said"),
    [
        (_RELEASE | _RECORDS | _FILES, 1, "package records are missing"),
        (_RELEASE | _FILES, 0, "no dpkg records, though it is Debian 12"),
        (_RECORDS | _FILES, 0, "no distribution (/etc/os-release is missing or says none): 1 package not checked"),
        (_FILES, 0, "no distribution and no package records, though files of one are there"),
        (_RELEASE | _RECORDS | {"/usr/bin/git": b"\x7fELF"}, 1, ""),
    ],
    ids=["full", "no-dpkg", "no-osrelease", "neither", "whole"],
)
def test_a_count_is_never_zero_without_a_word(
    tmp_path: Path, files: dict[str, str | bytes], findings: int, said: str
) -> None:
    records = [record("DEBIAN-CVE-2024-0001", "Debian:12", "git", upstream=["CVE-2024-0001"])]
    with database(tmp_path, records) as found:
        made = scan("a", take(tree(files)), found)
    assert len(made.findings) == findings
    assert said in " ".join(made.unknown)
    assert bool(made.unknown) == bool(said)
