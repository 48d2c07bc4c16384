"""What is linked into Go and Rust programs."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence

import pytest

from elf_files import BASE, elf, inline, pointed, real
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.contained.programs import Programs
from jettison.packages.model import Gap, Package

MODULES = "path\texample.com/a\nmod\texample.com/a\tv1.2.3\th1:x=\ndep\texample.com/b\tv0.1.0\th1:y=\n"
PLACE = "/app/server"


def found(content: bytes, path: str = PLACE, mode: int = 0o755) -> tuple[Sequence[Package], Sequence[Gap]]:
    """What is in one file."""
    tree = FileTree({path: FileEntry(path, Kind.FILE, mode, size=len(content))}, {path: content})
    gaps: list[Gap] = []
    return tuple(Programs().find(tree, gaps.append)), gaps


def rows(content: bytes) -> list[tuple[str, str, str]]:
    return [(package.type, package.name, package.version) for package in found(content)[0]]


def auditable(document: object) -> bytes:
    return elf({".dep-v0": zlib.compress(json.dumps(document).encode())})


def test_a_go_program_names_its_modules_and_its_library() -> None:
    assert rows(elf({".go.buildinfo": real("go1.26")})) == [
        ("golang", "stdlib", "1.26.8"),
        ("golang", "example.com/prog", ""),
        ("golang", "example.com/local", ""),
        ("golang", "github.com/google/uuid", "v1.6.0"),
        ("golang", "golang.org/x/text", "v0.14.0"),
    ]


def test_the_file_is_the_record_and_the_only_file() -> None:
    for package in found(elf({".go.buildinfo": real("go1.19")}))[0]:
        assert package.files == package.records == {PLACE}
        assert package.root == ""


def test_the_main_module_says_how_it_was_built() -> None:
    _, main = found(elf({".go.buildinfo": real("go1.19")}))[0]
    assert main.attributes == {
        "main": "true", "devel": "true", "-compiler": "gc", "CGO_ENABLED": "0", "GOARCH": "amd64", "GOOS": "linux",
    }  # fmt: skip


def test_a_replaced_module_is_what_replaces_it() -> None:
    _, _, local, uuid, _ = found(elf({".go.buildinfo": real("go1.26")}))[0]
    assert uuid.attributes["replaces"] == "github.com/google/uuid@v1.5.0"
    assert local.attributes == {"replaced_by": "../dep"}


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("form", ["inline", "pointed", "without sections"])
def test_every_form_of_build_information_is_read(form: str, order: str, wide: bool) -> None:
    """The same files were given to ``go version -m`` of Go 1.26, which reads the same from each."""
    information = inline("go1.22.1", MODULES)
    if form == "pointed":
        at = BASE + (128 if wide else 96)
        information = pointed("go1.22.1", MODULES, wide=wide, order=order, at=at)
    program = elf({".go.buildinfo": information}, wide=wide, order=order, named=form != "without sections")
    assert rows(program) == [
        ("golang", "stdlib", "1.22.1"), ("golang", "example.com/a", "v1.2.3"), ("golang", "example.com/b", "v0.1.0"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "stdlib", "noted"),
    [("go1.21rc2", "1.21rc2", {}), ("go1.20.3 X:boringcrypto", "1.20.3", {"go": "go1.20.3 X:boringcrypto"}),
     ("devel go1.27-3f2a", "", {"go": "devel go1.27-3f2a"}), ("none", "", {"go": "none"})],
)  # fmt: skip
def test_the_version_of_go_has_no_prefix(version: str, stdlib: str, noted: Mapping[str, str]) -> None:
    library = found(elf({".go.buildinfo": inline(version, MODULES)}))[0][0]
    assert (library.version, library.attributes) == (stdlib, noted)


@pytest.mark.parametrize("modules", ["", "path\tgithub.com/docker/cli/cmd/docker\nbuild\tGOOS=linux\n"])
def test_a_go_program_of_no_module_is_a_gap(modules: str) -> None:
    packages, gaps = found(elf({".go.buildinfo": inline("go1.24.3", modules)}))
    assert [package.name for package in packages] == ["stdlib"]
    assert gaps == [Gap(PLACE, "a Go program that does not name its modules")]


def test_the_programs_of_go_itself_are_no_gap() -> None:
    assert found(elf({".go.buildinfo": inline("go1.24.3", "path\tcmd/gofmt\nbuild\tGOOS=linux\n")}))[1] == []


@pytest.mark.parametrize("sections", [(".gopclntab",), (".note.go.buildid",), (".gopclntab", ".go.buildinfo")])
def test_a_go_program_without_build_information_is_a_gap(sections: Sequence[str]) -> None:
    assert found(elf(dict.fromkeys(sections, bytes(64)))) == (
        (),
        [Gap(PLACE, "a Go program without build information")],
    )


def test_an_auditable_program_names_its_crates() -> None:
    itoa = {"name": "itoa", "version": "1.0.19", "source": "crates.io"}
    root = {"name": "prog", "version": "0.3.1", "source": "local", "dependencies": [0], "root": True}
    build = {"name": "cc", "version": "1.0.9", "source": "crates.io", "kind": "build"}
    packages, gaps = found(auditable({"packages": [itoa, root, build]}))
    assert [(p.type, p.name, p.version, p.attributes) for p in packages] == [
        ("cargo", "itoa", "1.0.19", {"registry": "crates.io"}),
        ("cargo", "prog", "0.3.1", {"main": "true", "registry": "local"}),
    ]
    assert gaps == []


@pytest.mark.parametrize(
    "section",
    [b"", b"no zlib", zlib.compress(b"[" * 200_000), zlib.compress(b"{}"), zlib.compress(b'{"packages": [1]}'),
     zlib.compress(b'{"packages": [{"name": 1, "version": "1"}]}'), zlib.compress(bytes(17 << 20)),
     zlib.compress(b'{"packages": []}')[:-6]],
)  # fmt: skip
def test_a_broken_auditable_section_is_a_gap(section: bytes) -> None:
    unreadable = Gap(PLACE, "a Rust program whose auditable section cannot be read")
    assert found(elf({".dep-v0": section})) == ((), [unreadable])


@pytest.mark.parametrize(
    "sections",
    [{".comment": b"GCC: (Debian)\0rustc version 1.95.0 (59807616e 2026-04-14)\0"},
     {".rodata": b"at /rustc/abc/library/core/src/str/mod.rs"}, {".rodata": b"src/libcore/option.rs"}],
)  # fmt: skip
def test_a_rust_program_that_names_no_crates_is_a_gap(sections: Mapping[str, bytes]) -> None:
    assert found(elf(sections)) == ((), [Gap(PLACE, "a Rust program without an auditable section")])


@pytest.mark.parametrize("place", ["start", "end"])
def test_a_packed_program_is_a_gap(place: str) -> None:
    body = b"UPX!" + bytes(2000) if place == "start" else bytes(2000) + b"UPX!" + bytes(32)
    assert found(elf({".text": body}, named=False)) == ((), [Gap(PLACE, "packed by UPX")])


def test_a_hard_linked_program_is_told_once() -> None:
    content = elf({".go.buildinfo": real("go1.19")})
    names = ("/a", "/b")
    entries = {n: FileEntry(n, Kind.FILE, 0o755, size=len(content), inode=(0, 7)) for n in names}
    packages = tuple(Programs().find(FileTree(entries, dict.fromkeys(names, content)), lambda gap: None))
    assert {path for package in packages for path in package.records} == {"/a"}


def test_what_cannot_be_started_is_not_looked_into() -> None:
    content = elf({".go.buildinfo": real("go1.19")})
    assert found(content, mode=0o644) == ((), [])
    assert found(elf({".go.buildinfo": real("go1.19")}, kind=1)) == ((), [])
