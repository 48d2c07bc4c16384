"""Commands run in the container: exit code and output."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass

from jettison.errors import ContainerError
from jettison.probes.model import Answer, Execution, Target

#: What is compared of a stream, in bytes.
OUTPUT_LIMIT = 256 << 10


@dataclass(frozen=True, slots=True)
class ExecProbe:
    """Run ``args`` in the running container, as ``docker exec`` would."""

    args: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"exec {shlex.join(self.args)}"

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Working means exit code 0."""
        began = time.monotonic()
        try:
            done = target.execute(self.args, target.timeout)
        except (ContainerError, TimeoutError) as error:
            why = f"did not end within {target.timeout:g} s" if isinstance(error, TimeoutError) else str(error)
            return (Answer(self.name, False, error=why, seconds=time.monotonic() - began),)
        return (finished(self.name, done, 0, time.monotonic() - began),)


def finished(name: str, done: Execution, expected: int, seconds: float) -> Answer:
    """The answer of a command that ended; its output is compared whole."""
    error = "" if done.code == expected else f"exits with code {done.code}{last_line(done)}"
    return Answer(name, not error, facts(done), error, seconds)


def facts(done: Execution) -> dict[str, str]:
    """Exit code and output of a command, as what is compared: of each stream the first ``OUTPUT_LIMIT`` bytes."""
    return {
        "exit": str(done.code),
        "stdout": done.stdout[:OUTPUT_LIMIT].decode("utf-8", "backslashreplace"),
        "stderr": done.stderr[:OUTPUT_LIMIT].decode("utf-8", "backslashreplace"),
    }


def last_line(done: Execution) -> str:
    """``: `` and the last line that a failed command printed, or nothing."""
    text = (done.stderr.strip() or done.stdout.strip()).decode("utf-8", "replace")
    return f": {text.splitlines()[-1].strip()[:200]}" if text else ""
