"""Perl, Ruby and PHP: modules that a source names, found in the directories where the image has such modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from jettison.closure.model import Edge, Evidence
from jettison.filetree import FileEntry, FileTree, Kind

_LIMIT = 2 << 20


class _Modules:
    """The files of one language in a tree, by the last part of their path."""

    def __init__(self, tree: FileTree, place: re.Pattern[str]) -> None:
        self._tree, self._place = tree, place

    @cached_property
    def by_name(self) -> Mapping[str, list[str]]:
        """``Time/HiRes.pm`` -> where it is, for every directory of the search path."""
        found: dict[str, list[str]] = {}
        for path, entry in self._tree.items():
            match = self._place.match(path) if entry.kind in (Kind.FILE, Kind.SYMLINK) else None
            if match:
                found.setdefault(match["name"], []).append(path)
        return found


_PERL_PLACE = re.compile(
    r"^(?:/usr/local/lib/perl5/[^/]+/[\d.]+/[^/]*linux[^/]*|/usr/local/lib/[^/]+/perl/[\d.]+|/usr/local/share/perl/[\d.]+"
    r"|/usr/local/lib/perl5/(?:site_perl/|vendor_perl/)?[\d.]+|/usr/lib/[^/]+/perl-base|/usr/lib/[^/]+/perl5?/[\d.]+"
    r"|/usr/share/perl/[\d.]+|/usr/share/perl5(?:/(?:core|vendor)_perl)?|/usr/lib/perl5/(?:core|vendor)_perl"
    r"|/etc/perl)/(?P<name>.+\.pm)$"
)
_PERL_USES = re.compile(rb"(?:use|require|no)\s+([A-Za-z]\w*(?:::\w+)*)")
_PERL_BASES = re.compile(rb"use\s+(?:parent|base)\b([^;]{1,1000})")
_PERL_LOADS = re.compile(rb"\b(?:use_module|require_module|load_class|load_module)\W{1,3}([A-Za-z]\w*(?:::\w+)*)")
_PERL_DRIVER = re.compile(rb"\bdbi:(\w+)[:(]", re.IGNORECASE)
_PERL_NAME = re.compile(rb"[A-Za-z]\w*(?:::\w+)*")
#: Documentation, which is long and names modules in passing.
_PERL_POD = re.compile(rb"\n=[a-zA-Z].*?(?:\n=cut\b[^\n]*|\Z)", re.DOTALL)
_RUBY_PLACE = re.compile(
    r"^.*/gems/(?P<of>[^/]+)-\d[^/]*/lib/(?P<gem>.+\.(?:rb|so))$"
    r"|^/(?:usr|usr/local|opt/[^/]+)/(?:lib|share|lib/[^/]+)/ruby/(?:vendor_ruby/|site_ruby/)?(?:[\d.]+/)?"
    r"(?:[^/]*linux[^/]*/)?(?P<name>.+\.(?:rb|so))$"
)
_RUBY_REQUIRES = re.compile(rb"\brequire\s*\(?\s*['\"]([\w./-]+)['\"]")
_RUBY_RELATIVE = re.compile(rb"\b(?:require_relative|load|autoload\s+:\w+,)\s*\(?\s*['\"]([\w./-]+)['\"]")
_PHP_INCLUDES = re.compile(
    rb"\b(?:require|include)(?:_once)?\s*\(?\s*(?:__DIR__\s*\.\s*|dirname\(__FILE__\)\s*\.\s*)?['\"]([\w./-]+)['\"]"
)


class Perl:
    """Closer: ``use`` and ``require``; the ``.so`` of a module with native code is ``auto/…/NAME.so``."""

    name = "perl"

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._modules = _Modules(tree, _PERL_PLACE)

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        perl = entry.name.endswith((".pm", ".pl", ".cgi", ".psgi", ".t")) or _says(tree, entry, b"perl")
        if not perl or entry.size > _LIMIT:
            return
        evidence = Evidence("import", entry.path)
        for name in used_by_perl(tree.read(entry)):
            for path in (*self._modules.by_name.get(f"{name}.pm", ()), *self._beside(entry, f"{name}.pm")):
                yield Edge(path, evidence)
                yield from self._native(path, name, evidence)

    def _beside(self, entry: FileEntry, name: str) -> Iterator[str]:
        for base in (entry.parent, f"{entry.parent}/lib", f"{entry.parent.rpartition('/')[0]}/lib"):
            if f"{base}/{name}" in self._tree:
                yield f"{base}/{name}"

    def _native(self, path: str, name: str, evidence: Evidence) -> Iterator[Edge]:
        base = path.removesuffix(f"/{name}.pm")
        native = f"{base}/auto/{name}/{name.rpartition('/')[2]}.so"
        if native in self._tree:
            yield Edge(native, evidence)


def used_by_perl(source: bytes) -> set[str]:
    """The modules that a Perl source names, ``Time::HiRes`` as ``Time/HiRes``; a database's driver by its DSN."""
    code = _PERL_POD.sub(b"", source.partition(b"\n__END__")[0])
    names = {*_PERL_USES.findall(code), *_PERL_LOADS.findall(code)}
    names.update(name for bases in _PERL_BASES.findall(code) for name in _PERL_NAME.findall(bases))
    names.update(b"DBD::" + driver for driver in _PERL_DRIVER.findall(code))
    return {name.decode("ascii", "replace").replace("::", "/") for name in names}


