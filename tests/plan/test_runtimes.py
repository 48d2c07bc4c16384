"""Standard libraries come with their interpreter, minus what never runs."""

from __future__ import annotations

import pytest

from jettison.plan.runtimes import is_runtime, libraries
from make import tree


def test_pythons_standard_library_is_kept_without_its_tests_and_tools() -> None:
    found = libraries(
        tree(
            {
                "/usr/local/bin/python3.12": b"x",
                "/usr/local/lib/python3.12/json/decoder.py": b"x",
                "/usr/local/lib/python3.12/lib-dynload/_ssl.so": b"x",
                "/usr/local/lib/python3.12/test/test_json.py": b"x",
                "/usr/local/lib/python3.12/idlelib/idle.py": b"x",
                "/usr/local/lib/python3.12/site-packages/x.py": b"x",
                "/usr/local/lib/python3.12/__pycache__/os.cpython-312.pyc": b"x",
                "/usr/local/lib/python3.11/json/decoder.py": b"x",
            }
        ),
        ["/usr/local/bin/python3.12"],
    )
    files = {path for path in found if path.endswith((".py", ".so", ".pyc"))}
    assert files == {
        "/usr/local/lib/python3.12/json/decoder.py",
        "/usr/local/lib/python3.12/lib-dynload/_ssl.so",
    }
    assert {evidence.by for evidence in found.values()} == {"/usr/local/bin/python3.12"}


def test_a_program_that_embeds_python_needs_it_too() -> None:
    library = tree(
        {
            "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0": b"x",
            "/usr/lib/x86_64-linux-gnu/lib/python3.11/os.py": b"x",
        }
    )
    assert libraries(library, ["/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0"]) == {}


@pytest.mark.parametrize("interpreter", ["/opt/java/openjdk/bin/java", "/opt/java/openjdk/lib/server/libjvm.so"])
def test_javas_library_directory_is_kept_without_its_sources(interpreter: str) -> None:
    home = "/opt/java/openjdk"
    paths = (interpreter, f"{home}/lib/modules", f"{home}/lib/src.zip", f"{home}/conf/security/java.security")
    kept = libraries(tree(dict.fromkeys(paths, b"x")), [interpreter])
    assert f"{home}/lib/modules" in kept
    assert f"{home}/conf/security/java.security" in kept
    assert f"{home}/lib/src.zip" not in kept


def test_an_unused_interpreter_brings_nothing() -> None:
    assert libraries(tree({"/usr/lib/python3.11/os.py": b"x"}), ["/usr/bin/node"]) == {}


@pytest.mark.parametrize(
    ("path", "runtime"),
    [
        ("/usr/local/bin/node", True),
        ("/usr/lib/python3.11/os.py", True),
        ("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", True),
        ("/usr/lib/x86_64-linux-gnu/libc.so.6", False),
        ("/bin/dash", False),
    ],
)
def test_what_belongs_to_a_runtime_shows_by_where_it_lies(path: str, runtime: bool) -> None:
    assert is_runtime(path) is runtime
