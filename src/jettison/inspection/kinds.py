"""What a file is, by its path and its first bytes: the groups of the table by kind."""

from __future__ import annotations

import re
from functools import lru_cache

from jettison.filetree import FileEntry, FileTree, Kind

#: The first that fits names the kind.
_BY_PATH = (
    ("package manager's caches and lists", r"/var/(cache|lib)/(apt|apk|yum|dnf)/|/var/cache/debconf/"),
    ("other caches", r"/(\.cache|\.npm|_cacache|\.yarn|\.m2|\.gradle|\.cargo/registry|__pycache__)/|\.pyc$|^/tmp/."),
    ("package records", r"^/var/lib/(dpkg|rpm)/|^/(usr/)?lib/apk/db/|^/usr/lib/sysimage/rpm/"),
    ("documentation", r"/usr/(local/)?share/(doc|man|info|gtk-doc|help|lintian)/|/man/man\d/|\.(md|markdown|rst)$"),
    ("translations", r"/usr/(local/)?share/(locale|i18n)/|/locale-archive$|/LC_MESSAGES/"),
    ("time zones", r"/zoneinfo/"),
    ("headers", r"/include/|\.(h|hpp|hh|hxx|inc)$"),
    ("static libraries and objects", r"\.(a|o|la|rlib|lib)$"),
    ("source maps and type declarations", r"\.(map|d\.ts|d\.mts|d\.cts|tsbuildinfo)$"),
    ("version control", r"/\.(git|svn|hg)/"),
    ("JavaScript", r"\.(js|mjs|cjs|jsx|ts|tsx)$"),
    ("Python", r"\.(py|pyi)$"),
    ("Ruby, Perl, PHP, Tcl", r"\.(rb|pl|pm|php|tcl)$"),
    ("Java archives", r"\.(jar|war|ear|class|jmod)$|/lib/modules$"),
    ("archives", r"\.(tar|gz|tgz|xz|bz2|zst|zip|whl|deb|rpm|apk|gem|7z)$"),
    ("certificates", r"/ssl/certs/|/ca-certificates/|\.(pem|crt|cer)$"),
    ("images and fonts", r"\.(png|jpe?g|gif|svg|ico|webp|ttf|otf|woff2?|pfb)$"),
    ("data", r"\.(json|ya?ml|xml|csv|toml|ini|conf|cfg|txt|html?|css|db|sqlite3?|dat)$"),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _BY_PATH)
_LIBRARY = re.compile(r"\.so(\.|$)|\.node$")


@lru_cache(maxsize=20_000)
def _named(directory: str, name: str) -> str:
    """The kind by the path alone. Patterns look at directories and extensions, so ``name`` may be ``x.EXTENSION``."""
    path = f"{directory.rstrip('/')}/{name}"
    return next((kind for kind, pattern in _PATTERNS if pattern.search(path)), "")


def kind_of(tree: FileTree, entry: FileEntry) -> str:
    """The kind of a regular file; everything else is ``links and devices``."""
    if entry.kind is not Kind.FILE:
        return "links and devices"
    if _LIBRARY.search(entry.name):
        return "shared libraries"
    stem, dot, extension = entry.name.rpartition(".")
    named = _named(entry.parent, f"{'x' if stem else ''}.{extension}" if dot else entry.name)
    if named or not entry.size:
        return named or "other"
    start = tree.read(entry, 4)
    if start == b"\x7fELF":
        return "programs"
    return "scripts" if start.startswith(b"#!") else "other"
