"""What is known of compiled programs of a built image: libraries, what was installed, where files went."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from jettison.dockerfile import open_context, parse
from jettison.filetree import index
from jettison.rewrite.recipes import Project, open_project
from jettison.rewrite.recipes.cargo import run_words
from jettison.rewrite.recipes.made import made_directories
from jettison.rewrite.recipes.moved import chosen, moved
from jettison.rewrite.recipes.native import Native
from rewrite.recipes.goldens import project, written
from tools import need

DOCKERFILE = """\
FROM debian:bookworm
WORKDIR /build
COPY . .
RUN make && make install
CMD ["hello"]
"""


def gcc(*words: str | Path) -> None:
    subprocess.run(["gcc", *map(str, words)], check=True)


@pytest.fixture
def built(tmp_path: Path) -> Project:
    """A project whose program was installed, with a library and a data file of its own, into a root file system."""
    need("gcc")
    context, root = tmp_path / "context", tmp_path / "root"
    for directory in (
        context,
        root / "build",
        root / "usr/local/bin",
        root / "usr/local/lib",
        root / "usr/local/share",
    ):
        directory.mkdir(parents=True)
    (context / "main.c").write_text("int greet(void);\n\nint main(void) { return greet(); }\n")
    (context / "greet.c").write_text("int greet(void) { return 0; }\n")
    (context / "text").write_text("hello\n")
    library, program = root / "usr/local/lib/libgreet.so.1", root / "usr/local/bin/hello"
    gcc("-shared", "-fPIC", "-Wl,-soname,libgreet.so.1", "-o", library, context / "greet.c")
    gcc("-o", program, context / "main.c", library)
    for name in ("main.c", "greet.c", "text"):
        (root / "build" / name).write_text((context / name).read_text())
    shutil.copy(program, root / "build/hello")
    (root / "usr/local/share/words").write_text("a\n")
    (root / "usr/lib/x86_64-linux-gnu").mkdir(parents=True)
    return open_project(parse(DOCKERFILE), open_context(context), tree=index([root]))


@pytest.mark.integration
def test_an_installed_program_comes_with_its_own_library_and_data(built: Project) -> None:
    """The library is put where the loader looks; what was only linked in the build directory stays behind."""
    text = written(Native(), built)["debian:bookworm-slim"]
    lines = [line for line in text.splitlines() if line.startswith("COPY --from")]
    assert lines == [
        "COPY --from=build /usr/local/lib/libgreet.so.1 /usr/lib/x86_64-linux-gnu/",
        "COPY --from=build /build/text /build/text",
        "COPY --from=build /usr/local/bin/hello /usr/local/bin/hello",
        "COPY --from=build /usr/local/share /usr/local/share",
    ]
    assert 'CMD ["/usr/local/bin/hello"]' in text


@pytest.mark.integration
def test_only_bases_with_the_programs_c_library(built: Project) -> None:
    """The program is linked to glibc: neither musl nor nothing at all will do."""
    bases = written(Native(), built)
    assert bases
    assert not {"scratch", "alpine:latest", "busybox:musl"} & set(bases)


def test_copies_and_moves_are_followed(tmp_path: Path) -> None:
    before = "FROM debian\nWORKDIR /src\nRUN cp out/a /usr/bin/ && install -m 755 out/b /opt/b2 && mv out/c d\n"
    groups = moved(project(tmp_path, before), ["/src/out/a", "/src/out/b", "/src/out/c"])
    assert groups == (("/src/out/a", "/usr/bin/a"), ("/src/out/b", "/opt/b2"), ("/src/d",))
    assert chosen(groups, "/src/out/b") == ("/usr/bin/a", "/src/out/b", "/src/d")


def test_directories_that_steps_make_come_along_also_from_the_root(tmp_path: Path) -> None:
    before = "FROM debian\nCOPY . .\nRUN mkdir -p /etc/app /tmp/x /usr/local && cp a /etc/app/\n"
    assert list(made_directories(project(tmp_path, before))) == ["COPY --from=build /etc/app /etc/app"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("cargo", "run"), ((), ())),
        (("cargo", "run", "--release", "--", "-v"), (("--release",), ("-v",))),
        (("cargo", "run", "-q", "--bin", "a", "x"), (("--bin", "a"), ("x",))),
        (("cargo", "test"), None),
    ],
)
def test_cargo_run(words: tuple[str, ...], found: object) -> None:
    assert run_words(words) == found
