"""Programs that no record names, known by their file's name and told by a version in their constants.

A program is one row: the name of the package, what its file is called, and what stands around its version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.filetree import FileEntry, FileTree
from jettison.packages.contained.elf import LIMIT, Program
from jettison.packages.model import Gap, Package

_NUMBERS = rb"(\d{1,4}\.\d{1,4}\.\d{1,4})"
#: Bytes of a text file that tells a version.
_TEXT_LIMIT = 8192


@dataclass(frozen=True, slots=True)
class Classifier:
    """``file`` fits the whole file name; its group, if any, begins the version. The group of ``content`` is it."""

    name: str
    file: re.Pattern[str]
    content: re.Pattern[bytes]


def _row(name: str, file: str, content: bytes) -> Classifier:
    return Classifier(name, re.compile(file), re.compile(content))


PROGRAMS = (
    _row("node", r"node(?:js)?|libnode\.so[.\d]*", rb"node\.js/v" + _NUMBERS),
    _row(
        "python",
        r"(?:lib)?python([23]\.\d+)[dmtu]*(?:\.so[.\d]*)?",
        rb"[\0/]([23]\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d+)?)\+?(?=\0)",
    ),
    _row("ruby", r"ruby[.\d]*|libruby[-.\d]*\.so[.\d]*", rb"ruby " + _NUMBERS + rb"(?:p\d+|[a-z]+\d*)? \(\d{4}-"),
    _row("php", r"php(?:-fpm|-cgi|dbg)?[.\d]*|libphp[.\d]*\.so[.\d]*", rb"X-Powered-By: PHP/" + _NUMBERS),
    _row("perl", r"perl[.\d]*|libperl\.so[.\d]*", rb"\0v(5\.\d{1,2}\.\d{1,2})(?=\0)"),
    _row("busybox", r"busybox(?:[.-]static)?", rb"BusyBox v" + _NUMBERS),
    _row(
        "openssl",
        r"openssl|libcrypto\.so[.\d]*|libssl\.so[.\d]*",
        rb"OpenSSL (\d\.\d{1,2}\.\d{1,2}[a-z]{0,2}) {1,2}\d{1,2} [A-Z][a-z]{2} \d{4}",
    ),
    _row("nginx", r"nginx(?:-debug)?", rb"nginx version: nginx/" + _NUMBERS),
    _row("httpd", r"httpd|apache2", rb"Apache/" + _NUMBERS),
    _row("haproxy", r"haproxy", rb" version (\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)[^\s,]{0,40}, released \d{4}/"),
    _row("redis", r"redis-(?:server|sentinel|cli|benchmark|check-(?:aof|rdb))", rb"\0([2-9]\.\d{1,2}\.\d{1,3})(?=\0)"),
    _row("memcached", r"memcached", rb"memcached " + _NUMBERS + rb"\0"),
    _row("postgresql", r"postgres", rb"PostgreSQL (\d{1,2}(?:\.\d{1,2}){1,2}) "),
    _row("mariadb", r"mariadbd|mysqld", rb"\0" + _NUMBERS + rb"-MariaDB[-\0]"),
)
#: Text files at the top of what they are about, by name: Go's own tree, a Java home.
TEXTS = {
    row.file.pattern: row
    for row in (
        _row("go", "VERSION", rb"\Ago(1\.\d{1,3}(?:\.\d{1,3}|(?:rc|beta)\d+)?)\s"),
        _row("java", "release", rb'(?m)^JAVA_VERSION="(\d[^"\s]{0,40})"'),
    )
}


def classified(program: Program) -> Iterator[Package | Gap]:
    """What an ELF file is by the table, with its version; nothing where the version is not in it."""
    for row in PROGRAMS:
        named = row.file.fullmatch(program.entry.name)
        if named:
            start = (named[1] + ".").encode() if row.file.groups else b""
            version = _version(row, program.section(".rodata"), start) or _version(row, program.read(0, LIMIT), start)
            yield from _told(row, program.entry, version)


def classified_text(tree: FileTree, entry: FileEntry) -> Iterator[Package]:
    """What a text file says that its directory is."""
    row = TEXTS[entry.name]
    yield from _told(row, entry, _version(row, tree.read(entry, _TEXT_LIMIT), b""))


def _version(row: Classifier, data: bytes, start: bytes) -> str:
    found = (match[1] for match in row.content.finditer(data))
    return next((version.decode() for version in found if version.startswith(start)), "")


def _told(row: Classifier, entry: FileEntry, version: str) -> Iterator[Package]:
    if version:
        here = frozenset({entry.path})
        yield Package("generic", row.name, version, files=here, records=here, attributes={"classifier": row.name})
