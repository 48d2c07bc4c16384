"""Dependencies for development in the stage that becomes the image."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from jettison.dockerfile import Context, Stage
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.base_size import base_image
from jettison.rewrite.rules.context_bytes import content
from jettison.rewrite.rules.layers import shipped, tool, verb
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.rules.single_stage import compiles
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Word

#: Program -> verbs; what the text says where it goes without them; the flag that says so.
_INSTALLERS: dict[str, tuple[frozenset[str], str, str]] = {
    "npm": (frozenset({"install", "i", "ci", "clean-install"}),
            r"--omit[= ]dev|--production|--only[= ]prod|npm\s+prune", "--omit=dev"),
    "yarn": (frozenset({"install", ""}), r"--prod(?:uction)?\b|workspaces\s+focus", "--production"),
    "pnpm": (frozenset({"install", "i"}), r"--prod(?:uction)?\b|\s-P\b|pnpm\s+(?:prune|deploy)", "--prod"),
    "bundle": (frozenset({"install", ""}), r"--without|\bwithout\b|BUNDLE_WITHOUT|BUNDLE_ONLY", ""),
    "composer": (frozenset({"install", "update"}), r"--no-dev|COMPOSER_NO_DEV", "--no-dev"),
    "poetry": (frozenset({"install", "sync"}), r"--no-dev|--only|--without", "--only=main"),
    "uv": (frozenset({"sync"}), r"--no-dev|--no-default-groups|UV_NO_DEV", "--no-dev"),
}  # fmt: skip
_NODE = ("npm", "yarn", "pnpm")
_FOR_NODE = r"|NODE_ENV[= ]\s*\"?production"
_OLD_NODE = re.compile(r"(?:.*/)?node:(\d+)")


def _find(sheet: Sheet) -> Iterator[Hit]:
    text = "\n".join(i.source for stage in sheet.lineage(sheet.final) for i in stage.instructions)
    builds = any(compiles(command) for _, _, script in shipped(sheet) for command in script.commands)
    for stage, _, script in shipped(sheet):
        for command in script.commands:
            place, without, flag = _install(command)
            if tool(command)[0] in _NODE:
                without += _FOR_NODE
            if place and not re.search(without, text) and not _has_none(sheet.context, tool(command)[0]):
                flag = _for_old(sheet, stage) if flag == "--omit=dev" else flag
                edits = (Edit(place.end, place.end, f" {flag}"),) if flag and not builds else ()
                yield at(command, f"{command.name} installs dependencies for development too", edits, safe=False)


def _install(command: Command) -> tuple[Word | None, str, str]:
    """The word that says to install what the project lists; what would forbid those for development."""
    name, operands = tool(command)
    verbs, without, flag = _INSTALLERS.get(name, (frozenset(), "", ""))
    place = verb(command, verbs) or (command.proper[0] if "" in verbs and not command.arguments else None)
    if not place or command.options & {"-g", "--global", "--version", "--help"}:
        return None, "", ""
    named = [word for word in operands if word.start > place.end and not _is_value(command, word)]
    return (None, "", "") if named and name == "npm" else (place, without, flag)


def _is_value(command: Command, word: Word) -> bool:
    """Whether an option stands right in front of it."""
    before = [each for each in command.arguments if each.end < word.start]
    return bool(before) and before[-1].text.startswith("--") and "=" not in before[-1].text


def _for_old(sheet: Sheet, stage: Stage) -> str:
    """``--omit`` is of npm 7, which Node 15 brought; older ones pass over it silently."""
    found = _OLD_NODE.match(base_image(sheet, stage))
    return "--production" if found and int(found[1][:4]) < 15 else "--omit=dev"


def _has_none(context: Context | None, name: str) -> bool:
    """Whether the context's package.json lists none."""
    if context is None or name not in _NODE:
        return False
    try:
        found = json.loads(content(context, "package.json") or "")
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and not found.get("devDependencies")


DEV_DEPENDENCIES = Plain(
    "dev-dependencies", Severity.INFO, "dependencies for development are installed into the image", (), _find
)
