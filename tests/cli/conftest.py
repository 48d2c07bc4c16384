"""A small web site as a Dockerfile, built once, for the tests of ``jettison shrink``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import need

DOCKERFILE = """\
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY www /www
RUN mkdir -p /usr/share/doc && dd if=/dev/zero of=/usr/share/doc/padding bs=1000 count=1000
EXPOSE 8080
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
"""
Jettison = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a store that has ``site:1``, and its context in ``site``."""
    need("runc", "busybox")
    directory = tmp_path_factory.mktemp("shrink")
    site = directory / "site"
    (site / "www").mkdir(parents=True)
    shutil.copy2("/bin/busybox", site / "busybox")
    (site / "www/index.html").write_text("<a href='/about.html'>about</a>")
    (site / "www/about.html").write_text("about us")
    (site / "Dockerfile").write_text(DOCKERFILE)
    assert start(directory, "-q", "build", "-t", "site:1", str(site)).returncode == 0
    return directory


def start(directory: Path, *arguments: str | Path, **given: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with the store of ``directory``."""
    return subprocess.run(
        [sys.executable, "-m", "jettison", "--store", directory / "store", *map(str, arguments)],
        cwd=directory,
        text=True,
        capture_output=True,
        timeout=60,
        **given,  # type: ignore[call-overload]
    )


@pytest.fixture
def jettison(workshop: Path) -> Jettison:
    """``jettison(*arguments, status=0)``: run it; ``status`` is the exit code that is expected of it."""

    def call(*arguments: str | Path, status: int = 0, **given: object) -> subprocess.CompletedProcess[str]:
        done = start(workshop, *arguments, **given)
        assert done.returncode == status, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done

    return call
