"""What ``jettison shrink --seccomp`` does: a profile of the system calls of what was proved, proved in its turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from jettison import observe, verify
from jettison.errors import JettisonError
from jettison.pipeline import Shrunk
from jettison.security.hardening import seccomp


def confine(shrunk: Shrunk, file: Path, *, complain: bool, tell: Callable[[str], None] | None) -> None:
    """Record what the image calls, and write a profile of that which was proved."""
    case = shrunk.case
    if tell:
        tell("record system calls")
    profile = seccomp.record(case.store, shrunk.image, case.scenarios, case.options.settings)
    if tell:
        tell("verify under the seccomp profile")
    write(shrunk, seccomp.render(profile, complain=complain), file)


def write(shrunk: Shrunk, text: str, file: Path) -> None:
    """Ask everything again under a profile, and write it only where all answers are the same.

    Raises ``JettisonError`` with the first difference where they are not.
    """
    differences = compared(shrunk, text).differences
    if differences:
        raise JettisonError(f"cannot write {file}: under the profile it does not do the same: {differences[0]}")
    file.write_text(text, encoding="utf-8")


def compared(shrunk: Shrunk, profile: str) -> verify.Verdict:
    """The verdict on an image under ``profile``; what differs without one as well is volatile."""
    case = shrunk.case
    free = observe.again(case.options.settings, case.observation)
    seen = observe.attempt(case.store, shrunk.image, case.scenarios, replace(free, seccomp=profile))
    verdict = verify.verify(case.observation, None, seen)
    if verdict.same:
        return verdict
    repeat = observe.attempt(case.store, shrunk.image, case.scenarios, free)
    return verify.verify(case.observation, repeat, seen)
