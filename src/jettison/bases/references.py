"""Which entry of the catalogue a reference is of, and the references of others for the same version.

An entry's images are references with placeholders in their tags::

    {version}   a version or what stands for one: 8, 3.11.4, 1.22rc1, lts, latest; "{version}-" may be absent: latest
    {major}     its first number        {minor}    its first two
    {code}      the code name of a release of Debian or Ubuntu
    {release}   a version of Alpine     {java}     a version of Java
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jettison.configuration import BaseEntry
from jettison.oci.reference import RegistryReference, name, parse

UBUNTU = ("trusty", "xenial", "bionic", "focal", "jammy", "noble", "oracular", "plucky", "questing", "resolute")
#: The name of no image at all.
SCRATCH = "scratch"
#: Oldest first.
DEBIAN = ("wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid")
_CODES = "|".join(DEBIAN + UBUNTU)
_WORDS = (
    "latest|lts(?:-[a-z]+)?|current|stable|oldstable|testing|unstable|mainline|rolling|devel|edge|nightly|rc"
    "|argon|boron|carbon|dubnium|erbium|fermium|gallium|hydrogen|iron|jod|krypton"
)
_FIELDS = {
    "version": rf"v?\d[0-9A-Za-z._]*(?:-(?:rc|alpha|beta|preview|ea|m)[0-9.]*)*|{_WORDS}|{_CODES}",
    "major": r"\d+",
    "minor": r"\d+\.\d+",
    "code": _CODES,
    "release": r"\d+(?:\.\d+)*",
    "java": r"\d+",
}
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Match:
    """A user's reference, the entry it is of, the values in its tag, and where it comes from."""

    given: RegistryReference
    entry: BaseEntry
    image: str
    values: Mapping[str, str]


def match(text: str, entries: Sequence[BaseEntry]) -> Match | None:
    """The entry that a reference is of; of several, the one whose pattern says most. ``None`` without one.

    ``text`` may also name a copy on a mirror. Raises ``InvalidReference``.
    """
    given = parse(text)
    if not isinstance(given, RegistryReference) or not given.tag:
        return None
    found = [hit for entry in entries for image in entry.images if (hit := _matched(given, entry, image))]
    return max(found, key=_precision, default=None)


def _precision(hit: Match) -> tuple[bool, bool, int]:
    """Its own repository before a copy of another; a tag with a version before one without; then the longer one."""
    own, tag = _canonical(hit.image), _tag(hit.image)
    return own.repository == hit.given.repository, "{" in tag, len(_PLACEHOLDER.sub("+", tag))


def fill(entry: BaseEntry, values: Mapping[str, str], *, versioned: bool = True) -> tuple[str, str] | None:
    """The reference of an entry for these values, and its pattern: the pattern that uses most of them.

    Without ``versioned``, the version is only for the entry's ``versions``, not for its tags.
    """
    version = values.get("version", "")
    if not _has(entry, version):
        return None
    if entry.releases and values.get("code") not in entry.releases:
        return None
    numbers = re.match(r"v?(\d+)(\.\d+)?", version)
    whole = {field: value for field, value in values.items() if versioned or field != "version"}
    if numbers and versioned:
        whole["major"] = numbers[1]
        if numbers[2]:
            whole["minor"] = numbers[1] + numbers[2]
    usable = [image for image in entry.images if set(_PLACEHOLDER.findall(image)) <= whole.keys()]
    if not usable:
        return None
    best = max(usable, key=lambda image: len(_PLACEHOLDER.findall(image)))
    return _filled(best, whole, entry.latest), best


def _has(entry: BaseEntry, version: str) -> bool:
    """Whether there is an entry's image for a version: that which its ``versions`` begin."""
    known = entry.versions
    return not known or any(version == one or version.startswith((f"{one}.", f"{one}-")) for one in known)


def relocate(reference: str, hit: Match) -> str:
    """A reference of the same registry as the entry's of ``hit``, taken from where the user takes that one from."""
    own, there = _canonical(hit.image), hit.given
    wanted = name(reference)
    if reference == SCRATCH or wanted.domain != own.domain or there.repository == own.repository:
        return reference
    path = own.path if there.path.endswith(own.path) else own.path.removeprefix("library/")
    prefix = there.repository.removesuffix(path)
    short = wanted.path if path == own.path else wanted.path.removeprefix("library/")
    return f"{prefix}{short}:{wanted.tag}"


def _matched(given: RegistryReference, entry: BaseEntry, image: str) -> Match | None:
    if not _same_repository(given, _canonical(image)):
        return None
    found = _pattern(_tag(image)).fullmatch(given.tag)
    if found:
        values = {key: value or "latest" for key, value in found.groupdict().items()}
    elif entry.latest == given.tag or (given.tag == "latest" and _tag(image) == "latest"):
        values = {"version": "latest"}
    else:
        return None
    return Match(given, entry, image, values) if "version" not in values or _has(entry, values["version"]) else None


def _same_repository(given: RegistryReference, own: RegistryReference) -> bool:
    """Whether it is the entry's repository, or a copy of it: the same path below a prefix elsewhere."""
    if given.domain == own.domain:
        return given.path == own.path
    short = own.path.removeprefix("library/")
    return given.path in (own.path, short) or given.path.endswith(f"/{own.path}")


@cache
def _canonical(image: str) -> RegistryReference:
    return name(_split(image)[0])


def _tag(image: str) -> str:
    return _split(image)[1] or "latest"


def _split(image: str) -> tuple[str, str]:
    head, slash, last = image.rpartition("/")
    repository, _, tag = last.partition(":")
    return head + slash + repository, tag


@cache
def _pattern(tag: str) -> re.Pattern[str]:
    made = ""
    if tag.startswith("{version}-"):
        made, tag = f"(?:(?P<version>{_FIELDS['version']})-)?", tag.removeprefix("{version}-")
    parts = _PLACEHOLDER.split(tag)
    made += re.escape(parts[0])
    for field, text in zip(parts[1::2], parts[2::2], strict=True):
        made += f"(?P<{field}>{_FIELDS[field]})" + re.escape(text)
    return re.compile(made, re.ASCII)


def _filled(image: str, values: Mapping[str, str], latest: str) -> str:
    repository, tag = _split(image)
    if not tag:
        return image
    if latest and values.get("version") == "latest":
        return f"{repository}:{latest}"
    if values.get("version") == "latest":
        tag = tag.removeprefix("{version}-")
    return f"{repository}:" + _PLACEHOLDER.sub(lambda found: values[found[1]], tag)


def of_code(values: Mapping[str, str], distribution: str) -> str:
    """The distribution that a code name says, or the entry's own."""
    code = values.get("code", "")
    return "ubuntu" if code in UBUNTU else "debian" if code in DEBIAN else distribution
