"""Real servers for integration tests: Debian's docker-registry and a Docker daemon, private and in a directory."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import need


def free_port() -> int:
    """A TCP port of the loopback address that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def docker_registry(directory: Path) -> Iterator[str]:
    """Serve a registry that keeps its blobs in ``directory``; gives its domain, ``localhost:PORT``."""
    need("docker-registry")
    port = free_port()
    config = directory / "registry.yml"
    config.write_text(
        "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
        f"storage: {{filesystem: {{rootdirectory: {directory}/registry}}, delete: {{enabled: true}}}}\n"
        f"http: {{addr: '127.0.0.1:{port}'}}\n"
    )
    with _running(["docker-registry", "serve", str(config)], directory / "registry.log", {}) as process:
        _wait(process, directory / "registry.log", lambda: _answers(port))
        yield f"localhost:{port}"


@contextlib.contextmanager
def docker_daemon(directory: Path) -> Iterator[str]:
    """Run a Docker daemon of our own, without networks; gives its ``DOCKER_HOST``."""
    need("dockerd", "docker")
    path = directory / "docker.sock"
    short = tempfile.mkdtemp(prefix="d")  # the path of a socket has at most 107 bytes
    arguments = [
        "dockerd", "--data-root", f"{directory}/docker-data", "--exec-root", short,
        "-H", f"unix://{path}", "--pidfile", f"{directory}/docker.pid",
        "--iptables=false", "--ip6tables=false", "--bridge=none",
    ]  # fmt: skip
    with _running(arguments, directory / "dockerd.log", {"HOME": str(directory)}) as process:
        _wait(process, directory / "dockerd.log", path.exists)
        yield f"unix://{path}"
    shutil.rmtree(short, ignore_errors=True)


@contextlib.contextmanager
def _running(arguments: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments, stdout=output, stderr=output, env={**os.environ, "PATH": path, **environment}
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False


def _wait(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:

    end = time.monotonic() + 30
    while not ready():
        assert process.poll() is None, f"{process.args!r} ended: {log.read_text()[-2000:]}"
        assert time.monotonic() < end, f"{process.args!r} does not answer: {log.read_text()[-2000:]}"
        time.sleep(0.05)
