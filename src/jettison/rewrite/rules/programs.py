"""Programs that have no use in a build, or for which there is something better."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Word

_USELESS = ("free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim")
_APT_GET = frozenset({
    "install", "update", "remove", "purge", "autoremove", "autoclean", "clean", "build-dep", "download",
    "source",
})  # fmt: skip
_APT_CACHE = frozenset({"search", "show", "policy", "depends", "rdepends", "showpkg"})
_QUIET = frozenset({
    "-q", "--quiet", "-nv", "--no-verbose", "--progress", "-o", "--output-file", "-a", "--append-output", "--version",
    "-V", "--help", "-h", "-b", "--background", "--spider",
})  # fmt: skip
_HIGH = 99_999


def _useless(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands(*_USELESS):
        yield at(ran.command, f"{ran.command.name} is of no use in a build")


def _sudo(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands():
        if ran.command.words and ran.command.words[0].value == "sudo":
            yield at(ran.command.words[0])


def _apt(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("apt"):
        verb = ran.command.operands[0].value if ran.command.operands else None
        better = "apt-get" if verb in _APT_GET else "apt-cache" if verb in _APT_CACHE else ""
        word = ran.command.proper[0]
        edits = (Edit(word.start, word.end, better),) if better and word.text == "apt" else ()
        yield at(word, edits=edits)


def _dup(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("zypper"):
        if any(ran.command.runs("zypper", verb) for verb in ("dup", "dist-upgrade")):
            yield at(ran.command)


def _useradd(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("useradd"):
        number = _uid(ran.command.arguments)
        if number > _HIGH and not ran.command.options & {"-l", "--no-log-init"}:
            name = ran.command.proper[0]
            yield at(ran.command, edits=(Edit(name.end, name.end, " -l"),))


def _uid(words: tuple[Word, ...]) -> int:
    for word, following in zip_longest(words, words[1:]):
        found = re.fullmatch(r"(?:--uid=|-[a-zA-Z]*u=?)(\d+)", word.text)
        if found:
            return int(found[1][:12])
        if re.fullmatch(r"--uid|-[a-zA-Z]*u", word.text) and following and re.fullmatch(r"\d+", following.text):
            return int(following.text[:12])
    return 0


def _wget(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("wget"):
        if not ran.command.options & _QUIET and not any(word.text.startswith("-q") for word in ran.command.arguments):
            name = ran.command.proper[0]
            yield at(ran.command, edits=(Edit(name.end, name.end, " -nv"),), safe=False)  # BusyBox has no -nv


USELESS_PROGRAM = Plain(
    "useless-program", Severity.INFO, "the program is of no use in a build", ("hadolint DL3001",), _useless
)
NO_SUDO = Plain(
    "no-sudo", Severity.ERROR, "RUN is root unless USER says otherwise; sudo needs a terminal and stays in the image",
    ("hadolint DL3004", "Parfum DL3004"), _sudo,
)  # fmt: skip
APT_GET = Plain(
    "apt-get", Severity.WARNING, "apt is for people and may change how it is called; scripts take apt-get or apt-cache",
    ("hadolint DL3027", "Parfum DL3027"), _apt,
)  # fmt: skip
ZYPPER_DUP = Plain(
    "zypper-dup", Severity.WARNING, "zypper dup makes another release of the base image; take the base of that release",
    ("hadolint DL3035",), _dup,
)  # fmt: skip
USERADD_LOG = Plain(
    "useradd-log", Severity.WARNING, "for a high number useradd writes a file of gigabytes, mostly holes; say -l",
    ("hadolint DL3046", "Parfum DL3046"), _useradd,
)  # fmt: skip
WGET_PROGRESS = Plain(
    "wget-progress", Severity.INFO, "wget fills the log with its progress; say -nv", ("hadolint DL3047",), _wget
)
