"""Records of any bytes: nothing raises, and what is broken of one hides nothing of another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.filetree import FileTree, Kind
from jettison.packages import CATALOGERS, catalog, trim, uncataloged
from jettison.packages.apk import DATABASES
from jettison.packages.dpkg import INFO, STATUS, STATUS_D
from jettison.packages.inventory import take
from jettison.packages.model import Gap
from make import tree

SITE = "/usr/lib/python3/site-packages"
VALID: dict[str, bytes] = {
    STATUS: b"Package: a\nStatus: install ok installed\nArchitecture: all\nSource: s (2)\nVersion: 1\n"
    b"Conffiles:\n /etc/a 0123\nDescription: a\n b\n\n",
    f"{INFO}/a.list": b"/.\n/bin\n/bin/a\n/etc\n/etc/a\n",
    f"{INFO}/a.md5sums": b"0123  bin/a\n",
    "/var/lib/dpkg/diversions": b"/bin/a\n/bin/a.real\nb\n",
    f"{STATUS_D}/d": b"Package: d\nVersion: 1\n",
    f"{STATUS_D}/d.md5sums": b"0123  bin/d\n",
    DATABASES[0]: b"P:a\nV:1\nA:x\no:s\nF:bin\nM:0:0:755\nR:a\na:0:0:755\nZ:Q1=\n\n",
    f"{SITE}/f-1.dist-info/METADATA": b"Metadata-Version: 2.1\nName: f\nVersion: 1\n\nf\n",
    f"{SITE}/f-1.dist-info/RECORD": b'f.py,sha256=x,1\n"../../../bin/a",,\n',
    f"{SITE}/g.egg-info/PKG-INFO": b"Name: g\nVersion: 1\n",
    f"{SITE}/g.egg-info/installed-files.txt": b"../g.py\n",
    f"{SITE}/g.egg-info/top_level.txt": b"g\n",
    "/app/node_modules/n/package.json": json.dumps({"name": "n", "version": "1.0.0"}).encode(),
    "/app/vendor/composer/installed.json": json.dumps(
        {"packages": [{"name": "c/d", "version": "1", "install-path": "../c/d"}]}
    ).encode(),
    "/gems/specifications/r-1.gemspec": b"",
}
FILES: dict[str, str | bytes] = {
    "/bin/a": "file 0755", "/bin/d": "file 0755", "/etc/a": "file", f"{SITE}/f.py": "file", f"{SITE}/g.py": "file",
    "/app/vendor/c/d/x.php": "file", "/gems/gems/r-1/r.rb": "file",
}  # fmt: skip
PATHS = st.sampled_from(sorted(VALID))
#: What records are made of, so that junk is near to something valid.
PIECES = st.sampled_from([
    b"\n", b"\n\n", b" ", b":", b",", b'"', b"{", b"[", b"]", b"}", b"/", b"..", b"\x00", b"\xff", b"\r",
    b"Package:", b"Version:", b"Status: install ok installed", b"Conffiles:", b"Name:", b"P:", b"F:", b"R:", b"null",
    b"\xed\xa0\x80", b"-1", b"=?utf-8?q?=ff?=", b"packages", b"[" * 5000, b"9" * 5000,
])  # fmt: skip
NOTATIONS = st.sampled_from(
    ["dir 0755", "fifo", "char", "link -> /", "link -> /bin/a", "link -> ../..", "link -> status", "file 0644 0:0 99"]
)


@st.composite
def mutated(draw: st.DrawFn, valid: bytes) -> bytes:
    """Cut, repeated or with something put in, once or more often."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(valid)))
        end = draw(st.integers(start, min(len(valid), start + 40)))
        put = draw(st.one_of(st.binary(max_size=8), PIECES, st.just(valid[start:end] * 2)))
        valid = valid[:start] + put + valid[end:]
    return valid


def everything(image: FileTree) -> tuple[Gap, ...]:
    """All that is asked of records. Nothing of it raises, and names and versions can be written."""
    packages = catalog(image)
    for package in packages:
        assert package.name
        f"{package} {package.architecture} {package.source} {dict(package.attributes)}".encode()
        assert all(image[path].kind is not Kind.DIRECTORY for path in package.files)
    trim(image, packages, frozenset(image))
    trim(image, packages, frozenset(("/bin/a", f"{SITE}/f.py")))
    uncataloged(image)
    return tuple(gap for cataloger in CATALOGERS for gap in cataloger.gaps(image))


def test_of_valid_records_nothing_is_told() -> None:
    image = tree({**FILES, **VALID})
    assert everything(image) == ()
    assert [str(package) for package in catalog(image)] == [
        "a 1", "c/d 1", "a 1", "d 1", "r 1", "n 1.0.0", "f 1", "g 1",
    ]  # fmt: skip


@given(PATHS, st.data())
def test_a_mutated_record_raises_nothing(path: str, data: st.DataObject) -> None:
    everything(tree({**FILES, **VALID, path: data.draw(mutated(VALID[path]))}))


@given(st.dictionaries(PATHS, st.one_of(st.binary(max_size=60), NOTATIONS, st.lists(PIECES).map(b"".join)), min_size=1))
def test_junk_in_the_place_of_records_raises_nothing(junk: dict[str, str | bytes]) -> None:
    everything(tree({**FILES, **VALID, **junk}))


@given(st.dictionaries(st.sampled_from(["name", "version", "packages", "install-path"]), st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)))  # fmt: skip
def test_json_of_any_shape_raises_nothing(document: dict[str, object]) -> None:
    record, listed = json.dumps(document).encode(), json.dumps([document]).encode()
    image = {"/app/node_modules/n/package.json": record, "/app/vendor/composer/installed.json": listed}
    everything(tree({**FILES, **image}))


@pytest.mark.parametrize("path", sorted(path for path in VALID if not path.endswith("top_level.txt")))
def test_one_record_of_junk_hides_nothing_of_the_others_and_is_told_in_the_inventory(path: str) -> None:
    image = tree({**FILES, **VALID, path: "dir 0755"})
    lost = {str(package) for package in catalog(tree({**FILES, **VALID}))} - set(map(str, catalog(image)))
    assert len(lost) <= 1
    assert [gap.path for gap in take(image).gaps] == [path]