class Ruby:
    """Closer: ``require``, ``require_relative``, ``autoload`` with literal names."""

    name = "ruby"

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, entry in self._tree.items():
            match = _RUBY_PLACE.match(path) if path.endswith((".rb", ".so")) and entry.kind is Kind.FILE else None
            for name in _ruby_names(match) if match else ():
                found.setdefault(name, []).append(path)
        return found

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        ruby = entry.name.endswith((".rb", ".ru")) or _says(tree, entry, b"ruby")
        if not ruby or entry.size > _LIMIT:
            return
        content = tree.read(entry)
        evidence = Evidence("import", entry.path)
        for raw in set(_RUBY_REQUIRES.findall(content)):
            name = raw.decode("utf-8", "replace")
            stems = (name,) if name.endswith((".rb", ".so")) else (f"{name}.rb", f"{name}.so")
            for stem in stems:
                yield from (Edge(path, evidence) for path in self._by_name.get(stem, ()))
        yield from _relative(tree, entry, _RUBY_RELATIVE.findall(content), (".rb", ""), evidence)


def _ruby_names(match: re.Match[str]) -> set[str]:
    """What ``require`` calls a file; some gems are searched from ``lib/NAME`` on instead of ``lib``."""
    if match["name"]:
        return {match["name"]}
    return {match["gem"], match["gem"].removeprefix(f"{match['of']}/")}


class Php:
    """Closer: ``require`` and ``include`` with literal names."""

    name = "php"

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if not entry.name.endswith((".php", ".phtml", ".inc")) or entry.size > _LIMIT:
            return
        names = [raw.lstrip(b"/") if raw.startswith(b"/") else raw for raw in _PHP_INCLUDES.findall(tree.read(entry))]
        yield from _relative(tree, entry, names, ("",), Evidence("import", entry.path))


def _says(tree: FileTree, entry: FileEntry, interpreter: bytes) -> bool:
    """A script without a suffix that is run by ``interpreter``."""
    if not entry.mode & 0o111 or "." in entry.name:
        return False
    head = tree.read(entry, 128)
    return head.startswith(b"#!") and interpreter in head.partition(b"\n")[0]


def _relative(
    tree: FileTree, entry: FileEntry, names: list[bytes], suffixes: tuple[str, ...], evidence: Evidence
) -> Iterator[Edge]:
    for raw in set(names):
        for suffix in suffixes:
            path = f"{entry.parent}/{raw.decode('utf-8', 'replace')}{suffix}"
            if tree.resolve(path):
                yield Edge(path, evidence)
