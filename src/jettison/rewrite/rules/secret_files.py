"""COPY and ADD of files with secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from jettison.dockerfile import Context
from jettison.dockerfile.context import clean
from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.rules.secrets import VALUE
from jettison.rewrite.sheet import Sheet

_FILE = re.compile(
    r"(?:.*/)?(?:\.env(?:\.(?!example$|sample$|template$|dist$|defaults?$|test$)[\w.-]+)?|id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|\.netrc|\.pgpass|\.git-credentials|\.dockercfg|\.docker/config\.json|\.htpasswd|\.vault-token|kubeconfig"
    r"|\.kube/config|\.aws/credentials|service[-_]account[\w-]*\.json|[\w.-]+\.(?:p12|pfx|kdbx|keystore|ppk)"
    r"|[\w.-]*(?:private|priv|server|tls|ssl|client|-key)[\w.-]*\.(?:key|pem)|[\w-]+\.key)",
    re.IGNORECASE,
)
_DIRECTORY = re.compile(r"(?:.*/)?\.(?:aws|ssh|gnupg|kube|docker)/?", re.IGNORECASE)
#: Files that may hold a secret, and how it is written in them.
_MAYBE = re.compile(r"(?:.*/)?(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|pip\.conf|settings\.xml|[\w.-]+\.pem)")
_WRITTEN = re.compile(
    r"_(?:authToken|password|auth)\s*=\s*(?!\$)\S|^\s*password\s*[=:]\s*(?!\$)\S|://[^/\s:@]+:(?!\$)[^/\s@]+@"
    r"|<password>[^<$]|npmAuthToken:\s*(?!\$|\"\$)\S|PRIVATE KEY",
    re.MULTILINE,
)
#: How many paths of a directory are looked at, how many are named, and how much of a file is read, in bytes.
_PATHS, _NAMED, _READ = 50_000, 3, 65_536


def _find(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.of("COPY", "ADD"):
        copy = instruction.payload
        assert isinstance(copy, Copy)
        for source in copy.sources if not copy.from_ else ():
            path = source.strip("\"'")
            if "://" in path:
                continue
            if _FILE.fullmatch(path) or _DIRECTORY.fullmatch(path):
                yield within(sheet, instruction, source, f"{path} holds secrets, and is in the image from here on")
            elif sheet.context and "$" not in path:
                found = list(islice(secrets_below(sheet.context, path), _NAMED + 1))
                if found:
                    names = ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
                    yield within(
                        sheet, instruction, source, f"this takes {names} into the image; .dockerignore keeps it out"
                    )


def secrets_below(context: Context, source: str) -> Iterator[str]:
    """The paths below a source of COPY that hold secrets, as their names or what is in them say."""
    below = clean(source)
    if re.search(r"[*?\[]", below):
        return
    try:
        for path in islice((below, *context.paths(below)) if below else context.paths(), _PATHS):
            if "://" in path:
                continue
            if _FILE.fullmatch(path) or (_MAYBE.fullmatch(path) and _is_written(context, path)):
                yield path
    except OSError:
        return  # what is not there, or cannot be read, cannot be copied either


def _is_written(context: Context, path: str) -> bool:
    place = context.directory / path
    if place.is_symlink() or not place.is_file():
        return False
    with open(place, "rb") as file:
        text = file.read(_READ).decode("utf-8", "replace")
    return bool(_WRITTEN.search(text) or VALUE.search(text))


SECRET_FILE = Plain(
    "secret-file", Severity.ERROR, "files with secrets are in the image from here on, even if a later RUN removes them",
    (), _find,
)  # fmt: skip
