"""VEX documents that are broken are refused in words."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidInput
from jettison.security import vex
from security.mutations import broken

OPENVEX: dict[str, Any] = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "timestamp": "2026-01-01T00:00:00Z",
    "statements": [
        {
            "vulnerability": {"name": "CVE-2024-0001", "aliases": ["GHSA-aaaa-bbbb-cccc"]},
            "products": [
                {"@id": "pkg:oci/app", "subcomponents": [{"@id": "pkg:deb/debian/git"}, "pkg:deb/debian/curl"]}
            ],
            "status": "not_affected",
            "justification": "component_not_present",
        }
    ],
}
CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"timestamp": "2026-01-01T00:00:00Z", "component": {"bom-ref": "app", "purl": "pkg:oci/app"}},
    "components": [{"bom-ref": "git", "purl": "pkg:deb/debian/git", "components": []}],
    "vulnerabilities": [
        {
            "id": "CVE-2024-0001",
            "references": [{"id": "GHSA-aaaa-bbbb-cccc"}],
            "analysis": {"state": "not_affected", "justification": "code_not_present", "detail": "none"},
            "affects": [{"ref": "git", "versions": [{"version": "1"}]}],
        }
    ],
}


def parsed(document: Any) -> tuple[vex.Statement, ...]:
    return vex.parse(json.dumps(document).encode(), "v.json")


@pytest.mark.parametrize("document", [OPENVEX, CYCLONEDX])
def test_whole_documents_state_something(document: Any) -> None:
    (statement,) = parsed(document)
    assert statement.names == {"CVE-2024-0001", "GHSA-aaaa-bbbb-cccc"}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (OPENVEX | {"statements": None}, "statements is missing"),
        (OPENVEX | {"statements": "x"}, "statements is no list of objects"),
        (OPENVEX | {"statements": [{}]}, "status is missing"),
        (OPENVEX | {"statements": [{"status": "good"}]}, "status 'good' is not known"),
        (OPENVEX | {"statements": [{"status": "fixed"}]}, "vulnerability has no name"),
        (OPENVEX | {"statements": [{"status": "fixed", "vulnerability": 5}]}, "vulnerability is no object"),
        (CYCLONEDX | {"vulnerabilities": 5}, "vulnerabilities is no list of objects"),
        (CYCLONEDX | {"vulnerabilities": [{"analysis": {"state": []}}]}, "state is no text"),
        (CYCLONEDX | {"vulnerabilities": [{"analysis": {"state": "fixed"}}]}, "state 'fixed' is not known"),
    ],
)
def test_broken_documents_are_refused_in_words(document: Any, reason: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^cannot read VEX document v\.json: {reason}$"):
        parsed(document)


@given(st.data())
def test_any_value_may_be_broken(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([OPENVEX, CYCLONEDX]))
    with contextlib.suppress(InvalidInput):
        parsed(data.draw(broken(document)))
