"""``jettison bench`` as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from jettison.measure.model import Action, Bench, State, from_json
from jettison.oci.layout import Store
from registry_fake import FakeRegistry
from samples import noise, sample
from tools import need

pytestmark = pytest.mark.integration


@pytest.fixture
def store(tmp_path: Path) -> Path:
    found = Store.open(tmp_path / "store")
    image = sample(found, {"/bin/app": noise(300_000)}, {"/etc/a": noise(1000, 1), "/etc/b": noise(2000, 2)})
    assert image.descriptor is not None
    found.tag("docker.io/library/app:1", image.descriptor)
    return found.root


def command(store: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "jettison", "-q", "--store", str(store), "bench", *arguments]


def jettison(
    store: Path, *arguments: str, status: int = 0, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(store, *arguments),
        text=True, capture_output=True, timeout=120, env={**os.environ, **(environment or {})},
    )  # fmt: skip
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done


def measured(store: Path, *arguments: str) -> Bench:
    return from_json(jettison(store, *arguments, "--json").stdout, "it")


def nothing_left(store: Path) -> bool:
    """No mount, no file and no process of a bench in this store."""
    mounts = Path("/proc/self/mounts").read_text()
    lines = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    files = [path for path in (store / "scratch").rglob("*") if path.is_file()]
    return str(store) not in mounts and str(store / "scratch") not in lines and not files


def test_every_action_and_state(store: Path) -> None:
    need("docker-registry", "tc", "ip")
    found = measured(
        store, "app:1", "--link", "200mbit", "-n", "1", "--no-warm-up", "--action", "push,pull,fetch,unpack"
    )
    assert found.complete
    assert [image.name for image in found.images] == ["app:1"]
    kinds = {(one.action, one.state, one.link): one for one in found.measurements}
    assert len(kinds) == 3 + 3 + 1 + 1
    cold, one_file, nothing = (kinds[Action.PULL, state, "200mbit"] for state in State)
    assert all(one.verified and len(one.samples) == 1 for one in (cold, one_file, nothing))
    wires = [sample.wire_bytes or 0 for one in (cold, one_file, nothing) for sample in one.samples]
    assert wires[0] > 300_000 > wires[1] > wires[2], "all, the layer with the changed file, only a manifest"
    assert all(sample.cpu_seconds and sample.peak_bytes for sample in cold.samples)
    assert {one.action for one in found.floors} >= {Action.PUSH, Action.PULL}
    assert found.machines[0].tools["jettison"]
    assert nothing_left(store)


def test_other_tools_give_the_same_files(store: Path) -> None:
    need("docker-registry", "docker", "dockerd", "podman", "buildah", "skopeo", "containerd", "ctr", "tc", "ip")
    others = "docker,podman,buildah,skopeo,containerd"
    found = measured(
        store, "app:1", "--against", others, "-n", "1", "--no-warm-up", "--state", "cold", "--action", "push,pull"
    )
    pulls = {one.tool: one.verified for one in found.measurements if one.action is Action.PULL}
    assert pulls == dict.fromkeys(("jettison", "docker", "podman", "buildah", "containerd"), True)
    pushes = {one.tool: one.samples[0].wire_bytes or 0 for one in found.measurements if one.action is Action.PUSH}
    assert set(pushes) == {"jettison", *others.split(",")}
    assert all(count > 290_000 for count in pushes.values())
    assert found.notes == ()
    assert nothing_left(store)


def test_a_missing_tool_is_left_out_and_named(store: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/docker-registry").symlink_to("/usr/bin/docker-registry")
    options = ("-n", "1", "--no-warm-up", "--state", "cold", "--action", "push", "--against", "skopeo", "--json")
    done = jettison(store, "app:1", *options, environment={"PATH": str(tmp_path / "bin")})
    found = from_json(done.stdout, "it")
    assert {one.tool for one in found.measurements} == {"jettison"}
    assert any("skopeo is not installed here" in note for note in found.notes)


def test_builds(store: Path, tmp_path: Path) -> None:
    need("runc", "docker-registry")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/Dockerfile").write_text('FROM scratch\nCOPY page /page\nCMD ["/page"]\n')
    (tmp_path / "site/page").write_text("hello, world\n")
    site = str(tmp_path / "site")
    found = measured(store, site, "-n", "1", "--no-warm-up", "--action", "build,build+push")
    kinds = {(one.action, one.state) for one in found.measurements}
    assert kinds == {(action, state) for action in (Action.BUILD, Action.BUILD_PUSH) for state in State}
    assert (tmp_path / "site/page").read_text() == "hello, world\n", "a copy is changed"


def test_a_table(store: Path) -> None:
    done = jettison(store, "app:1", "-n", "1", "--no-warm-up", "--state", "cold", "--action", "pull,decompress")
    assert "pull, cold" in done.stdout
    assert "round trips" in done.stdout
    assert "measured here: decompresses" in done.stdout


@pytest.fixture
def hostile() -> Iterator[FakeRegistry]:
    with FakeRegistry().serving() as registry:
        yield registry


def test_a_hostile_registry_is_noted(store: Path, hostile: FakeRegistry) -> None:
    hostile.fault("PUT /v2/team/.*/blobs/.*", status=400, times=10_000)
    prefix = f"{hostile.domain}/team"
    found = measured(store, "app:1", "--registry", prefix, "-n", "1", "--timeout", "20", "--action", "pull,unpack")
    assert {one.action for one in found.measurements} == {Action.UNPACK}, "the rest goes on"
    assert any("pull, cold, app:1 by jettison failed" in note and "400" in note for note in found.notes)
    assert any("was given: the link to it is as it is" in note for note in found.notes)


def test_a_registry_that_does_not_answer_in_time(store: Path, hostile: FakeRegistry) -> None:
    hostile.fault("GET /v2/.*/manifests/.*", delay=60, times=10_000)
    options = ("-n", "1", "--no-warm-up", "--timeout", "1", "--action", "pull", "--state", "cold")
    done = jettison(store, "app:1", "--registry", f"{hostile.domain}/team", *options, status=1)
    assert "cannot measure anything: pull, cold, app:1 by jettison failed" in done.stderr
    assert "no end within 1 s" in done.stderr
    assert nothing_left(store)


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 500}])
def test_a_registry_that_takes_nothing(store: Path, hostile: FakeRegistry, fault: dict[str, int]) -> None:
    hostile.fault("(PUT|POST|HEAD|PATCH) /v2/team/.*", times=10_000, **fault)
    once = ("-n", "1", "--no-warm-up", "--timeout", "2", "--action", "push", "--state", "cold")
    done = jettison(store, "app:1", "--registry", f"{hostile.domain}/team", *once, "--json", status=1)
    assert done.stdout == ""
    assert "cannot measure anything: push, cold, app:1 by jettison failed" in done.stderr


def test_an_action_that_does_not_apply(store: Path) -> None:
    once = ("-n", "1", "--no-warm-up")
    said = "build of app:1 was not measured: it is an image, not a directory with a Dockerfile"
    assert f"cannot measure anything: {said}" in jettison(store, "app:1", *once, "--action", "build", status=1).stderr
    assert measured(store, "app:1", *once, "--action", "build,decompress").notes == (said,)


def test_a_daemon_that_ends_is_left_out(store: Path, tmp_path: Path) -> None:
    """As without root; the daemon's program is one that says so, and the rest are the real ones."""
    need("docker", "ctr", "docker-registry")
    (tmp_path / "bin").mkdir()
    for name in ("dockerd", "containerd"):
        script = f"[ $1 = --version ] && exec echo 1.2.3\necho error: none\necho no {name}\nexit 1\n"
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{script}")
        (tmp_path / "bin" / name).chmod(0o755)
    options = ("-n", "1", "--no-warm-up", "--against", "docker,containerd", "--action", "decompress", "--json")
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    found = from_json(jettison(store, "app:1", *options, environment={"PATH": path}).stdout, "it")
    assert {one.tool for one in found.measurements} == {"jettison"}
    assert found.notes == (
        "docker was not measured: cannot start dockerd: no dockerd",
        "containerd was not measured: cannot start containerd: no containerd",
    )


