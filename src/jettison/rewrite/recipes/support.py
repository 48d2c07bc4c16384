"""What programs expect of their surroundings, taken along from the build stage where the base lacks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from jettison.bases import Variant, runtimes
from jettison.filetree import Kind
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import steps

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_MOZILLA = "/usr/share/ca-certificates/"
ZONES = "/usr/share/zoneinfo"
_CODENAME = re.compile(r"^VERSION_CODENAME=\"?(\w+)", re.MULTILINE)
#: A Debian that a tag may name; ``stable`` means another one each two years.
_ROLLING = re.compile(r"\b(stable|latest)\b")


#: Debian packages that only a build needs.
BUILD_ONLY = re.compile(
    r"(build-essential|gcc|g\+\+|cpp|clang|llvm|make|cmake|ninja-build|meson|autoconf|automake|libtool|pkg-config"
    r"|pkgconf|bison|flex|git|mercurial|subversion|patch|debhelper|dpkg-dev|python3?-(dev|pip|setuptools|wheel|venv)"
    r"|apt-utils|apt-transport-https|software-properties-common|gnupg2?|dirmngr|lsb-release|nodejs|npm|vim|nano|less"
    r"|default-jdk(-headless)?|maven|gradle|cargo|rustc|golang(-go)?|composer|ruby-dev|wget|unzip|xz-utils"
    r")(-[\d.]+)?"
)


def surroundings(
    project: Project, base: Variant, *, certificates: bool = True, zones: bool = False, temporary: bool = False
) -> Iterator[str]:
    """COPY lines with a comment for what ``base`` lacks of these, and the users where the program has one."""
    lacks = not base.certificates or has_own_authorities(project)
    if certificates and lacks and there(project, CERTIFICATES):
        yield from_build(project, CERTIFICATES, to=CERTIFICATES)
    if zones and not base.tz and there(project, ZONES):
        yield from_build(project, ZONES, to=ZONES)
    user = project.config.user.partition(":")[0]
    if user and not user.isdecimal() and user not in base.users:
        yield from_build(project, "/etc/passwd", "/etc/group", to="/etc/")
    if (temporary or base.reference == "scratch") and base.distribution == "none":
        yield from_build(project, "/tmp", to="/tmp")


def has_own_authorities(project: Project) -> bool:
    """Whether the built image trusts more authorities than its distribution brings: a company's own, say."""
    entry = project.tree.resolve(CERTIFICATES) if project.tree is not None else None
    if project.tree is None or entry is None:
        return False
    known = {found for path in project.tree if path.startswith(_MOZILLA) for found in _authorities(project, path)}
    return bool(known) and not known.issuperset(_authorities(project, CERTIFICATES))


def _authorities(project: Project, path: str) -> frozenset[bytes]:
    """The certificates in a file, without the white space."""
    entry = project.tree.resolve(path) if project.tree is not None else None
    if project.tree is None or entry is None or entry.kind is not Kind.FILE:
        return frozenset()
    found = _CERTIFICATE.findall(project.tree.read(entry, 1 << 20))
    return frozenset(b"".join(one.split()) for one in found)


def there(project: Project, path: str) -> bool:
    """Whether the built image has a path; yes where none was built."""
    return project.tree is None or project.tree.resolve(path) is not None


def bases(project: Project, language: str, version: str = "") -> tuple[Variant, ...]:
    """Where programs of a language run, largest first; Debian in the release that the original is of."""
    return tuple(_of_release(project, variant) for variant in runtimes(language, version, project.extra))


def codename(project: Project) -> str:
    """The release of the original's distribution (``bookworm``); ``""`` where it is not known."""
    entry = project.tree.resolve("/etc/os-release") if project.tree is not None else None
    if project.tree is None or entry is None:
        return ""
    found = _CODENAME.search(project.tree.read(entry, 4096).decode("utf-8", "replace"))
    return found[1] if found else ""


def _of_release(project: Project, variant: Variant) -> Variant:
    name = codename(project)
    if variant.family != "debian" or not name:
        return variant
    return replace(variant, reference=_ROLLING.sub(name, variant.reference))


def mentions(project: Project, pattern: str, endings: Iterable[str]) -> bool:
    """Whether a source of these endings holds a pattern."""
    wanted, kinds = re.compile(pattern), tuple(endings)
    return any(wanted.search(project.read(path)) for path in project.paths if path.endswith(kinds))


def runtime_packages(project: Project) -> tuple[str, ...]:
    """The distribution's packages that the stage installs and that a program may need while it runs.

    Of ``libx-dev`` those libraries that the built image's records name as its dependencies; nothing where no image
    was built.
    """
    found: dict[str, None] = {}
    for name in _installed(project):
        if name.endswith("-dev"):
            found |= dict.fromkeys(_libraries_of(project, name))
        elif not BUILD_ONLY.fullmatch(name):
            found[name] = None
    return tuple(found)


def install(base: Variant, packages: Sequence[str]) -> tuple[str, ...]:
    """The step that installs packages again on ``base``."""
    if not packages or base.package_manager != "apt":
        return ()
    names = " \\\n      ".join(packages)
    return (
        "RUN apt-get update \\\n"
        f" && apt-get install -y --no-install-recommends \\\n      {names} \\\n"
        " && rm -rf /var/lib/apt/lists/*",
    )


def _installed(project: Project) -> Iterator[str]:
    for step in steps(project):
        if step.command.name in ("apt-get", "apt") and step.command.runs(step.command.name, "install"):
            for word in step.command.operands[1:]:
                if word.value and re.fullmatch(r"[a-z0-9][a-z0-9+.-]+(=.*)?", word.value):
                    yield word.value


def _libraries_of(project: Project, development: str) -> Iterator[str]:
    """The libraries that a ``-dev`` package depends on, by the records of the built image."""
    entry = project.tree.resolve("/var/lib/dpkg/status") if project.tree is not None else None
    if project.tree is None or entry is None:
        return
    status = project.tree.read(entry).decode("utf-8", "replace")
    paragraph = re.search(rf"^Package: {re.escape(development)}\n(.*?)(?:\n\n|\Z)", status, re.MULTILINE | re.DOTALL)
    depends = re.search(r"^Depends: (.*)$", paragraph[1], re.MULTILINE) if paragraph else None
    for relation in depends[1].split(",") if depends else ():
        name = re.match(r"\s*([a-z0-9+.-]+)", relation)
        if name and name[1].startswith("lib") and not name[1].endswith("-dev"):
            yield name[1]
