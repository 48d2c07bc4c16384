"""What a RUN makes only for itself, and leaves: archives, signatures, sources, temporary directories."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Severity
from jettison.rewrite.rules.layers import behind, shipped, sudo
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script

_MKTEMP = re.compile(r"\b(\w+)=[\"']?(?:\$\(|`)\s*mktemp\s[^)`]*-\w*d|\b(\w+)=[\"']?(?:\$\(|`)\s*mktemp\s+--directory")
_BUILDS = frozenset({"make", "cmake", "ninja", "configure", "tar", "meson"})
_FETCHES = frozenset({"wget", "curl"})


def removed(script: Script, path: str) -> bool:
    """Whether an ``rm`` of the script names ``path`` (or its base name, or a directory above it)."""
    wanted = {path, path.rpartition("/")[2], f"./{path}", path.rstrip("/")}
    for command in script.commands:
        if command.name in ("rm", "mv", "unlink", "shred"):
            for word in command.operands:
                text = (word.value or word.text.strip("\"'")).rstrip("/")
                if text in wanted or "*" in text or path.startswith(f"{text}/"):
                    return True
    return False


def _mktemp(sheet: Sheet) -> Iterator[Hit]:
    for _, _, script in shipped(sheet):
        for found in _MKTEMP.finditer(script.text):
            variable = found[1] or found[2]
            if not re.search(rf"rm\s[^;&|]*\$\{{?{variable}\b|trap\s", script.text[found.end() :]):
                start = script.start + found.start()
                edits = behind(script, f'rm -rf "${variable}"')
                yield Hit(start, script.start + found.end(), "", edits)


def _sources(sheet: Sheet) -> Iterator[Hit]:
    for _, _, script in shipped(sheet):
        if not any(command.name in _BUILDS for command in script.commands):
            continue
        for command in script.commands:
            for word in command.operands if command.name == "mkdir" else ():
                path = word.value or ""
                if re.fullmatch(r"/usr/src/[^/]+(?<!/app)/?", path) and not removed(script, path):
                    yield at(word, "", behind(script, f"{sudo(command)}rm -rf {path}"), safe=False)


def fetched(script: Script) -> set[str]:
    """Base names of the files that wget and curl write."""
    found = set()
    for command in script.commands:
        if command.name in _FETCHES:
            texts = [word.value or word.text.strip("\"'") for word in command.arguments]
            found |= {text.rpartition("/")[2].partition("?")[0] for text in texts}
    return found - {"", "-"}


def _archive(command: Command) -> str:
    """The file that ``tar`` or ``unzip`` unpacks, as it is written; ``""`` for what comes through a pipe."""
    if command.name == "unzip" and command.operands:
        return command.operands[0].value or ""
    if command.name != "tar":
        return ""
    words = [word.value or word.text.strip("\"'") for word in command.arguments]
    if not words or not re.match(r"-?\w*x|--extract", " ".join(words)):
        return ""
    for at_, text in enumerate(words):
        if re.fullmatch(r"-?\w*f", text) and at_ + 1 < len(words) and (text[0] == "-" or at_ == 0):
            return words[at_ + 1]
        if text.startswith("--file="):
            return text.partition("=")[2]
    return ""


def _unpacked(sheet: Sheet) -> Iterator[Hit]:
    for _, _, script in shipped(sheet):
        here = fetched(script)
        for command in script.commands:
            path = _archive(command)
            if path and path != "-" and path.rpartition("/")[2] in here and not removed(script, path):
                known = path.startswith("/") and "$" not in path
                yield at(command, "", behind(script, f"{sudo(command)}rm -f {path}") if known else (), safe=False)


def _signatures(sheet: Sheet) -> Iterator[Hit]:
    for _, _, script in shipped(sheet):
        for command in script.commands:
            if (command.name in ("gpg", "gpg2") and "--verify" in command.options) or command.name == "gpgv":
                for word in command.operands:
                    path = word.value or word.text.strip("\"'")
                    if path.endswith((".asc", ".sig", ".sign")) and not removed(script, path):
                        known = path.startswith("/") and "$" not in path
                        yield at(word, "", behind(script, f"rm -f {path}") if known else (), safe=False)


MKTEMP_RM = Plain(
    "mktemp-rm", Severity.INFO, "the directory of mktemp -d stays in the layer; remove it in the same RUN",
    ("Parfum rmRecursiveAfterMktempD",), _mktemp,
)  # fmt: skip
USR_SRC_RM = Plain(
    "mkdir-usr-src-rm", Severity.INFO, "the sources below /usr/src stay in the layer; remove them in the same RUN",
    ("Parfum mkdirUsrSrcThenRemove",), _sources,
)  # fmt: skip
TAR_RM = Plain(
    "tar-rm", Severity.INFO, "the archive stays beside what was unpacked from it; remove it in the same RUN",
    ("Parfum tarSomethingRmTheSomething",), _unpacked,
)  # fmt: skip
GPG_ASC_RM = Plain(
    "gpg-asc-rm", Severity.INFO, "the signature stays after it was verified; remove it in the same RUN",
    ("Parfum gpgVerifyAscRmAsc",), _signatures,
)  # fmt: skip
