"""eStargz: every file can be read at its offset, the order is as asked, and the whole is an ordinary layer."""

from __future__ import annotations

import gzip
import io
import json
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import archive, directory, file, hard_link, link, member, patched
from chunked_blobs import Toc, estargz_files, estargz_toc, sha256
from jettison.errors import InvalidArchive
from jettison.oci.estargz.write import CHUNK, PLAIN_SIZE, TOC_DIGEST, Written, write
from samples import noise

TREE = (
    directory("./usr/", uid=1),
    directory("usr/bin/"),
    file("usr/bin/app", noise(2 * CHUNK + 5), mode=0o4755),
    file("usr/bin/other", b"other", mtime=7, pax_headers={"mtime": "7.25", "SCHILY.xattr.user.a": "b"}),
    file("usr/empty", b""),
    link("link", "usr/bin/app"),
    hard_link("hard", "usr/bin/other"),
    member("null", tarfile.CHRTYPE, devmajor=1, devminor=3),
)


def packed(plain: bytes, first: tuple[str, ...] = (), level: int | None = None) -> tuple[bytes, Written]:
    sink = io.BytesIO()
    written = write(sink, io.BytesIO(plain), first, level)
    return sink.getvalue(), written


def table(blob: bytes, written: Written) -> Toc:
    text, _ = estargz_toc(blob)
    assert sha256(text) == written.annotations[TOC_DIGEST]
    value = json.loads(text)
    assert value["version"] == 1
    found: Toc = value["entries"]
    return found


def names(blob: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(blob))) as found:
        return found.getnames()


def test_every_file_is_readable_at_its_offset() -> None:
    blob, written = packed(archive(*TREE).getvalue())
    toc = table(blob, written)
    files = estargz_files(blob, toc)
    assert files["usr/bin/app"] == noise(2 * CHUNK + 5)
    assert files["usr/empty"] == b""
    assert [each["type"] for each in toc if each["name"] == "usr/bin/app"] == ["reg", "chunk", "chunk"]


def test_the_table_names_the_members_as_the_archive_does() -> None:
    blob, written = packed(archive(*TREE).getvalue())
    toc = table(blob, written)
    assert [each["name"].rstrip("/") for each in toc if each["type"] != "chunk"] == [
        name.rstrip("/") for name in names(blob)[:-1]
    ]
    other = next(each for each in toc if each["name"] == "usr/bin/other")
    assert other["modtime"] == "1970-01-01T00:00:07Z"
    assert other["xattrs"] == {"user.a": "Yg=="}
    assert next(each for each in toc if each["name"] == "hard")["linkName"] == "usr/bin/other"


def test_the_archive_is_the_one_that_the_diff_id_names() -> None:
    blob, written = packed(archive(*TREE).getvalue())
    plain = gzip.decompress(blob)
    assert sha256(plain) == str(written.diff_id)
    assert written.annotations[PLAIN_SIZE] == str(len(plain))
    assert names(blob)[-1] == "stargz.index.json"


def test_nothing_changes_but_the_order_and_what_is_added() -> None:
    plain = archive(*TREE).getvalue()
    blob, _ = packed(plain, ("/link", "/usr/bin/other"))

    def members(data: bytes) -> list[tuple[object, ...]]:
        with tarfile.open(fileobj=io.BytesIO(data)) as found:
            return sorted(
                (i.name, i.type, i.mode, i.uid, i.size, i.mtime, i.linkname, i.pax_headers.get("SCHILY.xattr.user.a"))
                for i in found
                if i.name not in (".prefetch.landmark", "stargz.index.json")
            )  # fmt: skip

    assert members(gzip.decompress(blob)) == members(plain)


def test_what_is_opened_first_comes_first_with_what_it_needs() -> None:
    blob, written = packed(archive(*TREE).getvalue(), ("/hard", "/not/there", "/link", "/usr/bin/app"))
    found = names(blob)
    until = found.index(".prefetch.landmark")
    assert found[:until] == ["./usr", "usr/bin", "usr/bin/other", "hard", "link", "usr/bin/app"]
    assert written.prefetched == until
    assert estargz_files(blob, table(blob, written))[".prefetch.landmark"] == b"\x0f"


def test_without_such_files_another_landmark_says_so() -> None:
    assert names(packed(archive(*TREE).getvalue(), ("/else",))[0])[0] == ".no.prefetch.landmark"


def test_made_again_it_has_its_additions_once() -> None:
    plain = archive(*TREE).getvalue()
    once, _ = packed(plain, ("/link",))
    again, _ = packed(gzip.decompress(once), ("/link",))
    assert again == once == packed(plain, ("/link",))[0]


@pytest.mark.parametrize(
    "plain",
    [
        archive(file("a"), file("./a")).getvalue(),
        archive(patched(file("a"), 156, b"S")).getvalue(),
        archive(file("a", noise(5000))).getvalue()[:2000],
        noise(2000),
        archive(patched(file("a"), 124, b"\x80" + (1 << 70).to_bytes(11, "big"))).getvalue(),
    ],
    ids=["twice", "sparse", "truncated", "no tar", "huge"],
)
def test_what_the_format_cannot_say_is_refused_before_anything_is_written(plain: bytes) -> None:
    sink = io.BytesIO()
    with pytest.raises(InvalidArchive, match="cannot write eStargz: "):
        write(sink, io.BytesIO(plain))
    assert not sink.getvalue()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "é"]), st.binary(max_size=1500)),
    st.lists(st.sampled_from(["/a", "b/c", "/b/d", "/x"])),
)
def test_any_files_in_any_order(files: dict[str, bytes], first: list[str]) -> None:
    blob, written = packed(archive(*(file(name, content) for name, content in files.items())).getvalue(), tuple(first))
    assert sha256(gzip.decompress(blob)) == str(written.diff_id)
    found = estargz_files(blob, table(blob, written))
    assert {name: content for name, content in found.items() if not name.startswith(".")} == files
