"""What two trees tell of a finding: records that were taken away while everything stayed where it was, or went."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jettison.packages.inventory import take
from jettison.security import vex
from jettison.security.compare import compare
from jettison.security.match import scan
from jettison.security.model import Compared
from make import tree
from security.matching import database, record

Files = Mapping[str, bytes]

ELF = b"\x7fELF" + bytes(range(256)) * 8
CODE = b"module.exports = 1;\n" * 100
RELEASE = {"/etc/os-release": b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n'}
STATUS = "/var/lib/dpkg/status"
RECORDS = [
    record("DEBIAN-CVE-2024-0001", "Debian:12", "openssl", "3.0.15-1", upstream=["CVE-2024-0001"]),
    record("DEBIAN-CVE-2024-0002", "Debian:12", "openssl", upstream=["CVE-2024-0002"]),
    record("GHSA-aaaa-bbbb-cccc", "npm", "lodash", "4.17.21", aliases=["CVE-2024-0003"]),
    record("GHSA-aaaa-bbbb-dddd", "npm", "lodash", "4.17.19", aliases=["CVE-2024-0004"]),
    record("GHSA-aaaa-bbbb-eeee", "Maven", "org.apache.logging.log4j:log4j-core", "2.17.1", aliases=["CVE-2021-44228"]),
    record("GHSA-aaaa-bbbb-ffff", "PyPI", "requests", "99", aliases=["CVE-2024-0005"]),
]


def dpkg(*packages: tuple[str, str]) -> bytes:
    """A status file; every package is of the source ``openssl``."""
    return b"".join(
        f"Package: {name}\nSource: openssl\nStatus: install ok installed\nArchitecture: amd64\n"
        f"Version: {version}\n\n".encode()
        for name, version in packages
    )


def listed(name: str, *paths: str) -> dict[str, bytes]:
    return {f"/var/lib/dpkg/info/{name}.list": "".join(f"{path}\n" for path in paths).encode()}


def module(version: str, root: str = "/app/node_modules/lodash", code: bytes = CODE) -> dict[str, bytes]:
    manifest = {"name": "lodash"} | ({"version": version} if version else {})
    return {f"{root}/package.json": json.dumps(manifest).encode(), f"{root}/index.js": code}


def jar(entries: Mapping[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return file.getvalue()


def log4j(version: str) -> dict[str, bytes | str]:
    where = "META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties"
    return {where: f"groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion={version}\n"}


def compared(directory: Path, before: Files, after: Files, *more: Mapping[str, Any]) -> Compared:
    old, new = tree(dict(before)), tree(dict(after))
    with database(directory, [*RECORDS, *more]) as known:
        return compare(scan("a", take(old), known), scan("b", take(new), known), old, new)


def columns(found: Compared) -> tuple[int, int, int, int]:
    """Removed, remaining, cannot tell, added; nothing is lost, and nothing is stated of what is not removed."""
    assert len(found.removed) + len(found.remaining) + len(found.cannot_tell) == len(found.before.findings)
    stated: list[Any] = json.loads(vex.write(found))["statements"]
    assert {each["vulnerability"]["name"] for each in stated} <= {finding.id for finding in found.removed}
    return len(found.removed), len(found.remaining), len(found.cannot_tell), len(found.added)


LIBRARY = "/usr/lib/libssl.so.3"
NATIVE = RELEASE | {STATUS: dpkg(("libssl3", "3.0.11-1"), ("zlib1g", "1"))} | listed("zlib1g", "/usr/lib/libz.so.1")
FULL = NATIVE | {LIBRARY: ELF, "/usr/lib/libz.so.1": ELF + b"z"} | listed("libssl3", LIBRARY)
LESS = {STATUS: dpkg(("zlib1g", "1"))}


def test_a_package_that_went_with_all_its_files_was_removed(tmp_path: Path) -> None:
    found = compared(tmp_path, FULL, {path: data for path, data in (FULL | LESS).items() if "ssl" not in path})
    assert columns(found) == (2, 2, 0, 0)
    assert [component.package.name for component in found.gone] == ["libssl3"]
    assert len(json.loads(vex.write(found))["statements"]) == 2


def test_without_a_list_of_files_nobody_can_tell(tmp_path: Path) -> None:
    unlisted = {path: data for path, data in FULL.items() if not path.endswith("libssl3.list")}
    found = compared(tmp_path, unlisted, unlisted | LESS)
    assert columns(found) == (0, 2, 2, 0)
    assert "no list of files of 1 package without a record now (libssl3 3.0.11-1)" in " ".join(found.after.unknown)


def test_files_that_another_record_names_now_are_still_there(tmp_path: Path) -> None:
    site = "/usr/lib/python3/dist-packages"
    module = {f"{site}/ssl/__init__.py": CODE, f"{site}/ssl-3.egg-info/PKG-INFO": b"Name: ssl\nVersion: 3\n\n"}
    full = NATIVE | module | listed("libssl3", *module)
    assert columns(compared(tmp_path, full, full | LESS)) == (0, 2, 2, 0)


def test_a_module_without_a_version_is_not_gone(tmp_path: Path) -> None:
    assert columns(compared(tmp_path, module("4.17.15"), module(""))) == (0, 0, 2, 0)


def test_a_number_that_was_raised_over_the_same_code_is_no_upgrade(tmp_path: Path) -> None:
    assert columns(compared(tmp_path, module("4.17.15"), module("4.17.21"))) == (0, 0, 2, 0)


def test_a_jar_that_does_not_say_any_more_what_is_in_it(tmp_path: Path) -> None:
    classes = {"Lookup.class": b"\xca\xfe" * 999}
    before, after = jar(log4j("2.14.1") | classes), jar(classes)
    for number, name in enumerate(("app.jar", "log4j-2.14.1.jar", "all-1.jar")):
        directory = tmp_path / str(number)
        assert columns(compared(directory, {f"/app/{name}": before}, {f"/app/{name}": after})) == (0, 0, 1, 0)


def test_a_jar_that_lost_its_group_may_be_at_another_place(tmp_path: Path) -> None:
    made = record("GHSA-aaaa-bbbb-cccd", "Maven", "org.acme:things", "3", aliases=["CVE-2024-0006"])
    pom = "META-INF/maven/org.acme/things/pom.properties"
    before = {"/app/all.jar": jar({pom: "groupId=org.acme\nartifactId=things\nversion=2\n"})}
    after = {"/opt/things-2.jar": jar({"A.class": b"\xca\xfe"})}
    found = compared(tmp_path, before, after, made)
    assert columns(found) == (0, 0, 1, 0)
    assert "1 jar names no Maven group: not checked (things 2)" in found.after.unknown


@pytest.mark.parametrize("place", ["/opt/libssl.so.3", "/app/node_modules/lodash/addon.node"])
def test_the_same_bytes_at_another_path_are_not_gone(tmp_path: Path, place: str) -> None:
    after = {path: data for path, data in (FULL | LESS).items() if "ssl" not in path}
    found = compared(tmp_path, FULL | module("9.0.0"), after | module("9.0.0") | {place: ELF})
    assert columns(found) == (0, 2, 2, 0)
    assert f"files of 1 package without a record now are there under another name (libssl3 3.0.11-1: {place})" in (
        " ".join(found.after.unknown)
    )


def test_a_program_of_the_same_name_may_be_the_same_one_stripped(tmp_path: Path) -> None:
    after = {path: data for path, data in (FULL | LESS).items() if "ssl" not in path}
    assert columns(compared(tmp_path / "new", FULL, after | {"/opt/libssl.so.3": ELF[:999]})) == (0, 2, 2, 0)
    own = {"/opt/libssl.so.3": ELF[:999]}
    assert columns(compared(tmp_path / "old", FULL | own, after | own)) == (2, 2, 0, 0)


def test_licences_and_what_another_package_had_before_are_no_copy(tmp_path: Path) -> None:
    other = {"/app/node_modules/b/package.json": b'{"name": "b", "version": "1.0.0"}',
             "/app/node_modules/b/index.js": CODE}  # fmt: skip
    licence = {"/app/node_modules/lodash/LICENSE.txt": b"Permission " * 200}
    after = other | {"/app/COPYING": b"Permission " * 200}
    assert columns(compared(tmp_path, module("4.17.15") | licence | other, after)) == (2, 0, 0, 0)


def test_a_jar_that_was_moved_is_the_same_one(tmp_path: Path) -> None:
    archive = jar(log4j("2.14.1"))
    assert columns(compared(tmp_path, {"/app/a.jar": archive}, {"/opt/log4j-core-2.14.1.jar": archive})) == (0, 1, 0, 0)


def test_an_upgrade_removes_what_the_new_version_has_mended_and_nothing_else(tmp_path: Path) -> None:
    newer = {STATUS: dpkg(("libssl3", "3.0.16-1"), ("zlib1g", "1")), LIBRARY: ELF + b"new"}
    found = compared(tmp_path / "deb", FULL, FULL | newer)
    assert columns(found) == (1, 3, 0, 0)
    assert [finding.id for finding in found.removed] == ["CVE-2024-0001"]
    assert found.gone == ()
    elsewhere = module("4.17.20", "/srv/node_modules/lodash", CODE + b"new")
    found = compared(tmp_path / "npm", module("4.17.15"), elsewhere)
    assert columns(found) == (1, 1, 0, 0)
    assert [finding.id for finding in found.remaining] == ["CVE-2024-0003"]


def test_each_copy_counts_by_itself(tmp_path: Path) -> None:
    one, two = module("4.17.20"), module("4.17.20", "/b/node_modules/lodash")
    assert columns(compared(tmp_path / "less", one | two, one)) == (1, 1, 0, 0)
    assert columns(compared(tmp_path / "more", one, one | two)) == (0, 1, 0, 1)
    assert columns(compared(tmp_path / "hidden", one | two, one | module("", "/b/node_modules/lodash"))) == (0, 1, 1, 0)


def test_an_upgrade_that_nobody_checked_is_none(tmp_path: Path) -> None:
    newer = {STATUS: dpkg(("libssl3", "3.0.16-1"), ("zlib1g", "1")), LIBRARY: ELF + b"new"}
    nameless = {path: data for path, data in (FULL | newer).items() if path != "/etc/os-release"}
    assert columns(compared(tmp_path / "nameless", FULL, nameless)) == (0, 2, 2, 0)
    other = {"/etc/os-release": b"ID=debian\nVERSION_ID=99\n"}
    assert columns(compared(tmp_path / "uncovered", FULL, FULL | newer | other)) == (0, 2, 2, 0)
    odd = module("latest", code=CODE + b"new")
    assert columns(compared(tmp_path / "unread", module("4.17.15"), odd)) == (0, 0, 2, 0)
