"""Tar archives: what other tools write is read, and what is damaged is refused."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import archive, directory, file, hard_link, link, member, patched
from jettison.errors import InvalidArchive
from jettison.filetree import Kind
from jettison.oci import pax
from jettison.oci.tar import Member, read
from tools import need

LONG = "directory/" * 20 + "name-" * 30


def members(data: bytes) -> dict[str, tuple[Member, bytes | None]]:
    return {
        found.name: (found, None if content is None else b"".join(content)) for found, content in read(io.BytesIO(data))
    }


class Trickle(io.RawIOBase):
    """A stream that gives one to three bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, size: int = -1, /) -> bytes:
        size = min(size, 1 + self._at % 3)
        self._at += size
        return self._data[self._at - size : self._at]


@pytest.mark.integration
@pytest.mark.parametrize("form", ["v7", "ustar", "oldgnu", "gnu", "posix"])
def test_every_format_of_gnu_tar(tmp_path: Path, form: str) -> None:
    need("tar")
    name = "plain" if form in ("v7", "ustar") else LONG
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(b"x" * 1000)
    (tmp_path / "link").symlink_to(name)
    os.link(tmp_path / name, tmp_path / "second")
    os.utime(tmp_path / name, (1_000_000_000.5, 1_000_000_000.5))
    os.chmod(tmp_path / name, 0o4751)
    made = subprocess.run(["tar", f"--format={form}", "-c", name, "link", "second"], cwd=tmp_path, capture_output=True)
    found = members(made.stdout)
    assert {path: found[path][0].kind for path in found} == {name: Kind.FILE, "link": Kind.SYMLINK, "second": None}
    assert found[name][1] == b"x" * 1000
    assert (found[name][0].mode, found[name][0].mtime) == (0o4751, 1_000_000_000)
    assert found["link"][0].target == found["second"][0].target == name


@pytest.mark.integration
@pytest.mark.parametrize("form", ["gnu", "posix:0.0", "posix:0.1", "posix:1.0"])
@pytest.mark.parametrize("pieces", [0, 1, 3, 60])
def test_every_format_of_sparse_files(tmp_path: Path, form: str, pieces: int) -> None:
    need("tar")
    with open(tmp_path / "sparse", "wb") as sparse:
        for number in range(pieces):
            sparse.seek(number * 200_000 + 100_000)
            sparse.write(b"%d" % number * 5000)
        sparse.truncate(pieces * 200_000 + 300_000)
    (tmp_path / "after").write_bytes(b"after")
    form, _, version = form.partition(":")
    command = ["tar", f"--format={form}", "--sparse", *([f"--sparse-version={version}"] if version else [])]
    made = subprocess.run([*command, "-c", "sparse", "after"], cwd=tmp_path, capture_output=True, check=True)
    assert len(made.stdout) < (tmp_path / "sparse").stat().st_size
    found = members(made.stdout)
    assert found["sparse"][1] == (tmp_path / "sparse").read_bytes()
    assert found["sparse"][0].size == (tmp_path / "sparse").stat().st_size
    assert found["after"][1] == b"after"


def test_the_oldest_way_to_say_directory() -> None:
    old = patched(member("d/"), 257, bytes(8))
    assert members(archive(old).getvalue())["d"][0].kind is Kind.DIRECTORY


def test_the_prefix_of_a_long_name() -> None:
    with io.BytesIO() as buffer:
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as made:
            made.addfile(tarfile.TarInfo("p" * 90 + "/" + "n" * 90))
        assert list(members(buffer.getvalue())) == ["p" * 90 + "/" + "n" * 90]


def test_records_for_all_that_follow() -> None:
    record = pax.record("mtime", b"77.5") + pax.record("uid", b"1000")
    everywhere = member("g", b"g", record)
    found = members(archive(everywhere, file("a"), file("b", pax_headers={"mtime": "88"})).getvalue())
    assert [(found[name][0].mtime, found[name][0].uid) for name in "ab"] == [(77, 1000), (88, 1000)]


def test_numbers_of_every_kind() -> None:
    big = patched(file("a"), 108, b"\x80\0\0\0" + (3_000_000_000).to_bytes(4, "big"))
    past = patched(file("b"), 136, b"\xff" * 11 + b"\xf6")
    spaces = patched(file("c"), 108, b"   17 \0 ")
    found = members(archive(big, past, spaces).getvalue())
    assert (found["a"][0].uid, found["b"][0].mtime, found["c"][0].uid) == (3_000_000_000, -10, 15)


def test_sums_of_signed_bytes() -> None:
    head = b"caf\xe9".ljust(100, b"\0") + file("x", b"")[100:512]
    signed = sum(b - 256 if b > 127 else b for b in head[:148] + b" " * 8 + head[156:])
    assert list(members(head[:148] + b"%06o\0 " % signed + head[156:] + bytes(1024))) == ["caf\udce9"]


