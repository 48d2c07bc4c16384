"""What a shell in the build sees of the kept paths, which lie below a directory of the original's root."""

from __future__ import annotations

from collections.abc import Collection
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

    ``needs`` are the commands beside the shell's own; ``untrue`` is a path that would be named and is not there.
    """

    script: tuple[str, ...]
    written: dict[str, bytes]
    packages: tuple[str, ...]
    needs: tuple[str, ...]
    untrue: str = ""
