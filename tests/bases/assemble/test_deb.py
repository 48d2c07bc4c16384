"""Package files, also those that are made to harm."""

from __future__ import annotations

import io
import lzma
import subprocess
import tarfile
from pathlib import Path

import pytest

from jettison.bases.assemble import deb
from jettison.errors import InvalidArchive, JettisonError, Unsupported
from jettison.oci import codec
from tools import need


def ar(*members: tuple[str, bytes], magic: bytes = b"!<arch>\n") -> bytes:
    data = magic
    for name, content in members:
        header = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        data += header + content + b"\n" * (len(content) % 2)
    return data


def archive(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as out:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def package(tmp_path: Path, *members: tuple[str, bytes], version: bytes = b"2.0\n") -> Path:
    path = tmp_path / "a.deb"
    path.write_bytes(ar(("debian-binary", version), *members))
    return path


def content(path: Path) -> dict[str, bytes]:
    with deb.opened(path) as opened:
        return {member.name: b"".join(content or ()) for member, content in opened.data()}


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd", "xz"])
def test_reads_both_archives_in_every_compression(tmp_path: Path, compression: str) -> None:
    def pack(data: bytes) -> bytes:
        if compression == "xz":
            return lzma.compress(data)
        sink = io.BytesIO()
        with codec.writer(sink, compression) as out:
            out.write(data)
        return sink.getvalue()

    control, data = pack(archive(control=b"Package: a\n")), pack(archive(file=b"x" * 3001))
    path = package(tmp_path, ("control.tar.x", control), ("_extra/", b"odd"), ("data.tar.x", data))
    assert content(path) == {"./file": b"x" * 3001}
    with deb.opened(path) as opened:
        assert opened.control() == {"control": b"Package: a\n"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not an ar archive"),
        (b"!<arch>\n", "first member is not debian-binary"),
        (ar(("a", b"")), "first member is not debian-binary"),
        (ar(("debian-binary", b"2.0\n"))[:-2], "truncated"),
        (ar(("debian-binary", b"2.0\n")) + b"x" * 10, "header of its ar archive is damaged"),
        (ar(("debian-binary", b"2.0\n")).replace(b"4         `", b"-4        `"), "damaged"),
        (ar(("debian-binary", b"2.0\n")).replace(b"4         `", b"9999999999`"), "truncated"),
        (ar(("debian-binary", b"2.0\n")), "it has 0 members data.tar"),
        (ar(("debian-binary", b"2.0\n"), ("data.tar", b""), ("data.tar.gz", b"")), "it has 2 members data.tar"),
        (ar(("debian-binary", b"2.0\n"), ("data.tar.xz", lzma.compress(b"a" * 9999)[:40])), "truncated"),
        (ar(("debian-binary", b"2.0\n"), ("data.tar.xz", b"\xfd7zXZ\0" + b"a" * 60)), "cannot decompress xz"),
        (ar(("debian-binary", b"2.0\n"), ("data.tar", b"a" * 512)), "cannot read tar"),
    ],
)
def test_a_damaged_package_is_one_error(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.deb").write_bytes(data)
    with pytest.raises(InvalidArchive, match=reason):
        content(tmp_path / "a.deb")


def test_what_is_known_but_not_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="format is"):
        content(package(tmp_path, version=b"3.0\n"))
    with pytest.raises(Unsupported, match="bzip2"):
        content(package(tmp_path, ("data.tar.bz2", b"BZh9" + bytes(20))))


def test_refuses_a_bomb(tmp_path: Path) -> None:
    member = tarfile.TarInfo("a")
    member.size = 80 << 20
    bomb = lzma.compress(member.tobuf() + bytes(member.size), preset=0)
    with pytest.raises(InvalidArchive, match="expands more than"):
        content(package(tmp_path, ("data.tar.xz", bomb)))


def test_no_truncation_is_taken_for_the_whole(tmp_path: Path) -> None:
    whole = ar(("debian-binary", b"2.0\n"), ("data.tar.xz", lzma.compress(archive(file=b"content" * 99))))
    for size in range(0, len(whole) - 1, 7):
        (tmp_path / "a.deb").write_bytes(whole[:size])
        with pytest.raises(JettisonError):
            content(tmp_path / "a.deb")


@pytest.mark.integration
def test_reads_what_dpkg_deb_writes(tmp_path: Path) -> None:
    need("dpkg-deb")
    root = tmp_path / "root"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN/control").write_text(
        "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: a\n"
    )
    (root / "file").write_text("here")
    for compression in ("xz", "gzip", "none", "zstd"):
        made = tmp_path / f"{compression}.deb"
        subprocess.run(["dpkg-deb", f"-Z{compression}", "--build", root, made], check=True, capture_output=True)
        assert content(made)["./file"] == b"here"
