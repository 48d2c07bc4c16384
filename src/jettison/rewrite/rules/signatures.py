"""Signatures and checksums that are passed over, and programs that want a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet

_APT = frozenset({"--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories", "--no-gpg-check"})
_RPM = frozenset({"--nogpgcheck", "--no-gpg-checks", "--nosignature", "--nodigest"})
_SUMS = ("sha1sum", "sha256sum", "sha512sum", "md5sum")
_SUM = re.compile(r"(?P<sum>[0-9a-f]{64}|\$\{?\w+\}?)(?P<blank> )(?=[^\s*])", re.IGNORECASE)


def _unsigned(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("apt-key"):
        yield at(ran.command, "apt-key trusts a key for every source; [signed-by=…] trusts it for one")
    for ran in sheet.commands("apt-get", "apt"):
        if ran.command.options & _APT:
            yield at(ran.command)
    for ran in sheet.commands("yum", "dnf", "microdnf", "zypper", "rpm"):
        if ran.command.options & _RPM:
            yield at(ran.command)
    for ran in sheet.commands("apk"):
        if "--allow-untrusted" in ran.command.options:
            yield at(ran.command)


def _spaces(sheet: Sheet) -> Iterator[Hit]:
    scripts = {ran.script.start: ran.script for ran in sheet.commands(*_SUMS)}
    pairs = (pair for script in scripts.values() for pair in pairwise(script.commands))
    for before, command in pairs:
        piped = before.name == "echo" and command.name in _SUMS and command.before == "|"
        for word in before.arguments if piped else ():
            found = _SUM.search(word.text)
            if found:
                place = word.start + found.end("blank")
                yield at(word, edits=(Edit(place, place, " "),))


def _gpg(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("gpg", "gpg2"):
        if not ran.command.options & {"--batch", "--version", "--dearmor", "--import", "--list-keys"}:
            name = ran.command.proper[0]
            yield at(ran.command, edits=(Edit(name.end, name.end, " --batch"),), safe=False)


def _configure(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("configure"):
        if "--build" not in ran.command.options and "--help" not in ran.command.options:
            yield at(ran.command)


UNSIGNED_PACKAGES = Plain(
    "unsigned-packages", Severity.WARNING, "packages are installed without checking who signed them", (), _unsigned
)
CHECKSUM_SPACES = Plain(
    "checksum-spaces", Severity.WARNING, "a checksum and its file have two spaces between them; BusyBox insists on it",
    ("Parfum sha256sumEchoOneSpaces",), _spaces,
)  # fmt: skip
GPG_BATCH = Plain(
    "gpg-batch", Severity.INFO, "without --batch gpg may ask where nobody can answer", ("Parfum gpgUseBatchFlag",),
    _gpg,
)  # fmt: skip
CONFIGURE_BUILD = Plain(
    "configure-build", Severity.INFO, "without --build configure guesses what machine this is, at times wrongly",
    ("Parfum configureShouldUseBuildFlag",), _configure,
)  # fmt: skip
