"""Programs of interpreted languages: their own files are copied whole, for nobody knows what they read."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator

from jettison.bases import Variant, language, variants
from jettison.dockerfile.model import Copy
from jettison.errors import InvalidReference
from jettison.filetree import Kind
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.made import SYSTEM, made_directories, owned_copy
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import expanded, placed, steps, with_directories

#: Directories that no program reads while it runs.
_LEFT = (
    ".git", ".github", ".vscode", ".idea", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".phpunit.cache",
)  # fmt: skip
#: Files that no program reads while it runs.
_FILES = re.compile(r"Dockerfile.*|\.dockerignore|\.gitignore|docker-compose\.ya?ml|README.*|project\.toml")
#: Package managers, which only a build needs, and what is not known.
_NEVER = re.compile(r"\$|/(composer(\.phar)?|uvx?|pip|poetry|apt|apk)$")
#: Directories of the system that may be copied over those of another image: these hold nothing.
_SHARED = SYSTEM - {"/srv", "/home", "/mnt", "/media", "/usr/src"}


def whole(project: Project, *also: str) -> tuple[str, ...]:
    """COPY lines for the program's directories, what steps made beside them, and the paths ``also``."""
    found: dict[str, None] = {}
    for path in sorted({*places(project), *_volumes(project), *also}):
        if not any(path.startswith(f"{other}/") for other in found):
            found[path] = None
    lines = [*_users(project), *(_copy(project, path) for path in found)]
    within = (*(line for line in made_directories(project)), *_given_away(project, tuple(found)))
    return tuple(dict.fromkeys((*lines, *(line for line in within if line not in lines))))


def _copy(project: Project, path: str) -> str:
    """A COPY line that keeps the owner."""
    if project.tree is None and path.startswith("/home/"):
        return from_build(project, path, to=path, chown=path.removeprefix("/home/"))
    return owned_copy(project, path)


def places(project: Project) -> tuple[str, ...]:
    """The absolute paths that are the program's: where it runs, and where COPY and RUN put files."""
    found = {project.workdir} - _SHARED
    for copy in placed(project):
        found |= (
            {*_single(project, copy.source, copy.destination)} if copy.destination in _SHARED else {copy.destination}
        )
    for instruction, cwd in with_directories(project):
        payload = instruction.payload
        if isinstance(payload, Copy) and payload.from_:
            found.add(posixpath.normpath(posixpath.join(cwd, expanded(project, payload.destination))))
    found |= {*_written(project), *_home(project)}
    kept = {path for path in found - _SHARED if not path.startswith("/tmp/") and not _NEVER.search(path)}
    return tuple(sorted(path for path in kept if support.there(project, path)))


def _volumes(project: Project) -> Iterator[str]:
    """Volumes that the build filled or gave away."""
    for volume in project.config.volumes:
        path = posixpath.normpath(volume)
        if path not in SYSTEM and project.tree is not None and project.tree.get(path) is not None:
            yield path


def _users(project: Project) -> Iterator[str]:
    """The COPY line for users that steps make, where the image itself is run by another."""
    makes = any(step.command.name in ("useradd", "adduser", "groupadd", "addgroup") for step in steps(project))
    user = project.config.user.partition(":")[0]
    if makes and (not user or user.isdecimal() or user == "root"):
        yield from_build(project, "/etc/passwd", "/etc/group", "/etc/shadow", to="/etc/")


def _home(project: Project) -> Iterator[str]:
    """The homes that steps make for users."""
    for step in steps(project):
        made = step.command.name == "adduser" or step.command.options & {"-m", "--create-home"}
        name = (step.command.operands[-1].value if step.command.operands else "") or ""
        if step.command.name in ("useradd", "adduser") and re.fullmatch(r"[\w.-]+", name):
            yield from (f"/home/{name}",) if made and not step.command.options & {"--no-create-home", "-H"} else ()


