"""What programs expect of their surroundings, taken along from the build stage where the base lacks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jettison.bases import Variant, runtimes
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.model import Project

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
ZONES = "/usr/share/zoneinfo"
_CODENAME = re.compile(r"^VERSION_CODENAME=\"?(\w+)", re.MULTILINE)
#: A Debian that a tag may name; ``stable`` means another one each two years.
_ROLLING = re.compile(r"\b(stable|latest)\b")


def surroundings(
    project: Project, base: Variant, *, certificates: bool = True, zones: bool = False, temporary: bool = False
) -> Iterator[str]:
    """COPY lines with a comment for what ``base`` lacks of these, and the users where the program has one."""
    if certificates and not base.certificates and there(project, CERTIFICATES):
        yield from_build(project, CERTIFICATES, to=CERTIFICATES)
    if zones and not base.tz and there(project, ZONES):
        yield from_build(project, ZONES, to=ZONES)
    user = project.config.user.partition(":")[0]
    if user and not user.isdecimal() and user not in base.users:
        yield from_build(project, "/etc/passwd", "/etc/group", to="/etc/")
    if temporary and base.distribution == "none":
        yield from_build(project, "/tmp", to="/tmp")


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
