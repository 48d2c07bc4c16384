"""Secrets in variables: by their names, and by what they look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from jettison.dockerfile.model import Arg, Pairs
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet

_WORDS = frozenset({
    "APIKEY", "CREDENTIAL", "CREDENTIALS", "PASSPHRASE", "PASSWD", "PASSWORD", "PASSWORDS", "PRIVATE", "PWORD",
    "SECRET", "SECRETS", "TOKEN", "TOKENS",
})  # fmt: skip
_KEYS = frozenset({"API", "ACCESS", "ENCRYPTION", "SIGNING", "SSH", "AUTH", "DEPLOY", "LICENSE", "MASTER"})
#: Names of what is about a secret and is none.
_ABOUT = re.compile(r"PUBLIC|_(?:FILE|PATH|DIR|URL|URI|NAME|LENGTH|TTL|EXPIRY|ENABLED|TYPE|HEADER)$")
_NO_SECRET = re.compile(r"|/.*|\$\{?\w+\}?|true|false|yes|no|none|null|[01]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

#: What services' keys look like, as their documentation or their users' scanners give it.
VALUE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,}|glpat-[\w-]{20,}"
    r"|npm_[A-Za-z0-9]{36}|pypi-AgEI[\w-]{50,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk_live_[A-Za-z0-9]{20,}|AIza[\w-]{35}"
    r"|dckr_pat_[\w-]{20,}|hf_[A-Za-z]{34}|SG\.[\w-]{22}\.[\w-]{43}|sk-(?:ant|proj)-[\w-]{20,})(?![A-Za-z0-9])"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)


def is_secret(name: str) -> bool:
    """Whether a variable of this name most likely holds a secret."""
    upper = _CAMEL.sub("_", name).upper()
    words = re.split(r"[^A-Z0-9]+", upper)
    keys = any(first in _KEYS and second == "KEY" for first, second in pairwise(words))
    return (keys or bool(_WORDS & set(words))) and not _ABOUT.search(upper)


def _names(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.of("ARG", "ENV"):
        assert isinstance(instruction.payload, Arg | Pairs)
        for name, value in instruction.payload.pairs:
            plain = value is not None and _NO_SECRET.fullmatch(value.strip("\"'"))
            if is_secret(name) and not plain:
                stays = "the image's configuration" if instruction.keyword == "ENV" else "the image's history"
                yield within(
                    sheet, instruction, name, f"{name} stays in {stays}; RUN --mount=type=secret leaves nothing"
                )


def _values(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.dockerfile.instructions:
        for found in VALUE.finditer(instruction.source):
            start = sheet.offset(instruction) + found.start()
            yield Hit(start, start + len(found[0]))


SECRET_VARIABLE = Plain(
    "secret-variable", Severity.WARNING, "secrets in ARG and ENV stay in the image; RUN --mount=type=secret does not",
    ("hadolint DL3064", "BuildKit SecretsUsedInArgOrEnv"), _names,
)  # fmt: skip
SECRET_VALUE = Plain(
    "secret-value", Severity.ERROR, "this looks like a key that is in use; take it out, and replace it at its service",
    (), _values,
)  # fmt: skip
