"""Alpine's installed database."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from jettison.packages.apk import Apk
from make import tree

DATABASE = "/lib/apk/db/installed"
INSTALLED = b"""C:Q1abc=
P:busybox
V:1.37.0-r12
A:x86_64
o:busybox
D:so:libc.musl-x86_64.so.1
F:bin
R:busybox
a:0:0:755
Z:Q1def=
R:bbsuid
Z:Q1ghi=
F:etc
M:0:0:755
R:securetty
Z:Q1jkl=

P:ssl_client
V:1.37.0-r12
A:x86_64
o:busybox
F:usr
F:usr/bin
R:ssl_client
Z:Q1mno=
r:old-name

"""
IMAGE: dict[str, str | bytes] = {
    DATABASE: INSTALLED, "/bin/busybox": "file 0755", "/bin/bbsuid": "file", "/etc/securetty": "file",
    "/usr/bin/ssl_client": "file",
}  # fmt: skip


def trimmed(*kept: str) -> str:
    image = tree(IMAGE)
    content = Apk().trim(image, (), frozenset(kept))[DATABASE]
    assert content is not None
    return content.decode()


def test_packages_are_found_with_their_files() -> None:
    busybox, client = Apk().catalog(tree(IMAGE))
    assert (str(busybox), busybox.architecture, busybox.source) == ("busybox 1.37.0-r12", "x86_64", "busybox")
    assert busybox.files == {"/bin/busybox", "/bin/bbsuid", "/etc/securetty"}
    assert client.source == "busybox"


def test_everything_kept_changes_nothing_but_empty_directories() -> None:
    assert trimmed(*IMAGE) == INSTALLED.decode().replace("F:usr\n", "")


def test_a_file_goes_with_its_lines_and_an_empty_directory_with_its_mode() -> None:
    text = trimmed("/bin/busybox")
    assert "R:busybox\na:0:0:755\nZ:Q1def=\n" in text
    assert not any(gone in text for gone in ("bbsuid", "Q1ghi", "F:etc", "M:", "securetty", "ssl_client"))


def test_a_field_after_the_files_stays() -> None:
    assert trimmed("/usr/bin/ssl_client").endswith("R:ssl_client\nZ:Q1mno=\nr:old-name\n\n")


def test_a_merged_usr_is_followed() -> None:
    image = tree({"/usr/lib/apk/db/installed": b"P:a\nV:1\nF:bin\nR:x\n\n", "/bin": "link -> usr/bin",
                  "/usr/bin/x": "file"})  # fmt: skip
    (package,) = Apk().catalog(image)
    assert package.files == {"/usr/bin/x"}


def test_a_package_of_ten_thousand_directories_takes_no_time() -> None:
    text = "P:a\nV:1\n" + "".join(f"F:d/{n}\nR:x\nZ:1\n" for n in range(10_000))
    image = tree({DATABASE: text.encode(), **{f"/d/{n}/x": "file" for n in range(10_000)}})
    start = time.process_time()
    assert Apk().trim(image, (), frozenset({"/d/7/x"}))[DATABASE] == b"P:a\nV:1\nF:d/7\nR:x\nZ:1\n\n"
    assert time.process_time() - start < 10  # minutes, were it quadratic


@given(st.binary(max_size=200))
def test_no_database_raises(content: bytes) -> None:
    image = tree({DATABASE: content, "/a": "file"})
    Apk().trim(image, tuple(Apk().catalog(image)), frozenset(("/a",)))


@given(st.lists(st.sampled_from(INSTALLED.split(b"\n")), max_size=20))
def test_no_order_of_lines_raises(lines: list[bytes]) -> None:
    image = tree({**IMAGE, DATABASE: b"\n".join(lines)})
    Apk().trim(image, tuple(Apk().catalog(image)), frozenset(("/bin/busybox",)))


def test_what_apk_has_for_itself_goes() -> None:
    image = tree({**IMAGE, "/lib/apk/db/scripts.tar": "file", "/lib/apk/db/triggers": "file"})
    result = Apk().trim(image, (), frozenset(image))
    assert {path for path, content in result.items() if content is None} == {
        "/lib/apk/db/scripts.tar", "/lib/apk/db/triggers",
    }  # fmt: skip


def test_of_a_package_whose_documentation_alone_remains_nothing_is_said() -> None:
    image = tree({DATABASE: b"P:man\nV:1\nF:usr/share/man\nR:x.1\n\n", "/usr/share/man/x.1": "file"})
    assert Apk().trim(image, (), frozenset(image))[DATABASE] == b""
