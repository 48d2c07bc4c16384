"""Secrets on the command line of a RUN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from jettison.dockerfile.model import Run
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Ran, Sheet
from jettison.rewrite.shell import Word
from jettison.rewrite.source import triggered

#: ``user:password@`` in an address; what comes out of a mounted secret, ``$(cat /run/secrets/…)``, is none.
_ADDRESS = re.compile(r"[a-z+]+://(?:[^/\s:@\"']+:)?(?P<secret>[^/\s:@\"']+)@", re.IGNORECASE)
_OPTION = re.compile(r"--(?:[\w-]*-)?(?:password|passwd|token|secret|api-?key)=(?P<secret>.+)", re.IGNORECASE)
_HEADER = re.compile(r"[\"']?(?:authorization|private-token|x-api-key)\s*:\s*(?:\w+\s+)?(?P<secret>.+)", re.IGNORECASE)
_USER = frozenset({"-u", "--user", "--proxy-user", "-U"})
_PASSWORD = frozenset({"--password", "--http-password", "--ftp-password", "--proxy-password", "--token"})
_NPM = re.compile(r".*:?_(?:authToken|password|auth)(?:=.+)?")
_USER_INFO = re.compile(r"git|anonymous|oauth2|ssh|hg|svn", re.IGNORECASE)


def _find(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands():
        words = [*filter(_told, ran.command.arguments), *_pairs(ran)]
        yield from (at(word) for word in words if not (_mounted(ran) and "$" in word.text))


def _mounted(ran: Ran) -> bool:
    """Whether variables may be from a secret that is there for this RUN only."""
    payload = triggered(ran.instruction).payload
    return isinstance(payload, Run) and any(mount.type == "secret" for mount in payload.mounts)


def _told(word: Word) -> bool:
    """Whether a word has a secret in it that is written out or comes from a build argument."""
    text = word.text
    if "://" in text:
        found = _ADDRESS.search(text)
        return bool(found and not _fine(found["secret"]) and ("ssh" not in text.partition(":")[0]))
    found = _OPTION.fullmatch(text) if text.startswith("--") else _HEADER.fullmatch(text) if ":" in text else None
    return bool(found and not _fine(found["secret"]))


def _pairs(ran: Ran) -> Iterator[Word]:
    """Options whose value is the next word."""
    command = ran.command
    for option, word in pairwise(command.arguments):
        text = word.text.strip("\"'")
        user = option.text in _USER and command.name in ("curl", "wget") and ":" in text
        npm = command.name in ("npm", "yarn", "pnpm") and bool(_NPM.fullmatch(option.text))
        secret = text.partition(":")[2] if user else text
        if (user or npm or option.text in _PASSWORD) and not _fine(secret):
            yield word


def _fine(secret: str) -> bool:
    """Nothing, a mounted secret, or a user without a password."""
    return not secret.strip("\"'") or "/run/secrets" in secret or "$(" in secret or bool(_USER_INFO.fullmatch(secret))


SECRET_COMMAND = Plain(
    "secret-command", Severity.WARNING, "a RUN's words stay in the image's history; RUN --mount=type=secret does not",
    (), _find,
)  # fmt: skip
