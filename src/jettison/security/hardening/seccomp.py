"""A seccomp profile that allows the system calls that were seen (OCI runtime-spec, config-linux.md, "Seccomp").

It is Docker's default profile without what the program was not seen to call, so that it never allows more. It is as
good as the probes: what no probe made the program call will fail with EPERM.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jettison import observe
from jettison.filetree import FileTree
from jettison.observe import Scenario, Settings
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.runtime.bundle import seccomp as docker_default
from jettison.security.hardening.syscalls import completed

ALLOW, LOG = "SCMP_ACT_ALLOW", "SCMP_ACT_LOG"
#: A traced program takes a multiple of its time.
_SLOWER = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """The names of the system calls seen, over all ``scenarios``; ``caveats`` say what may be missing."""

    calls: frozenset[str]
    scenarios: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def allowed(self) -> frozenset[str]:
        """All that the profile allows, some of them with certain arguments only."""
        return completed(self.calls) & _default_names()

    @property
    def refused(self) -> tuple[str, ...]:
        """Seen, but refused by Docker's default profile as well, so that the program works without."""
        return tuple(sorted(self.calls - _default_names()))


def record(
    store: Store,
    image: Image,
    scenarios: Sequence[Scenario],
    settings: Settings = Settings(),  # noqa: B008 - a frozen value
    tree: FileTree | None = None,
) -> Profile:
    """Run every scenario, traced, and take down what it calls.

    Raises ``ProbeError`` where the image does not work, ``PrivilegeRequired`` where this machine cannot trace.
    """
    slow = replace(settings, tracer="calls", timeout=settings.timeout * _SLOWER)
    seen = observe.observe(store, image, scenarios, slow, tree)
    calls = frozenset[str]().union(*(run.calls for run in seen.runs))
    return Profile(calls, tuple(run.scenario for run in seen.runs), seen.caveats)


def document(profile: Profile, *, complain: bool = False) -> dict[str, Any]:
    """The profile as ``docker run --security-opt seccomp=FILE`` and Kubernetes take it.

    ``complain``: what was not seen, but Docker's default allows, is logged by the kernel and not refused.
    """
    whole = docker_default()
    kept = [rule for each in whole["syscalls"] if (rule := _only(each, profile.allowed))]
    kept[0] = {"comment": _caution(profile), **kept[0]}
    if complain:
        kept += [_logged(rule) for each in whole["syscalls"] if (rule := _without(each, profile.allowed))]
    return {**whole, "syscalls": kept}


def render(profile: Profile, *, complain: bool = False) -> str:
    """The document as text; the same profile always gives the same."""
    return json.dumps(document(profile, complain=complain), indent=1) + "\n"


def _default_names() -> frozenset[str]:
    rules = docker_default()["syscalls"]
    return frozenset(name for rule in rules if rule["action"] == ALLOW for name in rule["names"])


def _only(rule: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """A rule for the names in ``allowed``, empty without any. What says how to refuse stays: libraries rely on it."""
    names = sorted(name for name in rule["names"] if rule["action"] != ALLOW or name in allowed)
    return {**rule, "names": names} if names else {}


def _without(rule: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    names = sorted(name for name in rule["names"] if rule["action"] == ALLOW and name not in allowed)
    return {**rule, "names": names} if names else {}


def _logged(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {**rule, "action": LOG}


def _caution(profile: Profile) -> str:
    scenarios = ", ".join(profile.scenarios) or "none"
    return (
        f"Made by jettison of the system calls seen in these scenarios: {scenarios}. What they did not make the "
        "program call is not allowed, and fails with EPERM: try it with everything that the program has to do."
    )
