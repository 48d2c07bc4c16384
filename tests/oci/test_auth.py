"""Credentials: whose, from which file, from which helper."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from jettison.errors import InvalidConfiguration
from jettison.oci.auth import Credentials, credentials
from jettison.oci.tokens import Challenge, challenges


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    (tmp_path / ".docker").mkdir()
    (tmp_path / "bin").mkdir()
    return tmp_path


def docker(home: Path, value: Any) -> None:
    (home / ".docker/config.json").write_text(json.dumps(value))


def auth(text: str) -> dict[str, str]:
    return {"auth": base64.b64encode(text.encode()).decode()}


def helper(home: Path, name: str, script: str) -> None:
    file = home / "bin" / f"docker-credential-{name}"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def test_nothing_configured_is_anonymous(home: Path) -> None:
    assert credentials("docker.io").anonymous


@pytest.mark.parametrize(
    "key",
    ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "https://docker.io", "registry-1.docker.io"],
)
def test_docker_hub_under_all_its_names(home: Path, key: str) -> None:
    docker(home, {"auths": {key: auth("me:pass:word")}})
    assert credentials("docker.io", "library/node") == Credentials("me", "pass:word")
    assert credentials("quay.io").anonymous


def test_the_longest_key_wins(home: Path) -> None:
    docker(home, {"auths": {"quay.io": auth("all:1"), "quay.io/team": auth("team:2"), "quay.io/te": auth("no:3")}})
    assert credentials("quay.io", "team/app").username == "team"
    assert credentials("quay.io", "other/app").username == "all"


def test_an_identity_token(home: Path) -> None:
    docker(home, {"auths": {"a.io": {**auth("00000000:"), "identitytoken": "t"}}})
    assert credentials("a.io").identity_token == "t"


def test_podman_is_asked_before_docker(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker(home, {"auths": {"a.io": auth("docker:1"), "b.io": auth("docker:1")}})
    (home / "run/containers").mkdir(parents=True)
    (home / "run/containers/auth.json").write_text(json.dumps({"auths": {"a.io": auth("podman:1")}}))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    assert credentials("a.io").username == "podman"
    assert credentials("b.io").username == "docker"


def test_a_helper_is_asked(home: Path) -> None:
    helper(home, "mine", 'read -r server; echo "{\\"Username\\": \\"$server\\", \\"Secret\\": \\"s\\"}"')
    docker(home, {"credHelpers": {"a.io": "mine", "docker.io": "mine"}, "auths": {"b.io": auth("b:1")}})
    assert credentials("a.io") == Credentials("a.io", "s")
    assert credentials("docker.io").username == "https://index.docker.io/v1/"
    assert credentials("b.io").username == "b"


def test_a_helper_for_all_gives_an_identity_token(home: Path) -> None:
    helper(home, "all", 'echo \'{"Username": "<token>", "Secret": "t"}\'')
    docker(home, {"credsStore": "all"})
    assert credentials("a.io") == Credentials(identity_token="t")


def test_a_helper_that_knows_nothing_leaves_the_file(home: Path) -> None:
    helper(home, "none", "echo credentials not found in native keychain; exit 1")
    docker(home, {"credsStore": "none", "auths": {"a.io": auth("me:1")}})
    assert credentials("a.io").username == "me"
    assert credentials("b.io") == Credentials()


@pytest.mark.parametrize(
    ("name", "script", "note"),
    [
        ("desktop.exe", None, "docker-credential-desktop.exe is not installed"),
        ("../x", None, "is not the name of a credential helper"),
        ("bad", "echo locked >&2; exit 2", "docker-credential-bad: locked"),
        ("bad", "echo nonsense", "gave no user name"),
    ],
)
def test_a_broken_helper_is_only_a_note(home: Path, name: str, script: str | None, note: str) -> None:
    if script:
        helper(home, name, script)
    docker(home, {"credsStore": name})
    found = credentials("a.io")
    assert found.anonymous
    assert note in found.note


@pytest.mark.parametrize("text", ["{", '{"auths": [1]}', '{"auths": {"a.io": {"auth": "?"}}}', "[]1", '"x"'])
def test_a_broken_file_is_named(home: Path, text: str) -> None:
    (home / ".docker/config.json").write_text(text)
    with pytest.raises(InvalidConfiguration, match=r"cannot read .*/config\.json: ") as caught:
        credentials("a.io")
    assert "\n" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    assert "hunter2" not in repr(Credentials("me", "hunter2", "hunter2"))


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (
            'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a:pull,push"',
            [
                Challenge(
                    "bearer",
                    {
                        "realm": "https://auth.docker.io/token",
                        "service": "registry.docker.io",
                        "scope": "repository:a:pull,push",
                    },
                )
            ],
        ),
        ('Basic realm="a, b"', [Challenge("basic", {"realm": "a, b"})]),
        ("BASIC realm=x", [Challenge("basic", {"realm": "x"})]),
        (r'Basic realm="a\"b"', [Challenge("basic", {"realm": 'a"b'})]),
        ("Negotiate, Basic realm=x", [Challenge("negotiate"), Challenge("basic", {"realm": "x"})]),
        ("Negotiate", [Challenge("negotiate")]),
        ("", []),
        ('"', []),
    ],
)
def test_challenges(header: str, found: list[Challenge]) -> None:
    assert challenges([header]) == found
