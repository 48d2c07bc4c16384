"""Mentions: string constants of the application's own files that name something in the image.

A program says what it will use long before it uses it: ``/app/error.html``, ``libfoo.so.2``, ``convert``,
``America/New_York``. One pass over each file's strings finds what the image has of these. What is found this way is
kept at the price of a few false positives; words that are too common to mean a command are taken only where the text
around them runs commands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from jettison.closure import locales, packed, slices, strings, zones
from jettison.closure.charsets import Charsets
from jettison.closure.model import Edge, Evidence
from jettison.closure.names import Names
from jettison.filetree import FileEntry, FileTree, Kind

#: More than this of one file is not read: data, not code.
SIZE_LIMIT = 64 << 20
#: A mentioned directory is kept whole up to so many files and bytes; a larger one only with its name.
DIRECTORY_FILES, DIRECTORY_BYTES = 2000, 32 << 20

#: Also of ``file:///data`` and ``sqlite:////data``.
_PATHS = re.compile(rb"(?:(?<![A-Za-z0-9_.~/])|(?<=://)/?)/(?:[A-Za-z0-9_@%+=,.~:-]+/?)+")
_SPACED = re.compile(rb"[\"'](/[^\"'\n]{0,255} [^\"'\n]{0,255})[\"']")
_PRINTABLE = re.compile(rb"[\x20-\x7e\t]{4,}")
_QUOTED = re.compile(
    rb"(?<!\\)(?:\"((?:[^\"\\\n]|\\.){,4096})\"|'((?:[^'\\\n]|\\.){,4096})'|`((?:[^`\\]|\\.){,4096})`)"
)
#: Texts of several lines: here-documents, and Python's triple quotes where they are a value (no docstring).
_BLOCK = re.compile(
    rb"<<[~-]?[ \t]*([\"']?)(?P<end>\w+)\1[^\n]*\n(?P<here>.{,4096}?)\n\s*(?P=end)\b"
    rb"|[=(,]\s*[rbfu]{,2}(?P<quote>\"\"\"|''')(?P<triple>.{,4096}?)(?P=quote)",
    re.DOTALL,
)
#: Where backticks and ``qx`` run what is in them.
_BACKTICKS = (".rb", ".rake", ".php", ".phtml", ".pl", ".pm", ".cgi")
_RUN_QUOTES = re.compile(rb"`([^`]{1,4096})`|\b(?:qx|(?<=%)x)\s?[({\[/!|]([^)}\]/!|\n]{1,4096})")
_COMMAND_LINE = re.compile(
    rb"(?m)(?:^|[{,])\s*[\"']?(?:command|cmd|ExecStart|exec_start|entrypoint|start|web|worker|release)[\"']?"
    rb"\s*[:=]\s*[\"']?([^\"'\n]{1,4096})"
)
_CONFIGURATION = (".json", ".yaml", ".yml", ".toml", ".ini", ".conf", ".cfg", ".service", "Procfile")
#: Commands that run another one, after options, numbers and settings.
_WRAPPERS = frozenset({"env", "nice", "ionice", "timeout", "nohup", "setsid", "sudo", "xargs", "stdbuf", "exec", "time",
                       "gosu", "su-exec", "tini", "dumb-init", "setpriv", "chroot"})  # fmt: skip
_OF_A_WRAPPER = re.compile(rb"-.*|[0-9.]+[smhd]?|[A-Za-z_]\w*=.*")
_NEARBY = 200
_SHELL_SYNTAX = re.compile(rb"\s-{1,2}[a-zA-Z]|[|;]\s|&&|\$\(|\s[<>]")
#: Commands whose names are keywords of the languages in which they would be found.
_KEYWORDS = frozenset({"import", "export", "if", "for", "while", "in", "is", "not", "from", "select", "type", "print"})
#: What a compiler notes of where its sources were, and no program reads.
_SOURCES = (".go", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".s", ".S", ".rs")
_TOKEN = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_.+-]+")
#: Ways to run something, in the languages that servers are written in.
_RUNS = re.compile(
    rb"\b(?:exec[lv]?[pe]*|system|popen|spawn\w*|subprocess|run|call|check_output|check_call|Popen|shell_exec|passthru"
    rb"|proc_open|execFile\w*|child_process|os/exec|Command|ProcessBuilder|getRuntime|backtick|qx|sh|bash"
    rb"|Open3|posix_spawn\w*|create_subprocess_\w+"
    rb"|PROGRAM|which|command|shutil)\b|`|-\||%x\b"
)


class Mentions:
    """Closer: what the files in ``own`` name."""

    name = "mention"

    def __init__(self, tree: FileTree, own: frozenset[str], names: Names) -> None:
        self._tree, self._own, self._names = tree, own, names
        self._locales = locales.Locales(tree)
        self._charsets = Charsets(tree)

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if entry.path not in self._own or entry.size > SIZE_LIMIT:
            return
        content = tree.read(entry)
        found = self._compiled(content) if content[:4] == b"\x7fELF" else self._source(content, entry)
        evidence = Evidence("mention", entry.path)
        for path in sorted(found):
            yield Edge(path, evidence)

    def _compiled(self, content: bytes) -> set[str]:
        text = strings.of_elf(content)
        found = self._everywhere(text, content) | zones.of_program(self._names.zones, text, content)
        if strings.separated(content):
            if strings.runs_commands(content):
                found |= self._commands_in_strings(text.split(b"\n"))
        else:
            found |= self._packed(text, content)
        return {path for path in found if not path.endswith(_SOURCES) or path in self._own}

    def _packed(self, text: bytes, content: bytes) -> set[str]:
        """What a Go or Rust program names in strings without separators."""
        constants = slices.constants(content)
        found = {path for named in packed.paths(self._tree, text) for path in self._path(named)}
        found |= zones.of_packed(self._names.zones, text)
        found.update(self._paths(b"\n".join(constants.code)))  # the data has the directories of Go's own library
        if strings.runs_commands(content):
            found |= self._commands_in_strings([*constants.code, *constants.data])
        return found

    def _source(self, content: bytes, entry: FileEntry) -> set[str]:
        constants = b"\0" in content[:1024]  # a .class or .pyc file: constants without quotes
        text = b"\n".join(_PRINTABLE.findall(content)) if constants else content
        found = self._everywhere(text, content) | zones.mentioned(self._names.zones, text)
        if not constants:
            found |= self._commands(text, entry.name)
        elif _RUNS.search(text):
            found |= self._commands_in_strings([s for line in text.split(b"\n") for s in (line, line[1:])])
        found.update(self._relative(text, entry))
        return found

    def _everywhere(self, text: bytes, content: bytes) -> set[str]:
        """What is told by its form, in any text."""
        found = set(self._paths(text)) | self._sonames(text)
        return found | set(self._locales.mentioned(text)) | set(self._charsets.mentioned(text, content))

    def _paths(self, text: bytes) -> Iterator[str]:
        for raw in {*_PATHS.findall(text), *_SPACED.findall(text)}:
            path = raw.decode("utf-8", "replace").rstrip("/.,:;")
            for candidate in self._candidates(path):
                yield from self._path(candidate)

    def _candidates(self, path: str) -> Iterator[str]:
        """The path itself, else without a suffix that is a pattern (``/data/%s.txt``) or punctuation."""
        if self._tree.resolve(path):
            yield path
            return
        pieces = re.split("[:,=]", path)
        if len(pieces) > 1:  # a list of paths, or an option with one
            yield from (piece for piece in pieces if piece.count("/") > 1)
        cut = re.split(r"[%{$*]", path)[0]
        whole = cut.rpartition("/")[0]
        if cut != path and whole not in _SHARED:
            yield whole

    def _path(self, path: str) -> Iterator[str]:
        entry = self._tree.resolve(path) if path else None
        if entry is None or entry.path == "/":
            return
        yield path
        if entry.kind is Kind.DIRECTORY and entry.path not in _SHARED:
            yield from self._directories.get(entry.path) or self._directory(entry.path)

    @cached_property
    def _directories(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _directory(self, path: str) -> tuple[str, ...]:
        """Everything below, where that is not too much."""
        paths: list[str] = []
        size = 0
        for below in self._tree.below(path):
            paths.append(below)
            size += self._tree[below].size
            if len(paths) > DIRECTORY_FILES or size > DIRECTORY_BYTES:
                paths = []
                break
        self._directories[path] = tuple(paths)
        return self._directories[path]

    def _relative(self, text: bytes, entry: FileEntry) -> Iterator[str]:
        """``./plugins/x.so`` and ``templates/a.html`` beside the file or in the directory above it."""
        for raw in set(re.findall(rb"(?<![\w./-])(?:\.{1,2}/)?[\w.-]+(?:/[\w.-]+)+", text)):
            name = raw.decode("utf-8", "replace")
            for base in (entry.parent, entry.parent.rpartition("/")[0]):
                path = f"{base}/{name}"
                found = self._tree.resolve(path)
                if found is not None and found.kind is Kind.FILE:
                    yield path

    def _sonames(self, text: bytes) -> set[str]:
        known = self._names.libraries
        return {path for name in set(packed.sonames(known, text)) for path in known[name]}

    def _commands(self, text: bytes, name: str) -> set[str]:
        """Commands by name. A script is all commands; elsewhere the text must have a way to run something."""
        found: set[str] = set()
        if name.endswith(_CONFIGURATION):
            found |= self._commands_in_strings(_COMMAND_LINE.findall(text))
        if not _RUNS.search(text):
            return found
        if re.match(rb"#!\s*\S*(?:/|env\s+)(?:ba|da|k|z|a)?sh\b", text):
            words = set(_TOKEN.findall(text))
            return {path for word in words if (path := self._known(word)) is not None}
        if name.endswith(_BACKTICKS):
            found |= self._commands_in_strings([b"".join(groups) for groups in _RUN_QUOTES.findall(text)])
        runs = [match.start() for match in _RUNS.finditer(text)]
        for match in (*_QUOTED.finditer(text), *_BLOCK.finditer(text)):
            string = match[match.lastgroup or match.lastindex or 0]
            before = bisect_left(runs, match.start())
            # A word is a command only where something is run nearby; shell syntax tells itself.
            near = before > 0 and runs[before - 1] >= match.start() - _NEARBY
            if near or (b" " in string and _SHELL_SYNTAX.search(string)):
                found |= self._commands_in_strings([string])
        return found

    def _commands_in_strings(self, texts: Iterable[bytes]) -> set[str]:
        """The first word of each string, and those after a pipe, ``;``, ``&&`` or ``$(``."""
        found: set[str] = set()
        for string in texts:
            if len(string) > 4096:
                continue
            for part in re.split(rb"[|;&]+|\$\(|\n|`", string):
                found |= self._leading(part.split(None, 10)[:10])
        return found

    def _leading(self, words: list[bytes]) -> set[str]:
        """The commands that a line starts with, also what a wrapper runs, or a C string that is an argument list."""
        found: set[str] = set()
        last = b""
        for word in words:
            if last.decode("ascii", "replace") in _WRAPPERS and _OF_A_WRAPPER.fullmatch(word):
                continue
            last = word.strip(b"'\"(){}")
            path = self._known(last)
            if path is None or len(found) > 3:
                break
            found.add(path)
        return found

    def _known(self, word: bytes) -> str | None:
        name = word.decode("ascii", "replace")
        if (not _TOKEN.fullmatch(word) and word != b"[") or name in _KEYWORDS:
            return None
        return self._names.command(name)


#: Directories that a mention does not keep whole: they belong to everybody.
_SHARED = frozenset({
    "/", "/bin", "/sbin", "/lib", "/lib64", "/usr", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/share",
    "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/local/share", "/usr/include", "/usr/src", "/etc",
    "/etc/ssl",
    "/var", "/var/lib", "/var/cache", "/var/log", "/var/tmp", "/tmp", "/home", "/root", "/opt", "/srv", "/run", "/dev",
    "/proc", "/sys", "/mnt", "/media", "/boot", "/usr/libexec", "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu", "/usr/share/zoneinfo", "/usr/share/locale", "/usr/share/doc", "/usr/share/man",
})  # fmt: skip
