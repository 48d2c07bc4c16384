"""Package managers that would ask, where there is nobody to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Find, Hit, Plain, at
from jettison.rewrite.sheet import Ran, Sheet

_QUIET = re.compile(r"(?:-q|--quiet)(?:=(\d+))?|-(q+)[a-z]*")
_SWITCHED_ON = re.compile(r"assume-?yes|force-yes", re.IGNORECASE)
_RPM = frozenset({"install", "update", "upgrade", "remove", "erase", "reinstall", "groupinstall", "localinstall"})


def _rule(name: str, programs: tuple[str, ...], verbs: frozenset[str], yes: frozenset[str], *also: str) -> Plain:
    summary = f"{programs[0]} asks before it goes on, and nobody is there to answer"
    return Plain(name, Severity.WARNING, summary, also, _finder(programs, verbs, yes))


def _finder(programs: tuple[str, ...], verbs: frozenset[str], yes: frozenset[str]) -> Find:
    def find(sheet: Sheet) -> Iterator[Hit]:
        for ran in sheet.commands(*programs):
            verb = next((word for word in ran.command.operands if word.value in verbs), None)
            if verb and not ran.command.options & yes and not _answered(ran):
                yield at(verb, edits=(Edit(verb.end, verb.end, " -y"),))

    return find


def _answered(ran: Ran) -> bool:
    """By a configuration, by ``yes |``, or since it is quiet enough not to ask."""
    quiet = 0
    for word in ran.command.arguments:
        found = _QUIET.fullmatch(word.text)
        quiet += int(found[1] or len(found[2] or "q")) if found else 0
    fed = ran.command.before == "|" or any(each.startswith("<") for each in ran.command.redirections)
    return quiet > 1 or fed or _switched_on(ran)


def _switched_on(ran: Ran) -> bool:
    """By an option of the configuration, in this command or in a file that another one writes."""
    return any(_SWITCHED_ON.search(word.text) for command in ran.script.commands for word in command.words)


_YES = frozenset({"-y", "--yes", "--assume-yes", "--assumeyes", "--simulate", "--dry-run", "--download-only"})
APT_YES = _rule(
    "apt-yes", ("apt-get", "apt"), frozenset({"install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep"}),
    _YES, "hadolint DL3014", "Parfum aptGetInstallUseY",
)  # fmt: skip
YUM_YES = _rule("yum-yes", ("yum",), _RPM, _YES, "hadolint DL3030", "Parfum yumInstallForceYes")
DNF_YES = _rule("dnf-yes", ("dnf", "microdnf", "dnf5", "tdnf"), _RPM, _YES, "hadolint DL3038")
ZYPPER_YES = _rule(
    "zypper-yes", ("zypper",), frozenset({"install", "in", "remove", "rm", "source-install", "si", "patch"}),
    _YES | {"-n", "--non-interactive", "--no-confirm"}, "hadolint DL3034",
)  # fmt: skip
