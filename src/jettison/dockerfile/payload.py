"""Each instruction's own grammar: from the text after the keyword to its payload."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from jettison.dockerfile.heredocs import read_word
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
from jettison.dockerfile.values import boolean, duration, first_word, json_words, pair_words, take_flags, whole
from jettison.dockerfile.values import words as split_words
from jettison.errors import DockerfileError

#: The flags of each instruction; the others have none.
_FLAGS: Mapping[str, tuple[str, ...]] = {
    "FROM": ("platform",),
    "RUN": ("mount", "network", "security"),
    "COPY": ("from", "chown", "chmod", "link", "parents", "exclude"),
    "ADD": ("chown", "chmod", "link", "checksum", "keep-git-dir", "exclude"),
    "HEALTHCHECK": ("interval", "timeout", "start-period", "start-interval", "retries"),
}
#: Flags that Docker has and that are not read here.
_ELSEWHERE = {"ADD": ("unpack",), "RUN": ("device",)}
#: Flags that may stand without a value, and those that may stand more than once.
_TRUTHS = ("link", "parents", "keep-git-dir")
_LISTS = ("mount", "exclude")
_ALIAS = re.compile(r"[a-z][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Source:
    """One logical line on its way to a payload: what follows the keyword, its flags, what follows those."""

    keyword: str
    value: str
    heredocs: tuple[Heredoc, ...]
    source: str
    line: int
    file: str
    escape: str = "\\"
    flags: Mapping[str, list[str]] = field(default_factory=dict)
    rest: str = ""

    def error(self, message: str, token: str = "") -> DockerfileError:
        """An error at ``token``."""
        return locate(message, self.source, self.line, self.file, token)

    def flag(self, name: str) -> str:
        """The value of a flag; ``""`` where it was not given."""
        return self.flags.get(name, [""])[0]

    def truth(self, name: str) -> bool:
        """The value of a flag that is true or false."""
        try:
            return name in self.flags and boolean(self.flag(name))
        except ValueError as error:
            raise self.error(f"--{name}: {error}", f"--{name}") from None

    def json(self) -> tuple[str, ...] | None:
        """The words of a JSON list; ``None`` for the shell form, as which Docker takes JSON that does not parse."""
        try:
            return json_words(self.rest)
        except ValueError as error:
            raise self.error(str(error), "[") from None

    def command(self) -> Command:
        """Exec or shell form."""
        words = self.json()
        return Command(self.rest) if words is None else Command(words=words)


def payload(source: Source) -> Payload:
    """Read the flags and then what the instruction itself is."""
    if not source.value:
        raise source.error(f"{source.keyword} needs an argument")
    words, rest = take_flags(source.value, source.escape)
    flags: dict[str, list[str]] = {}
    for word in words:
        name, value = _flag(source, word)
        if name in flags and name not in _LISTS:
            raise source.error(f"--{name} stands here twice", f"--{name}")
        flags.setdefault(name, []).append(value)
    if not rest:
        raise source.error(f"{source.keyword} needs {'a command' if source.keyword == 'RUN' else 'an argument'}")
    return _PARSERS[source.keyword](replace(source, flags=flags, rest=rest))


def _flag(source: Source, word: str) -> tuple[str, str]:
    written, equals, value = word.partition("=")
    name, known = written[2:], _FLAGS.get(source.keyword, ())
    if name in _ELSEWHERE.get(source.keyword, ()):
        raise source.error(f"{source.keyword} --{name} is not implemented here; --engine docker does it", written)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean --{near[0]}?" if near else ""
        raise source.error(f"{source.keyword} has no flag {written}{hint}", written)
    if not equals and name not in _TRUTHS:
        raise source.error(f"--{name} needs a value: --{name}=…", f"--{name}")
    return name, value if equals else "true"


def _from(source: Source) -> Payload:
    words = split_words(source.rest)
    if len(words) == 3 and words[1].upper() == "AS":
        if not _ALIAS.fullmatch(words[2].lower()):
            raise source.error(f"{words[2]!r} is no name for a stage: a letter, then letters, digits, - . _", words[2])
        return From(words[0], words[2], source.flag("platform"))
    if len(words) != 1:
        raise source.error("FROM takes IMAGE, or IMAGE AS NAME", words[1])
    return From(words[0], platform=source.flag("platform"))


def _run(source: Source) -> Payload:
    for name, allowed in (("network", ("default", "none", "host")), ("security", ("sandbox", "insecure"))):
        if source.flag(name) not in ("", *allowed):
            raise source.error(f"--{name} takes {', '.join(allowed)}, not {source.flag(name)!r}", f"--{name}")
    mounts = tuple(_mount(source, text) for text in source.flags.get("mount", ()))
    return Run(source.command(), mounts, source.flag("network"), source.flag("security"), source.heredocs)


def _mount(source: Source, text: str) -> Mount:
    try:
        return mount(text)
    except ValueError as error:
        raise source.error(f"--mount={text}: {error}", "--mount") from None


def _copy(source: Source) -> Payload:
    listed = source.json()
    words = tuple(split_words(source.rest)) if listed is None else listed
    if len(words) < 2:
        raise source.error(f"{source.keyword} needs at least a source and a destination")
    if read_word(words[-1]):
        raise source.error(f"{source.keyword} needs a destination behind its here-documents", words[-1])
    if re.search(r"[$\"'\\]", source.flag("from")):
        raise source.error("--from takes no variables and quotes; give a stage that name with FROM … AS", "--from")
    return Copy(
        words[:-1], words[-1], source.keyword == "ADD", source.flag("from"), source.flag("chown"),
        source.flag("chmod"), source.truth("link"), source.truth("parents"),
        tuple(source.flags.get("exclude", ())), source.flag("checksum"), source.truth("keep-git-dir"),
        source.heredocs,
    )  # fmt: skip


def _pairs(source: Source) -> Payload:
    words = pair_words(source.rest, source.escape)
    if "=" not in words[0]:
        name, value = first_word(source.rest)
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
    for word in pair_words(source.rest, source.escape):
        name, equals, value = word.partition("=")
        if not name:
            raise source.error(f"{word!r} is not of the form NAME or NAME=DEFAULT", word)
        pairs.append((name, value if equals else None))
    return Arg(tuple(pairs))


def _expose(source: Source) -> Payload:
    return Words(tuple(split_words(source.rest)))


def _volume(source: Source) -> Payload:
    listed = source.json()
    words = tuple(word.strip() for word in (split_words(source.rest) if listed is None else listed))
    if not words or "" in words:
        raise source.error("VOLUME needs paths that are not empty", source.rest)
    return Words(words)


def _text(source: Source) -> Payload:
    return Text(source.rest)


def _shell(source: Source) -> Payload:
    words = source.json()
    if not words:
        raise source.error('SHELL must be a JSON list: SHELL ["/bin/sh", "-c"]', source.rest)
    return ShellWords(words)


def _command(source: Source) -> Payload:
    return source.command()


def _health(source: Source) -> Payload:
    kind, rest = first_word(source.rest)
    if kind.upper() == "NONE" and not rest:
        return Health(None)
    command = replace(source, rest=rest).command()
    if kind.upper() != "CMD" or not rest or command.words == ():
        raise source.error("HEALTHCHECK takes NONE, or CMD and a command", kind)
    interval, timeout, period, start = (_number(source, name, duration) for name in _FLAGS["HEALTHCHECK"][:-1])
    return Health(command, interval, timeout, period, start, _number(source, "retries", whole))


def _number(source: Source, name: str, read: Callable[[str], int]) -> int:
    try:
        return read(source.flag(name))
    except ValueError as error:
        raise source.error(f"--{name}: {error}", f"--{name}") from None


_PARSERS: dict[str, Callable[[Source], Payload]] = {
    "FROM": _from, "RUN": _run, "CMD": _command, "LABEL": _pairs, "MAINTAINER": _text, "EXPOSE": _expose,
    "ENV": _pairs, "ADD": _copy, "COPY": _copy, "ENTRYPOINT": _command, "VOLUME": _volume, "USER": _text,
    "WORKDIR": _text, "ARG": _arg, "STOPSIGNAL": _text, "HEALTHCHECK": _health, "SHELL": _shell,
}  # fmt: skip
#: Every instruction, ONBUILD among them.
KEYWORDS = (*_PARSERS, "ONBUILD")
