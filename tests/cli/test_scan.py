"""``jettison scan`` as a user runs it, on real images and on the results of others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jettison.oci.layout import Store
from samples import sample

pytestmark = pytest.mark.integration

STATUS = b"""\
Package: openssl
Status: install ok installed
Version: 3.0.11-1
Architecture: amd64

Package: zlib1g
Source: zlib
Status: install ok installed
Version: 1:1.2.13-1
Architecture: amd64
"""
OS_RELEASE = b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
MODULE = "/app/node_modules/lodash/package.json"
FULL = {
    "/etc/os-release": OS_RELEASE,
    "/var/lib/dpkg/status": STATUS,
    "/var/lib/dpkg/info/openssl.list": b"/usr/bin/openssl\n",
    "/var/lib/dpkg/info/zlib1g:amd64.list": b"/usr/lib/libz.so.1\n",
    "/usr/bin/openssl": b"\x7fELF openssl",
    "/usr/lib/libz.so.1": b"\x7fELF zlib",
    MODULE: b'{"name": "lodash", "version": "4.17.15"}',
    "/app/server.js": b"#!/usr/bin/env node\n",
}
ADVISORIES = (
    ("CVE-2024-0001", "Debian:12", "openssl", "3.0.12-1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
    ("CVE-2024-0002", "Debian:12", "zlib", "", ""),
    ("GHSA-0000-0000-0003", "npm", "lodash", "4.17.21", "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"),
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with four images, and a database of three advisories in OSV's format."""
    store = Store.open(tmp_path / "store")
    small = {path: FULL[path] for path in ("/etc/os-release", "/usr/lib/libz.so.1", MODULE, "/app/server.js")}
    kept = {
        "/var/lib/dpkg/status": STATUS.split(b"\n\n")[1] + b"\n",
        "/var/lib/dpkg/info/zlib1g:amd64.list": b"/usr/lib/libz.so.1\n",
    }
    for name, layers in {
        "app:full": (FULL,),
        "app:small": (small | kept,),
        "app:ghost": (small,),
        "app:bare": ({"/app": b"\x7fELF"},),
    }.items():
        image = sample(store, *layers)
        assert image.descriptor is not None
        store.tag(f"docker.io/library/{name}", image.descriptor)
    (tmp_path / "osv").mkdir()
    for name, ecosystem, package, fixed, vector in ADVISORIES:
        events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
        record = {
            "schema_version": "1.6.0", "id": name, "modified": "2026-11-01T00:00:00Z",
            "severity": [{"type": "CVSS_V3", "score": vector}] if vector else [],
            "affected": [
                {
                    "package": {"ecosystem": ecosystem, "name": package},
                    "ranges": [{"type": "ECOSYSTEM", "events": events}],
                }
            ],
        }  # fmt: skip
        (tmp_path / "osv" / f"{name}.json").write_text(json.dumps(record))
    jettison(tmp_path, "db", "build", "osv", "-o", "advisories.db")
    return tmp_path


def jettison(place: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "140", "XDG_DATA_HOME": str(place / "data")}
    environment.pop("JETTISON_DB", None)
    command = [sys.executable, "-m", "jettison", "--store", "store", *arguments]
    done = subprocess.run(command, cwd=place, text=True, capture_output=True, timeout=60, env=environment)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done


