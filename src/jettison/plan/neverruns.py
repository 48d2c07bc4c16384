"""What no program reads at run time: left out where something is kept whole, unless it was used or is needed."""

from __future__ import annotations

import re

#: Reason -> pattern on the whole path. The first that matches gives the reason.
_REASONS = {
    "documentation": (
        r"^/usr/(local/)?share/(doc|man|info|gtk-doc|help|doc-base|lintian|linda|bug|groff|vim|emacs)/"
        r"|^/usr/(local/)?man/|/node_modules/(@[^/]+/)?[^/]+/man/|/share/ri/|/pod/.*\.pod$|\.pod$"
        r"|/node_modules/.*/(docs?|website)/.*\.(md|html|png|gif|jpe?g|svg|css|txt)$"
        r"|/node_modules/.*/(?i:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|UPGRADING|SECURITY|CODE_OF_CONDUCT)"
        r"(\.(md|markdown|txt|rst|html|[a-z]{2}\.md))?$"
    ),
    "headers of a library": (
        r"^/usr/(local/)?include/|/(site|dist)-packages/.*\.(h|hh|hpp|hxx|cuh|pxd|inc)$"
        r"|/node_modules/.*\.(h|hh|hpp|hxx)$|/gems/.*\.(h|hpp)$"
    ),
    "a library to link with": (r"\.(a|la|o|lo)$|/pkgconfig/[^/]*\.pc$|/lib(64)?/cmake/|/share/(aclocal|cmake[^/]*)/"),
    "source of compiled code": (
        r"/node_modules/.*\.(c|cc|cpp|cxx|gyp|gypi|mk|o\.d)$|/(site|dist)-packages/.*\.(c|cc|cpp|cu|pyx|f|f90)$"
        r"|/gems/.*/ext/.*\.(c|cc|cpp|rl|o)$|/gems/.*\.(gem|o)$|/build/Release/(obj[^/]*|\.deps)/"
    ),
    "tests of a package": (
        r"/(site|dist)-packages/([^/]+/)+tests/|/(site|dist)-packages/tests/"
        r"|/node_modules/(@[^/]+/)?[^/@]+/(test|tests|__tests__|spec|examples?|benchmarks?|coverage|\.github)/"
        r"|/gems/[^/]+-\d[^/]*/(test|tests|spec|features|examples?|benchmarks?)/"
        r"|/node_modules/.*/__tests__/"
    ),
    "types, source maps and settings for developers": (
        r"/node_modules/.*(\.d\.[mc]?ts|\.js\.map|\.mjs\.map|\.cjs\.map|\.css\.map|\.ts\.map|\.js\.flow|\.tsbuildinfo)$"
        r"|/node_modules/.*/(\.travis\.yml|\.eslintrc[^/]*|\.eslintignore|\.npmignore|\.editorconfig|\.jshintrc|\.nycrc"
        r"|\.gitattributes|\.gitmodules|\.prettierrc[^/]*|appveyor\.yml|Makefile|Gruntfile\.js|[Gg]ulpfile\.js"
        r"|karma\.conf\.js|bower\.json|component\.json|tsconfig[^/]*\.json|tslint\.json|yarn\.lock)$"
    ),
    "a cache": r"/__pycache__/|\.py[co]$|/\.cache/|/node_modules/\.(cache|package-lock\.json)",
    "a version-control directory": r"/\.(git|hg|svn)/",
    "a second form of the time zone data": r"^/usr/share/zoneinfo/(right|posix)/",
    "a shell's completion": (
        r"/(bash-completion|zsh/(site|vendor)-(functions|completions)|fish/vendor_completions\.d)/"
    ),
}
_ANY = re.compile("|".join(f"(?P<r{number}>{pattern})" for number, pattern in enumerate(_REASONS.values())))
_NAMES = tuple(_REASONS)


def never_runs(path: str) -> str:
    """Why nothing reads ``path`` at run time, in a few words; ``""`` where something might."""
    found = _ANY.search(path)
    if not found or not found.lastgroup:
        return ""
    group = next(name for name, value in found.groupdict().items() if value is not None)
    return _NAMES[int(group[1:])]
