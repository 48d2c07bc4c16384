"""Secrets in an image's configuration: environment, labels, commands, and the history of its build."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.oci.config import ContainerConfig, History
from jettison.security.hardening.model import CONFIGURATION, Subject, Weakness
from jettison.security.hardening.secrets.files import described, is_secret
from jettison.security.hardening.secrets.model import is_placeholder
from jettison.security.hardening.secrets.places import ADDRESS, SECRET_NAME
from jettison.security.hardening.secrets.tokens import TOKENS
from jettison.security.model import Severity

#: Characters of one value that are read.
LIMIT = 1 << 16
_ASSIGNED = re.compile(rb"(?i)(?<![\w.-])(" + SECRET_NAME + rb")=(\"[^\"]{1,2000}\"|'[^']{1,2000}'|[^\s;&|]{4,2000})")
#: A path, an address without a password, a number: not a secret itself.
_PLAIN = re.compile(rb"(?:[./~][\w./-]*|[a-z+]{2,10}://[^@]*|\d{1,5})\Z")


class ConfigurationSecrets:
    """Secrets that whoever may pull the image reads by ``docker inspect`` and ``docker history``."""

    name = "secrets-in-configuration"

    def find(self, subject: Subject) -> Iterator[Weakness]:
        """Each kind once for each variable, label, command or line of the history."""
        for where, text in _values(subject.image.config.container):
            for severity, kind, message in found_in(text):
                yield Weakness(kind, severity, "", CONFIGURATION, "", f"{message} in {where}")
        yield from _of_history(subject)


def _values(config: ContainerConfig) -> Iterator[tuple[str, str]]:
    for item in config.env:
        yield f"ENV {item.partition('=')[0]}", item
    for name, value in config.labels.items():
        yield f"LABEL {name}", f"{name}={value}"
    commands = {"ENTRYPOINT": config.entrypoint, "CMD": config.cmd, "ONBUILD": config.on_build}
    for name, words in commands.items():
        yield name, " ".join(words or ())
    if config.healthcheck:
        yield "HEALTHCHECK", " ".join(config.healthcheck.test)


def _of_history(subject: Subject) -> Iterator[Weakness]:
    known = set(subject.image.config.container.env)
    layer = 0
    for line in subject.image.config.history:
        number = CONFIGURATION if line.empty_layer else layer
        layer += not line.empty_layer
        if not _says_again(line, known):
            for severity, kind, message in found_in(line.created_by):
                made = subject.instruction(number)
                yield Weakness(kind, severity, "", number, made, f"{message} in the history")


def _says_again(line: History, known: set[str]) -> bool:
    """Whether it only sets what the environment has, and that is told there."""
    text = re.sub(r"^/bin/sh -c #\(nop\) +", "", line.created_by).strip()
    return text.startswith("ENV ") and text.removeprefix("ENV ").strip() in known


def found_in(text: str) -> Iterator[tuple[Severity, str, str]]:
    """How bad, which kind and what (redacted): everything in a text that looks like a secret."""
    data = text.encode("utf-8", "surrogateescape")[:LIMIT]
    told = False
    for token in TOKENS:
        for match in token.pattern.finditer(data):
            if is_secret(token, match):
                severity, says = described(token, match)
                yield severity, token.kind, says
                told = True
                break
    for match in ADDRESS.finditer(data):
        if not is_placeholder(match[1]):
            yield Severity.HIGH, "secret-address", "an address with a password"
            return
    if not told:
        yield from _assigned(data)


def _assigned(data: bytes) -> Iterator[tuple[Severity, str, str]]:
    for match in _ASSIGNED.finditer(data):
        if _is_value(match[2]):
            yield Severity.HIGH, "secret-in-configuration", f"a value of {match[1].decode('utf-8', 'replace')}"


def _is_value(value: bytes) -> bool:
    plain = value.strip(b"\"'")
    return len(plain) >= 4 and not is_placeholder(plain) and _PLAIN.match(plain) is None
