"""ADD where COPY does, ADD of a download that nobody checks, and COPY of an archive that ADD would unpack."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, on, within
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command

ARCHIVE = re.compile(r".*\.(?:tar(?:\.\w+)?|t(?:gz|bz2?|b2|xz|zst|lz(?:ma)?|Z)|gz|bz2|xz|zst|lz|lzma|Z)", re.IGNORECASE)
_TAR = re.compile(r".*\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz)", re.IGNORECASE)
_EXTRACT = frozenset({"-x", "--extract", "--get"})
_REMOTE = re.compile(r"[a-z]+://|git@", re.IGNORECASE)
#: Names of what is never an archive, whatever is in it.
_TEXT = re.compile(
    r".*\.(?:[ch]|cc|cfg|conf|css|csv|env|go|gradle|html?|ini|java|jar|js|json|jsx|kts?|lock|md|mod|php|pl|properties"
    r"|pub|py|rb|repo|rs|service|sh|sql|sum|toml|tsx?|txt|war|xml|ya?ml|zip)",
    re.IGNORECASE,
)


def _copy_serves(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        for instruction in stage.instructions:
            payload = instruction.payload
            if isinstance(payload, Copy) and payload.add and not (payload.checksum or payload.keep_git_dir):
                sources = [source.strip("\"'") for source in payload.sources]
                if all(_local(source) for source in sources):
                    start, _ = sheet.bounds(instruction)
                    safe = all(source.endswith(("/", ".")) or _TEXT.fullmatch(source) for source in sources)
                    yield on(sheet, instruction, edits=(Edit(start, start + 3, "COPY"),), safe=safe)


def _local(source: str) -> bool:
    return "$" not in source and not _REMOTE.match(source) and not ARCHIVE.fullmatch(source.rstrip("*"))


def _unchecked(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.of("ADD"):
        assert isinstance(instruction.payload, Copy)
        for source in instruction.payload.sources:
            if re.match(r"[\"']?https?://", source) and not instruction.payload.checksum and not _is_git(source):
                yield within(sheet, instruction, source)


def _is_git(source: str) -> bool:
    return bool(re.search(r"\.git(?:[#?]|$)", source.strip("\"'")))


def _unpacked(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        commands = [ran.command for ran in sheet.commands("tar", "bsdtar") if ran.stage is stage]
        words = [word for command in commands if _extracts(command) for word in command.arguments]
        unpacked = {(word.value or "").rpartition("/")[2] for word in words}
        for instruction in stage.instructions if unpacked else ():
            payload = instruction.payload
            if isinstance(payload, Copy) and not payload.add and not payload.from_ and len(payload.sources) == 1:
                names = {path.strip("\"'").rpartition("/")[2] for path in (payload.sources[0], payload.destination)}
                if _TAR.fullmatch(payload.sources[0].strip("\"'")) and names & unpacked - {""}:
                    yield on(sheet, instruction)


def _extracts(command: Command) -> bool:
    """Whether tar unpacks; its oldest way of saying so has no hyphen."""
    first = command.arguments[0].text if command.arguments else ""
    return bool(command.options & _EXTRACT or re.fullmatch(r"[a-zA-Z]*x[a-zA-Z]*", first))


ADD_NOT_COPY = Plain(
    "add-not-copy", Severity.ERROR, "ADD unpacks and downloads; for plain files COPY says what happens",
    ("hadolint DL3020", "Parfum DL3020"), _copy_serves,
)  # fmt: skip
ADD_CHECKSUM = Plain(
    "add-checksum", Severity.WARNING, "nobody checks what is downloaded; give ADD --checksum=sha256:…", (), _unchecked
)
ADD_ARCHIVE = Plain(
    "add-archive",
    Severity.INFO,
    "ADD unpacks the archive without leaving it in a layer",
    ("hadolint DL3010",),
    _unpacked,
)
