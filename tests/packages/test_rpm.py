"""The database of RPM, as RPM itself makes it."""

from __future__ import annotations

import random
import sqlite3
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.filetree import FileTree
from jettison.packages import catalog, trim, uncataloged
from jettison.packages.rpm import Rpm, sqlite
from make import tree
from tools import need

_SPEC = """Name: {name}
Epoch: {epoch}
Version: {version}
Release: 2.el9
Summary: A test
License: MIT
Vendor: Example
BuildArch: noarch
%description
%package libs
Summary: A part
%description libs
%install
mkdir -p %{{buildroot}}/bin %{{buildroot}}/usr/share/doc/{name}
echo 1 > %{{buildroot}}/bin/{name}
echo 2 > %{{buildroot}}/bin/{name}-libs
echo 3 > %{{buildroot}}/usr/share/doc/{name}/README
%files
/bin/{name}
/usr/share/doc/{name}/README
%files libs
/bin/{name}-libs
"""
_FILES: dict[str, str | bytes] = {"/bin": "link -> usr/bin", **{f"/usr/bin/{n}": b"x" for n in ("a", "a-libs", "b")}}


def _rpm(*command: object) -> str:
    need(str(command[0]))
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Packages a, a-libs (epoch 1), b, b-libs."""
    place = tmp_path_factory.mktemp("rpmbuild")
    for name, epoch, version in (("a", 1, "1.0"), ("b", 0, "2.0")):
        spec = place / f"{name}.spec"
        spec.write_text(_SPEC.format(name=name, epoch=epoch, version=version))
        _rpm("rpmbuild", "-bb", "--define", f"_topdir {place}", "--define", "_vendor example", spec)
    return sorted(place.glob("RPMS/noarch/*.rpm"))


@pytest.fixture(scope="session")
def databases(built: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same packages in the three formats; Debian's RPM writes only the first."""
    place = tmp_path_factory.mktemp("sqlite")
    chosen = ("--dbpath", place, "--define", "_db_backend sqlite")
    _rpm("rpm", *chosen, "--initdb")
    _rpm("rpm", *chosen, "--justdb", "--nodeps", "--noscripts", "--ignorearch", "--ignoreos", "-i", *built)
    data = (place / "rpmdb.sqlite").read_bytes()
    blobs = [blob for _, blob in sqlite.headers(data)]
    berkeley = _berkeley(blobs, tmp_path_factory.mktemp("berkeley") / "Packages")
    return {"rpmdb.sqlite": data, "Packages.db": _ndb(blobs), "Packages": berkeley}


