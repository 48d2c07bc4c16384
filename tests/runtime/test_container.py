"""Containers: what runs in them, what they may, and that nothing is left of them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from jettison.errors import ContainerError
from jettison.runtime import BindMount, Container, Process, container, inside, mounted, network
from tools import need

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need("runc", "busybox")
    root = tmp_path_factory.mktemp("image")
    (root / "bin").mkdir()
    shutil.copy("/bin/busybox", root / "bin/busybox")
    subprocess.run(["chroot", root, "/bin/busybox", "--install", "-s", "/bin"], check=True)
    return root


@pytest.fixture
def rootfs(image: Path, tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "mount"
    place.mkdir()
    with mounted([image], place) as root:
        yield root.path


def output(rootfs: Path, scratch: Path, script: str, **process: str) -> str:
    """What a shell script prints on standard output; it must succeed."""
    with container(rootfs, Process(("sh", "-c", script), **process), scratch=scratch, network=None) as running:  # type: ignore[arg-type]
        assert running.wait(10) == 0, running.output()
        return running.output().stdout.decode()


def test_output_and_exit_code(rootfs: Path, tmp_path: Path) -> None:
    with container(
        rootfs, Process(("sh", "-c", "echo out; echo err >&2; exit 3")), scratch=tmp_path, network=None
    ) as c:
        assert c.wait(10) == 3
        assert (c.output().stdout, c.output().stderr) == (b"out\n", b"err\n")


def test_confined_as_docker_confines(rootfs: Path, tmp_path: Path) -> None:
    status = output(
        rootfs,
        tmp_path,
        "cat /proc/self/status; wc -c < /proc/interrupts; (echo x > /proc/sys/kernel/hostname) 2>&1 || true",
    )
    assert "CapEff:\t00000000a80425fb" in status
    assert "Seccomp:\t2" in status
    assert "\n0\n" in status
    assert "Read-only" in status


def test_another_user_has_no_capabilities_but_could_gain_them(rootfs: Path, tmp_path: Path) -> None:
    status = output(rootfs, tmp_path, "cat /proc/self/status", user="1000:1000")
    assert "CapEff:\t0000000000000000" in status
    assert "CapBnd:\t00000000a80425fb" in status


def test_system_calls_that_docker_forbids_fail(rootfs: Path, tmp_path: Path) -> None:
    assert "not permitted" in output(rootfs, tmp_path, "unshare -U true 2>&1 || mount -t tmpfs x /bin 2>&1 || true")


def test_commands_in_it(rootfs: Path, tmp_path: Path) -> None:
    with container(rootfs, Process(("sleep", "100"), env=("A=b",)), scratch=tmp_path, network=None) as running:
        done = running.execute(("sh", "-c", "echo $A; echo no >&2; exit 4"), 5)
        assert (done.code, done.stdout, done.stderr) == (4, b"b\n", b"no\n")
        assert running.execute(("nothing",), 5).code == 127
        with pytest.raises(TimeoutError):
            running.execute(("sleep", "50"), 0.3)
        assert running.running


def test_a_network_of_its_own(rootfs: Path, tmp_path: Path) -> None:
    with network() as space:
        serve = Process(("sh", "-c", "echo hello | nc -l -p 80"))
        with container(rootfs, serve, scratch=tmp_path, network=space) as running:
            client = ["busybox", "nc", "-w", "5", "127.0.0.1", "80"]
            said = inside(space, lambda: _retry(client, running))
    assert said == b"hello\n"


def _retry(command: list[str], running: Container) -> bytes:
    for _ in range(100):
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode == 0:
            return done.stdout
        running.wait(0.02)
    return b""


def test_mounts(rootfs: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("data")
    mounts = [BindMount(str(tmp_path / "data"), "/mnt/data", readonly=True), BindMount("", "/t", kind="tmpfs")]
    script = Process(("sh", "-c", "cat /mnt/data; echo x > /mnt/data; grep -c ' /t tmpfs' /proc/mounts"))
    with container(rootfs, script, scratch=tmp_path, network=None, mounts=mounts) as running:
        running.wait(10)
        assert running.output().stdout == b"data1\n"
        assert b"Read-only" in running.output().stderr


def test_it_is_gone_after_an_exception(rootfs: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        container(rootfs, Process(("sleep", "9")), scratch=tmp_path, network=None) as c,
    ):
        raise KeyboardInterrupt
    assert not os.path.exists(f"/proc/{c.pid}")


def test_it_is_stopped_by_its_signal(rootfs: Path, tmp_path: Path) -> None:
    trap = Process(("sh", "-c", "trap 'exit 5' QUIT; echo ready; while :; do sleep 0.05; done"))
    with container(rootfs, trap, scratch=tmp_path, network=None) as running:
        while not running.output().stdout:
            running.wait(0.01)
        assert running.stop("SIGQUIT", 5) == 5
    with container(rootfs, Process(("sleep", "9")), scratch=tmp_path, network=None) as running:
        assert running.stop(signal.SIGTERM, 0.2) == 137


def test_a_program_that_is_not_there(rootfs: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(ContainerError, match="nothing"),
        container(rootfs, Process(("nothing",)), scratch=tmp_path, network=None),
    ):
        pass


def test_many_layers(image: Path, tmp_path: Path) -> None:
    layers = [image]
    for number in range(100):
        layers.append(tmp_path / f"layer-with-a-rather-long-name-{number}")
        layers[-1].mkdir()
        (layers[-1] / f"{number}").touch()
    place = tmp_path / "mount"
    place.mkdir()
    with mounted(layers, place) as root:
        assert len(list(root.path.iterdir())) == 101
    assert str(place) not in Path("/proc/self/mountinfo").read_text()
