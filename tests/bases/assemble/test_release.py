"""Release files, keyrings, sources."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bases.assemble.debian import Key
from jettison.bases.assemble import release, sources
from jettison.errors import IntegrityError, InvalidInput

_TEXT = (
    "Suite: oldstable\nCodename: bookworm\nDate: Sun, 01 Nov 2026 00:00:00 UTC\n"
    f"SHA256:\n {'a' * 64} 12 main/Packages\n"
)


def test_reads_names_date_and_indices() -> None:
    found = release.read(_TEXT)
    assert found.names == {"oldstable", "bookworm"}
    assert (found.date, found.valid_until, found.by_hash) == (1793491200, None, False)
    assert found.files == {"main/Packages": ("a" * 64, 12)}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("SHA256", "SHA1", "it has no SHA256"),
        ("Date: Sun, 01 Nov", "Date: never", "is no date"),
        (" 12 ", " x ", "is not DIGEST SIZE PATH"),
        ("aaa", "../", "is not DIGEST SIZE PATH"),
    ],
)
def test_refuses_what_is_not_sane(old: str, new: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        release.read(_TEXT.replace(old, new))


def test_the_text_of_a_signed_message_without_verifying() -> None:
    signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nA: 1\n- -b\n-----BEGIN PGP SIGNATURE-----\nx\n"
    assert release.unverified(signed.encode()) == "A: 1\n-b"
    assert release.unverified(b"A: 1\r\n") == "A: 1\n"


@pytest.mark.integration
def test_a_keyring_may_be_armoured(signer: Key, tmp_path: Path) -> None:
    command = ["gpg", "--homedir", str(signer.home), "--batch", "--armor", "--export"]
    armoured = tmp_path / "key.asc"
    armoured.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    data = signer.sign("Suite: a\n")
    assert release.verified(data, armoured, "x") == release.verified(data, signer.keyring, "x") == "Suite: a\n"
    armoured.write_text("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!\n-----END")
    with pytest.raises(InvalidInput, match="its armour is damaged"):
        release.verified(data, armoured, "x")


@pytest.mark.integration
def test_a_weak_digest_does_not_count(signer: Key) -> None:
    command = ["gpg", "--homedir", str(signer.home), "--batch", "--digest-algo", "SHA1", "--allow-weak-digest-algos"]
    command += ["--clearsign", "--output", "-"]
    data = subprocess.run(command, input=b"Suite: a\n", check=True, capture_output=True).stdout
    with pytest.raises(IntegrityError, match="cannot use x: "):
        release.verified(data, signer.keyring, "x")


def test_a_distribution_has_a_release_updates_and_security() -> None:
    found = sources.distribution("debian:bookworm", "amd64", mirror="http://m/debian/", security_mirror="http://s")
    assert [str(each) for each in found] == [
        "http://m/debian bookworm", "http://m/debian bookworm-updates", "http://s bookworm-security",
    ]  # fmt: skip
    assert [each.archive for each in found] == ["main", "main", "security"]
    assert [str(each) for each in sources.distribution("debian:sid", "amd64")] == ["http://deb.debian.org/debian sid"]


def test_ubuntu_keeps_most_architectures_apart() -> None:
    assert {each.url for each in sources.distribution("ubuntu:noble", "arm64")} == {
        "http://ports.ubuntu.com/ubuntu-ports"
    }
    assert len({each.url for each in sources.distribution("ubuntu:noble", "amd64")}) == 2


def test_a_source_is_a_line_of_apt() -> None:
    found = sources.line("deb [signed-by=/k.gpg] https://m/ x/y main contrib")
    assert found == sources.Source("https://m", "x/y", ("main", "contrib"), Path("/k.gpg"), "extra")


@pytest.mark.parametrize(
    "text", ["deb https://m x main", "deb [signed-by=/k] https://m x", "deb [signed-by=/k] file:/m x main",
             "deb [signed-by=/k] https://m ../x main", "deb [trusted=yes] https://m x main"],
)  # fmt: skip
def test_refuses_a_source_that_is_none_or_unsigned(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot use source"):
        sources.line(text)
