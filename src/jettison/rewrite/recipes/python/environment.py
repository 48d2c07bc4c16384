"""Where a Dockerfile installs Python packages, and how its steps are changed so that it is one directory to copy."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Pairs, Text
from jettison.errors import Unsupported
from jettison.rewrite.model import Edit
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import Step, after, steps, with_edits
from jettison.rewrite.shell import Word

VENV = "/opt/venv"
_PIP = re.compile(r"pip(\d(\.\d+)?)?")
_PYTHON = re.compile(r"python(\d(\.\d+)?)?")
#: What installs others, and is not used by the program.
_INSTALLERS = frozenset(
    {"pip", "setuptools", "wheel", "poetry", "pipenv", "uv", "pip-tools", "virtualenv", "pipx", "build"}
)
#: What only developers run.
_DEVELOPMENT = frozenset({
    "pytest", "black", "mypy", "flake8", "ruff", "isort", "pylint", "tox", "nox", "coverage", "pre-commit", "bandit",
    "autopep8", "yapf", "pytest-cov", "pytest-xdist", "pytest-asyncio", "ipython", "ipdb", "pyright", "twine",
})  # fmt: skip
_NAME = re.compile(r"[\w.-]+")
_GROUPS = ("--only", "--no-dev", "--without", "--with", "--only-main")


@dataclass(frozen=True, slots=True)
class Environment:
    """A directory with packages and their programs; ``""`` where nothing is installed. ``made`` says that it is none
    of the original's. ``instead`` and ``last`` are for ``compose``."""

    path: str = ""
    made: bool = False
    instead: Mapping[Instruction, str] = field(default_factory=dict)
    last: tuple[str, ...] = ()


def environment(project: Project, *, system: bool) -> Environment:
    """Where packages go. ``system`` says that Python is the distribution's.

    Raises ``Unsupported`` where they go to more than one place.
    """
    done = steps(project)
    real = [step for step in done if _is_install(step) and not _is_only(step, _INSTALLERS)]
    unused = _unused(done, real)
    instead = dict.fromkeys(unused, "")
    real = [step for step in real if step.instruction not in unused]
    own = _own(project, done)
    for instruction in dict.fromkeys(step.instruction for step in real):
        mine = [step for step in real if step.instruction is instruction]
        if edits := [edit for step in mine for edit in _edits(project, step, virtual=not own)]:
            instead[instruction] = with_edits(instruction, edits)
    if own:
        if any(_is_pip(step) and not _inside(project, step, own) for step in real):
            raise Unsupported(f"cannot rewrite {project.stage.base.image}: packages are installed beside {own} too")
        return Environment(own, instead=instead)
    if not real:
        return Environment(instead=instead)
    _check_path(project)
    first = real[0].instruction
    instead[first] = f"{_making(project, first, system)}{instead.get(first, first.source)}"
    return Environment(VENV, True, instead, _without_pip(project))


def _is_install(step: Step) -> bool:
    verb = [word.value for word in step.command.operands[:2]]
    match step.command.name:
        case "poetry" | "pipenv":
            return verb[:1] in (["install"], ["sync"])
        case "uv":
            return verb[:1] == ["sync"] or verb[:2] in (["pip", "install"], ["pip", "sync"])
    return _is_pip(step) or step.command.name == "setup.py"


def _is_pip(step: Step) -> bool:
    command = step.command
    words = [word.value for word in command.arguments]
    if _PYTHON.fullmatch(command.name):
        return words[:3] == ["-m", "pip", "install"] or words[:2] in (["setup.py", "install"], ["setup.py", "develop"])
    return bool(_PIP.fullmatch(command.name)) and command.operands[:1] != () and command.operands[0].value == "install"


def _names(step: Step) -> tuple[str, ...] | None:
    """The packages that are named; ``None`` where files, directories or variables are."""
    if not _is_pip(step) or step.command.options & {"-r", "--requirement", "-e", "--editable", "-c", "--constraint"}:
        return None
    words = [w for w in step.command.operands if w.value not in ("pip", "install")]
    found = [_NAME.match((word.value or word.text).strip("\"'")) for word in words]
    if any(word.text.startswith((".", "/", "$", "http", "git+")) or "/" in word.text for word in words):
        return None
    return tuple(name[0].lower().replace("_", "-") for name in found if name)


def _is_only(step: Step, names: frozenset[str]) -> bool:
    found = _names(step)
    return bool(found) and set(found or ()) <= names


