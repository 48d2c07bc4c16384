"""What is written is built, by Jettison and by Buildah, and both give what carving by the returned plan gives."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.buildah import Buildah
from builder.dockerfiles import BASE, BASE_NAME, make_context
from jettison.builder import build
from jettison.carve import carve
from jettison.errors import Unsupported
from jettison.filetree import FileTree, index
from jettison.oci.config import ImageConfig
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.packages import catalog
from jettison.rewrite.observation import Observed
from make import tree as tree_of
from rewrite.observation.built import LINKS, LINKS_KEPT, MOUNT_POINTS, lines, observed, settings
from tools import need

pytestmark = pytest.mark.integration


class Bench:
    """Both builders with the base image in place."""

    def __init__(self, directory: Path) -> None:
        self.context = directory / "context"
        make_context(self.context)
        (directory / "buildah").mkdir()
        self.buildah = Buildah(directory / "buildah")
        self.store = Store.open(directory / "store")
        self.buildah.build(BASE, self.context, BASE_NAME)
        build(self.store, self.context, BASE, tag=BASE_NAME)

    def original(self, dockerfile: str) -> tuple[Image, FileTree]:
        image = build(self.store, self.context, dockerfile).image
        return image, index(self.store.snapshots(image))

    def theirs(self, dockerfile: str, place: Path) -> tuple[ImageConfig, FileTree]:
        self.buildah.build(dockerfile, self.context, "localhost/result")
        return self.buildah.image("localhost/result", place)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    need("buildah", "runc", "busybox")
    made = Bench(tmp_path_factory.mktemp("bench"))
    yield made
    made.buildah.close()


def check(bench: Bench, image: Image, tree: FileTree, found: Observed, place: Path) -> FileTree:
    small = carve(bench.store, image, tree.subset(found.plan.keep), found.plan)
    expected = index(bench.store.snapshots(small))
    ours, ours_tree = bench.original(found.text)
    theirs, theirs_tree = bench.theirs(found.text, place)
    assert lines(ours_tree) == lines(expected)
    assert settings(ours.config) == settings(small.config)
    assert lines(theirs_tree, built_again=True) == lines(expected, built_again=True)
    assert settings(theirs) == settings(small.config)
    for path, content in found.plan.rewritten.items():
        assert ours_tree.read(ours_tree[path]) == theirs_tree.read(theirs_tree[path]) == content
    return ours_tree


def test_links_owners_modes_times_and_the_configuration(bench: Bench, tmp_path: Path) -> None:
    image, tree = bench.original(LINKS)
    kept = {*LINKS_KEPT, *tree.below("/opt/odd")}
    found = observed(image, tree, kept, LINKS)
    assert found.notes == ()
    assert set(found.plan.keep) == set(tree.subset(kept))
    after = check(bench, image, tree, found, tmp_path / "theirs")
    assert after["/app/bin/one"].inode == after["/app/bin/two"].inode is not None


def test_an_image_alone_and_little_of_it(bench: Bench, tmp_path: Path) -> None:
    image, tree = bench.original(f"FROM {BASE_NAME}\nRUN touch /etc/more\n")
    found = observed(image, tree, {"/bin/busybox", "/etc/passwd", "/etc/group"}, None)
    assert found.text == (
        "FROM localhost/tiny:latest AS build\n\nFROM scratch\n"
        "COPY --from=build /bin/busybox /bin/\nCOPY --from=build /etc/group /etc/passwd /etc/\n"
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
    )
    small = carve(bench.store, image, tree.subset(found.plan.keep), found.plan)
    ours, theirs = bench.original(found.text)[1], bench.theirs(found.text, tmp_path / "theirs")[1]
    expected = {path: str(entry) for path, entry in index(bench.store.snapshots(small)).items() if path != "/"}
    assert {path: str(ours[path]) for path in ours if path != "/"} == expected
    assert {path: str(theirs[path]) for path in theirs if path not in MOUNT_POINTS} == expected


ROUNDED = f"""FROM {BASE_NAME}
RUN for p in a b c d e f; do mkdir -p /app/node_modules/$p/test && cd /app/node_modules/$p \\
    && touch README.md index.js index.d.ts test/one.js LICENSE && dd if=/dev/zero of=big.js bs=1000 count=9; done
