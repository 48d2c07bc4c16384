"""Containers: a root file system by overlayfs, a network namespace, and an OCI runtime that runs a process in them.

Hardened isolation is not ours to write: runc does it, with Docker's default capabilities, seccomp profile and
masked paths. Nothing that came out of an image runs any other way.
"""

from jettison.runtime.bundle import BindMount
from jettison.runtime.container import Container, Process, container
from jettison.runtime.netns import NetworkNamespace, inside, network
from jettison.runtime.requirements import require
from jettison.runtime.rootfs import Rootfs, mounted
from jettison.runtime.users import User, resolve_user

__all__ = [
    "BindMount",
    "Container",
    "NetworkNamespace",
    "Process",
    "Rootfs",
    "User",
    "container",
    "inside",
    "mounted",
    "network",
    "require",
    "resolve_user",
]
