"""A small repository of Debian packages: made by dpkg-deb, signed by gpg, served from this machine."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

SUITES = ("bookworm", "bookworm-updates", "bookworm-security")
#: 2026-11-01.
DATE = 1793491200


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signs, and the keyring with its public half."""

    home: Path
    keyring: Path

    def sign(self, text: str) -> bytes:
        """``text``, signed in the clear."""
        command = ["gpg", "--homedir", str(self.home), "--batch", "--yes", "--clearsign", "--output", "-"]
        return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


@contextmanager
def key(keyring: Path) -> Iterator[Key]:
    """A new key. Its home is in /tmp, since the path of the agent's socket must be short."""
    home = Path(tempfile.mkdtemp(prefix="gpg-", dir="/tmp"))
    gpg = ["gpg", "--homedir", str(home), "--batch"]
    try:
        make = ["--passphrase", "", "--quick-generate-key", "Test <test@example.org>", "ed25519", "sign", "never"]
        subprocess.run([*gpg, *make], check=True, capture_output=True)
        keyring.write_bytes(subprocess.run([*gpg, "--export"], check=True, capture_output=True).stdout)
        yield Key(home, keyring)
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)
        shutil.rmtree(home, ignore_errors=True)


@dataclass(slots=True)
class Repository:
    """Packages by suite. ``publish`` writes the indices; ``requests`` are the paths that were asked for."""

    directory: Path
    key: Key
    url: str
    requests: list[str] = field(default_factory=list)
    paragraphs: dict[str, list[str]] = field(default_factory=dict)

    def package(
        self,
        name: str,
        files: Mapping[str, str] | None = None,
        *,
        version: str = "1",
        suite: str = "bookworm",
        links: Mapping[str, str] | None = None,
        script: str = "",
        **fields: str,
    ) -> Path:
        """Build a package of these files and symlinks; ``Pre_Depends`` stands for the field ``Pre-Depends``."""
        named = {"Package": name, "Version": version, "Architecture": "all", "Maintainer": "a <a@example.org>"}
        named |= {key.replace("_", "-"): value for key, value in fields.items()} | {"Description": f"{name}\n more"}
        control = "".join(f"{key}: {value}\n" for key, value in named.items())
        pool = self.directory / "pool" / f"{name}_{version.replace(':', '%3a')}_all.deb"
        pool.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.directory) as place:
            content = {f"/usr/share/doc/{name}/copyright": "free\n", **(files or {})}
            _build(Path(place), control, content, links or {}, pool, script)
        data = pool.read_bytes()
        sums = f"Filename: pool/{pool.name.replace('%', '%25')}\nSize: {len(data)}\nSHA256: {_sha256(data)}\n"
        self.paragraphs.setdefault(suite, []).append(control + sums)
        return pool

    def publish(self, *, signer: Key | None = None, valid_until: int | None = None, named: str = "") -> None:
        """Write the indices of all suites."""
        for suite in SUITES:
            place = self.directory / "dists" / suite
            index = place / "main" / "binary-amd64" / "Packages.gz"
            index.parent.mkdir(parents=True, exist_ok=True)
            data = gzip.compress("\n".join(self.paragraphs.get(suite, [])).encode(), mtime=0)
            index.write_bytes(data)
            release = f"Origin: Test\nSuite: {named or suite}\nDate: {formatdate(DATE, usegmt=True)}\n"
            if valid_until is not None:
                release += f"Valid-Until: {formatdate(valid_until, usegmt=True)}\n"
            release += f"SHA256:\n {_sha256(data)} {len(data)} main/binary-amd64/Packages.gz\n"
            (place / "InRelease").write_bytes((signer or self.key).sign(release))


def _build(
    place: Path, control: str, files: Mapping[str, str], links: Mapping[str, str], target: Path, script: str
) -> None:
    sums = ""
    for path, text in files.items():
        file = place / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        sums += f"{hashlib.md5(text.encode()).hexdigest()}  {path[1:]}\n"
    for path, end in links.items():
        (place / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        (place / path[1:]).symlink_to(end)
    (place / "DEBIAN").mkdir()
    (place / "DEBIAN/control").write_text(control)
    (place / "DEBIAN/md5sums").write_text(sums)
    (place / "DEBIAN/postinst").write_text(f"#!/bin/sh\necho never > /ran\n{script}\n")
    (place / "DEBIAN/postinst").chmod(0o755)
    build = ["dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "--build", str(place), str(target)]
    subprocess.run(build, check=True, capture_output=True)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@contextmanager
def repository(directory: Path, signer: Key) -> Iterator[Repository]:
    """An empty repository, served at a free port of this machine."""
    requests: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(directory))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            requests.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Repository(directory, signer, f"http://127.0.0.1:{server.server_address[1]}", requests)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
