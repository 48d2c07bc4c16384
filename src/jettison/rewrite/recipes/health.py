"""What the HEALTHCHECK needs of the base: a shell, and programs that small images lack."""

from __future__ import annotations

from jettison.bases import Variant
from jettison.rewrite import shell
from jettison.rewrite.recipes.model import Project

#: The Debian packages of programs that checks call; Alpine's are called the same.
_PACKAGES = {"curl": "curl", "wget": "wget", "nc": "netcat-openbsd", "jq": "jq", "pgrep": "procps", "ps": "procps"}
#: Of these, what BusyBox has.
_BUSYBOX = frozenset({"wget", "nc", "pgrep", "ps"})


def health_shell(project: Project) -> bool:
    """Whether the check is a shell script."""
    check = project.config.healthcheck
    return check is not None and check.test[:1] == ("CMD-SHELL",)


def health_packages(project: Project, base: Variant) -> tuple[str, ...]:
    """The packages whose programs the check calls and the base lacks."""
    has = _BUSYBOX if base.distribution == "alpine" or base.family == "busybox" else frozenset()
    return tuple(dict.fromkeys(_PACKAGES[name] for name in _programs(project) if name in _PACKAGES and name not in has))


def _programs(project: Project) -> tuple[str, ...]:
    check = project.config.healthcheck
    if check is None or len(check.test) < 2:
        return ()
    if check.test[0] == "CMD-SHELL":
        return tuple(command.name for command in shell.parse(check.test[1], 0).commands)
    return (check.test[1].rpartition("/")[2],)
