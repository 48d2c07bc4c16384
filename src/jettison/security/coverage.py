"""What cannot be told of an image, in sentences: a count without these would claim more than anybody knows."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.packages.unowned import Unowned
from jettison.security.advisories.database import Database
from jettison.security.ecosystem import ecosystem, has_no_group, is_covered, lookups, release

#: Names that are written out; the rest is a number.
SHOWN = 3
#: Files that only a distribution's package brings: its C library, its loader, its package manager.
_TRACES = re.compile(
    r"/(?:usr/)?lib(?:64|/[^/]+)?/(?:libc\.so\.6|ld-linux[^/]*\.so\.\d|ld-musl-[^/]*|libc\.musl-[^/]*)"
    r"|/(?:usr/)?s?bin/(?:dpkg|apk|rpm|apt-get|dnf|microdnf)"
)
_MANAGERS = {
    "debian": "dpkg", "ubuntu": "dpkg", "alpine": "apk", "wolfi": "apk", "chainguard": "apk", "almalinux": "rpm",
    "rocky": "rpm", "rhel": "rpm", "fedora": "rpm", "centos": "rpm", "amzn": "rpm", "ol": "rpm", "sles": "rpm",
    "opensuse-leap": "rpm",
}  # fmt: skip

#: Extension of a script -> purl type of its language's packages.
_LANGUAGES = {
    ".js": "npm", ".mjs": "npm", ".cjs": "npm", ".py": "pypi", ".pyc": "pypi", ".rb": "gem", ".php": "composer",
}  # fmt: skip
#: Where Python and Ruby keep their standard libraries.
_STANDARD = re.compile(
    r".*/lib(?:64)?/(?P<language>python|ruby)[0-9./](?!.*(?:site-packages|dist-packages|gems)/).*", re.DOTALL
)


def unknown(inventory: Inventory, database: Database | None, unread: Sequence[Component] = ()) -> Iterator[str]:
    """Every sentence. ``unread`` are components whose versions could not be compared with an advisory's."""
    if database is None:
        yield f"no advisory database: {_packages(len(inventory.components))} not checked"
    yield from _distribution(inventory)
    if database is not None:
        yield from _uncovered(inventory, database)
    if unread:
        named = _some([str(component.package) for component in unread])
        yield f"{_number(len(unread), 'version')} cannot be compared ({named})"
    yield from _gaps(inventory)
    yield from inventory.unsaid
    yield from _unowned([file for file in inventory.unowned if file.kind != "script"])
    yield from _scripts([file for file in inventory.unowned if is_unexplained(file, inventory)])


def notes(inventory: Inventory) -> Iterator[str]:
    """What was matched otherwise than by its own record, and scripts, of which every application has its own."""
    every = [file for file in inventory.unowned if file.kind == "script"]
    scripts = [file for file in every if not is_unexplained(file, inventory)]
    if scripts:
        size = sum(file.bytes for file in scripts)
        yield f"{_number(len(scripts), 'script')} of no package, {size} bytes: no advisory is about them"
    owned = sum(component.owner is not None for component in inventory.components)
    if owned:
        verb = "is" if owned == 1 else "are"
        yield (f"{_packages(owned)} in packages of the distribution {verb} matched through those, "
               "which mend them without a new version")  # fmt: skip


def _distribution(inventory: Inventory) -> Iterator[str]:
    """Records without a distribution, and a distribution without records."""
    native = sum(package.is_distribution for package in inventory.packages)
    traces = [file.path for file in inventory.unowned if _TRACES.fullmatch(file.path)]
    told = inventory.distribution
    if told is None and native:
        yield f"no distribution (/etc/os-release is missing or says none): {_packages(native)} not checked"
    elif told is None and traces:
        yield f"no distribution and no package records, though files of one are there ({_some(traces)}): not checked"
    elif told is not None and not native:
        kind = _MANAGERS.get(told.id, "package")
        yield f"no {kind} records, though it is {told.name or release(told)}: its packages are not known"
    elif told is None and not inventory.components:
        yield "no package is known: none has a record, and no distribution is named"
    elif traces:
        yield f"files of a distribution that no package has ({_some(traces)}): package records are missing"


def _uncovered(inventory: Inventory, database: Database) -> Iterator[str]:
    """Ecosystems, and programs, of which the database has no advisory, and packages of none."""
    missing: Counter[str] = Counter()
    nowhere: list[str] = []
    for component in inventory.components:
        if component.owner is not None or (component.package.is_distribution and inventory.distribution is None):
            continue
        if not lookups(component, inventory.distribution):
            nowhere.append(str(component.package))
        elif not is_covered(component, inventory.distribution, database) and not has_no_group(component):
            missing[_uncovered_name(component, inventory.distribution)] += 1
    for name, number in sorted(missing.items()):
        yield f"no advisories for {name} in the database: {_packages(number)} not checked"
    if nowhere:
        yield f"{_packages(len(nowhere))} of no ecosystem with advisories not checked ({_some(nowhere)})"


def _uncovered_name(component: Component, distribution: Distribution | None) -> str:
    """The ecosystem; of a program its own name, since an ecosystem may have advisories of other programs alone."""
    package = component.package
    return f"the program {package.name}" if package.type == "generic" else ecosystem(component, distribution)


def is_unexplained(file: Unowned, inventory: Inventory) -> bool:
    """Whether it is a script, and no package of its language is known: then the packages may be in it.

    What comes with an interpreter is that one's. A script of no ecosystem needs any package at all.
    """
    if file.kind != "script":
        return False
    own, standard = _LANGUAGES.get(os.path.splitext(file.path)[1]), _STANDARD.fullmatch(file.path)
    packages = inventory.packages
    if standard and any((each.type, each.name) == ("generic", standard["language"]) for each in packages):
        return False
    return not any(own is None or each.type == own for each in packages)


def _scripts(files: Sequence[Unowned]) -> Iterator[str]:
    if files:
        size = sum(file.bytes for file in files)
        yield (f"{_number(len(files), 'script')} of no package, {size} bytes, and no package of the language is known "
               f"({_some([file.path for file in files])})")  # fmt: skip


def _gaps(inventory: Inventory) -> Iterator[str]:
    if inventory.gaps:
        named = _some([f"{gap.path}: {gap.reason}" for gap in inventory.gaps])
        yield f"{_number(len(inventory.gaps), 'file')} cannot be told what is in ({named})"


def _unowned(files: Sequence[Unowned]) -> Iterator[str]:
    if files:
        size = sum(file.bytes for file in files)
        named = _some([file.path for file in files])
        counted = _number(len(files), "program or script", "programs and scripts")
        yield f"{counted} of no package, {size} bytes ({named})"


def _some(names: Iterable[str]) -> str:
    every = sorted(dict.fromkeys(names))
    more = len(every) - SHOWN
    return ", ".join(every[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _packages(count: int) -> str:
    return _number(count, "package")
