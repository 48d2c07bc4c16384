"""A tree of directories with their sizes, small enough to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jettison.filetree import FileTree
from jettison.inspection.contents import sizes_once
from jettison.inspection.model import Node


def _nothing(_path: str) -> str:
    return ""


def treemap(tree: FileTree, *, smallest: float = 0.002, depth: int = 8, note: Callable[[str], str] = _nothing) -> Node:
    """The root as a node. What is smaller than ``smallest`` of all, or deeper than ``depth``, is put together.

    ``note`` says for a path why it is there.
    """
    sizes = sizes_once(tree)
    totals: dict[str, int] = {}
    for path, size in sizes.items():
        here = path
        totals[path] = totals.get(path, 0) + size
        while here != "/":
            here = here.rpartition("/")[0] or "/"
            totals[here] = totals.get(here, 0) + size
    least = totals.get("/", 0) * smallest
    return _node(tree, "/", totals, least, depth, note)


def _node(
    tree: FileTree, path: str, totals: Mapping[str, int], least: float, depth: int, note: Callable[[str], str]
) -> Node:
    below = [child for child in tree.children(path) if totals.get(child)]
    shown = [child for child in below if totals[child] >= least] if depth else []
    children = [_node(tree, child, totals, least, depth - 1, note) for child in shown]
    rest = sum(totals[child] for child in below) - sum(totals[child] for child in shown)
    if rest and children:
        children.append(Node(f"{len(below) - len(shown)} smaller", rest))
    children.sort(key=lambda node: (-node.bytes, node.name))
    name = path.rpartition("/")[2] or "/"
    return Node(name, totals.get(path, 0), tuple(children), "" if children else note(path))
