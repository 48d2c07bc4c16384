"""Mentions: string constants of the application's own files that name something in the image.

A program says what it will use long before it uses it: ``/app/error.html``, ``libfoo.so.2``, ``convert``,
``America/New_York``. One pass over each file's strings finds what the image has of these. What is found this way is
kept at the price of a few false positives; words that are too common to mean a command are taken only where the text
around them runs commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from jettison.closure import locales, strings
from jettison.closure.model import Edge, Evidence
from jettison.closure.names import Names
from jettison.filetree import FileEntry, FileTree, Kind

#: More than this of one file is not read: data, not code.
SIZE_LIMIT = 64 << 20
#: A mentioned directory is kept whole up to so many files and bytes; a larger one only with its name.
DIRECTORY_FILES, DIRECTORY_BYTES = 2000, 32 << 20

_PATHS = re.compile(rb"(?<![A-Za-z0-9_.~/])/(?:[A-Za-z0-9_@%+=,.~:-]+/?)+")
_SONAME = re.compile(rb"lib[A-Za-z0-9_+.-]+\.so(?:\.[0-9]+)*|[A-Za-z0-9_+-]+\.so(?:\.[0-9]+)*")
_ZONE = re.compile(rb"\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Etc|Canada"
                   rb"|Brazil|Chile|Mexico)/[A-Za-z0-9_+/-]+|\b(?:UTC|GMT|CET|EST5EDT|PST8PDT|MET|WET|EET|Japan|Singapore"
                   rb"|Israel|Turkey|Zulu)\b")  # fmt: skip
#: What time-zone libraries read beside a zone.
_ZONE_TABLES = ("zone.tab", "zone1970.tab", "iso3166.tab")
_PRINTABLE = re.compile(rb"[\x20-\x7e\t]{4,}")
#: What a C program imports to run another one.
_EXECUTES = re.compile(rb"\0(?:exec[lv]p?e?|execvpe|fexecve|posix_spawnp?|system|popen)(?:@|\0)")
_QUOTED = re.compile(
    rb"\"((?:[^\"\\\n]|\\.){,4096})\"|'((?:[^'\\\n]|\\.){,4096})'|`((?:[^`\\]|\\.){,4096})`|qx\{([^}]{,4096})\}"
)
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
    rb"|Open3|posix_spawn\w*"
    rb"|PROGRAM|which|command|shutil)\b|`"
)


class Mentions:
    """Closer: what the files in ``own`` name."""

    name = "mention"

    def __init__(self, tree: FileTree, own: frozenset[str], names: Names) -> None:
        self._tree, self._own, self._names = tree, own, names
        self._locales = locales.Locales(tree)

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if entry.path not in self._own or entry.size > SIZE_LIMIT:
            return
        content = tree.read(entry)
        evidence = Evidence("mention", entry.path)
        found: set[str] = set()
        compiled = content[:4] == b"\x7fELF"
        if compiled:
            text = strings.of_elf(content)
            if strings.separated(content) and _EXECUTES.search(content):
                found |= self._commands_in_strings(text.split(b"\n"))
        else:
            packed = b"\0" in content[:1024]  # a .class or .pyc file: constants without quotes
            text = b"\n".join(_PRINTABLE.findall(content)) if packed else content
            if packed and _RUNS.search(text):
                found |= self._commands_in_strings([s for line in text.split(b"\n") for s in (line, line[1:])])
            elif not packed:
                found |= self._commands(text)
            found.update(self._relative(text, entry))
        found.update(
            path for path in self._paths(text) if not (compiled and path.endswith(_SOURCES) and path not in self._own)
        )
        found |= (
            self._sonames(text) | self._zones(text) | set(self._locales.mentioned(text, converts=b"iconv" in content))
        )
        for path in sorted(found):
            yield Edge(path, evidence)

    def _paths(self, text: bytes) -> Iterator[str]:
        for raw in set(_PATHS.findall(text)):
            path = raw.decode("utf-8", "replace").rstrip("/.,:;")
            for candidate in self._candidates(path):
                yield from self._path(candidate)
                break

    def _candidates(self, path: str) -> Iterator[str]:
        """The path itself, else without a suffix that is a pattern (``/data/%s.txt``) or punctuation."""
        if path.count("/") < 2 and path in (
            "/",
            "/usr",
            "/etc",
            "/lib",
            "/bin",
            "/var",
            "/dev",
            "/proc",
            "/sys",
            "/tmp",
        ):
            return
        if self._tree.resolve(path):
            yield path
            return
        cut = re.split(r"[%{$*:,=]", path)[0]
        if cut != path:
            whole = cut if cut.endswith("/") else cut.rpartition("/")[0]
            whole = whole.rstrip("/")
            if whole.count("/") >= 2 and self._tree.resolve(whole):
                yield whole

    def _path(self, path: str) -> Iterator[str]:
        entry = self._tree.resolve(path)
        if entry is None:
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
        found: set[str] = set()
        for raw in set(_SONAME.findall(text)):
            name = raw.decode("ascii", "replace")
            found.update(self._names.libraries.get(name, ()))
        return found

    def _zones(self, text: bytes) -> set[str]:
        zones = self._names.zones
        if not zones:
            return set()
        names = (raw.decode("ascii", "replace") for raw in set(_ZONE.findall(text)))
        found = {zones[name] for name in names if name in zones}
        return found | {zones[name] for name in _ZONE_TABLES if found and name in zones}

    def _commands(self, text: bytes) -> set[str]:
        """Commands by name. A script is all commands; elsewhere the text must have a way to run something."""
        if not _RUNS.search(text):
            return set()
        if re.match(rb"#!\s*\S*(?:/|env\s+)(?:ba|da|k|z|a)?sh\b", text):
            words = set(_TOKEN.findall(text))
            return {path for word in words if (path := self._known(word)) is not None}
        found: set[str] = set()
        for match in _QUOTED.finditer(text):
            string = b"".join(match.groups(b""))
            # A word is a command only where something is run nearby; shell syntax tells itself.
            if _SHELL_SYNTAX.search(string) or _RUNS.search(text, max(match.start() - _NEARBY, 0), match.start()):
                found |= self._commands_in_strings([string])
        return found

    def _commands_in_strings(self, texts: list[bytes]) -> set[str]:
        """The first word of each string, and those after a pipe, ``;``, ``&&`` or ``$(``."""
        found: set[str] = set()
        for string in texts:
            if len(string) > 4096:
                continue
            for part in re.split(rb"[|;&]+|\$\(|\n|`", string):
                words = part.strip().split(None, 3)
                # Also what a wrapper runs: env, exec, sudo, timeout, and a C string that is an argument list.
                for word in words[:3]:
                    path = self._known(word.strip(b"'\"(){}"))
                    if path is None:
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
