"""Services that the benchmarks compare with, each in a directory of its own, gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from measure import Failed


@contextmanager
def registry(directory: Path) -> Iterator[str]:
    """Debian's docker-registry with an empty storage below ``directory``; gives its ``HOST:PORT``."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"localhost:{probe.getsockname()[1]}"
    directory.mkdir(parents=True)
    configuration = {
        "version": "0.1",
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": f"{directory}/storage"}},
        "http": {"addr": address},
    }
    file = directory / "config.yml"
    file.write_text(json.dumps(configuration))  # JSON is YAML
    with _service(["docker-registry", "serve", str(file)], directory / "log", lambda: _answers(address)):
        yield address
    shutil.rmtree(directory)


@contextmanager
def dockerd(directory: Path) -> Iterator[str]:
    """A Docker daemon with an empty storage below ``directory``; gives the value of ``DOCKER_HOST``."""
    directory.mkdir(parents=True)
    host = f"unix://{directory}/sock"
    command = (
        f"dockerd --data-root {directory}/data --exec-root {directory}/exec --pidfile {directory}/pid --host {host}"
        " --bridge none --iptables=false --ip-forward=false"
    )
    ready = ["docker", "--host", host, "version"]
    with _service(
        command.split(), directory / "log", lambda: subprocess.run(ready, capture_output=True).returncode == 0
    ):
        yield host
    _unmount(directory)
    shutil.rmtree(directory)


@contextmanager
def _service(command: Sequence[str], log: Path, ready: Callable[[], bool]) -> Iterator[None]:
    with log.open("w") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            deadline = time.monotonic() + 30
            while not ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"{command[0]} does not start: {log.read_text()[-300:]}")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(address: str) -> bool:
    host, _, port = address.partition(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except OSError:
        return False
    return True


def _unmount(directory: Path) -> None:
    """What a daemon that was killed left mounted below ``directory``."""
    mounts = [os.fsdecode(line.split()[1]) for line in Path("/proc/mounts").read_bytes().splitlines()]
    for mount in reversed(mounts):
        if mount.startswith(f"{directory}/"):
            subprocess.run(["umount", "--lazy", mount], check=False)
