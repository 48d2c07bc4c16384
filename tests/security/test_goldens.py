"""The inventory agrees with Syft: every difference on real file systems is known, and has a reason."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from images import write
from jettison.filetree import FileTree, index
from jettison.packages import catalog, trim
from jettison.packages.inventory import take
from jettison.packages.records import DOCUMENTATION
from packages import test_contained_archives as jars
from packages import test_contained_archives_declared as samples
from security import scanner_lists as lists
from tools import need


def check(image: str, root: Path) -> None:
    """Fail for a difference to Syft without a reason, and for a reason without a difference."""
    rows = [row for row in lists.known() if image in row.images]
    mine, theirs = lists.ours(take(index([root]))), lists.of_syft(lists.syft(f"dir:{root}"))
    found = list(lists.differences("Syft", image, mine, theirs, rows))
    assert [f"only {d.only}: {d.package}" for d in found if not d.reason] == []
    assert {row.reason for row in rows} - {d.reason for d in found} == set()
    assert mine & theirs


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minimal Debian."""
    need("mmdebstrap")
    root = tmp_path_factory.mktemp("debian") / "root"
    subprocess.run(["mmdebstrap", "--variant=minbase", "--quiet", "bookworm", str(root)], check=True)
    return root


@pytest.mark.integration
def test_a_debian_root_has_what_syft_lists(debian: Path) -> None:
    check("debian", debian)


@pytest.mark.integration
def test_a_small_root_has_the_packages_of_which_files_remain_and_no_more(debian: Path, tmp_path: Path) -> None:
    tree = index([debian])
    packages = catalog(tree)
    names = {"bash", "libc6", "libtinfo6", "tzdata"}
    kept = {path for p in packages if p.name in names for path in p.files if not DOCUMENTATION.match(path)}
    small = _copied(tree, frozenset(kept), tmp_path / "small")
    for path, content in trim(tree, packages, frozenset(kept)).items():
        if content is not None:
            (small / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            (small / path[1:]).write_bytes(content)
    mine = lists.ours(take(index([small])))
    assert {package.name for package in mine} == names
    assert lists.of_syft(lists.syft(f"dir:{small}")) == mine


@pytest.mark.integration
def test_applications_have_what_syft_lists(tmp_path: Path) -> None:
    locks = {
        "npm/package-lock.json": json.dumps(samples._LOCK), "npm1/package-lock.json": json.dumps(samples._LOCK_1),
        "yarn/yarn.lock": samples._YARN, "berry/yarn.lock": samples._BERRY, "pnpm5/pnpm-lock.yaml": samples._PNPM_5,
        "pnpm6/pnpm-lock.yaml": samples._PNPM_6, "pnpm9/pnpm-lock.yaml": samples._PNPM_9,
        "gem/Gemfile.lock": samples._GEMFILE, "poetry/poetry.lock": samples._POETRY, "uv/uv.lock": samples._UV,
        "cargo/Cargo.lock": 'version = 3\n[[package]]\nname = "serde"\nversion = "1.0.1"\n',
        "php/composer.lock": json.dumps({**samples._COMPOSER, "packages-dev": samples._COMPOSER["packages-dev"][:1]}),
        "net/App.deps.json": json.dumps(samples._DEPS),
    }  # fmt: skip
    inner = jars.archive(jars.pom("org.slf4j", "slf4j-api", "2.0.9") | jars.manifest(Name="x"))
    title = jars.manifest(Implementation_Title="all", Implementation_Version="2")
    outer = jars.archive({"BOOT-INF/lib/slf4j-api-2.0.9.jar": inner} | jars.pom("com.acme", "all", "2") | title)
    junit = jars.archive({"a.class": b""} | jars.manifest(Implementation_Title="JUnit"))
    files = {f"/srv/{path}": text.encode() for path, text in locks.items()}
    check("applications", write(tmp_path, files | {"/srv/all.jar": outer, "/srv/junit-4.13.2.jar": junit}))


def _copied(tree: FileTree, kept: frozenset[str], target: Path) -> Path:
    """The kept files and links below ``target``, with the links that lead there."""
    for path in sorted(kept | {"/bin", "/lib", "/lib64", "/sbin", "/usr"}):
        entry, place = tree[path], target / path[1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.target:
            place.symlink_to(entry.target)
        elif path in kept:
            place.write_bytes(tree.read(entry))
    return target


def test_every_known_difference_has_a_reason() -> None:
    for row in lists.known():
        assert row.only in ("scanner", "jettison")
        assert row.reason.endswith(".")
        assert row.images
        assert row.names


def test_lists_are_compared_in_one_form() -> None:
    syft = {"artifacts": [{"type": "go-module", "name": "stdlib", "version": "go1.22.1"},
                          {"type": "python", "name": "Foo_Bar", "version": "1"}]}  # fmt: skip
    trivy = {"Results": [{"Type": "debian", "Packages": [{"Name": "a", "Version": "1", "Release": "2", "Epoch": 3}]}]}
    assert sorted(map(str, lists.of_syft(syft))) == ["golang stdlib 1.22.1", "pypi foo-bar 1"]
    assert list(map(str, lists.of_trivy(trivy))) == ["deb a 3:1-2"]


def test_a_difference_is_told_with_its_reason_and_the_other_version() -> None:
    row = lists.Known("Syft", "scanner", "deb", ("lib*",), ("x",), "Why.")
    one, other, mine = (
        lists.Listed("deb", "libc6", "1"),
        lists.Listed("deb", "bash", "1"),
        lists.Listed("deb", "bash", "2"),
    )
    found = list(lists.differences("Syft", "x", {mine}, {one, other}, [row]))
    assert [(d.only, str(d.package), d.other, d.reason) for d in found] == [
        ("Syft", "deb bash 1", "2", ""),
        ("Syft", "deb libc6 1", "", "Why."),
        ("jettison", "deb bash 2", "1", ""),
    ]
