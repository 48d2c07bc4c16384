"""Layer archives: what is written is read again, here and elsewhere, and the same tree is the same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.errors import InvalidArchive, InvalidInput
from jettison.filetree import FileEntry, FileTree, Kind, index
from jettison.oci import pax
from jettison.oci.tar import Member, read
from jettison.oci.tarwriter import write_layer
from make import tree

LONG = "directory/" * 20 + "name-" * 30


def members(data: bytes) -> dict[str, tuple[Member, bytes | None]]:
    return {
        found.name: (found, None if content is None else b"".join(content)) for found, content in read(io.BytesIO(data))
    }


def layer(found: FileTree, *paths: str, whiteouts: tuple[str, ...] = (), epoch: int | None = None) -> bytes:
    sink = io.BytesIO()
    write_layer(sink, found, paths or found, whiteouts, epoch)
    return sink.getvalue()


NAMES = st.text("ab.é\udcff ", min_size=1, max_size=120).filter(lambda text: text not in (".", ".."))
NUMBERS = st.one_of(st.integers(0, 70000), st.integers(0, 2**32 - 2))
ENTRIES = st.builds(
    FileEntry,
    path=st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts)),
    kind=st.sampled_from(Kind),
    mode=st.integers(0, 0o7777),
    uid=NUMBERS,
    gid=NUMBERS,
    mtime=st.integers(-(2**33), 2**36),
    target=NAMES,
    device=st.tuples(st.integers(0, 4095), st.integers(0, 100_000)),
    xattrs=st.dictionaries(st.text("ab.", min_size=1, max_size=5), st.binary(max_size=40), max_size=3),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ENTRIES, max_size=6, unique_by=lambda entry: entry.path))
def test_what_is_written_is_read_again(entries: list[FileEntry]) -> None:
    data = layer(FileTree({entry.path: entry for entry in entries}))
    found = members(data)
    assert set(found) == {entry.path[1:] for entry in entries}
    for entry in entries:
        said, _ = found[entry.path[1:]]
        assert (said.kind, said.mode, said.uid, said.gid) == (entry.kind, entry.mode, entry.uid, entry.gid)
        assert (said.mtime, said.xattrs) == (entry.mtime, entry.xattrs)
        if entry.kind is Kind.SYMLINK:
            assert said.target == entry.target
        if entry.kind in (Kind.BLOCK, Kind.CHARACTER):
            assert said.device == entry.device
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as theirs:
        assert {info.name for info in theirs} == set(found)


#: By digest: whoever changes what is written changes the digest of every image that anyone made.
SAMPLE_DIGEST = "60c214e585803643967be530ba133588fb43e40310ce13fcb8f6a7779a16a1e6"
SAMPLE = tree(
    {
        "/bin/sh": "file 4755 1:2",
        "/dev/tty": "char 0666",
        f"/{LONG}": b"content",
        "/link": "link -> bin/sh",
        "/a-b": b"sorts before /a/b as text, after it as a path",
        "/a/b": b"",
    }
)


def test_golden() -> None:
    assert hashlib.sha256(layer(SAMPLE, whiteouts=("/gone", "/a/.wh..opq"))).hexdigest() == SAMPLE_DIGEST


def test_order_and_doubles_do_not_matter() -> None:
    paths = list(SAMPLE)
    assert layer(SAMPLE, *reversed(paths), *paths) == layer(SAMPLE)


def test_directories_first_whatever_sorts_below_the_slash() -> None:
    found = list(members(layer(SAMPLE)))
    assert found.index("a") < found.index("a/b") < found.index("a-b")


def test_names_are_relative_and_the_root_is_left_out() -> None:
    assert all(name and not name.startswith("/") for name in members(layer(SAMPLE)))


def test_the_epoch_is_the_latest_time() -> None:
    found = FileTree({path: FileEntry(path, Kind.FILE, mtime=time) for path, time in (("/old", 5), ("/new", 500))})
    assert {name: said.mtime for name, (said, _) in members(layer(found, epoch=100)).items()} == {"new": 100, "old": 5}


def test_whiteouts() -> None:
    found = members(layer(tree({"/d/a": b""}), whiteouts=("/d/b", "/c", "/d/.wh..opq")))
    assert list(found) == ["d", "d/a", ".wh.c", "d/.wh..wh..opq", "d/.wh.b"]


def test_hard_links_lead_to_the_first_name(tmp_path: Path) -> None:
    (tmp_path / "z").write_bytes(b"content")
    os.link(tmp_path / "z", tmp_path / "a")
    os.link(tmp_path / "z", tmp_path / "m")
    found = members(layer(index([tmp_path])))
    assert [(said.name, said.kind, said.target) for said, _ in found.values()] == [
        ("a", Kind.FILE, ""),
        ("m", None, "a"),
        ("z", None, "a"),
    ]


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    found = index([tmp_path])
    (tmp_path / "a").write_bytes(b"con")
    with pytest.raises(InvalidArchive, match="cannot write /a: the file became shorter while it was read"):
        layer(found)


def test_a_file_that_grows_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    found = index([tmp_path])
    (tmp_path / "a").write_bytes(b"content and more")
    assert members(layer(found))["a"][1] == b"content"


def test_a_name_with_a_nul_byte() -> None:
    with pytest.raises(InvalidInput, match="a NUL byte in a name"):
        layer(FileTree({"/a\0b": FileEntry("/a\0b", Kind.FILE)}))


@pytest.mark.parametrize("length", [*range(80, 120), 990, 991, 992, 993, 994, 995, 996, 9980, 9990, 9999])
def test_a_record_counts_itself(length: int) -> None:
    record = pax.record("key", b"v" * length)
    assert int(record.partition(b" ")[0]) == len(record)
    assert pax.records(record) == {"key": b"v" * length}
