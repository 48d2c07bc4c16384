"""Downloads that nobody checks, or that do not notice that they failed."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from itertools import pairwise

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Ran, Sheet

_LOADERS = ("curl", "wget")
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "python", "python3", "perl", "ruby", "node", "php"})
_UNCHECKED = {
    "curl": frozenset({"-k", "--insecure"}),
    "wget": frozenset({"--no-check-certificate"}),
    "pip": frozenset({"--trusted-host"}),
    "pip3": frozenset({"--trusted-host"}),
}
_HERE = re.compile(r"http://(?:localhost|127\.|\[::1\]|0\.0\.0\.0|host\.docker\.internal)", re.IGNORECASE)


def _piped(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        for _, script in sheet.runs(stage):
            starts = [command.start for command in script.commands if command.name in _LOADERS]
            for command in script.commands if starts else ():
                following = bisect.bisect_right(starts, command.start)
                inner = following < len(starts) and starts[following] < command.end
                if inner and command.name in (*_SHELLS, "eval", ".", "source"):
                    yield at(command)
            for first, second in pairwise(script.commands) if starts else ():
                if first.name in _LOADERS and second.name in _SHELLS and second.before in ("|", "|&"):
                    yield Hit(first.start, second.end)


def _certificates(sheet: Sheet) -> Iterator[Hit]:
    for program, options in _UNCHECKED.items():
        for ran in sheet.commands(program):
            if ran.command.options & options:
                yield at(ran.command)
    for ran in sheet.commands("git", "npm", "yarn"):
        words = " ".join(word.text.strip("\"'") for word in ran.command.arguments)
        if re.search(r"(?:sslVerify|strict-ssl)[= ][\"']?false", words):
            yield at(ran.command)


def _plain_http(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("curl", "wget"):
        for word in ran.command.arguments:
            if word.text.strip("\"'").lower().startswith("http://") and not _HERE.match(word.text.strip("\"'")):
                start = word.start + word.text.lower().index("http://")
                edit = Edit(start, start + 4, "https")
                yield at(word, edits=(edit,), safe=False)


def _curls(sheet: Sheet, *options: str) -> Iterator[Ran]:
    """Downloads by curl without any of these options; not what only asks for its version or sends something."""
    for ran in sheet.commands("curl"):
        other = {"-V", "--version", "-h", "--help", "-I", "--head", "-X", "--request", "-d", "--data", "-K", *options}
        if not ran.command.options & other and ran.command.arguments:
            yield ran


def _fail(sheet: Sheet) -> Iterator[Hit]:
    for ran in _curls(sheet, "-f", "--fail", "--fail-with-body", "--fail-early"):
        name = ran.command.proper[0]
        yield at(ran.command, edits=(Edit(name.end, name.end, " -f"),), safe=False)


def _location(sheet: Sheet) -> Iterator[Hit]:
    for ran in _curls(sheet, "-L", "--location", "--location-trusted"):
        name = ran.command.proper[0]
        yield at(ran.command, edits=(Edit(name.end, name.end, " -L"),), safe=False)


CURL_PIPE_SHELL = Plain(
    "curl-pipe-shell", Severity.WARNING, "what is downloaded is run, and nobody checks what it is", (), _piped
)
UNCHECKED_CERTIFICATE = Plain(
    "unchecked-certificate",
    Severity.WARNING,
    "nobody checks who answers; add the certificate instead",
    (),
    _certificates,
)
PLAIN_HTTP = Plain(
    "plain-http", Severity.WARNING, "anybody on the way can change what http:// brings",
    ("Parfum curlUseHttpsUrl", "Parfum wgetUseHttpsUrl"), _plain_http,
)  # fmt: skip
CURL_FAIL = Plain(
    "curl-fail", Severity.INFO, "without -f curl takes an error page for the file", ("Parfum curlUseFlagF",), _fail
)
CURL_LOCATION = Plain(
    "curl-location",
    Severity.INFO,
    "without -L curl takes a redirection for the file",
    ("Parfum curlUseFlagL",),
    _location,
)
