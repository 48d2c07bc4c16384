"""The application's own files stay whole, but for what it was only built from."""

from __future__ import annotations

from jettison.attribution import Attribution
from jettison.filetree import FileTree
from jettison.plan.application import cache_directories, own_files
from make import tree

TAG = b"Signature: 8a477f597d28d172789f06886806bc55\n# a cache"


def attributed(found: FileTree, root: str = "/app") -> Attribution:
    own = {path: root for path, entry in found.items() if path.startswith(f"{root}/") and str(entry)[:3] != "dir"}
    return Attribution((), {}, own)


def kept(found: FileTree) -> set[str]:
    return set(own_files(found, attributed(found)))


def test_data_stays_and_sources_of_a_compiled_program_do_not() -> None:
    found = tree(
        dict.fromkeys(("/app/goapp", "/app/main.go", "/app/go.mod", "/app/templates/a.html", "/app/x.o"), b"x")
    )
    assert kept(found) == {"/app/goapp", "/app/templates/a.html"}


def test_scripts_and_their_tests_stay() -> None:
    found = tree(dict.fromkeys(("/app/server.py", "/app/tests/test_server.py", "/app/README.md"), b"x"))
    assert kept(found) == set(found) - {"/", "/app", "/app/tests"}


def test_what_says_that_it_is_a_cache_does_not_stay() -> None:
    found = tree({"/app/target/CACHEDIR.TAG": TAG, "/app/target/release/app": b"x", "/app/config.toml": b"x"})
    assert cache_directories(found) == {"/app/target"}
    assert kept(found) == {"/app/config.toml"}


def test_a_file_that_only_has_the_name_of_a_cache_tag_marks_nothing() -> None:
    assert cache_directories(tree({"/app/CACHEDIR.TAG": b"hello"})) == frozenset()


def test_empty_directories_stay_to_write_into() -> None:
    assert "/app/uploads" in kept(tree({"/app/uploads": "dir 0775 1000:1000", "/app/server": b"x"}))
