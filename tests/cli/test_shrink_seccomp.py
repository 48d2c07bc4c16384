"""``jettison shrink --seccomp`` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Jettison
from jettison import pipeline
from jettison.cli.confining import write
from jettison.errors import JettisonError
from jettison.oci.layout import Store
from jettison.security.hardening.seccomp import Profile, render

pytestmark = pytest.mark.integration


def names(file: Path, action: str) -> set[str]:
    rules = json.loads(file.read_text())["syscalls"]
    return {name for rule in rules if rule["action"] == action for name in rule["names"]}


def test_a_profile_of_what_was_proved(jettison: Jettison, tmp_path: Path) -> None:
    file = tmp_path / "seccomp.json"
    done = jettison("shrink", "--no-scan", "--seccomp", file, "site:1")
    assert [line for line in done.stderr.splitlines() if "system calls" in line or "profile" in line] == [
        "site:1: record system calls", "site:1: verify under the seccomp profile",
    ]  # fmt: skip
    assert {"listen", "accept", "sendfile"} <= names(file, "SCMP_ACT_ALLOW")
    assert not {"mount", "ptrace", "symlinkat"} & names(file, "SCMP_ACT_ALLOW")
    jettison("-q", "shrink", "--no-scan", "--seccomp", file, "--seccomp-log", "site:1")
    assert "ptrace" in names(file, "SCMP_ACT_LOG")


def test_a_log_of_nothing_is_refused(jettison: Jettison) -> None:
    assert "--seccomp FILE" in jettison("shrink", "--seccomp-log", "site:1", status=2).stderr


def test_a_profile_under_which_it_does_not_work_is_not_written(workshop: Path, tmp_path: Path) -> None:
    store = Store.open(workshop / "store")
    image = store.image(store.names()["docker.io/library/site:1"])
    shrunk = pipeline.shrink(store, image, "site:1", pipeline.Options())
    file = tmp_path / "seccomp.json"
    with pytest.raises(JettisonError, match=f"cannot write {file}: under the profile it does not do the same: "):
        write(shrunk, render(Profile(frozenset())), file)
    assert not file.exists()
