"""How far a plan is rounded up, so that a person can read what is copied."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from jettison.attribution import CACHES, inside_packages
from jettison.errors import Unsupported
from jettison.filetree import FileTree, Kind
from jettison.rewrite.observation.cover import Cover, Rules, cover, covers, expand
from jettison.rewrite.observation.litter import litter

#: Up to so many lines nothing is rounded; more lines than the second number are not written at all.
LINES, MOST_LINES = 40, 320
#: How many bytes too many a line less is worth.
LINE_BYTES = 500_000
#: Characters that a byte may cost, all of which are tried.
_PRICES = tuple(2.0**-power for power in range(8, 17))
#: Directories that a language's packages or modules lie in.
_LANGUAGE = re.compile(
    r"/(node_modules|bower_components|site-packages|dist-packages|gems|vendor/bundle|perl|perl5|perl-base|ruby|php|python3[^/]*)$"
)
#: What belongs to one program or package, below the directories that all of them share.
_UNIT = re.compile(
    r"^/usr/(local/)?(lib|lib64|libexec|share)/(?![^/]*-linux-)[^/]+/.|^/usr/lib/[^/]*-linux-[^/]*/[^/]+/.|^/opt/[^/]+/."
)
#: What is never taken along unasked: caches, keys, passwords.
_PRIVATE = re.compile(
    r"/\.(ssh|aws|docker|kube|gnupg|azure|config/gcloud)(/|$)|/\.(env[^/]*|npmrc|netrc|pypirc|pgpass|git-credentials)$"
    r"|/id_(rsa|dsa|ecdsa|ed25519)$|\.(pem|key|p12|pfx|jks|keystore)$|/(secrets?|credentials?)(/|\.|$)"
)
#: Never copied whole: the root, what a build mounts on, and directories in which everything has its own purpose.
SPLIT = (
    "/", "/dev", "/proc", "/sys", "/run", "/etc", "/root", "/home",
    "/var/lib/dpkg", "/var/lib/dpkg/info", "/lib/apk/db", "/usr/lib/apk/db",
)  # fmt: skip


def readable(
    tree: FileTree,
    kept: Collection[str],
    roots: Collection[str],
    unwanted: Collection[str],
    apart: Collection[str],
    lines: Callable[[Cover], int],
) -> Cover:
    """A cover of ``kept`` that a person can read: exact where that is short, else short for few bytes too many.

    ``roots`` are the application's directories; ``unwanted`` are paths that the user excluded; ``apart`` are paths
    that must not be copied with others; ``lines`` counts how many lines of a Dockerfile a cover takes. Raises
    ``Unsupported`` where even the shortest is too long.
    """
    split = (*SPLIT, *apart)
    exact = cover(tree, kept, Rules(split))
    if lines(exact) <= LINES:
        return exact
    found = litter(tree, kept, _language(tree, kept))
    may_round = _may_round(tree, roots, unwanted)
    candidates = [exact, cover(tree, kept, Rules(split, found))]
    candidates += covers(tree, kept, Rules(split, found, may_round), _PRICES)
    sizes = {each: sum(tree[path].size for path in expand(each, tree).difference(kept)) for each in candidates}
    lengths = {each: lines(each) for each in sizes}
    best = min(sizes, key=lambda each: (lengths[each] + sizes[each] / LINE_BYTES, sizes[each]))
    if lengths[best] > MOST_LINES:
        raise Unsupported(
            f"cannot write a readable Dockerfile by observation: it would have {lengths[best]} lines of paths"
        )
    return best


def _language(tree: FileTree, kept: Collection[str]) -> Iterator[str]:
    """The outermost kept directories of language packages."""
    waiting = ["/"]
    while waiting:
        for child in tree.children(waiting.pop()):
            if child in kept and tree[child].kind is Kind.DIRECTORY:
                if _LANGUAGE.search(child):
                    yield child
                else:
                    waiting.append(child)


def _may_round(tree: FileTree, roots: Collection[str], unwanted: Collection[str]) -> Callable[[str], bool]:
    """Whether a path may be copied that is not kept: it belongs to what is, is nothing private, and not setuid."""
    own = tuple(f"{root}/" for root in roots)

    def may_round(path: str) -> bool:
        entry = tree[path]
        if path in unwanted:
            return False
        if CACHES.search(path) or _PRIVATE.search(path) or (entry.kind is Kind.FILE and entry.mode & 0o6000):
            return False
        return path.startswith(own) or _UNIT.match(path) is not None or inside_packages(path)

    return may_round