def _unused(done: tuple[Step, ...], real: list[Step]) -> set[Instruction]:
    """RUNs that install only what developers run, and whose programs no later step runs."""
    found = set()
    for step in real:
        same = [other for other in done if other.instruction is step.instruction]
        later = {other.command.name for other in done[done.index(step) + 1 :]}
        if len(same) == 1 and _is_only(step, _DEVELOPMENT) and not later & set(_names(step) or ()):
            found.add(step.instruction)
    return found


def _own(project: Project, done: tuple[Step, ...]) -> str:
    """The environment that the original makes itself and uses; ``""`` without one."""
    variables = project.config.environment
    for step in done:
        words = [word.value for word in step.command.arguments]
        made = step.command.name == "virtualenv" or (
            _PYTHON.fullmatch(step.command.name) and words[:2] == ["-m", "venv"]
        )
        if (made or (step.command.name == "uv" and words[:1] == ["venv"])) and step.command.operands:
            path = step.at(step.command.operands[-1].value or ".") if words[-1] != "venv" else step.at(".venv")
            if any(f"{path}/bin" in text for text in (variables.get("PATH", ""), *_sources(project))):
                return path
        if step.command.name == "uv" and words[:1] == ["sync"]:
            return step.at(variables.get("UV_PROJECT_ENVIRONMENT", ".venv"))
    return ""


def _sources(project: Project) -> Iterator[str]:
    yield from (instruction.source for instruction in project.instructions)


def _inside(project: Project, step: Step, own: str) -> bool:
    """Whether a step's pip is that of the environment."""
    program = step.command.proper[0].value or ""
    active = f"{own}/bin" in step.instruction.source or project.config.environment.get("PATH", "").startswith(
        f"{own}/bin"
    )
    return program.startswith(own) or active


def _edits(project: Project, step: Step, virtual: bool) -> Iterator[Edit]:
    """How a step installs into the active environment, and only what the program needs."""
    command = step.command
    for word in command.arguments if virtual else ():
        if word.value in ("--user", "--system") or (command.name == "pipenv" and word.value in ("--dev", "-d")):
            yield _gone(word)
    if virtual and (command.proper[0].value or "").startswith(("/usr/local/bin/", "/usr/bin/")):
        yield Edit(command.proper[0].start, command.proper[0].end, command.name)
    verb = command.operands[0] if command.operands else None
    if verb is None or command.options & set(_GROUPS):
        return
    manifest = project.read("pyproject.toml")
    if command.name == "poetry" and re.search(
        r"^\[tool\.poetry\.(group\.|dev-dependencies)|^\[dependency-groups", manifest, re.M
    ):
        yield after(verb, "--no-dev" if _is_old_poetry(project) else "--only main")
    if (
        command.name == "uv"
        and verb.value == "sync"
        and re.search(r"^\[(dependency-groups|tool\.uv)\]", manifest, re.M)
    ):
        yield after(verb, "--no-dev")


def _is_old_poetry(project: Project) -> bool:
    return any(re.search(r"poetry\s*==\s*1\.[01]\b|POETRY_VERSION[= ]1\.[01]\b", text) for text in _sources(project))


def _gone(word: Word) -> Edit:
    return Edit(word.start - 1, word.end, "")


def _check_path(project: Project) -> None:
    for instruction in project.stage.instructions:
        if instruction.keyword == "ENV" and isinstance(instruction.payload, Pairs):
            values = dict(instruction.payload.pairs)
            if "PATH" in values and "PATH" not in values["PATH"]:
                raise Unsupported(f"cannot rewrite {instruction.source.strip()}: it does not keep what was in PATH")


def _making(project: Project, first: Instruction, system: bool) -> str:
    """The steps in front of the first that installs."""
    user = ""
    for instruction in project.instructions[: project.instructions.index(first)]:
        if instruction.keyword == "USER" and isinstance(instruction.payload, Text):
            user = instruction.payload.text
    make = f"RUN python3 -m venv {'--system-site-packages ' if system else ''}{VENV}"
    if system:
        make = "RUN apt-get update && apt-get install -y --no-install-recommends python3-venv\n" + make
    if user not in ("", "root", "0"):
        make = f"USER root\n{make} && chown {user} {VENV}\nUSER {user}"
    return f'{make}\nENV VIRTUAL_ENV={VENV} PATH="{VENV}/bin:$PATH"\n'


def _without_pip(project: Project) -> tuple[str, ...]:
    """The step that takes pip away, where no source of the program names it."""
    if support.mentions(project, r"\bpip\b|pkg_resources|ensurepip", (".py", ".sh")):
        return ()
    return (f"RUN {posixpath.join(VENV, 'bin/python3')} -m pip uninstall --yes pip",)
