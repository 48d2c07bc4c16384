"""Release files: what a suite of a repository holds, and who says so (Debian wiki, DebianRepository/Format)."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path

from jettison.errors import IntegrityError, InvalidInput, NotFound, PrivilegeRequired
from jettison.packages.deb822 import paragraphs

#: Bytes; Ubuntu's have 250 kB.
LIMIT = 16 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
#: OpenPGP numbers (RFC 9580, 9.5) of digests that no signature should rest on: MD5, SHA-1, RIPEMD-160.
_WEAK = frozenset({"1", "2", "3"})
_ARMOUR = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
_SIGNED, _SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"


@dataclass(frozen=True, slots=True)
class Release:
    """A suite. Times are seconds since 1970; ``files`` gives SHA256 and size in bytes of every index by its path."""

    origin: str
    names: frozenset[str]
    date: int
    valid_until: int | None
    by_hash: bool
    files: Mapping[str, tuple[str, int]]


def read(text: str) -> Release:
    """Read the fields of a Release file. Raises ``InvalidInput``."""
    fields = dict(next(paragraphs(text), []))
    if "SHA256" not in fields or "Date" not in fields:
        raise InvalidInput("cannot read the Release file: it has no SHA256 or no Date")
    limit = fields.get("Valid-Until")
    return Release(
        fields.get("Origin", ""),
        frozenset({fields.get("Suite", ""), fields.get("Codename", "")} - {""}),
        _seconds(fields["Date"]),
        _seconds(limit) if limit else None,
        fields.get("Acquire-By-Hash") == "yes",
        dict(_files(fields["SHA256"])),
    )


def _files(text: str) -> Iterator[tuple[str, tuple[str, int]]]:
    for line in text.splitlines():
        match line.split():
            case [digest, size, path] if _SHA256.match(digest) and size.isdecimal() and len(size) < 16:
                yield path, (digest, int(size))
            case []:
                continue
            case _:
                raise InvalidInput(f"cannot read the Release file: {line.strip()[:200]!r} is not DIGEST SIZE PATH")


def _seconds(text: str) -> int:
    try:
        found = parsedate_to_datetime(text)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"cannot read the Release file: {text[:100]!r} is no date") from error


def verified(data: bytes, keyring: Path, what: str) -> str:
    """The text of an InRelease file that a key of ``keyring`` signed, and nothing that stands around it.

    Raises ``PrivilegeRequired`` without gpgv, ``NotFound`` without the keyring, ``IntegrityError`` for a signature
    that does not hold.
    """
    if shutil.which("gpgv") is None:
        raise PrivilegeRequired(
            f"cannot verify {what}: gpgv is not installed; install it, or accept any content with --allow-unsigned"
        )
    with tempfile.TemporaryDirectory(prefix="jettison-gpgv-") as name:
        place = Path(name)
        (place / "keyring.gpg").write_bytes(_keys(keyring, what))
        (place / "signed").write_bytes(data)
        command = ["gpgv", "--homedir", name, "--keyring", str(place / "keyring.gpg"), "--status-fd", "1"]
        run = subprocess.run(
            [*command, "--output", str(place / "text"), str(place / "signed")], capture_output=True, check=False
        )
        _judge(run.stdout.decode("utf-8", "replace"), keyring, what)
        return (place / "text").read_text("utf-8", "replace")


def _judge(status: str, keyring: Path, what: str) -> None:
    """Whether one signature is good and none bad (GnuPG, doc/DETAILS). Several keys may sign, and not all be known."""
    said = [line.split()[1:] for line in status.splitlines() if line.startswith("[GNUPG:] ")]
    kinds = {words[0] for words in said if words}
    if "BADSIG" in kinds:
        raise IntegrityError(f"cannot use {what}: its signature is wrong, so it was changed after it was signed")
    strong = any(words[0] == "VALIDSIG" and len(words) > 8 and words[8] not in _WEAK for words in said if words)
    if "GOODSIG" in kinds and strong:
        return
    if kinds & {"EXPKEYSIG", "REVKEYSIG", "EXPSIG"}:
        raise IntegrityError(f"cannot use {what}: its signature or the key of it has expired or was revoked")
    if "NO_PUBKEY" in kinds:
        keys = ", ".join(sorted({words[1] for words in said if words[:1] == ["NO_PUBKEY"] and len(words) > 1}))
        raise IntegrityError(f"cannot use {what}: it is signed by {keys}, which is not in {keyring}")
    reason = "its signature rests on a weak digest" if "GOODSIG" in kinds else "it has no signature"
    raise IntegrityError(f"cannot use {what}: {reason}; --allow-unsigned takes it all the same")


def _keys(keyring: Path, what: str) -> bytes:
    """A keyring in binary form: gpgv reads no armour (RFC 9580, 6)."""
    try:
        data = keyring.read_bytes()
    except OSError as error:
        raise NotFound(
            f"cannot verify {what}: no keyring {keyring}; install it, name one with --keyring, "
            "or accept any content with --allow-unsigned"
        ) from error
    if not data.lstrip().startswith(_ARMOUR):
        return data
    body = data.partition(_ARMOUR)[2].replace(b"\r\n", b"\n").partition(b"\n\n")[2].partition(b"-----END")[0]
    lines = [line for line in body.split() if not line.startswith(b"=")]
    try:
        return base64.b64decode(b"".join(lines), validate=True)
    except ValueError as error:
        raise InvalidInput(f"cannot read the keyring {keyring}: its armour is damaged") from error


def unverified(data: bytes) -> str:
    """The text of an InRelease or Release file, whoever wrote it."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    if not text.startswith(_SIGNED):
        return text
    lines = text.partition("\n\n")[2].partition(f"\n{_SIGNATURE}")[0].split("\n")
    return "\n".join(line.removeprefix("- ") for line in lines)