def _ndb(blobs: list[bytes]) -> bytes:
    slots, stored = struct.pack("<4s7I", b"RpmP", 0, 1, 1, len(blobs) + 1, 0, 0, 0), b""
    for number, blob in enumerate(blobs, 1):
        tail = struct.pack("<2I4s", zlib.adler32(blob), len(blob), b"BlbE")
        whole = struct.pack("<4s3I", b"BlbS", number, 1, len(blob)) + blob + bytes(-(len(blob) + 12) % 16) + tail
        slots += struct.pack("<4s3I", b"Slot", number, (4096 + len(stored)) // 16, len(whole) // 16)
        stored += whole
    return slots + struct.pack("<4s3I", b"Slot", 0, 0, 0) * ((4096 - len(slots)) // 16) + stored


def _berkeley(blobs: list[bytes], path: Path) -> bytes:
    need("db5.3_load")
    lines = ["VERSION=3", "format=bytevalue", "type=hash", "db_pagesize=4096", "HEADER=END", " 00000000", " 04000000"]
    for number, blob in enumerate(blobs, 1):
        lines += [f" {number.to_bytes(4, 'little').hex()}", f" {blob.hex()}"]
    subprocess.run(["db5.3_load", path], input="\n".join([*lines, "DATA=END", ""]), text=True, check=True)
    return path.read_bytes()


FORMATS = pytest.mark.parametrize("name", ["rpmdb.sqlite", "Packages.db", "Packages"])
INTEGRATION = pytest.mark.integration


def _image(databases: dict[str, bytes], name: str, directory: str = "/var/lib/rpm") -> FileTree:
    return tree({**_FILES, f"{directory}/{name}": databases[name]})


@INTEGRATION
@FORMATS
def test_what_rpm_installed_is_told(databases: dict[str, bytes], name: str) -> None:
    image = _image(databases, name)
    found = {package.name: package for package in catalog(image)}
    assert {n: p.version for n, p in found.items()} == {
        "a": "1:1.0-2.el9", "a-libs": "1:1.0-2.el9", "b": "2.0-2.el9", "b-libs": "2.0-2.el9",
    }  # fmt: skip
    assert found["a-libs"].source == "a"
    assert found["a"].architecture == "noarch"
    assert found["a-libs"].attributes == {"source_version": "1:1.0-2.el9", "vendor": "Example"}
    assert found["a"].files == {"/usr/bin/a"}
    assert found["b-libs"].files == frozenset()
    assert list(Rpm().gaps(image)) == []
    assert uncataloged(image) == ()


@INTEGRATION
@FORMATS
@pytest.mark.parametrize("directory", ["/var/lib/rpm", "/usr/lib/sysimage/rpm"])
def test_rpm_lists_what_remains(databases: dict[str, bytes], name: str, directory: str, tmp_path: Path) -> None:
    image = _image(databases, name, directory)
    records = trim(image, catalog(image), frozenset({"/usr/bin/a-libs", "/usr/bin/b"}))
    assert records == trim(image, catalog(image), frozenset({"/usr/bin/a-libs", "/usr/bin/b"}))
    left = {path: data for path, data in records.items() if data is not None}
    assert list(left) == [f"{directory}/rpmdb.sqlite"]
    (tmp_path / "rpmdb.sqlite").write_bytes(*left.values())
    listed = _rpm("rpm", "--dbpath", tmp_path, "--define", "_db_backend sqlite", "-qa", "--qf", "%{NAME}\n")
    assert sorted(listed.split()) == ["a-libs", "b"]
    assert [p.name for p in catalog(tree({**_FILES, **left}))] == ["a-libs", "b"]


@INTEGRATION
def test_every_index_forgets_what_goes(databases: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "rpmdb.sqlite").write_bytes(sqlite.trimmed(databases["rpmdb.sqlite"], b"", {1}))
    with sqlite3.connect(tmp_path / "rpmdb.sqlite") as database:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        names = [name for (name,) in database.execute(sql)]
        columns = {name: {row[1] for row in database.execute(f'PRAGMA table_info("{name}")')} for name in names}
        numbers = {
            name: {number for (number,) in database.execute(f'SELECT hnum FROM "{name}"')}
            for name in names
            if "hnum" in columns[name]
        }
    database.close()
    assert numbers["Providename"] == numbers["Packages"] == numbers["Name"] == {1}
    assert set().union(*numbers.values()) == {1}


@INTEGRATION
def test_nothing_remains(databases: dict[str, bytes]) -> None:
    image = _image(databases, "rpmdb.sqlite")
    assert trim(image, catalog(image), frozenset()) == {"/var/lib/rpm/rpmdb.sqlite": None}


@INTEGRATION
@FORMATS
def test_a_cut_off_database_is_a_gap(databases: dict[str, bytes], name: str) -> None:
    data = databases[name]
    for size in (10, 100, 5000, len(data) // 2, len(data) - 4096):
        image = tree({**_FILES, f"/var/lib/rpm/{name}": data[:size], "/node_modules/n/package.json": b'{"name":"n"}'})
        assert "n" in {package.name for package in catalog(image)}
        told, found = list(Rpm().gaps(image)), list(Rpm().catalog(image))
        assert told or len(found) == 4, size


@INTEGRATION
def test_a_database_with_triggers_is_a_gap(databases: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "db"
    path.write_bytes(databases["rpmdb.sqlite"])
    with sqlite3.connect(path) as database:
        database.execute("CREATE TRIGGER t AFTER DELETE ON Packages BEGIN DELETE FROM Name; END")
    database.close()
    image = tree({"/var/lib/rpm/rpmdb.sqlite": path.read_bytes()})
    assert [gap.reason for gap in Rpm().gaps(image)] == ["the database of RPM cannot be read: it has views or triggers"]


@FORMATS
@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_gap(name: str, data: bytes) -> None:
    image = tree({f"/var/lib/rpm/{name}": data})
    assert list(Rpm().catalog(image)) == []
    assert len(list(Rpm().gaps(image))) == 1
    assert trim(image, (), frozenset()) == {f"/var/lib/rpm/{name}": None}


@INTEGRATION
@FORMATS
def test_damage_raises_nothing(databases: dict[str, bytes], name: str) -> None:
    """Not by hypothesis, which would print whole databases; the same damage every time."""
    for seed in range(60):
        chance = random.Random(seed)
        data = bytearray(databases[name])
        for _ in range(20):
            data[chance.randrange(len(data))] = chance.randrange(256)
        image = tree({**_FILES, f"/var/lib/rpm/{name}": bytes(data)})
        found = tuple(Rpm().catalog(image))
        assert len(found) <= 4
        list(Rpm().gaps(image))
        trim(image, found, frozenset({"/usr/bin/a"}))
