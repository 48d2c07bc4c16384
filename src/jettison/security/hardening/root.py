"""Whether the program runs as root."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.packages import records
from jettison.security.hardening.model import CONFIGURATION, Subject, Weakness
from jettison.security.model import Severity


class RootUser:
    """The user of the image's configuration is root, by name or number, or none is set."""

    name = "root-user"

    def find(self, subject: Subject) -> Iterator[Weakness]:
        """At most one."""
        user = subject.image.config.container.user
        name = user.partition(":")[0].strip()
        if _is_root(subject, name):
            said = f"USER is {user}" if name else "no USER is set"
            message = f"{said}: the program runs as root"
            yield Weakness("root-user", Severity.MEDIUM, "", CONFIGURATION, "", message)


def _is_root(subject: Subject, name: str) -> bool:
    """A number, or a name of ``/etc/passwd`` (passwd(5)), with the user number 0."""
    if not name or name.isdecimal():
        return not name.strip("0")
    lines = records.text(subject.tree, "/etc/passwd").splitlines()
    numbers = [fields[2] for line in lines if len(fields := line.split(":")) > 3 and fields[0] == name]
    return not numbers[0].strip("0") if numbers else name == "root"
