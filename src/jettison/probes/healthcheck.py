"""The image's own HEALTHCHECK (Docker's reference, "HEALTHCHECK"; OCI has no such thing, so only Docker's form)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from jettison.errors import ContainerError
from jettison.oci.config import ContainerConfig, Healthcheck
from jettison.probes.exec import facts, last_line
from jettison.probes.model import Answer, Execution, Target

#: Docker waits 30 s between two tries; here nobody else is served meanwhile, so the next one comes at once.
PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class HealthcheckProbe:
    """Run the check until it is healthy, as Docker would during the start period and its retries."""

    args: tuple[str, ...]
    check_seconds: float = 30.0

    @property
    def name(self) -> str:
        return "HEALTHCHECK"

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Working means exit code 0 of one try before the time limit."""
        began = time.monotonic()
        while True:
            answer = self._once(target, began)
            if answer.ok or time.monotonic() - began > target.timeout or not target.alive():
                return (answer,)
            time.sleep(PAUSE_SECONDS)

    def _once(self, target: Target, began: float) -> Answer:
        try:
            done = target.execute(self.args, min(self.check_seconds, target.timeout))
        except (TimeoutError, ContainerError) as error:
            why = "did not end in time" if isinstance(error, TimeoutError) else str(error)
            return Answer(self.name, False, error=why, seconds=time.monotonic() - began)
        sick = "" if done.code == 0 else f"unhealthy, exits with code {done.code}{last_line(done)}"
        return Answer(self.name, not sick, _compared(done), sick, time.monotonic() - began)


def _compared(done: Execution) -> dict[str, str]:
    """Without stderr: there curl and wget print how fast they were."""
    return {name: text for name, text in facts(done).items() if name != "stderr"}


def probe(config: ContainerConfig) -> HealthcheckProbe | None:
    """The probe for an image's HEALTHCHECK; ``None`` where there is none or it is ``NONE``."""
    check = config.healthcheck
    args = _args(check, config.shell or ("/bin/sh", "-c")) if check else ()
    if not args or check is None:
        return None
    return HealthcheckProbe(args, check.timeout / 1e9 or 30.0)


def _args(check: Healthcheck, shell: tuple[str, ...]) -> tuple[str, ...]:
    match check.test:
        case ("CMD", *words) if words:
            return tuple(words)
        case ("CMD-SHELL", command):
            return (*shell, command)
        case _:
            return ()
