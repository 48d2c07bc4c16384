"""What cannot be told of an image, in sentences: where there is one, 0 does not mean that there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Inventory, take
from jettison.packages.model import Package
from jettison.packages.unowned import Unowned
from jettison.security import coverage
from jettison.security.match import scan
from jettison.security.model import Scan
from make import tree
from security.matching import DEBIAN, database, deb, inside, inventory, record, scanned

NODE = record("BIT-node-2024-1", "Bitnami", "node", "2.0")


def of_files(place: Path, files: dict[str, bytes]) -> Scan:
    """The scan of an image of these files."""
    with database(place, [NODE, record("GHSA-1", "npm", "x"), record("GHSA-2", "PyPI", "x")]) as found:
        return scan("app:1", take(tree(files)), found)


@pytest.mark.parametrize("files", [{"/hello.txt": b"hello"}, {"/app/server.js": b"x()"}, {}])
def test_where_no_package_is_known_0_means_nothing(tmp_path: Path, files: dict[str, bytes]) -> None:
    found = of_files(tmp_path, files)
    assert found.unknown[0] == "no package is known: none has a record, and no distribution is named"
    assert not any("of no package" in note for note in found.notes)


def of_scripts(paths: list[str], *packages: Package) -> tuple[list[str], list[str]]:
    """What is unknown, and what is noted, of scripts of no package beside these packages."""
    scripts = tuple(Unowned(path, "script", 10) for path in paths)
    found = Inventory(inventory(*packages).components, None, (), scripts)
    told = (coverage.unknown(found, None), coverage.notes(found))
    unknown, notes = ([each for each in said if "script" in each] for said in told)
    return unknown, notes


@pytest.mark.parametrize(
    ("path", "packages", "known"),
    [
        ("/app/a.js", [inside("npm", "express", "4")], True),
        ("/app/a.js", [inside("pypi", "flask", "3")], False),
        ("/app/a.js", [inside("generic", "node", "22")], False),
        ("/app/a.py", [inside("pypi", "flask", "3")], True),
        ("/app/a.py", [inside("generic", "python", "3.12")], False),
        ("/usr/local/lib/python3.12/json/a.py", [inside("generic", "python", "3.12")], True),
        ("/usr/local/lib/python3.12/site-packages/a.py", [inside("generic", "python", "3.12")], False),
        ("/usr/local/lib/python3.12/json/a.py", [], False),
        ("/app/a.php", [deb("php", "8")], False),
        ("/app/run.sh", [deb("bash", "5")], True),
        ("/app/run", [], False),
    ],
)
def test_scripts_are_noted_where_a_package_of_their_language_is_known(
    path: str, packages: list[Package], known: bool
) -> None:
    unknown, notes = of_scripts([path], *packages)
    assert (len(unknown), len(notes)) == ((0, 1) if known else (1, 0))
    if not known:
        assert unknown == [f"1 script of no package, 10 bytes, and no package of the language is known ({path})"]


@pytest.mark.parametrize(
    ("name", "records", "covered"),
    [
        ("go", [NODE], False),
        ("go", [NODE, record("BIT-golang-2024-1", "Bitnami", "golang", "1.1")], True),
        ("go", [NODE, record("GO-2024-1", "Go", "stdlib", "1.1")], True),
        ("go", [record("GO-2024-2", "Go", "example.org/x", "1.1")], False),
        ("node", [NODE], True),
        ("nginx", [NODE], False),
    ],
)
def test_a_program_is_checked_only_where_there_are_advisories_of_it(
    tmp_path: Path, name: str, records: list[dict[str, object]], covered: bool
) -> None:
    found = scanned(tmp_path, records, inside("generic", name, "9.9"), distribution=None)
    sentence = f"no advisories for the program {name} in the database: 1 package not checked"
    assert (sentence in found.unknown) is not covered


def test_what_no_version_was_ever_affected_by_is_not_listed(tmp_path: Path) -> None:
    state = {"releases": {"bookworm": {"status": "resolved", "fixed_version": "0", "urgency": "high"}}}
    secfixes = {"distroversion": "v3.20", "reponame": "main", "packages": [
        {"pkg": {"name": "openssl", "secfixes": {"0": ["CVE-2024-0001"]}}}]}  # fmt: skip
    apk = Package("apk", "openssl", "3.3.1-r0", source="openssl")
    with database(tmp_path, tracker={"openssl": {"CVE-2024-0001": state}}, secdb=secfixes) as found:
        for package, system in ((deb("openssl", "3.0.9-1"), DEBIAN), (apk, Distribution("alpine", "3.20.1"))):
            made = scan("app:1", inventory(package, distribution=system), found)
            assert (made.findings, made.suppressed, made.unknown) == ((), (), ())
