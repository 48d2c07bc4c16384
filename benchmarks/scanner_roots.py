"""The Debian root file system of the recorded scanner outputs, made again, and its ten variants."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import zstandard

from jettison.filetree import index
from jettison.packages import catalog, trim
from jettison.packages.records import DOCUMENTATION

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITES = (
    "deb http://deb.debian.org/debian bookworm main",
    "deb http://deb.debian.org/debian bookworm-updates main",
    "deb http://deb.debian.org/debian-security bookworm-security main",
)
PYTHON = ("certifi", "chardet==3.0.4", "idna==2.7", "requests==2.19.1", "urllib3==1.23")
NODE = {"lodash": "4.17.15", "minimist": "1.2.0"}
_RELEASE = {"/etc/os-release", "/usr/lib/os-release", "/etc/debian_version"}
GHOSTS = ("git", "perl", "perl-base", "perl-modules-5.36", "openssh-client", "imagemagick-6.q16", "imagemagick")


def recorded(directory: Path, name: str) -> dict[str, Any] | None:
    """One of the recorded outputs (``syft-full``), or ``None`` where it is not there."""
    path = directory / f"{name}.json.zst"
    if not path.is_file():
        return None
    with zstandard.open(path, "rb") as stream:
        document: dict[str, Any] = json.loads(stream.read())
    return document


def full(cache: Path, goldens: Path) -> Path:
    """The whole root, made once: the Debian packages that are recorded, as Debian has them today, and the rest."""
    root = cache / "full"
    if not root.exists():
        document = recorded(goldens, "syft-full")
        assert document, f"no recorded outputs in {goldens}"
        names = sorted({found["name"] for found in document["artifacts"] if found["type"] == "deb"})
        new = cache / "full.partial"
        shutil.rmtree(new, ignore_errors=True)
        options = ["--quiet", "--variant=custom", f"--include={','.join(names)}", f"--keyring={KEYRING}"]
        subprocess.run(["mmdebstrap", *options, "bookworm", str(new), *SUITES], check=True)
        _applications(new)
        new.rename(root)
    return root


def _applications(root: Path) -> None:
    """Python packages, an npm application and a Go program, which no package of Debian has."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(root / "opt/py")]
    subprocess.run([*pip, *PYTHON], check=True)
    docker = shutil.which("docker")
    if docker:
        shutil.copy2(docker, root / "usr/local/bin/docker")
    app = root / "opt/app"
    packages: dict[str, object] = {"": {"name": "t", "version": "1.0.0", "dependencies": NODE}}
    for name, version in NODE.items():
        place = app / "node_modules" / name
        place.mkdir(parents=True)
        (place / "package.json").write_text(json.dumps({"name": name, "version": version}))
        packages[f"node_modules/{name}"] = {"version": version}
    lock = {"name": "t", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": packages}
    (app / "package-lock.json").write_text(json.dumps(lock))
    (app / "package.json").write_text(json.dumps({"name": "t", "version": "1.0.0", "dependencies": NODE}))


def variants(root: Path, cache: Path, goldens: Path) -> Iterator[tuple[str, Path]]:
    """Every variant of ``root`` by the name that its recorded outputs have; made anew, of hard links."""
    yield "full", root
    for name, change in _CHANGES.items():
        place = cache / name
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run(["cp", "-al", str(root), str(place)], check=True)
        change(place, goldens)
        yield name, place


def _no_dpkg(place: Path, goldens: Path) -> None:
    shutil.rmtree(place / "var/lib/dpkg")


def _no_release(place: Path, goldens: Path) -> None:
    for path in _RELEASE:
        (place / path[1:]).unlink(missing_ok=True)


def _neither(place: Path, goldens: Path) -> None:
    _no_dpkg(place, goldens)
    _no_release(place, goldens)


def _ghosts(place: Path, goldens: Path) -> None:
    for package in catalog(index([place])):
        if package.name in GHOSTS:
            for path in package.files:
                (place / path[1:]).unlink(missing_ok=True)


def _slim(place: Path, goldens: Path) -> None:
    """Only what of Node and its libraries the recorded slim root had, with their records trimmed."""
    document = recorded(goldens, "syft-slim-status")
    assert document, f"no recorded outputs in {goldens}"
    names = {found["name"] for found in document["artifacts"]}
    tree = index([place])
    packages = catalog(tree)
    files = {path for p in packages if p.name in names for path in p.files if not DOCUMENTATION.match(path)}
    records = trim(tree, packages, frozenset(files))
    remaining = set(tree.subset(files | _RELEASE))
    for path in sorted(set(tree) - remaining, reverse=True):
        outside = place / path[1:]
        if path.startswith(("/bin", "/lib", "/sbin")) and outside.is_symlink():
            continue  # the merged /usr
        outside.rmdir() if outside.is_dir() and not outside.is_symlink() else outside.unlink()
    for path, content in records.items():
        if content is not None:
            (place / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            (place / path[1:]).write_bytes(content)


def _slim_none(place: Path, goldens: Path) -> None:
    _slim(place, goldens)
    shutil.rmtree(place / "var/lib/dpkg")


def _slim_document(place: Path, goldens: Path) -> None:
    """No records; a CycloneDX document says what is in it."""
    names = [{"type": "library", "name": p.name, "version": p.version} for p in _after_slim(place, goldens)]
    shutil.rmtree(place / "var/lib/dpkg")
    document = place / "usr/share/sbom/image.cdx.json"
    document.parent.mkdir(parents=True)
    document.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": names}))


def _after_slim(place: Path, goldens: Path) -> tuple[Any, ...]:
    _slim(place, goldens)
    return catalog(index([place]))


def _status_d(sums: bool) -> Callable[[Path, Path], None]:
    def change(place: Path, goldens: Path) -> None:
        _slim(place, goldens)
        dpkg = place / "var/lib/dpkg"
        (dpkg / "status.d").mkdir()
        for paragraph in (dpkg / "status").read_text().strip().split("\n\n"):
            name = paragraph.partition("Package: ")[2].partition("\n")[0]
            (dpkg / "status.d" / name).write_text(paragraph + "\n")
            for found in (dpkg / "info").glob(f"{name}*.md5sums") if sums else ():
                if found.stem.partition(":")[0] == name:
                    shutil.copy(found, dpkg / "status.d" / f"{name}.md5sums")
        os.unlink(dpkg / "status")
        shutil.rmtree(dpkg / "info")

    return change


_CHANGES: dict[str, Callable[[Path, Path], None]] = {
    "no-dpkg": _no_dpkg,
    "no-osrelease": _no_release,
    "no-dpkg-no-osrel": _neither,
    "ghost-files-removed": _ghosts,
    "slim-none": _slim_none,
    "slim-statusd": _status_d(True),
    "slim-statusd_nosums": _status_d(False),
    "slim-status": _slim,
    "slim-cdx": _slim_document,
}
