"""Python distributions."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from jettison.packages.pypi import Pypi
from make import tree

SITE = "/usr/lib/python3/dist-packages"
METADATA = b"Metadata-Version: 2.1\nName: Foo.Bar\nVersion: 1.2\n\nText\nName: other\n"


def test_a_record_says_which_files_there_are() -> None:
    record = b'foo/__init__.py,sha256=x,3\n../../../bin/foo,,\n"foo/a,b.py",,\ngone.py,,\nfoo.dist-info/RECORD,,\n'
    image = tree({f"{SITE}/foo.dist-info/METADATA": METADATA, f"{SITE}/foo.dist-info/RECORD": record,
                  f"{SITE}/foo/__init__.py": "file", "/usr/bin/foo": "file", f"{SITE}/foo/a,b.py": "file"})  # fmt: skip
    (package,) = Pypi().catalog(image)
    assert str(package) == "Foo.Bar 1.2"
    assert package.files == {path for path in image if str(image[path]).startswith("file")}


def test_without_a_record_the_modules_are_guessed() -> None:
    image = tree({f"{SITE}/foo.egg-info": METADATA, f"{SITE}/Foo_Bar/x.py": "file", f"{SITE}/other.py": "file"})
    (package,) = Pypi().catalog(image)
    assert package.files == {f"{SITE}/foo.egg-info", f"{SITE}/Foo_Bar/x.py"}


def test_a_field_that_is_too_long_for_csv_is_no_record() -> None:
    image = tree({f"{SITE}/a.dist-info/METADATA": METADATA, f"{SITE}/a.dist-info/RECORD": b'"' + b"x" * 200_000})
    assert len(list(Pypi().catalog(image))) == 1


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=60))
@example(b"\t\x80\xc2\x80", b"", b"")
def test_no_content_raises(metadata: bytes, record: bytes, tops: bytes) -> None:
    info = f"{SITE}/a.dist-info"
    image = {f"{info}/METADATA": b"Name: a\n" + metadata, f"{info}/RECORD": record, f"{info}/top_level.txt": tops}
    list(Pypi().catalog(tree(dict(image))))
