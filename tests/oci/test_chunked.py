"""zstd:chunked: the same archive comes back byte for byte, and the table of contents tells the truth about it."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import archive, directory, file, hard_link, link, member, patched
from chunked_blobs import chunked_files, chunked_toc, crc64, joined
from jettison.oci import codec
from jettison.oci.chunked import boundaries
from jettison.oci.chunked import crc64 as sums
from jettison.oci.chunked.write import NEW, OLD, Written, write
from samples import noise

PAX = {"mtime": "1.5", "SCHILY.xattr.user.a": "b", "path": "long/" * 40 + "é"}
TREE = (
    directory("./d/", mode=0o1777, uid=3, gid=4),
    file("d/a", b"text" * 9, mtime=9, mode=0o4755),
    file("d/empty", b""),
    file("big", noise(700_000)),
    link("l", "../x y"),
    member("dev/null", tarfile.CHRTYPE, devmajor=1, devminor=3),
    hard_link("h", "big"),
    file("x", b"1", pax_headers=PAX),
)
ODD = {
    "a damaged header": archive(*TREE).getvalue()[:3000] + b"x" * 512 + bytes(512),
    "truncated": archive(*TREE).getvalue()[:9000],
    "a device": archive(member("c", tarfile.CHRTYPE, devmajor=1, devminor=3)).getvalue(),
    "a FIFO": archive(member("p", tarfile.FIFOTYPE)).getvalue(),
    "no tar": noise(5000),
    "twice": archive(file("a"), file("./a", b"other")).getvalue(),
    "GNU sparse": archive(patched(file("a"), 156, b"S")).getvalue(),
    "PAX sparse": archive(file("a", pax_headers={"GNU.sparse.major": "1"})).getvalue(),
    "over 8 GiB": archive(patched(file("a"), 124, b"\x80" + (9 << 30).to_bytes(11, "big"))).getvalue(),
    "negative size": archive(patched(file("a"), 124, b"\xff" * 12)).getvalue(),
    "a name that is not UTF-8": archive(file("\udce9")).getvalue(),
    "unknown type": archive(patched(file("a"), 156, b"Z")).getvalue(),
    "global records": archive(patched(file("a"), 156, b"g")).getvalue(),
    "a link with a size": archive(patched(file("a", b""), 156, b"2")[:512], b"").getvalue()[:124]
    + archive(patched(patched(file("a"), 156, b"2"), 124, b"00000000007\0")).getvalue()[124:],
    "a size that is no number": archive(patched(file("a"), 124, b"zzzzzzzzzzz\0")).getvalue(),
    "a huge header": archive(patched(patched(file("a"), 156, b"x"), 124, b"77777777777\0")).getvalue(),
    "headers without end": archive(*[patched(file("a", b"9 path=x\n"), 156, b"x")] * 20).getvalue(),
    "a time without year": archive(file("a", pax_headers={"mtime": "9" * 18})).getvalue(),
    "one block of zeros, then more": file("a") + bytes(512) + file("b"),
}  # fmt: skip


def packed(plain: bytes, level: int | None = None) -> tuple[bytes, Written]:
    sink = io.BytesIO()
    written = write(sink, io.BytesIO(plain), level)
    return sink.getvalue(), written


def unpacked(blob: bytes) -> bytes:
    return codec.reader(io.BytesIO(blob)).read()


def test_the_table_says_what_the_headers_say() -> None:
    plain = archive(*TREE).getvalue()
    blob, written = packed(plain)
    assert not written.odd
    toc = chunked_toc(blob, written.annotations)
    by_name = {each["name"]: each for each in toc if each["type"] != "chunk"}
    with tarfile.open(fileobj=io.BytesIO(plain)) as members:
        for info in members:
            found = by_name.get(info.name) or by_name[f"{info.name}/"]
            assert [found.get(key, 0) for key in ("mode", "uid", "gid", "size")] == [
                info.mode, info.uid, info.gid, info.size,
            ]  # fmt: skip
            assert found.get("linkName", "") == info.linkname
            assert (found.get("UID"), found["ModTime"]) == (found.get("uid"), found["modtime"])
    assert (by_name["dev/null"]["devMajor"], by_name["dev/null"]["devMinor"]) == (1, 3)
    assert by_name[PAX["path"]]["modtime"] == "1970-01-01T00:00:01.5Z"
    assert by_name[PAX["path"]]["xattrs"] == {"user.a": "Yg=="}
    files = chunked_files(blob, toc)
    assert files["big"] == noise(700_000)
    assert files["d/empty"] == b""
    assert len([each for each in toc if each["name"] == "big"]) > 2


def test_tar_split_gives_the_archive_again() -> None:
    plain = archive(*(each for each in TREE if len(each) < 100_000)).getvalue() + bytes(9000)
    blob, written = packed(plain)
    files = chunked_files(blob, chunked_toc(blob, written.annotations))
    assert joined(blob, written.annotations, files) == plain


def test_both_sets_of_annotations_are_there() -> None:
    _, written = packed(archive(*TREE).getvalue())
    for key in ("manifest-checksum", "manifest-position"):
        assert written.annotations[OLD + key] == written.annotations[NEW + key]
    assert {NEW + "tarsplit-position", NEW + "tarsplit-checksum"} < set(written.annotations)


def test_the_footer_ends_the_blob() -> None:
    blob, written = packed(archive(*TREE).getvalue())
    footer = blob[-64:]
    assert blob[-72:-64] == b"\x50\x2a\x4d\x18\x40\0\0\0"
    assert footer.endswith(b"GNUlInUx")
    numbers = [int.from_bytes(footer[at : at + 8], "little") for at in range(0, 56, 8)]
    assert ":".join(map(str, numbers[:4])) == written.annotations[NEW + "manifest-position"]
    assert ":".join(map(str, numbers[4:])) == written.annotations[NEW + "tarsplit-position"]


@pytest.mark.parametrize("name", ODD)
def test_what_the_format_cannot_say_is_an_ordinary_zstd_stream(name: str) -> None:
    blob, written = packed(ODD[name])
    assert written.odd
    assert not written.annotations
    assert unpacked(blob) == ODD[name]


MEMBERS = st.lists(
    st.one_of(
        st.builds(file, st.sampled_from("abcde"), st.binary(max_size=2000), mode=st.integers(0, 0o7777)),
        st.builds(file, st.text("ab/é.", min_size=1, max_size=150).filter(lambda text: text != "/"), st.binary()),
        st.builds(directory, st.sampled_from(["d", "e/", "./f"])),
        st.builds(hard_link, st.sampled_from("gh"), st.sampled_from(["a", "later"])),
        st.builds(link, st.sampled_from("ij"), st.text("x/.", min_size=1)),
        st.builds(patched, st.builds(file, st.sampled_from("kl")), st.integers(0, 511), st.binary(max_size=1)),
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(MEMBERS, st.binary(max_size=1500), st.integers(0, 4000))
def test_there_and_back(members: list[bytes], tail: bytes, cut: int) -> None:
    plain = archive(*members).getvalue() + tail
    for data in (plain, plain[:-cut], plain[: len(plain) - len(tail)]):
        blob, written = packed(data)
        assert unpacked(blob) == data
        if not written.odd:
            toc = chunked_toc(blob, written.annotations)
            assert joined(blob, written.annotations, chunked_files(blob, toc)) == data


def test_the_same_archive_gives_the_same_blob_however_it_is_read() -> None:
    plain = archive(*TREE).getvalue()

    class Dribble(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 999))

    sink = io.BytesIO()
    write(sink, Dribble(plain), 3)
    assert sink.getvalue() == packed(plain, 3)[0] == packed(plain)[0]
    assert sink.getvalue() != packed(plain, 19)[0]


def test_a_change_moves_only_the_cuts_nearby() -> None:
    data = noise(3_000_000)
    before = list(boundaries.chunks([data], len(data)))
    changed = data[:1000] + b"new" + data[1000:]
    after = list(boundaries.chunks([changed[:77], changed[77:]], len(changed)))
    assert b"".join(before) == data
    assert b"".join(after) == changed
    assert len(set(after) - set(before)) == 1
    assert all(boundaries.SMALLEST <= len(chunk) <= boundaries.LARGEST for chunk in before[:-1])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000), st.binary(max_size=700))
def test_the_sum_is_that_of_a_loop_over_bits(one: bytes, two: bytes) -> None:
    assert sums.update(sums.update(0, one), two) == crc64(one + two)
