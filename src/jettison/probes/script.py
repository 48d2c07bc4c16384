"""A user's own test: a command on this machine, inside the container's network namespace."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import time
from dataclasses import dataclass

from jettison.probes.exec import last_line
from jettison.probes.model import Answer, Execution, Target

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass(frozen=True, slots=True)
class ScriptProbe:
    """Run ``args`` with ``JETTISON_URL`` and its like set. Only its exit code is compared."""

    args: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"script {shlex.join(self.args)}"

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Working means exit code 0."""
        began = time.monotonic()
        environment = {name: value for name, value in os.environ.items() if name not in _PROXIES}
        with tempfile.TemporaryFile() as output:
            try:
                process = subprocess.Popen(
                    self.args,
                    env=environment | dict(target.environment),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            except OSError as error:
                return (Answer(self.name, False, error=f"cannot run it: {error.strerror}"),)
            code = _wait(process, target)
            output.seek(max(0, output.tell() - 4096))
            done = Execution(code if code is not None else -9, b"", output.read())
        return (_judge(self.name, code, done, target.timeout, time.monotonic() - began),)


def _wait(process: subprocess.Popen[bytes], target: Target) -> int | None:
    """The exit code; ``None`` where the time was over. A container that is gone leaves the script a second more."""
    deadline, gone = time.monotonic() + target.timeout, float("inf")
    while True:
        try:
            return process.wait(0.05)
        except subprocess.TimeoutExpired:
            now = time.monotonic()
            if gone == float("inf") and not target.alive():
                gone = now + 1
            if now > min(deadline, gone):
                process.kill()
                process.wait()
                return None


def _judge(name: str, code: int | None, done: Execution, timeout: float, seconds: float) -> Answer:
    if code is None:
        return Answer(name, False, error=f"did not end within {timeout:g} s{last_line(done)}", seconds=seconds)
    error = "" if code == 0 else f"exits with code {code}{last_line(done)}"
    return Answer(name, not error, {"exit": str(code)}, error, seconds)