def scan(place: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    return jettison(place, "scan", "--db", "advisories.db", *arguments, status=status)


def document(place: Path, *arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(scan(place, "--json", *arguments).stdout)
    return found


def test_one_image(place: Path) -> None:
    found = json.loads(scan(place, "--json", "app:full").stdout)["after"]
    assert found["distribution"] == "Debian GNU/Linux 12 (bookworm)"
    assert found["packages"] == {"deb": 2, "npm": 1}
    assert [(f["id"], f["severity"], f["package"], f["fix"], f["fixed_in"], f["path"]) for f in found["findings"]] == [
        ("CVE-2024-0001", "critical", "openssl", "fixed", "3.0.12-1", found["findings"][0]["path"]),
        ("GHSA-0000-0000-0003", "high", "lodash", "fixed", "4.17.21", MODULE),
        ("CVE-2024-0002", "unknown", "zlib1g", "affected", "", found["findings"][2]["path"]),
    ]
    assert found["unowned_files"] == 1
    text = scan(place, "app:full").stdout
    assert "2 of 3 have a fixed version" in text
    assert "CVE-2024-0002" not in text
    assert "CVE-2024-0002" in scan(place, "app:full", "--severity", "unknown").stdout


def test_before_and_after(place: Path) -> None:
    found = json.loads(scan(place, "--json", "app:full", "app:small").stdout)
    assert (found["removed"]["critical"], found["remaining"]["high"], found["remaining"]["unknown"]) == (1, 1, 1)
    assert sum(found["cannot_tell"].values()) == 0


def test_records_that_are_gone_while_files_remain_hide_nothing(place: Path) -> None:
    found = json.loads(scan(place, "--json", "app:full", "app:ghost").stdout)
    assert (found["removed"]["critical"], found["cannot_tell"]["unknown"]) == (1, 1)
    assert found["after"]["not_known"]


def test_nothing_found_is_no_zero_where_nothing_is_known(place: Path) -> None:
    text = scan(place, "app:bare").stdout
    assert "no known vulnerability" not in text
    assert "not known: " in text
    assert "–" in text
    done = scan(place, "app:bare", "--fail-on", "unknown-inventory", status=3)
    assert "cannot accept app:bare: not everything is known" in done.stderr


def test_without_a_database_that_is_said(place: Path) -> None:
    done = jettison(place, "scan", "app:full")
    assert "no advisory database" in done.stdout
    assert "no advisory database" in jettison(place, "scan", "app:full", "--max-severity", "low", status=1).stderr


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (("--max-severity", "high"), "vulnerabilities worse than high: 1 critical"),
        (("--max-count", "critical=0,high=0"), "1 vulnerability of severity critical, at most 0 allowed"),
        (("--fail-on", "fixable"), "2 vulnerabilities of which a fixed version exists"),
    ],
)
def test_gates(place: Path, gate: tuple[str, str], said: str) -> None:
    assert said in scan(place, "app:full", *gate, status=3).stderr


def test_gates_of_a_file(place: Path) -> None:
    (place / "jettison.toml").write_text("[gates]\nmax_count = { critical = 0 }\n[scan]\nignore = 'ignore.toml'\n")
    scan(place, "app:full", "--config", "jettison.toml", status=1)
    (place / "ignore.toml").write_text('[[ignore]]\nid = "CVE-2024-0001"\nreason = "not reachable"\n')
    scan(place, "app:full", "--config", "jettison.toml")
    assert "not reachable" in scan(place, "app:full", "--ignore", "ignore.toml").stdout


@pytest.mark.parametrize("form", ["sarif", "cyclonedx", "spdx"])
def test_forms_for_programs(place: Path, form: str) -> None:
    assert json.loads(scan(place, "app:full", "--format", form).stdout)
    scan(place, "app:full", "--format", form, "-o", "out.json")
    assert json.loads((place / "out.json").read_text())


def test_what_went_is_not_present_in_openvex(place: Path) -> None:
    found = json.loads(scan(place, "app:full", "app:small", "--format", "openvex").stdout)
    (statement,) = found["statements"]
    assert statement["vulnerability"]["name"] == "CVE-2024-0001"
    assert statement["justification"] == "component_not_present"
    scan(place, "app:full", "--format", "openvex", status=2)


def test_an_sbom_is_matched(place: Path) -> None:
    scan(place, "app:full", "--format", "cyclonedx", "-o", "app.cdx.json")
    found = json.loads(scan(place, "--json", "app.cdx.json").stdout)["after"]
    assert {finding["id"] for finding in found["findings"]} == {name for name, *_ in ADVISORIES}


def test_a_file_that_is_not_there(place: Path) -> None:
    assert "cannot read nope.json: there is no such file" in scan(place, "nope.json", status=1).stderr


def test_a_file_of_no_kind_is_refused(place: Path) -> None:
    (place / "notes.json").write_text("{}")
    assert "cannot read notes.json" in scan(place, "notes.json", status=1).stderr


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"x" * 50, b"no database at all" * 99])
def test_a_database_that_is_broken(place: Path, content: bytes) -> None:
    (place / "broken.db").write_bytes(content)
    done = jettison(place, "scan", "--db", "broken.db", "app:full", status=1)
    assert done.stderr.startswith("jettison: cannot ")
