"""Base images of a small repository, from its signature to the tree of the image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bases.assemble.debian import DATE, Key, Repository
from jettison.bases.assemble import Request, assemble, make
from jettison.errors import (
    IntegrityError,
    InvalidConfiguration,
    InvalidInput,
    JettisonError,
    NotFound,
    PrivilegeRequired,
)
from jettison.filetree import FileTree, index
from jettison.oci.image import Image
from jettison.oci.layout import Store

pytestmark = pytest.mark.integration


def tree(store: Store, image: Image) -> FileTree:
    return index(store.snapshots(image))


def text(found: FileTree, path: str) -> str:
    entry = found.resolve(path)
    assert entry is not None, path
    return found.read(entry).decode()


def test_packages_become_an_image(repository: Repository, request_: Request, store: Store) -> None:
    repository.package("app", {"/usr/bin/app": "run\n", "/usr/share/man/app.1": "x"}, Depends="lib (>= 1) | other")
    repository.package("lib", {"/lib/lib.so": "code\n"}, links={"/usr/lib/lib.so.1": "lib.so"})
    repository.publish()
    made = make(store, replace(request_, packages=("app",), user="nonroot"))
    found = tree(store, made.image)
    assert text(found, "/usr/lib/lib.so.1") == text(found, "/lib/lib.so") == "code\n"
    assert str(found["/usr/bin/app"]) == "file 0644 0:0 4"
    assert str(found["/lib"]) == "link -> usr/lib"
    assert str(found["/tmp"]) == "dir 1777 0:0"
    assert str(found["/home/nonroot"]) == "dir 0700 65532:65532"
    assert "/usr/share/man" not in found
    assert "/ran" not in found
    assert "nonroot:x:65532:65532" in text(found, "/etc/passwd")
    config = made.image.config
    assert (config.container.user, config.created) == ("65532", "2026-11-01T00:00:00Z")
    assert made.image.config.platform.architecture == "amd64"
    assert max(entry.mtime for path, entry in found.items() if path != "/") <= DATE
    assert made.files == sum(entry.kind != "dir" for entry in found.values())


def test_records_list_what_is_there(repository: Repository, request_: Request, store: Store, tmp_path: Path) -> None:
    repository.package("app", {"/lib/a": "a", "/lib/b": "b"})
    repository.publish()
    cut = tmp_path / "slices.toml"
    cut.write_text('[package.app]\npaths = ["/lib/*"]\nexclude = ["/lib/b"]\n[links]\n"/bin/c" = "/lib/a"\n')
    found = tree(store, assemble(store, replace(request_, packages=("app",), slices=(cut,))))
    assert "/usr/lib/b" not in found
    assert str(found["/usr/bin/c"]) == "link -> /usr/lib/a"
    assert text(found, "/usr/share/doc/app/copyright") == "free\n"
    sums = text(found, "/var/lib/dpkg/status.d/app.md5sums")
    assert [line.split()[1] for line in sums.splitlines()] == ["usr/share/doc/app/copyright", "lib/a"]
    assert "Package: app\nVersion: 1\n" in text(found, "/var/lib/dpkg/status.d/app")


def test_a_slice_that_matches_nothing_is_an_error(
    repository: Repository, request_: Request, store: Store, tmp_path: Path
) -> None:
    repository.package("app", {"/lib/a": "a"})
    repository.publish()
    cut = tmp_path / "slices.toml"
    cut.write_text('[package.app]\npaths = ["/nope/**"]\n')
    with pytest.raises(NotFound, match=r"cannot take the slice of app in .*: it has nothing at /nope/\*\*"):
        assemble(store, replace(request_, packages=("app",), slices=(cut,)))


def test_the_highest_version_of_all_suites_wins(repository: Repository, request_: Request, store: Store) -> None:
    repository.package("app", {"/v": "9"}, version="1.9")
    repository.package("app", {"/v": "10"}, version="1.10", suite="bookworm-security")
    repository.package("app", {"/v": "rc"}, version="1.10~rc1", suite="bookworm-updates")
    repository.publish()
    assert text(tree(store, assemble(store, replace(request_, packages=("app",)))), "/v") == "10"
    assert text(tree(store, assemble(store, replace(request_, packages=("app=1.9",)))), "/v") == "9"
    with pytest.raises(NotFound, match=r"cannot take app=2: the sources have 1\.9, 1\.10~rc1, 1\.10"):
        assemble(store, replace(request_, packages=("app=2",)))


def test_what_scripts_would_have_made(repository: Repository, request_: Request, store: Store) -> None:
    pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
    where = "/usr/share/ca-certificates/mozilla"
    repository.package("ca-certificates", {f"{where}/B.crt": pem + "\n", f"{where}/A.crt": pem})
    repository.package("jre", links={"/usr/lib/jvm/cacerts": "/etc/ssl/certs/java/cacerts"})
    repository.package("tzdata", {"/usr/share/zoneinfo/Etc/UTC": "TZif"})
    repository.publish()
    image = assemble(store, replace(request_, packages=("ca-certificates", "jre", "tzdata")))
    found = tree(store, image)
    assert text(found, "/etc/ssl/certs/ca-certificates.crt") == (pem + "\n") * 2
    java = found.resolve("/usr/lib/jvm/cacerts")
    assert java is not None
    assert found.read(java)[:12] == b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\2"
    assert text(found, "/etc/localtime") == "TZif"
    assert "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt" in image.config.container.env


def test_alternatives_are_links_and_users_are_named(
    repository: Repository, request_: Request, store: Store, tmp_path: Path
) -> None:
    script = "update-alternatives --install /usr/bin/awk awk /bin/mawk 5\n"
    script += "update-alternatives --install /usr/bin/nawk nawk /usr/bin/gone 5\nadduser --system mawk"
    repository.package("mawk", {"/usr/bin/mawk": "x", "/usr/bin/gone": "x"}, script=script)
    repository.publish()
    cut = tmp_path / "slices.toml"
    cut.write_text('[package.mawk]\nexclude = ["/usr/bin/gone"]\n')
    made = make(store, replace(request_, packages=("mawk",), slices=(cut,)))
    found = tree(store, made.image)
    assert str(found["/usr/bin/awk"]) == "link -> /bin/mawk"
    assert "/usr/bin/nawk" not in found
    assert made.notes == ("mawk: its scripts would make users or groups, which the image does not have",)


def test_the_same_lock_gives_the_same_digest(
    repository: Repository, request_: Request, store: Store, tmp_path: Path
) -> None:
    repository.package("app", {"/a": "1"}, Depends="lib")
    repository.package("lib", {"/b": "1"})
    repository.publish()
    asked = replace(request_, packages=("app",), lock=tmp_path / "lock")
    first = assemble(store, asked)
    repository.package("lib", {"/b": "2"}, version="2")
    repository.publish()
    del repository.requests[:]
    other = Store.open(tmp_path / "other")
    assert assemble(other, asked).descriptor == first.descriptor
    assert all(path.startswith("/pool/") for path in repository.requests)
    assert assemble(store, replace(asked, update_lock=True)).descriptor != first.descriptor
    assert 'version = "2"' in (tmp_path / "lock").read_text()


def test_a_lock_is_of_one_request(repository: Repository, request_: Request, store: Store, tmp_path: Path) -> None:
    repository.package("app")
    repository.package("lib")
    repository.publish()
    asked = replace(request_, packages=("app",), lock=tmp_path / "lock")
    assemble(store, asked)
    with pytest.raises(InvalidInput, match=r"made for other packages or options; --update-lock makes it anew"):
        assemble(store, replace(asked, packages=("app", "lib")))
    with pytest.raises(InvalidInput, match="it is for architecture amd64, not arm64"):
        assemble(store, replace(asked, architecture="arm64"))
    (tmp_path / "lock").write_text("format = 9\n")
    with pytest.raises(InvalidConfiguration, match="its format is 9"):
        assemble(store, asked)


def test_a_version_that_vanished_is_in_the_snapshots(repository: Repository, request_: Request, tmp_path: Path) -> None:
    file = repository.package("app")
    repository.publish()
    asked = replace(request_, packages=("app",), lock=tmp_path / "lock")
    assemble(Store.open(tmp_path / "one"), asked)
    aside = file.rename(tmp_path / file.name)
    with pytest.raises(
        NotFound, match=r"cannot fetch app 1: .* --mirror https://snapshot\.debian\.org/archive/debian/2026"
    ):
        assemble(Store.open(tmp_path / "two"), asked)
    (repository.directory / "snapshot/pool").mkdir(parents=True)
    aside.rename(repository.directory / "snapshot/pool" / file.name)
    assemble(Store.open(tmp_path / "two"), replace(asked, mirror=f"{repository.url}/snapshot"))


def test_another_signature_is_refused(repository: Repository, request_: Request, store: Store, stranger: Key) -> None:
    repository.package("app")
    repository.publish(signer=stranger)
    asked = replace(request_, packages=("app",))
    with pytest.raises(IntegrityError, match=r"it is signed by [0-9A-F]{16}, which is not in"):
        assemble(store, asked)
    assemble(store, replace(asked, allow_unsigned=True))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Origin: Test", "Origin: Evil", "its signature is wrong"),
        ("-----BEGIN PGP SIGNED MESSAGE-----", "", "it has no signature"),
    ],
)
def test_a_changed_release_is_refused(
    repository: Repository, request_: Request, store: Store, old: str, new: str, reason: str
) -> None:
    repository.publish()
    file = repository.directory / "dists/bookworm/InRelease"
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(IntegrityError, match=reason):
        assemble(store, replace(request_, packages=("app",)))


def test_what_stands_around_the_signed_text_does_not_count(
    repository: Repository, request_: Request, store: Store
) -> None:
    repository.package("app")
    repository.publish()
    file = repository.directory / "dists/bookworm/InRelease"
    file.write_text("Suite: evil\nDate: x\nSHA256:\n\n" + file.read_text() + "\nSuite: evil\n")
    assemble(store, replace(request_, packages=("app",)))


def test_a_release_of_another_suite_is_refused(repository: Repository, request_: Request, store: Store) -> None:
    repository.publish(named="trixie")
    with pytest.raises(IntegrityError, match="its Release file is for trixie"):
        assemble(store, replace(request_, packages=("app",)))


def test_an_expired_release_is_refused(repository: Repository, request_: Request, store: Store) -> None:
    repository.package("app")
    repository.publish(valid_until=DATE)
    asked = replace(request_, packages=("app",))
    with pytest.raises(IntegrityError, match="it was valid until 2026-11-01 00:00 UTC; --ignore-valid-until"):
        assemble(store, asked)
    assemble(store, replace(asked, ignore_valid_until=True))


def test_no_gpgv_or_no_keyring_is_said(
    repository: Repository, request_: Request, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.publish()
    with pytest.raises(
        NotFound, match=r"no keyring .*nothing\.gpg; install it, name one with --keyring, or .*--allow-unsigned"
    ):
        assemble(store, replace(request_, packages=("app",), keyring=tmp_path / "nothing.gpg"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrivilegeRequired, match=r"gpgv is not installed; install it, or .*--allow-unsigned"):
        assemble(store, replace(request_, packages=("app",)))


@pytest.mark.parametrize("what", ["content", "size"])
def test_a_changed_package_is_refused(repository: Repository, request_: Request, store: Store, what: str) -> None:
    file = repository.package("app")
    repository.publish()
    data = file.read_bytes()
    file.write_bytes(data + b"x" if what == "size" else data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(
        IntegrityError, match=f"cannot use app 1: .* has {'more than' if what == 'size' else 'the SHA256'}"
    ):
        assemble(store, replace(request_, packages=("app",)))
    assert [path.name for path in (store.root / "caches/packages").iterdir() if "part" in path.name] == []


def test_a_damaged_cache_is_fetched_again(repository: Repository, request_: Request, store: Store) -> None:
    repository.package("app")
    repository.publish()
    first = assemble(store, replace(request_, packages=("app",)))
    for path in (store.root / "caches/packages").iterdir():
        path.write_bytes(b"damaged")
    assert assemble(store, replace(request_, packages=("app",))) == first


def test_a_package_that_is_another_one_is_refused(repository: Repository, request_: Request, store: Store) -> None:
    repository.package("app")
    repository.paragraphs["bookworm"] = [repository.paragraphs["bookworm"][0].replace("Version: 1", "Version: 2")]
    repository.publish()
    with pytest.raises(IntegrityError, match="cannot use app 2 all: its file is app 1 all"):
        assemble(store, replace(request_, packages=("app",)))


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, "name a preset or a package"),
        ({"presets": ("nothing",)}, "cannot use preset 'nothing': there are static, base"),
        ({"packages": ("app",), "user": "x"}, "cannot use user 'x'"),
        ({"packages": ("app",), "architecture": "vax"}, "cannot use architecture 'vax'"),
        ({"packages": ("app",), "suite": "fedora:40"}, "neither debian:CODENAME nor ubuntu:CODENAME"),
        ({"packages": ("app",), "suite": "debian:../x"}, "neither debian:CODENAME nor ubuntu:CODENAME"),
        ({"packages": ("app",), "mirror": "ftp://x"}, "does not begin with http"),
        ({"packages": ("app",), "components": ("a/../b",)}, "no such name is possible"),
        ({"packages": ("app",), "sources": ("deb http://x y",)}, "cannot use source"),
        ({"packages": ("app",), "slices": (Path("/nothing"),)}, "cannot read the slices /nothing: no such file"),
    ],
)
def test_a_request_that_cannot_be_is_one_error(
    request_: Request, store: Store, asked: dict[str, object], reason: str
) -> None:
    with pytest.raises(JettisonError, match=reason):
        assemble(store, replace(request_, **asked))  # type: ignore[arg-type]


def test_another_source_adds_its_packages(repository: Repository, request_: Request, store: Store) -> None:
    repository.package("app", {"/a": "1"})
    repository.publish()
    line = f"deb [signed-by={repository.key.keyring}] {repository.url}/ bookworm main"
    image = assemble(store, Request(("app",), suite="", sources=(line,), architecture="amd64", epoch=7))
    assert text(tree(store, image), "/a") == "1"
    assert image.config.created == "1970-01-01T00:00:07Z"
