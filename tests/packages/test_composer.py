"""PHP packages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.packages.composer import Composer
from make import tree

VENDOR = "/app/vendor"
RECORD = f"{VENDOR}/composer/installed.json"


@pytest.mark.parametrize(
    "record",
    [b'[{"name": "a/b", "version": "v1.2"}]',
     b'{"packages": [{"name": "a/b", "version": "v1.2", "install-path": "../a/b"}, 7, {"name": []}]}'],
)  # fmt: skip
def test_both_forms_of_the_record_are_read(record: bytes) -> None:
    image = tree({RECORD: record, f"{VENDOR}/a/b/src/x.php": "file", f"{VENDOR}/a/bc/y.php": "file"})
    (package,) = Composer().catalog(image)
    assert (str(package), package.root) == ("a/b v1.2", f"{VENDOR}/a/b")
    assert package.files == {f"{VENDOR}/a/b/src/x.php"}


@pytest.mark.parametrize("place", [b"../..", b"../../../etc", b"/etc/../../../..", b".."])
def test_no_package_is_outside_of_vendor(place: bytes) -> None:
    image = tree({RECORD: b'[{"name": "a/b", "install-path": "' + place + b'"}]', "/etc/passwd": "file"})
    assert not [path for package in Composer().catalog(image) for path in package.files]


@given(st.one_of(st.binary(max_size=100), st.sampled_from([b"[" * 9999, b'{"packages": 1}', b"null", b"[[1]]"])))
def test_no_record_raises(content: bytes) -> None:
    list(Composer().catalog(tree({RECORD: content})))