RUN mkdir -p /app/node_modules/dev && dd if=/dev/zero of=/app/node_modules/dev/index.js bs=1000000 count=3 \\
    && mkdir -p /lib/apk/db /var/lib/dpkg/info && cd /app && touch -t 200102030405 node_modules/*/* node_modules/*
WORKDIR /app
"""


def test_packages_of_a_language_come_whole_without_litter(bench: Bench, tmp_path: Path) -> None:
    image, tree = bench.original(ROUNDED)
    kept = {path for path in tree.below("/app") if path.endswith(("index.js", "LICENSE")) and "/dev/" not in path}
    kept |= {"/bin", *tree.children("/bin")}
    found = observed(image, tree, kept, ROUNDED)
    assert "find" in found.text
    assert "dev" in found.text
    after = check(bench, image, tree, found, tmp_path / "theirs")
    assert "/app/node_modules/a/README.md" not in after
    assert "/app/node_modules/dev" not in after


DEBIAN = f"""FROM {BASE_NAME}
WORKDIR /proc
WORKDIR /
RUN mkdir -p /var/lib/dpkg/info /usr/bin && cd /var/lib/dpkg && echo 1 >info/format \\
    && touch /usr/bin/a /usr/bin/b /usr/lib/c \\
    && printf '%s\\n' 'Package: a' 'Status: install ok installed' 'Architecture: amd64' 'Version: 1' 'Conffiles:' \\
       ' /etc/a 1' ' /etc/gone 2' 'Description: an a' ' more of it' '' \\
       'Package: b' 'Status: install ok installed' 'Architecture: amd64' 'Version: 2' '' \\
       'Package: c' 'Status: install ok installed' 'Architecture: amd64' 'Version: 3' '' >status \\
    && printf '%s\\n' /. /usr /usr/bin /usr/bin/a /lib /lib/c2 /proc >info/a.list && touch /usr/lib/c2 \\
    && printf '%s\\n' /. /usr/bin/b >info/b.list && printf '%s\\n' /. /usr /lib /lib/c >info/c:amd64.list \\
    && printf '%s  %s\\n' 0 usr/bin/a 1 lib/c2 >info/a.md5sums && touch -t 200102030405 status info/*
"""


def test_records_of_dpkg(bench: Bench, tmp_path: Path) -> None:
    image, tree = bench.original(DEBIAN)
    found = observed(image, tree, {"/usr/bin/a", "/usr/lib/c", "/lib", "/proc", "/bin/sh", "/bin/busybox"}, DEBIAN)
    assert found.notes == ()
    after = check(bench, image, tree, found, tmp_path / "theirs")
    status = b"Package: {}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {}\n"
    assert found.plan.rewritten == {
        "/var/lib/dpkg/status": status.replace(b"{}", b"a", 1).replace(b"{}", b"1")
        + b"Description: an a\n\n"
        + status.replace(b"{}", b"c", 1).replace(b"{}", b"3")
        + b"\n",
        "/var/lib/dpkg/info/a.list": b"/.\n/usr\n/usr/bin\n/usr/bin/a\n/lib\n/proc\n",
        "/var/lib/dpkg/info/a.md5sums": b"0  usr/bin/a\n",
        "/var/lib/dpkg/info/c:amd64.list": b"/.\n/usr\n/lib\n/lib/c\n",
    }
    assert [package.name for package in catalog(after)] == ["a", "c"]


ALPINE = f"""FROM {BASE_NAME}
RUN mkdir -p /lib/apk/db /etc/x && touch /usr/lib/one /usr/lib/two /etc/x/three && printf '%s\\n' \\
    C:1 P:one V:1 A:x86_64 F:usr M:0:0:755 F:usr/lib R:one a:0:0:644 Z:1 R:two Z:2 F:etc/x R:three Z:3 '' \\
    C:2 P:two V:2 F:etc/x R:three Z:3 '' C:3 P:o.e V:3 F: R:absent '' >/lib/apk/db/installed
"""


def test_records_of_apk(bench: Bench, tmp_path: Path) -> None:
    image, tree = bench.original(ALPINE)
    found = observed(image, tree, {"/usr/lib/one", "/lib", "/bin/sh", "/bin/busybox"}, ALPINE)
    assert found.notes == ()
    check(bench, image, tree, found, tmp_path / "theirs")
    assert found.plan.rewritten == {
        "/usr/lib/apk/db/installed": b"C:1\nP:one\nV:1\nA:x86_64\nF:usr\nM:0:0:755\n"
        b"F:usr/lib\nR:one\na:0:0:644\nZ:1\n\n"
    }


CAPABLE = f"""FROM {BASE_NAME}
ADD capable.tar /usr/bin/
RUN mkdir -p /app && echo 1 >/app/1 && echo 2 >/app/2 && ln -s 1 /app/link
"""
#: cap_net_bind_service=ep, version 2 (capabilities(7), linux/capability.h)
CAPABILITY = bytes.fromhex("0100000200040000000000000000000000000000")


def test_capabilities_come_by_copy_where_tar_would_lose_them(bench: Bench, tmp_path: Path) -> None:
    member = tarfile.TarInfo("capable")
    member.mode, member.mtime = 0o755, 1_000_000_000
    member.pax_headers = {"SCHILY.xattr.security.capability": CAPABILITY.decode("latin-1")}
    with tarfile.open(bench.context / "capable.tar", "w", format=tarfile.PAX_FORMAT, encoding="latin-1") as archive:
        archive.addfile(member)
    image, tree = bench.original(CAPABLE)
    assert tree["/usr/bin/capable"].xattrs == {"security.capability": CAPABILITY}
    found = observed(image, tree, {"/usr/bin/capable", "/app/link", "/app/1", "/bin/sh"}, CAPABLE)
    assert "COPY --from=build /usr/bin/capable /usr/bin/\n" in found.text
    small = carve(bench.store, image, tree.subset(found.plan.keep), found.plan)
    after = bench.original(found.text)[1]
    assert lines(after, built_again=True) == lines(index(bench.store.snapshots(small)), built_again=True)


MORE = f"""FROM {BASE_NAME}
RUN mkdir -p /app/more && echo 1 >/app/1 && echo 2 >/app/more/2 && ln -s 1 /app/link && echo changed >>/etc/group \\
    && chown 3:4 /app/1 && mkdir -m 700 /home/new && ln -s /app/1 /app/more/up
ENTRYPOINT ["/bin/cat", "/app/link"]
"""


def test_onto_a_base_only_what_it_lacks(bench: Bench, tmp_path: Path) -> None:
    base = bench.original(f"FROM {BASE_NAME}\n")[1]
    image, tree = bench.original(MORE)
    kept = {*tree.below("/app"), "/home/new", "/bin/cat", "/bin/busybox", "/etc/group"} - {"/app/more/up"}
    found = observed(image, tree, kept, MORE, (BASE_NAME, base))
    assert "busybox" not in found.text
    ours, after = bench.original(found.text)
    assert lines(after) == lines(FileTree({**base, **tree.subset(kept)}))
    assert lines(bench.theirs(found.text, tmp_path / "theirs")[1], built_again=True) == lines(after, built_again=True)
    assert ours.config.container.entrypoint == ("/bin/cat", "/app/link")


def test_onto_a_base_that_has_a_directory_in_the_place(bench: Bench) -> None:
    base = tree_of({"/app": "link -> /srv"})
    image, tree = bench.original(MORE)
    with pytest.raises(Unsupported, match="cannot copy onto x: /app is a link there, and a dir in the original"):
        observed(image, tree, {"/app/1"}, MORE, ("x", base))
