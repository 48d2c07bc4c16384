"""What one layer brings and a later one removes: it is still in the image, where nobody sees it."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.dockerfile import Instruction, Stage
from jettison.dockerfile.model import Copy, Run
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.context_bytes import saving
from jettison.rewrite.rules.layers import tool
from jettison.rewrite.rules.merging import merged
from jettison.rewrite.rules.places import directory_at, inside, resolved
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script

#: Where programs leave what is often removed.
_LEAVES = {
    "apt-get": ("/var/lib/apt/lists", "/var/cache/apt"), "apt": ("/var/lib/apt/lists", "/var/cache/apt"),
    "apk": ("/var/cache/apk",), "yum": ("/var/cache/yum",), "dnf": ("/var/cache/dnf", "/var/cache/yum"),
    "pip": ("/root/.cache",), "npm": ("/root/.npm",), "yarn": ("/usr/local/share/.cache",), "go": ("/root/.cache",),
}  # fmt: skip
_MAKERS = frozenset({"wget", "curl", "git", "cp", "mv", "mkdir", "tar", "unzip", "touch", "tee", "install", "ln", "dd"})
#: Program and verb that removes -> verbs of the same program that bring.
_UNDONE = {
    ("apt-get", "remove"): "install", ("apt-get", "purge"): "install", ("apt-get", "autoremove"): "",
    ("apk", "del"): "add", ("yum", "remove"): "install", ("yum", "erase"): "install", ("dnf", "remove"): "install",
    ("npm", "uninstall"): "install", ("npm", "prune"): "install", ("pip", "uninstall"): "install",
    ("npm", "cache"): "install", ("yarn", "cache"): "install", ("yum", "clean"): "install", ("dnf", "clean"): "install",
}  # fmt: skip


#: How many instructions are looked back at: what a person wrote is near.
_NEAREST = 300


def _find(sheet: Sheet) -> Iterator[Hit]:
    earlier: list[tuple[Stage, Instruction, Script | None]] = []
    for stage in reversed(sheet.lineage(sheet.final)):
        for instruction in stage.instructions:
            script = sheet.script(instruction) if isinstance(instruction.payload, Run) else None
            found = _first(stage, instruction, script, earlier) if script else None
            if script and found:
                command, (_, source, before) = found
                neighbours = merged(sheet, (source, before), (instruction, script)) if before else ()
                message = f"line {source.line} brought it, and its layer keeps it; remove it there, or do not bring it"
                brought = source.payload
                only = isinstance(brought, Copy) and len(brought.sources) == 1
                saved = saving(sheet.context, [brought]) if only and isinstance(brought, Copy) else None
                yield at(command, message, neighbours, saving=saved)
            earlier.append((stage, instruction, script))


def _first(
    stage: Stage, instruction: Instruction, script: Script, earlier: list[tuple[Stage, Instruction, Script | None]]
) -> tuple[Command, tuple[Stage, Instruction, Script | None]] | None:
    """The first command that removes what an earlier instruction brought, and the last such instruction."""
    for command in script.commands:
        removes = [path for path in _paths(command, stage, instruction) if not _own(path, script)]
        if not removes and not _undone(command):
            continue
        for source in reversed(earlier[-_NEAREST:]):
            if any(_brings(path, *source) for path in removes) or _undoes(command, source[2], script):
                return command, source
    return None


def _paths(command: Command, stage: Stage, instruction: Instruction) -> tuple[str, ...]:
    if command.name != "rm":
        return ()
    here = directory_at(stage, instruction)
    paths = (resolved((word.value or "").removesuffix("/*"), here) for word in command.operands)
    return tuple(path for path in paths if path not in ("", "/"))


def _own(path: str, script: Script) -> bool:
    """Whether the same RUN makes it anew before it removes it."""
    tools = [(tool(command)[0], _verb(command)) for command in script.commands]
    return any(
        verb and path in _LEAVES.get(name, ()) and (name not in ("apt", "apt-get") or verb == "update")
        for name, verb in tools
    )


def _brings(path: str, stage: Stage, instruction: Instruction, script: Script | None) -> bool:
    here, payload = directory_at(stage, instruction), instruction.payload
    if isinstance(payload, Copy):
        target = resolved(payload.destination.strip("\"'"), here)
        names = (source.strip("\"'").rpartition("/")[2] for source in payload.sources)
        ends = payload.destination.strip("\"'").endswith(("/", ".")) or len(payload.sources) > 1
        places = [f"{target.rstrip('/')}/{name}" for name in names if name not in ("", ".")] if ends else [target]
        return any(inside(place, path) for place in places)
    return script is not None and any(_leaves(command, here, path, script) for command in script.commands)


def _leaves(command: Command, here: str, path: str, script: Script) -> bool:
    """Whether a command makes ``path``, by its words, and its own RUN does not take it away."""
    name, operands = tool(command)
    if any(each.name in ("rm", "mv") and path in _words(each) for each in script.commands):
        return False
    if operands and path in _LEAVES.get(name, ()):
        return True
    if name not in _MAKERS or any(each.name == "cd" for each in script.commands):
        return False
    options = (word for word in command.arguments if word.value and not word.text.startswith("-"))
    made = {resolved(word.value or "", here) for word in options}
    made |= {resolved((word.value or "").rpartition("/")[2], here) for word in operands if "://" in (word.value or "")}
    return any(inside(place, path) for place in made)


def _words(command: Command) -> str:
    """All words in one line."""
    return " ".join(word.value or word.text for word in command.words)


def _undone(command: Command) -> str:
    """What would have done what it undoes; ``""`` where it undoes nothing."""
    name, operands = tool(command)
    return _UNDONE.get((name, operands[0].value or "" if operands else ""), "")


def _undoes(command: Command, before: Script | None, script: Script) -> bool:
    """Whether it removes packages that an earlier RUN installed, and its own did not."""
    name, operands = tool(command)
    verb = operands[0].value or "" if operands else ""
    brought = _undone(command)
    if not brought or before is None or (name == "npm" and verb == "cache" and "verify" in _words(command)):
        return False
    named = {word.value for word in operands[1:]} if verb not in ("clean", "cache", "prune") else set()
    same = [each for each in before.commands if tool(each)[0] == name and _verb(each) in (brought, "ci", "i", "")]
    if any(tool(each)[0] == name and _verb(each) == brought for each in script.commands):
        return False
    if not named:
        return bool(same) and not any(_verb(each) == verb for each in before.commands)
    return any(named & {word.value for word in each.arguments} for each in same)


def _verb(command: Command) -> str:
    operands = tool(command)[1]
    return operands[0].value or "" if operands else ""


REMOVED_LATER = Plain(
    "removed-in-later-layer", Severity.WARNING,
    "what an earlier layer brought stays in the image; remove it in the same RUN", (), _find,
)  # fmt: skip
