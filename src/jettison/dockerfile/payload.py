"""Each instruction's own grammar: from the text after the keyword to its payload."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from jettison.dockerfile.model import (
    Arg,
    Command,
    Copy,
    From,
    Health,
    Heredoc,
    Mount,
    Pairs,
    Payload,
    Run,
    ShellWords,
    Text,
    Words,
    locate,
)
from jettison.dockerfile.mounts import mount
from jettison.dockerfile.values import boolean, duration, first_word, whole
from jettison.errors import DockerfileError

#: A flag's value may hold quoted white space; the quotes are not part of it.
_FLAG = re.compile(r"--([A-Za-z][A-Za-z0-9_-]*)(?:=((?:\"[^\"]*\"|'[^']*'|[^\s\"'])*))?(?=\s|$)")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
#: Flags that may stand without a value, and those that may stand more than once.
_TRUTHS = ("link", "parents", "keep-git-dir", "unpack")
_LISTS = ("mount", "exclude")
_ALIAS = re.compile(r"[a-z][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Source:
    """One logical line on its way to a payload."""

    keyword: str
    value: str
    heredocs: tuple[Heredoc, ...]
    source: str
    line: int
    file: str
    escape: str = "\\"

    def error(self, message: str, token: str = "") -> DockerfileError:
        """An error at ``token``."""
        return locate(message, self.source, self.line, self.file, token)


@dataclass(frozen=True, slots=True)
class _Flags:
    values: Mapping[str, list[str]]
    rest: str

    def one(self, name: str) -> str:
        return self.values.get(name, [""])[0]


def _flags(source: Source, known: Iterable[str]) -> _Flags:
    """The leading ``--name[=value]`` words; an unknown one is an error that names the nearest."""
    values: dict[str, list[str]] = {}
    rest, names = source.value, tuple(known)
    while found := _FLAG.match(rest):
        name, value = found[1], found[2]
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"; did you mean --{near[0]}?" if near else ""
            raise source.error(f"{source.keyword} has no flag --{name}{hint}", f"--{name}")
        if value is None and name not in _TRUTHS:
            raise source.error(f"--{name} needs a value: --{name}=…", f"--{name}")
        if name in values and name not in _LISTS:
            raise source.error(f"--{name} stands here twice", f"--{name}")
        plain = _QUOTED.sub(lambda quoted: quoted[1] or quoted[2] or "", value or "")
        values.setdefault(name, []).append("true" if value is None else plain)
        rest = rest[found.end() :].lstrip()
    if rest.startswith("--") and rest[2:3].isspace():
        rest = rest[2:].lstrip()
    elif rest.startswith("--"):
        raise source.error(f"{source.keyword} has no flag {rest.split()[0]}", rest.split()[0])
    return _Flags(values, rest)


def _json_words(text: str) -> tuple[str, ...] | None:
    """A JSON list of strings, or ``None``: what does not parse is the shell form, as Docker does."""
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return None
    return tuple(value)


def _command(text: str) -> Command:
    words = _json_words(text)
    return Command(text) if words is None else Command(words=words)


def _from(source: Source) -> Payload:
    flags = _flags(source, ("platform",))
    words = flags.rest.split()
    if len(words) == 3 and words[1].upper() == "AS":
        if not _ALIAS.fullmatch(words[2].lower()):
            raise source.error(f"{words[2]!r} is no name for a stage: a letter, then letters, digits, - . _", words[2])
        return From(words[0], words[2], flags.one("platform"))
    if len(words) != 1:
        raise source.error("FROM takes IMAGE, or IMAGE AS NAME", words[1] if len(words) > 1 else "")
    return From(words[0], platform=flags.one("platform"))


def _run(source: Source) -> Payload:
    flags = _flags(source, ("mount", "network", "security"))
    if not flags.rest:
        raise source.error("RUN needs a command")
    for name, allowed in (("network", ("default", "none", "host")), ("security", ("sandbox", "insecure"))):
        if flags.one(name) and flags.one(name) not in allowed:
            raise source.error(f"--{name} takes {', '.join(allowed)}, not {flags.one(name)!r}", f"--{name}")
    mounts = tuple(_mount(source, text) for text in flags.values.get("mount", ()))
    return Run(_command(flags.rest), mounts, flags.one("network"), flags.one("security"), source.heredocs)


def _mount(source: Source, text: str) -> Mount:
    try:
        return mount(text)
    except ValueError as error:
        raise source.error(f"--mount={text}: {error}", "--mount") from None


_COPY_FLAGS = ("from", "chown", "chmod", "link", "parents", "exclude")
_ADD_FLAGS = ("chown", "chmod", "link", "checksum", "keep-git-dir", "exclude", "unpack")


def _copy(source: Source) -> Payload:
    add = source.keyword == "ADD"
    flags = _flags(source, _ADD_FLAGS if add else _COPY_FLAGS)
    words = _json_words(flags.rest) or tuple(flags.rest.split())
    if len(words) < 2:
        raise source.error(f"{source.keyword} needs at least a source and a destination")
    try:
        truth = {name: boolean(flags.one(name)) for name in ("link", "parents", "keep-git-dir")}
    except ValueError as error:
        raise source.error(str(error)) from None
    if "unpack" in flags.values:
        raise source.error("ADD --unpack is not implemented here; --engine docker does it", "--unpack")
    return Copy(
        words[:-1], words[-1], add, flags.one("from"), flags.one("chown"), flags.one("chmod"), truth["link"],
        truth["parents"], tuple(flags.values.get("exclude", ())), flags.one("checksum"), truth["keep-git-dir"],
        source.heredocs,
    )  # fmt: skip


def raw_words(text: str, escape: str) -> list[str]:
    """Words separated by white space outside quotes, quotes and escapes kept."""
    e = re.escape(escape)
    return re.findall(rf"(?:{e}.|\"(?:{e}.|[^\"{e}])*\"?|'[^']*'?|[^\s\"'{e}]|{e})+", text, re.DOTALL)


def _pairs(source: Source) -> Payload:
    words = raw_words(source.value, source.escape)
    if "=" not in words[0]:
        name, value = first_word(source.value)
        if not value:
            raise source.error(f"{source.keyword} {name} needs a value: {source.keyword} {name}=VALUE", name)
        return Pairs(((name, value),))
    pairs = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise source.error(f"{word!r} is not of the form NAME=VALUE", word)
        pairs.append((name, value))
    return Pairs(tuple(pairs))


def _arg(source: Source) -> Payload:
    pairs = []
    for word in raw_words(source.value, source.escape):
        name, equals, value = word.partition("=")
        if not name:
            raise source.error(f"{word!r} is not of the form NAME or NAME=DEFAULT", word)
        pairs.append((name, value if equals else None))
    return Arg(tuple(pairs))


def _words(source: Source) -> Payload:
    return Words(_json_words(source.value) or tuple(source.value.split()))


def _text(source: Source) -> Payload:
    return Text(source.value)


def _shell(source: Source) -> Payload:
    words = _json_words(source.value)
    if not words:
        raise source.error('SHELL must be a JSON list: SHELL ["/bin/sh", "-c"]', source.value.split()[0])
    return ShellWords(words)


def _entrypoint(source: Source) -> Payload:
    return _command(source.value)


_HEALTH_FLAGS = ("interval", "timeout", "start-period", "start-interval", "retries")


def _health(source: Source) -> Payload:
    flags = _flags(source, _HEALTH_FLAGS)
    kind, rest = first_word(flags.rest)
    if kind.upper() == "NONE" and not rest:
        return Health(None)
    if kind.upper() != "CMD" or not rest:
        raise source.error("HEALTHCHECK takes NONE, or CMD and a command", kind)
    try:
        interval, timeout, period, start = (duration(flags.one(name)) for name in _HEALTH_FLAGS[:-1])
        retries = whole(flags.one("retries"))
    except ValueError as error:
        raise source.error(str(error), "--") from None
    return Health(_command(rest), interval, timeout, period, start, retries)


PARSERS: dict[str, Callable[[Source], Payload]] = {
    "FROM": _from, "RUN": _run, "CMD": _entrypoint, "LABEL": _pairs, "MAINTAINER": _text, "EXPOSE": _words,
    "ENV": _pairs, "ADD": _copy, "COPY": _copy, "ENTRYPOINT": _entrypoint, "VOLUME": _words, "USER": _text,
    "WORKDIR": _text, "ARG": _arg, "STOPSIGNAL": _text, "HEALTHCHECK": _health, "SHELL": _shell,
}  # fmt: skip
