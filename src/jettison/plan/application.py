"""Which of the application's own files stay: all of them, but for what only a compiler or a developer reads."""

from __future__ import annotations

import re
from collections.abc import Collection

from jettison.attribution import CACHES, Attribution, inside_packages
from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind

#: Sources that are compiled before the program runs. Scripts, templates and data are not among them.
_SOURCES = re.compile(
    r"\.(go|rs|c|cc|cpp|cxx|h|hh|hpp|hxx|java|kt|scala|groovy|hs|swift|zig|cs|fs|vb|csproj|f90|pas|ml|mli|nim|cr|d)$"
    r"|/(go\.mod|go\.sum|go\.work|Cargo\.toml|Cargo\.lock|CMakeLists\.txt|configure\.ac|pom\.xml|build\.gradle(\.kts)?)$"
)
_OBJECTS = re.compile(r"\.(o|a|la|lo|rlib|rmeta|gch|pch|hi|obj|pdb)$")
#: Cache Directory Tagging Specification, https://bford.info/cachedir/
_CACHE_TAG = "CACHEDIR.TAG"
_CACHE_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"


def only_built_from(path: str) -> str:
    """Why the application does not need this file of its own once it is built; ``""`` where it may."""
    if _SOURCES.search(path):
        return "source of a compiled language"
    if _OBJECTS.search(path):
        return "an intermediate file of a build"
    return ""


def own_files(tree: FileTree, attribution: Attribution) -> dict[str, Evidence]:
    """The application's own files that stay, and its empty directories."""
    tagged = cache_directories(tree)
    kept = {
        path: Evidence("application", why)
        for path, why in attribution.application.items()
        if not only_built_from(path) and not _below_any(path, tagged)
    }
    return kept | _directories(tree, attribution, tagged)


def _directories(tree: FileTree, attribution: Attribution, tagged: Collection[str]) -> dict[str, Evidence]:
    """Empty directories of the application, which it may write into."""
    found: dict[str, Evidence] = {}
    for root in sorted({why for why in attribution.application.values() if why.startswith("/")}):
        for path in tree.below(root):
            empty = tree[path].kind is Kind.DIRECTORY and not tree.children(path)
            if empty and not (CACHES.search(path) or inside_packages(path) or _below_any(path, tagged)):
                found[path] = Evidence("application", root)
    return found


def cache_directories(tree: FileTree) -> frozenset[str]:
    """Directories that say of themselves that they are caches (Cargo's ``target`` does)."""
    tags = (entry for path, entry in tree.items() if path.endswith(_CACHE_TAG) and entry.kind is Kind.FILE)
    return frozenset(entry.parent for entry in tags if tree.read(entry, 64).startswith(_CACHE_SIGNATURE))


def _below_any(path: str, directories: Collection[str]) -> bool:
    return any(path.startswith(f"{directory}/") for directory in directories)