@contextmanager
def running(store: Path, *arguments: str, until: str) -> Iterator[subprocess.Popen[str]]:
    """A bench that has told of the step ``until``."""
    words = [word for word in command(store, *arguments) if word != "-q"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(until):
                break
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_interrupted(store: Path, tmp_path: Path, number: signal.Signals) -> None:
    need("docker-registry", "containerd", "ctr", "tc", "ip")
    output = tmp_path / "bench.json"
    options = ("--link", "8mbit", "--against", "containerd", "-n", "50", "--no-warm-up", "-o", str(output))
    with running(store, "app:1", *options, "--action", "pull", "--state", "cold", until="3/") as process:
        time.sleep(0.3)
        process.send_signal(number)
        assert process.stderr is not None
        process.stderr.read()
        assert process.wait(30) == 130
    found = from_json(output.read_bytes(), "it")
    assert not found.complete
    assert found.measurements
    assert "interrupted: what is missing was not measured" in found.notes
    assert nothing_left(store)


def wait(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def daemons(store: Path) -> list[str]:
    lines = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
    programs = ("docker-registry", "dockerd", "containerd")
    return [line for line in lines if str(store / "scratch") in line and line.startswith(programs)]


def test_killed(store: Path, tmp_path: Path) -> None:
    need("docker-registry", "dockerd", "docker", "tc", "ip")
    output = tmp_path / "bench.json"
    options = ("--link", "8mbit", "--against", "docker", "-n", "50", "--no-warm-up", "-o", str(output))
    with running(store, "app:1", *options, "--action", "push", "--state", "cold", until="3/") as process:
        wait(lambda: len(daemons(store)) == 3)
        assert {line.partition(" ")[0] for line in daemons(store)} == {"docker-registry", "dockerd"}
        process.kill()
        assert process.wait(30) == -signal.SIGKILL
    wait(lambda: not daemons(store))
    assert from_json(output.read_bytes(), "it").measurements, "what was measured is kept"


def test_merges_and_refuses_another_schema(store: Path, tmp_path: Path) -> None:
    first = tmp_path / "a.json"
    jettison(store, "app:1", "-n", "1", "--no-warm-up", "--action", "decompress", "-o", str(first))
    value = json.loads(first.read_text())
    value["machines"][0]["cores"] = 64
    value["measurements"][0]["machine"] = "64 cores"
    (tmp_path / "b.json").write_text(json.dumps(value))
    done = jettison(store, "--merge", str(first), str(tmp_path / "b.json"), "--json")
    assert len(from_json(done.stdout, "it").measurements) == 2
    (tmp_path / "old.json").write_text(json.dumps({**value, "schema_version": 0}))
    done = jettison(store, "--merge", str(first), str(tmp_path / "old.json"), status=1)
    assert "old.json" in done.stderr
    assert "schema version 0" in done.stderr
    assert "cannot read" in jettison(store, "--merge", str(tmp_path / "none.json"), status=1).stderr


@pytest.mark.parametrize("option", ["-o", "--html"])
def test_what_cannot_be_written_is_printed_first(store: Path, tmp_path: Path, option: str) -> None:
    other = ("--html", str(tmp_path / "it.html")) if option == "-o" else ("-o", str(tmp_path / "it.json"))
    once = ("-n", "1", "--no-warm-up", "--action", "decompress", "--json")
    done = jettison(store, "app:1", *once, *other, option, "/dev/full", status=1)
    assert "cannot write /dev/full: no space left on device" in done.stderr
    assert from_json(done.stdout, "it").measurements
    assert not Path("/dev/full").is_file()
    assert option == "-o" or from_json((tmp_path / "it.json").read_bytes(), "it").complete


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name at least one"),
        (("app:1", "--link", "fast"), "cannot use the link 'fast'"),
        (("app:1", "--against", "rkt"), "'rkt' is none of"),
        (("app:1", "--action", "sleep"), "'sleep' is none of"),
        (("app:1", "--cpus", "0"), "'0' is no number from 1"),
        (("app:1", "-o", "/nowhere/at/all.json"), "there is no directory"),
        (("app:1", "-o", "/proc/bench.json"), "cannot write /proc/bench.json"),
        (("app:1", "--html", "/proc/bench.html"), "cannot write /proc/bench.html"),
        (("app:1", "--timeout", "nan"), "nan is no number of seconds"),
        (("app:1", "--timeout", "inf"), "inf is no number of seconds"),
        (("nosuch.invalid/app:1", "--action", "decompress"), "cannot measure"),
    ],
)
def test_wrong_usage(store: Path, arguments: tuple[str, ...], said: str) -> None:
    done = subprocess.run(command(store, *arguments), text=True, capture_output=True, timeout=60)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_processors(store: Path) -> None:
    found = measured(store, "app:1", "-n", "2", "--no-warm-up", "--action", "decompress", "--cpus", "1")
    assert [machine.cpus for machine in found.machines] == [1]
    assert found.measurements[0].machine.startswith("1 core,")
    assert {one.machine for one in found.floors} == {found.machines[0].name}


def test_a_registry_that_is_not_there(store: Path) -> None:
    options = ("-n", "1", "--no-warm-up", "--timeout", "15", "--state", "cold", "--registry", "127.0.0.1:1/team")
    found = measured(store, "app:1", *options, "--action", "push,unpack")
    assert {one.action for one in found.measurements} == {Action.UNPACK}
    assert any("cannot reach the registry" in note for note in found.notes)
    done = jettison(store, "app:1", *options, "--action", "push,pull", status=1)
    assert "cannot measure anything: " in done.stderr
    assert "by jettison failed: " in done.stderr
