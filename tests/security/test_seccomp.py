"""A profile of the system calls seen is enough for the program, and refuses what it was not seen to call."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import images
from jettison.configuration import Request, ScenarioSettings
from jettison.observe import Settings, again, attempt, observe, scenarios
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.runtime.bundle import seccomp as docker_default
from jettison.security.hardening.seccomp import Profile, document, record, render
from jettison.verify import verify
from tools import need

CALLS = st.frozensets(st.sampled_from(["read", "ptrace", "symlinkat", "mount", "socket", "io_uring_setup", "stat"]))
SERVER = b"""
import http.server
http.server.HTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
LINK = "import os, sys\ntry: os.symlink('a', '/tmp/b'); print('made')\nexcept OSError as error: print(error.strerror)"


def names(document: dict[str, object], action: str = "SCMP_ACT_ALLOW") -> frozenset[str]:
    return frozenset(name for rule in document["syscalls"] if rule["action"] == action for name in rule["names"])


@given(CALLS)
def test_never_allows_more_than_the_default(calls: frozenset[str]) -> None:
    profile = Profile(calls)
    allowed = names(document(profile))
    assert allowed == profile.allowed
    assert allowed <= names(docker_default())
    assert calls - set(profile.refused) <= allowed
    assert {"execve", "exit_group", "rt_sigreturn", "restart_syscall"} <= allowed


def test_conditions_and_refusals_of_the_default_stay() -> None:
    found = document(Profile(frozenset({"personality", "socket"})))
    assert sum("personality" in rule["names"] for rule in found["syscalls"]) == 5
    assert all("args" in rule for rule in found["syscalls"] if {"personality", "socket"} & set(rule["names"]))
    refused = [rule for rule in found["syscalls"] if rule["action"] == "SCMP_ACT_ERRNO"]
    assert [(rule["names"], rule["errnoRet"]) for rule in refused] == [(["clone3"], 38)]
    assert (found["defaultAction"], found["defaultErrnoRet"]) == ("SCMP_ACT_ERRNO", 1)


def test_to_complain_is_to_log_what_was_not_seen() -> None:
    profile = Profile(frozenset({"read"}), ("web", "job"))
    found = document(profile, complain=True)
    assert names(found) == names(document(profile))
    assert "ptrace" in names(found, "SCMP_ACT_LOG")
    assert names(found) | names(found, "SCMP_ACT_LOG") == names(docker_default())
    assert "web, job" in found["syscalls"][0]["comment"]
    assert json.loads(render(profile, complain=True)) == found


def test_what_one_library_calls_otherwise_is_allowed_too() -> None:
    assert {"stat", "newfstatat", "statx"} <= Profile(frozenset({"stat"})).allowed
    assert Profile(frozenset({"mount"})).refused == ("mount",)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    need("runc", "strace")
    return Store.open(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def image(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Image:
    root = images.python(tmp_path_factory.mktemp("python") / "root", {"/srv/server.py": SERVER, "/srv/a.txt": b"a"})
    command = ("python3", "/srv/server.py")
    return images.image(store, root, entrypoint=command, working_dir="/srv", exposed_ports=("8080/tcp",))


def asked(image: Image, *exec_: tuple[str, ...], user: str | None = None) -> tuple[object, ...]:
    chosen = ScenarioSettings("web", http=(Request("/a.txt"),), exec=exec_, user=user)
    return scenarios(image.config, (chosen,), crawl=False)


@pytest.mark.integration
@pytest.mark.parametrize("user", ["root", "app"])
def test_the_program_answers_under_its_profile_and_what_it_never_called_fails(
    store: Store, image: Image, user: str, tmp_path: Path
) -> None:
    settings = Settings(timeout=10)
    questions = asked(image, ("cat", "/srv/a.txt"), user=user)
    original = observe(store, image, questions, settings)
    profile = record(store, image, questions, settings)
    assert {"socket", "listen", "openat", "execve"} <= profile.calls
    assert not {"mount", "setns", "unshare", "pivot_root"} & profile.calls  # the runtime's, before the container
    assert profile.caveats == ()
    confined = replace(again(settings, original), seccomp=render(profile))
    assert verify(original, None, attempt(store, image, questions, confined)).same

    link = asked(image, ("cat", "/srv/a.txt"), ("python3", "-c", LINK), user=user)
    (run,) = attempt(store, image, link, confined).runs
    assert [answer.facts.get("stdout") for answer in run.answers][1:] == ["a", "Operation not permitted\n"]
    complain = replace(confined, seccomp=render(profile, complain=True))
    (run,) = attempt(store, image, link, complain).runs
    assert run.answers[2].facts["stdout"] == "made\n"


@pytest.mark.integration
def test_a_program_that_ends(store: Store, image: Image) -> None:
    job = ScenarioSettings("job", entrypoint=("cat", "/srv/a.txt"))
    questions = scenarios(image.config, (job,), crawl=False)
    settings = Settings(timeout=10)
    profile = record(store, image, questions, settings)
    assert "listen" not in profile.allowed
    (run,) = attempt(store, image, questions, replace(settings, tracer="none", seccomp=render(profile))).runs
    assert (run.failure, run.answers[0].facts["stdout"]) == ("", "a")