def test_content_that_nobody_reads_is_passed_over() -> None:
    data = archive(file("a", b"a" * 5000), file("b", b"b"), directory("c/"))
    assert [found.name for found, _ in read(data)] == ["a", "b", "c"]


def test_any_size_of_reads() -> None:
    data = archive(file(LONG, b"a" * 5000), file("b", b"b")).getvalue()
    found = {entry.name: b"".join(content or ()) for entry, content in read(Trickle(data))}
    assert found == {LONG: b"a" * 5000, "b": b"b"}


def test_what_follows_the_end_mark_is_not_read() -> None:
    assert list(members(archive(file("a")).getvalue() + b"trailing" * 1000)) == ["a"]


@pytest.mark.parametrize("empty", [b"", bytes(512), bytes(1024), bytes(10240)])
def test_archives_of_nothing(empty: bytes) -> None:
    assert members(empty) == {}


def test_an_end_without_a_mark() -> None:
    assert list(members(file("a"))) == ["a"]


DATA = archive(file("a", b"a" * 700), file(LONG, b"b"), link("l", LONG)).getvalue()[:-1024]


@pytest.mark.parametrize("at", [1, 100, 511, 513, 1500, 1537, 2048, 2100, 3000, len(DATA) - 1])
def test_truncated_anywhere(at: int) -> None:
    with pytest.raises(InvalidArchive, match=r"cannot read tar: it is (truncated|not a tar archive)"):
        members(DATA[:at])


def test_a_damaged_header_is_not_the_end() -> None:
    data = bytearray(archive(file("a"), file("b"), file("c")).getvalue())
    data[1024 + 3] ^= 1
    with pytest.raises(InvalidArchive, match="cannot read tar: a header is damaged"):
        members(bytes(data))


def sparse(mapping: bytes, size: bytes = b"10", content: bytes = b"12345") -> bytes:
    return file("s", content, pax_headers={"GNU.sparse.map": mapping.decode(), "GNU.sparse.size": size.decode()})


def sparse_in_data(data: bytes) -> bytes:
    headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "10"}
    return file("s", data, pax_headers=headers)


@pytest.mark.parametrize(
    "data",
    [
        b"not a tar" * 1000,
        os.urandom(512),
        patched(file("a"), 124, b"\xff" * 12),
        patched(file("a"), 124, b"\x80" + b"\xff" * 11),
        patched(file("a"), 124, b"77777777777\0"),
        patched(file("a"), 124, b"notanumber\0\0"),
        patched(file("a"), 156, b"M"),
        member("x", b"x", b"999999999999 path=a\n"),
        member("x", b"x", b"0 path=a\n"),
        member("x", b"x", b"-9 path=a\n"),
        member("x", b"x", b"11 pathless"),
        member("x", b"x", b"9 path=a"),
        member("x", b"x", b"\xff\xfe"),
        member("x", b"x", b"10 path=a\n"),
        patched(member("x", b"x"), 124, b"77777777777\0"),
        patched(member("x", b"L"), 124, b"\xff" * 12),
        file("a", pax_headers={"size": "-1"}),
        file("a", pax_headers={"size": "many"}),
        sparse(b"0,5,3,5"),
        sparse(b"5,6"),
        sparse(b"0,9999"),
        sparse(b"-1,2"),
        sparse(b"1,-1"),
        sparse(b"0,5,5"),
        sparse(b"0,6"),
        sparse(b"x,y"),
        sparse_in_data(b""),
        sparse_in_data(b"1\n"),
        sparse_in_data(b"9" * 600),
        sparse_in_data(b"99999999999\n" * 50),
        sparse_in_data(b"-1\n".ljust(512, b"\0")),
    ],
)
def test_what_makes_no_sense(data: bytes) -> None:
    with pytest.raises(InvalidArchive, match=r"^cannot read tar: ") as caught:
        members(data + bytes(1024))
    assert "\n" not in str(caught.value)


def test_a_sparse_bomb() -> None:
    bomb = sparse(b"0,5", str(1 << 50).encode())
    with pytest.raises(InvalidArchive, match="expands more than"):
        members(archive(bomb).getvalue())


EACH = (file(LONG, b"a" * 600), directory("d/"), link("l", "a"), hard_link("h", LONG), sparse(b"0,2,4,2"))
VALID = archive(*EACH).getvalue()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=6))
def test_damage_is_an_error_of_ours_or_harmless(changes: list[tuple[int, int]]) -> None:
    data = bytearray(VALID)
    for at, value in changes:
        data[at] = value
    try:
        members(bytes(data))
    except InvalidArchive as error:
        assert str(error).startswith("cannot read tar: ")  # noqa: PT017
