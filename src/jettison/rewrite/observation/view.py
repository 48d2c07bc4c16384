"""What a shell in the build sees of the kept paths, which lie below a directory of the original's root."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from jettison.filetree import LINK_LIMIT, FileTree, Kind


class View:
    """The kept paths of ``tree`` below ``directory``, such as ``/kept``."""

    def __init__(self, tree: FileTree, kept: Collection[str], directory: str) -> None:
        self.tree, self.directory = tree, directory
        self.small = tree.subset(kept)

    def has(self, path: str) -> bool:
        """Whether the small image has ``path``, links on the way followed."""
        return self.small.walk(path, follow_last=False)[0] is not None

    def finds(self, path: str) -> bool:
        """Whether ``[ -e DIRECTORY/PATH ] || [ -L DIRECTORY/PATH ]``: an absolute link leads into the original."""
        todo, here, links = _parts(path), "/", 0
        while todo:
            part = todo.pop()
            if part == "..":
                here = here.rpartition("/")[0] or "/"
                continue
            here = f"{'' if here == '/' else here}/{part}"
            entry = self.small.get(here)
            if entry is None:
                return False
            if entry.kind is not Kind.SYMLINK or not todo:
                continue
            links += 1
            if entry.target.startswith("/") or links > LINK_LIMIT:
                rest = "/".join(reversed(todo))
                return self.tree.walk(f"{entry.target}/{rest}", follow_last=False)[0] is not None
            here = entry.parent
            todo.extend(_parts(entry.target))
        return True


def _parts(path: str) -> list[str]:
    """The components, the first one last."""
    return [part for part in reversed(path.split("/")) if part and part != "."]


@dataclass(frozen=True, slots=True)
class Writing:
    """``script``: lines of shell; ``written``: what they write, path -> content; ``packages``: what remains of them.

    ``needs`` are the commands beside the shell's own; ``refused`` says why this must not be written, if so.
    """

    script: tuple[str, ...]
    written: dict[str, bytes]
    packages: tuple[str, ...]
    needs: tuple[str, ...]
    refused: str = ""


#: Names of packages that mean nothing else to a shell, sed or awk (deb-control(5); apk's are of the same kind).
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*(:[a-z0-9-]+)?", re.ASCII)


def refused(view: View, names: Iterable[str], paths: Iterable[str]) -> str:
    """Why records of the packages ``names``, which would tell of ``paths``, are not written; ``""`` if they are."""
    odd = next((name for name in names if not _PACKAGE.fullmatch(name)), None)
    if odd is not None:
        return f"{odd!r} is no name of a package"
    untrue = next((path for path in paths if not view.has(path)), None)
    return f"they would name {untrue}, which is not kept" if untrue is not None else ""
