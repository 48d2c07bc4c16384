"""The dynamic loader's search, compared with ldd and with programs that gcc links."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from jettison.closure.fixpoint import close
from jettison.closure.ldso import Loader
from jettison.closure.model import Evidence
from jettison.filetree import FileEntry, FileTree, Kind, index
from make import tree
from tools import need

_SEED = (Evidence("include", "test"),)


def on_this_machine(*directories: str) -> FileTree:
    """These directories of the host, the links at its top, and the loader's configuration."""
    entries = {"/": FileEntry("/", Kind.DIRECTORY)}
    for name in os.listdir("/"):
        if os.path.islink(f"/{name}"):
            entries[f"/{name}"] = FileEntry(f"/{name}", Kind.SYMLINK, target=os.readlink(f"/{name}"))
    for directory in directories:
        for depth in range(1, directory.count("/") + 1):
            above = "/".join(directory.split("/")[: depth + 1])
            entries[above] = FileEntry(above, Kind.DIRECTORY)
        for path, found in index([directory]).items():
            if path != "/":
                entries[directory + path] = FileEntry(
                    directory + path, found.kind, found.mode, size=found.size, target=found.target, origin=found.origin
                )
    return FileTree(entries)


def linked(root: Path, sources: Mapping[str, str], *commands: str) -> None:
    for name, text in sources.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for command in commands:
        subprocess.run(command.split(), cwd=root, check=True)


@pytest.mark.integration
def test_the_libraries_of_this_machines_programs_are_those_of_ldd() -> None:
    need("ldd")
    bins = "/usr/bin"
    machine = on_this_machine(bins, "/usr/lib", "/usr/lib64", "/etc/ld.so.conf.d")
    loader = Loader(machine)
    programs = [f"{bins}/{name}" for name in ("bash", "tar", "gcc", "curl", "git", "openssl", "perl", "strace")]
    programs = [program for program in programs if os.path.isfile(program) and not os.path.islink(program)]
    assert len(programs) > 2
    for program in programs:
        listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        wanted = {os.path.realpath(word) for word in listed.split() if word.startswith("/")}
        kept = close(machine, {program: _SEED}, [loader])
        libraries = {path for path in kept if ".so" in path and machine[path].kind is Kind.FILE}
        assert wanted <= libraries, program
        assert libraries - wanted <= {path for path in libraries if "libgcc_s" in path}, program


@pytest.mark.integration
def test_origin_in_a_run_path_is_the_programs_directory(tmp_path: Path) -> None:
    need("gcc")
    linked(
        tmp_path,
        {"a.c": "int a(void) { return 1; }", "m.c": "int a(void); int main(void) { return a(); }"},
        "mkdir -p app/bin app/lib",
        "gcc -shared -fPIC -Wl,-soname,liba.so.3 -o app/lib/liba.so.3 a.c",
        "gcc -o app/bin/m m.c app/lib/liba.so.3 -Wl,-rpath,$ORIGIN/../lib",
    )
    made = index([tmp_path])
    assert "/app/lib/liba.so.3" in close(made, {"/app/bin/m": _SEED}, [Loader(made)])


@pytest.mark.integration
def test_the_run_path_of_a_program_is_not_inherited_but_its_rpath_is(tmp_path: Path) -> None:
    need("gcc")
    linked(
        tmp_path,
        {"b.c": "int b(void) { return 1; }", "a.c": "int b(void); int a(void) { return b(); }",
         "m.c": "int a(void); int main(void) { return a(); }"},
        "mkdir -p opt",
        "gcc -shared -fPIC -Wl,-soname,libb.so -o opt/libb.so b.c",
        "gcc -shared -fPIC -Wl,-soname,liba.so -o opt/liba.so a.c opt/libb.so",
        "gcc -o old m.c opt/liba.so -Wl,--disable-new-dtags,-rpath,/opt,-rpath-link,opt",
        "gcc -o new m.c opt/liba.so -Wl,--enable-new-dtags,-rpath,/opt,-rpath-link,opt",
    )  # fmt: skip
    made = index([tmp_path])
    assert "/opt/libb.so" in close(made, {"/old": _SEED}, [Loader(made)])
    assert "/opt/libb.so" not in close(made, {"/new": _SEED}, [Loader(made)])


@pytest.mark.integration
def test_the_environments_library_path_and_the_configuration_are_searched(tmp_path: Path) -> None:
    need("gcc")
    linked(
        tmp_path,
        {"a.c": "int a(void) { return 1; }", "m.c": "int a(void); int main(void) { return a(); }",
         "etc/ld.so.conf": "include conf.d/*.conf\n", "etc/conf.d/x.conf": "# ours\n/srv/x/\n"},
        "mkdir -p srv/x srv/y",
        "gcc -shared -fPIC -Wl,-soname,liba.so -o srv/x/liba.so a.c",
        "gcc -o m m.c srv/x/liba.so",
        "cp srv/x/liba.so srv/y/liba.so",
    )  # fmt: skip
    made = index([tmp_path])
    assert "/srv/x/liba.so" in close(made, {"/m": _SEED}, [Loader(made)])
    assert "/srv/y/liba.so" in close(made, {"/m": _SEED}, [Loader(made, ["/srv/y"])])


def test_configurations_that_include_each_other_end() -> None:
    looped = tree({"/etc/ld.so.conf": b"include /etc/ld.so.conf\n/opt/lib\n"})
    assert "/opt/lib" in Loader(looped).directories


def test_musl_searches_what_its_path_file_says() -> None:
    assert "/opt/lib" in Loader(tree({"/etc/ld-musl-x86_64.path": b"/lib:/opt/lib\n/usr/lib"})).directories
