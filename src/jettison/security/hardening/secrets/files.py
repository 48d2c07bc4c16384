"""Secrets in files of every layer, also of those that a later layer removes or replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from jettison.attribution import TOOLCHAINS, inside_packages
from jettison.filetree import FileEntry, Kind
from jettison.packages.records import DOCUMENTATION
from jettison.redaction import is_random
from jettison.security.hardening.model import Subject, Weakness
from jettison.security.hardening.secrets.model import Place, Token, is_placeholder, redacted
from jettison.security.hardening.secrets.places import PLACES
from jettison.security.hardening.secrets.tokens import TOKENS
from jettison.security.model import Severity

#: Bytes: what is larger is no file that somebody wrote.
LIMIT = 1 << 20
#: Bytes in which a file that is no text has a zero.
_HEAD = 4096
#: Matches of one kind in one file that are looked at, until one is no placeholder.
_TRIES = 100
_BINARY = re.compile(
    r"\.(?:so[.\d]*|a|o|pyc|pyo|class|jar|war|gz|xz|bz2|zst|zip|tgz|whl|gem|png|jpe?g|gif|webp|ico|woff2?|ttf|otf|eot"
    r"|mo|node|wasm|exe|dll|pdf|mp[34]|map|h|hpp|hh)$"
)
#: Keys that tests and texts need; in a package that is published everybody has them.
_TESTS = re.compile(r"/(?:tests?|__tests__|spec|fixtures?|testdata|examples?|samples?|docs?|demos?|benchmarks?)/")
_PLACED = re.compile("|".join(f"(?:{place.path.pattern})" for place in PLACES))


class FileSecrets:
    """Secrets in files: by the place that a program keeps them in, and by their form in any other text."""

    name = "secrets"

    def find(self, subject: Subject) -> Iterator[Weakness]:
        """Each kind once for each file, at its first line that has it."""
        for entry in (*subject.tree.values(), *subject.hidden):
            if entry.kind is Kind.FILE and 0 < entry.size <= LIMIT and _may_be(subject, entry.path):
                yield from _of_file(subject, entry)


def _may_be(subject: Subject, path: str) -> bool:
    """Whether to read it: what a distribution publishes is no secret, but somebody may have replaced its settings."""
    if (path in subject.owned and not path.startswith("/etc/")) or DOCUMENTATION.match(path):
        return False
    return _BINARY.search(path) is None and not (_published(path) and _TESTS.search(path))


def _published(path: str) -> bool:
    """Whether a package of a language, or a toolchain, brings it: then everybody has it."""
    return inside_packages(path) or TOOLCHAINS.match(path) is not None


def _of_file(subject: Subject, entry: FileEntry) -> Iterator[Weakness]:
    try:
        data = subject.tree.read(entry, LIMIT)
    except OSError:
        return
    found = [*_placed(subject, entry, data), *_tokens(subject, entry, data)]
    worst = min((weakness.severity.rank for weakness in found), default=0)
    lines = set()
    for weakness in found:
        shadowed = weakness.severity is Severity.LOW and worst < Severity.LOW.rank
        if weakness.line not in lines and not shadowed:
            lines.add(weakness.line)
            yield _lowered(weakness)


def _placed(subject: Subject, entry: FileEntry, data: bytes) -> Iterator[Weakness]:
    if _PLACED.search(entry.path) is None:
        return
    for place in PLACES:
        match = _first(place, data) if place.path.search(entry.path) else None
        if match:
            yield subject.about(entry, place.kind, place.severity, place.says, _line(data, match))


def _tokens(subject: Subject, entry: FileEntry, data: bytes) -> Iterator[Weakness]:
    if b"\0" in data[:_HEAD]:
        return
    for token in TOKENS:
        match = _first(token, data) if any(word in data for word in token.words) else None
        if match:
            yield subject.about(entry, token.kind, *described(token, match), _line(data, match))


def described(token: Token, match: re.Match[bytes]) -> tuple[Severity, str]:
    """How bad, and in words what; a key that needs a passphrase is not as bad, and only a word's start is shown."""
    value = match[match.lastindex or 0]
    if b"ENCRYPTED" in value:
        return Severity.MEDIUM, f"{token.says}, encrypted"
    return token.severity, token.says if b" " in value else f"{token.says} ({redacted(value)})"


def _first(kind: Token | Place, data: bytes) -> re.Match[bytes] | None:
    for number, match in enumerate(kind.pattern.finditer(data)):
        if number == _TRIES:
            return None
        if is_secret(kind, match):
            return match
    return None


def is_secret(kind: Token | Place, match: re.Match[bytes]) -> bool:
    """Whether what was found is neither to be replaced nor an example; a place without a group says all by itself."""
    if isinstance(kind, Token):
        value = match[match.lastindex or 0]
        return not is_placeholder(value) and (not kind.random or is_random(value))
    return match.lastindex is None or not is_placeholder(match[1])


def _line(data: bytes, match: re.Match[bytes]) -> int:
    return data.count(b"\n", 0, match.start(match.lastindex or 0)) + 1


def _lowered(weakness: Weakness) -> Weakness:
    """What a published package brings is nobody's secret, but worth a look; what tests need is probably none."""
    if _published(weakness.path) and not TOOLCHAINS.match(weakness.path):
        kind = f"published-{weakness.kind.removeprefix('secret-')}"
        return replace(weakness, kind=kind, severity=Severity.LOW, message=f"{weakness.message}; a package brings it")
    if _TESTS.search(weakness.path):
        return replace(weakness, severity=Severity.LOW, message=f"{weakness.message}; among tests or examples")
    return weakness
