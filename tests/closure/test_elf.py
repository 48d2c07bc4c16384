"""ELF files: what their dynamic section says, whatever their bytes are."""

from __future__ import annotations

import io
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.closure import elf, strings
from jettison.filetree import FileEntry, Kind
from make import entry, tree
from tools import need

_HEAD = b"\x7fELF\x02\x01\x01" + b"\0" * 9


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x7fELF", _HEAD, b"\x7fELF\x01\x02\x01" + b"\0" * 9]))
def test_no_bytes_raise(rest: bytes, head: bytes) -> None:
    found = elf.parse(io.BytesIO(head + rest))
    assert found is None or isinstance(found, elf.Elf)
    strings.of_elf(head + rest)
    strings.separated(head + rest)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2**64 - 1)), max_size=8),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**64 - 1),
)
def test_no_dynamic_section_raises(tags: list[tuple[int, int]], address: int, size: int) -> None:
    dynamic = b"".join(struct.pack("<qQ", tag, value) for tag, value in tags)
    header = _HEAD + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, address, 0, size, size, 0)
    found = elf.parse(
        io.BytesIO(header + load + struct.pack("<IIQQQQQQ", 2, 6, 176, 0, 0, len(dynamic), 0, 0) + dynamic)
    )
    assert found is None or found.target == (2, 1, 62)


def test_a_script_is_no_elf_file() -> None:
    assert elf.parse(io.BytesIO(b"#!/bin/sh\n" + b" " * 100)) is None


def test_a_shared_library_without_the_execute_bit_is_looked_at() -> None:
    assert elf.may_be_elf(entry("/lib/libz.so.1", "file 0644 0:0 9000"))
    assert not elf.may_be_elf(entry("/etc/services", "file 0644 0:0 9000"))


def test_a_file_that_went_away_is_no_elf_file() -> None:
    gone = FileEntry("/bin/x", Kind.FILE, origin="/no/such/file")
    assert elf.read(tree({}), gone) is None


@pytest.mark.integration
def test_what_gcc_links_is_read_back(tmp_path: Path) -> None:
    need("gcc")
    (tmp_path / "a.c").write_text("int a(void) { return 1; }\n")
    (tmp_path / "m.c").write_text("int a(void); int main(void) { return a(); }\n")
    for command in (
        "gcc -shared -fPIC -Wl,-soname,liba.so.3 -o liba.so a.c",
        "gcc -o rpath m.c liba.so -Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib:/opt/x",
        "gcc -o runpath m.c liba.so -Wl,--enable-new-dtags,-rpath,/opt/y",
        "gcc -static -o alone a.c -nostdlib -Wl,-e,a",
    ):
        subprocess.run(command.split(), cwd=tmp_path, check=True)

    def read(name: str) -> elf.Elf:
        found = elf.parse(io.BytesIO((tmp_path / name).read_bytes()))
        assert found is not None
        return found

    assert read("liba.so").soname == "liba.so.3"
    assert read("rpath").needed == ("liba.so.3", "libc.so.6")
    assert read("rpath").rpath == ("$ORIGIN/../lib", "/opt/x")
    assert read("runpath").runpath == ("/opt/y",)
    assert read("runpath").interpreter.rpartition("/")[2].startswith("ld-")
    assert read("alone").needed == ()
    assert read("alone").interpreter == ""


@pytest.mark.integration
def test_only_constants_are_strings_of_a_c_program(tmp_path: Path) -> None:
    need("gcc")
    (tmp_path / "m.c").write_text('#include <stdio.h>\nint clear(void) { return puts("/app/error.html"); }\n')
    subprocess.run(["gcc", "-g", "-shared", "-fPIC", "-o", "m", "m.c"], cwd=tmp_path, check=True)
    content = (tmp_path / "m").read_bytes()
    lines = strings.of_elf(content).splitlines()
    assert b"/app/error.html" in lines
    assert b"clear" not in lines
    assert strings.separated(content)
