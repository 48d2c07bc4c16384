"""Strings of Go and Rust programs."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from closure.closing import mentioned
from jettison.closure import golang, slices

CODE, DATA = 0x401000, 0x500000
TEXT = b"invalid/data/odd/convertenvsha1sum"


def load(name: bytes, at: int, length: int | None = None) -> bytes:
    """``lea rax, [rip + …]`` and ``mov ebx, length`` at the offset ``at`` of the code."""
    target = DATA + TEXT.index(name)
    return (
        b"\x48\x8d\x05" + struct.pack("<i", target - (CODE + at + 7)) + b"\xbb" + struct.pack("<I", length or len(name))
    )


def program(code: bytes, data: bytes = TEXT, *more: bytes) -> bytes:
    """An x86-64 ELF file with a section of code, one of data, and what else is to be in it."""
    head = bytearray(64)
    head[:6] = b"\x7fELF\x02\x01"
    struct.pack_into("<H", head, 18, 62)
    struct.pack_into("<Q", head, 40, 64 + len(code) + len(data))
    struct.pack_into("<HH", head, 58, 64, 2)
    sections = b"".join(
        struct.pack("<IIQQQQ24x", 0, 1, flags, address, offset, size)
        for flags, address, offset, size in ((6, CODE, 64, len(code)), (2, DATA, 64 + len(code), len(data)))
    )
    return bytes(head) + code + data + sections + b"".join(more)


def test_a_string_is_where_the_code_says_that_it_begins_and_ends() -> None:
    code = load(b"convert", 0) + b"\x90" * 180 + load(b"env", 192)
    assert {b"convert", b"env"} <= slices.constants(program(code)).code
    assert b"sha1sum" not in slices.constants(program(code)).code


def test_a_string_is_where_the_data_has_its_address_and_length() -> None:
    pair = struct.pack("<QQ", DATA + 16 + TEXT.index(b"sha1sum"), 7)
    assert slices.constants(program(b"", pair + TEXT)).data == {b"sha1sum"}


def test_a_rust_program_says_which_commands_it_runs() -> None:
    content = program(load(b"convert", 0), TEXT, b"/rustc/1\0")
    image: dict[str, str | bytes] = {"/usr/bin/convert": "file", "/usr/bin/env": "file", "/data/odd/x": "file"}
    assert mentioned(content, image, "/app/server") == {"/usr/bin/convert"}


def test_a_directory_is_kept_where_the_code_names_just_that() -> None:
    content = program(load(b"/data/odd", 0), TEXT, b"/rustc/1\0")
    assert mentioned(content, {"/data/odd/x": "file", "/data/even/x": "file"}, "/app/server") == {"/data/odd/x"}


def functions(*names: bytes) -> bytes:
    """Go's table of functions, each of 16 bytes."""
    texts = b"".join(name + b"\0" for name in names)
    offsets = [texts.index(name) for name in names]
    table = 72 + len(texts)
    places = [8 * len(names) + 4 + 8 * number for number in range(len(names))]
    entries = b"".join(struct.pack("<II", 16 * number, place) for number, place in enumerate(places))
    records = b"".join(struct.pack("<Ii", 16 * number, offset) for number, offset in enumerate(offsets))
    header = struct.pack("<4sBBBB8Q", b"\xf1\xff\xff\xff", 0, 0, 1, 8, len(names), 0, 0, 72, 0, 0, 0, table)
    return header + texts + entries + struct.pack("<I", 16 * len(names)) + records


def test_the_code_of_gos_own_library_is_told_from_the_programs() -> None:
    table = functions(
        b"runtime.main", b"main.main", b"main.(*T).f", b"net/http.Get", b"github.com/a/b.F", b"internal/x.F"
    )
    assert golang.own_code(b"..." + table, CODE) == [(CODE + 16, CODE + 48), (CODE + 64, CODE + 80)]


def test_a_go_program_runs_what_its_own_code_names() -> None:
    code = (load(b"env", 0) + b"\x90" * 4 + b"\x90" * 64 + load(b"convert", 80)).ljust(96, b"\x90")
    table = functions(*(b"os.f%d" % number for number in range(5)), b"main.main")
    content = program(code, TEXT, b"\xff Go buildinf:", b"syscall.forkExec\0", table)
    assert slices.constants(content).code & {b"env", b"convert"} == {b"convert"}


@given(st.binary(max_size=300))
def test_no_program_raises(content: bytes) -> None:
    slices.constants(b"\x7fELF\x02\x01" + content)
    golang.own_code(b"\xf1\xff\xff\xff\0\0\x01\x08" + content, 0)


@given(st.binary(max_size=64), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_no_section_raises(content: bytes, offset: int, size: int) -> None:
    made = bytearray(program(load(b"env", 0) + content))
    struct.pack_into("<QQ", made, len(made) - 40, offset, size)
    slices.constants(bytes(made))
