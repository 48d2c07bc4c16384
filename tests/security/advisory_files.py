"""Small files of every kind that advisories come in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any


def osv(identifier: str = "GHSA-aaaa-bbbb-cccc", ecosystem: str = "PyPI", name: str = "Django", **more: Any) -> Any:
    """A record of one package that is fixed in 2.0; ``more`` are members of the record."""
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
    }
    return {"id": identifier, "modified": "2026-01-02T03:04:05Z", "affected": [affected]} | more


def archive(path: Path, *records: Any, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """An ``all.zip``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", compression) as file:
        for record in records:
            file.writestr(f"{record['id']}.json", json.dumps(record))
    return path


def written(path: Path, value: Any) -> Path:
    """``value`` as JSON, or as it is where it is text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


DEBIAN = {
    "openssl": {
        "CVE-2024-0001": {
            "description": "A buffer overflow",
            "scope": "remote",
            "releases": {
                "bookworm": {
                    "status": "resolved",
                    "repositories": {"bookworm": "3.0.15-1"},
                    "fixed_version": "3.0.14-1",
                    "urgency": "high**",
                },
                "trixie": {"status": "resolved", "fixed_version": "0", "urgency": "unimportant"},
                "bullseye": {"status": "open", "urgency": "end-of-life"},
                "sid": {"status": "undetermined", "urgency": "not yet assigned"},
            },
        },
        "CVE-2024-0002": {
            "releases": {
                "bookworm": {"status": "open", "urgency": "low", "nodsa": "Minor issue", "nodsa_reason": "ignored"},
                "trixie": {"status": "open", "urgency": "low", "nodsa": "Minor issue", "nodsa_reason": "postponed"},
                "potato": {"status": "open", "urgency": "low"},
            }
        },
    },
    "curl": {"CVE-2024-0003": {"releases": {"bookworm": {"status": "open", "urgency": "not yet assigned"}}}},
}
ALPINE = {
    "apkurl": "{{urlprefix}}/{{distroversion}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk",
    "archs": ["x86_64"],
    "reponame": "main",
    "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
    "distroversion": "v3.20",
    "packages": [
        {
            "pkg": {
                "name": "openssl",
                "secfixes": {
                    "3.3.1-r1": ["CVE-2024-4741 CVE-2024-5535", "CVE-2024-9999 (+ regression)"],
                    "0": ["CVE-2023-0466"],
                    "3.0.1-r0": ["CVE-2021-4044 XSA-123", "VSV00001"],
                },
            }
        }
    ],
}
KEV = {
    "title": "Known Exploited Vulnerabilities",
    "catalogVersion": "2026.01.05",
    "dateReleased": "2026-01-05T10:00:00.0000Z",
    "count": 1,
    "vulnerabilities": [{"cveID": "CVE-2024-0001", "vendorProject": "x"}],
}
KEV_CSV = 'cveID,vendorProject,shortDescription\nCVE-2024-0001,x,"two\nlines, a comma"\nCVE-2024-0009,y,z\n'
EPSS = (
    "#model_version:v2025.03.14,score_date:2026-01-06T00:00:00+0000\n"
    "cve,epss,percentile\nCVE-2024-0001,0.92500,0.99\nCVE-2024-0002,0.00043,0.1\n"
)