def _single(project: Project, source: str, destination: str) -> Iterator[str]:
    """What a COPY puts into a directory of the system, one by one."""
    prefix = f"{source}/" if source else ""
    names = {path[len(prefix) :].partition("/")[0] for path in project.paths if path.startswith(prefix)}
    kept = (name for name in sorted(names) if name not in _LEFT and not _FILES.fullmatch(name))
    yield from (posixpath.join(destination, name) for name in kept)


def _written(project: Project) -> Iterator[str]:
    """What commands are told to write outside of the system's directories: ``git clone URL /srv/app``, ``-O /x``."""
    for step in steps(project):
        words = [word.value or "" for word in step.command.arguments]
        match step.command.name:
            case "git" if words[:1] == ["clone"] and step.command.operands[2:]:
                yield step.at(words[-1])
            case "wget" | "curl" | "tar" | "unzip":
                pairs = itertools.pairwise(words)
                yield from (step.at(path) for flag, path in pairs if flag in ("-O", "-o", "-C", "-d", "--output"))
            case "cp" | "mv" | "ln" | "install" if len(step.command.operands) > 1:
                yield step.at(step.command.operands[-1].value or "/")


def _given_away(project: Project, copied: tuple[str, ...]) -> Iterator[str]:
    """Directories below those that were copied, whose owner is another: ``chown -R www-data storage``."""
    for step in steps(project):
        if step.command.name != "chown":
            continue
        for word in step.command.operands[1:]:
            path = step.at(word.value) if word.value else "/"
            entry = project.tree.get(path) if project.tree is not None else None
            if any(path.startswith(f"{place}/") for place in copied) and (project.tree is None or entry is not None):
                yield owned_copy(project, path)


def leave_out(project: Project, *also: str) -> tuple[str, ...]:
    """The step that takes away what nothing reads while the program runs, of the context's first level."""
    root = next((copy.destination for copy in placed(project) if not copy.source), "")
    names = [name for name in (*_LEFT, *also) if project.has(name)]
    if root in _SHARED or not root or not names:
        return ()
    return (f"RUN rm -rf {' '.join(posixpath.join(root, name) for name in names)}",)


def related(project: Project, family: str, version: str) -> tuple[Variant, ...]:
    """The smaller images of the original's family and release, and others that have the language; largest first."""
    found = {base.reference: base for base in smaller(project) if base.family == family}
    for base in support.bases(project, family, version):
        if base.family != family or not found:
            found.setdefault(base.reference, base)
    return tuple(found.values())


def smaller(project: Project) -> tuple[Variant, ...]:
    """The smaller relatives of the original's base; itself where it has none."""
    image = project.stage.base.image
    try:
        known = () if "$" in image else variants(image, project.extra)
    except InvalidReference:
        return ()
    return tuple(base for base in known if base.name not in ("", "onbuild")) or known


def is_small(project: Project) -> bool:
    """Whether the stage only takes what other stages made: it needs a smaller base, and no stage more."""
    return len(project.sheet.stages) > 1 and not steps(project)


def spoken(project: Project, family: str) -> str:
    """The version of a language in the tag of the base; ``""`` where the base is for something else."""
    image = project.stage.base.image
    try:
        known = None if "$" in image else language(image, project.extra)
    except InvalidReference:
        return ""
    return known[1] if known and known[0].partition("-")[0] == family else ""


def shared_objects(project: Project, below: Iterable[str]) -> tuple[str, ...]:
    """The machine code below some directories of the built image, by absolute path."""
    tree = project.tree
    if tree is None:
        return ()
    ends = re.compile(r"\.so(\.[\d.]+)?$")
    paths = (path for place in below for path in tree.below(place))
    return tuple(path for path in paths if tree[path].kind is Kind.FILE and ends.search(path))


def quoted(project: Project, words: str, endings: Iterable[str]) -> bool:
    """Whether a source names one of some commands (a pattern) in quotes, or a shell script names one at all."""
    scripts = support.mentions(project, rf"(?<![\w.-])(?:{words})(?![\w.-])", (".sh", ".bash", "entrypoint"))
    before = r"(?:['\"`]|[|&;]\s*|%x.)"
    return scripts or support.mentions(project, rf"{before}(?:/usr)?(?:/bin/)?(?:{words})[ '\"`]", endings)
