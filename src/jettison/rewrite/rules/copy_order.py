"""The source is copied before dependencies are installed, so that each change of it installs them again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile import Context, Instruction, Stage
from jettison.dockerfile.model import Copy, Run
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.context_bytes import content
from jettison.rewrite.rules.dockerignore import whole
from jettison.rewrite.rules.layers import mounted, tool, verb
from jettison.rewrite.rules.places import directory_at, resolved
from jettison.rewrite.rules.plain import Hit, Plain
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script

#: Program -> verbs that install, the files that say what, files with which more than those are needed.
_INSTALLERS: dict[str, tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]] = {
    "npm": (frozenset({"install", "i", "ci", "clean-install"}),
            ("package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc"), ()),
    "yarn": (frozenset({"install", ""}), ("package.json", "yarn.lock", ".yarnrc", ".yarnrc.yml"), (".yarn",)),
    "pnpm": (frozenset({"install", "i"}), ("package.json", "pnpm-lock.yaml", ".npmrc"), ("pnpm-workspace.yaml",)),
    "bundle": (frozenset({"install", ""}), ("Gemfile", "Gemfile.lock", ".ruby-version"), ()),
    "composer": (frozenset({"install"}), ("composer.json", "composer.lock"), ()),
    "go": (frozenset({"mod", "build", "install"}), ("go.mod", "go.sum"), ("go.work", "vendor")),
    "mvn": (frozenset({"package", "install", "verify", "dependency:go-offline"}), ("pom.xml",), ()),
    "pip": (frozenset({"install"}), (), ()),
}  # fmt: skip
_REQUIREMENTS = re.compile(r"(?:^|\s)(?:-r\s*|--requirement[= ])([\w./-]+)")
_LOCAL = re.compile(r"^\s*(?:-e|-r|-c|--|\.|/|file:|.*@\s*file:)", re.MULTILINE)


def _find(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        copied: tuple[int, Instruction] | None = None
        earlier: set[str] = set()
        for at, instruction in enumerate(stage.instructions):
            payload = instruction.payload
            if isinstance(payload, Copy) and not payload.from_ and copied is None:
                if whole(payload):
                    copied = at, instruction
                else:
                    earlier |= {source.strip("\"'").rpartition("/")[2] for source in payload.sources}
            script = sheet.script(instruction) if isinstance(payload, Run) else None
            if copied and script and not mounted(instruction, ""):
                found = next((c for c in script.commands if manifests(c) and not earlier & set(manifests(c))), None)
                if found:
                    edits = _edits(sheet, stage, copied, at, script) if found is script.commands[0] else ()
                    yield Hit(*sheet.bounds(copied[1]), _message(found, instruction), edits, safe=False)
                    break


def manifests(command: Command) -> tuple[str, ...]:
    """The files that say what a command installs; empty where it installs nothing of the project."""
    name, operands = tool(command)
    verbs, files, _ = _INSTALLERS.get(name, (frozenset(), (), ()))
    if not verbs or not (verb(command, verbs) or ("" in verbs and not operands)):
        return ()
    if name == "pip":
        return tuple(_REQUIREMENTS.findall(" ".join(word.text for word in command.arguments)))
    named = len(operands) > 1 and name in ("npm", "pnpm") and verb(command, verbs) is operands[0]
    return () if named else files


def _message(command: Command, instruction: Instruction) -> str:
    return (
        f"any change of the source makes line {instruction.line} install everything again; "
        f"copy {', '.join(manifests(command)[:2])} first"
    )


def _edits(sheet: Sheet, stage: Stage, copied: tuple[int, Instruction], at: int, script: Script) -> tuple[Edit, ...]:
    """The files and the installation in front of the COPY, where the RUN follows it and they suffice."""
    place, copy = copied
    install, context = script.commands[0], sheet.context
    files = _sufficient(context, install) if context else ()
    payload = copy.payload
    if (
        not files
        or at != place + 1
        or not isinstance(payload, Copy)
        or install.conditional
        or payload.sources != (".",)
    ):
        return ()
    target, here = payload.destination.strip("\"'"), directory_at(stage, copy)
    if resolved(target, here) != here or not here:
        return ()
    run, end = stage.instructions[at], sheet.offset(stage.instructions[at]) + len(stage.instructions[at].source)
    start = sheet.bounds(run)[0]
    head, line = sheet.text[start : install.start], sheet.text[install.start : install.end]
    if "<<" in run.source or tool(install)[0] == "go":
        return ()
    flags = f" --chown={payload.chown}" if payload.chown else ""
    new = Edit(sheet.bounds(copy)[0], sheet.bounds(copy)[0], f"COPY{flags} {' '.join(files)} ./\n{head}{line}\n")
    if len(script.commands) == 1:
        return (new, Edit(start, end, ""))
    following = script.commands[1]
    return (new, Edit(install.start, following.start, "")) if following.before == "&&" else ()


def _sufficient(context: Context, command: Command) -> tuple[str, ...]:
    """Those of the manifests that are there; empty where they are known not to be all that is needed."""
    name = tool(command)[0]
    files = tuple(file for file in manifests(command) if context.has(file))
    if not files or any(context.has(other) for other in _INSTALLERS[name][2]):
        return ()
    return files if name != "pip" or not any(_refers(context, file) for file in files) else ()


def _refers(context: Context, file: str) -> bool:
    text = content(context, file)
    return text is None or _LOCAL.search(text) is not None


COPY_BEFORE_INSTALL = Plain(
    "copy-before-install", Severity.INFO, "any change of the source installs all dependencies again", (), _find
)
