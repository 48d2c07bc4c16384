"""Java: jars, wars and ears, and the jars in them. Maven leaves what it built in ``META-INF/maven`` (Apache Maven
Archiver, ``addMavenDescriptor``); else the manifest and the file's name tell, and mostly do not tell the group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.contained.groups import GROUPS
from jettison.packages.contained.zips import Archive, archives, opened
from jettison.packages.model import Gap, Package

EXTENSIONS = (".jar", ".war", ".ear", ".par", ".sar", ".nar", ".kar", ".jpi", ".hpi", ".lpkg")
_NESTED = re.compile(r"\.(?:jar|war|ear|par|sar|nar|kar|jpi|hpi|lpkg)\Z", re.IGNORECASE)
_POM = re.compile(r"\AMETA-INF/maven/([^/]+)/([^/]+)/pom\.(?:properties|xml)\Z")
_RECORDS = re.compile(r"\AMETA-INF/(?:MANIFEST\.MF|maven/[^/]+/[^/]+/pom\.properties)\Z")
_FILE = re.compile(r"\A(?P<name>.+?)(?:-(?P<version>v?[0-9][^/]*))?\Z")
_CLASSIFIER = re.compile(r"-(?:sources|javadoc|tests|all|jar-with-dependencies|shaded)\Z")
#: Groups and artifacts as Maven allows them, and versions as its repository layout does.
_COORDINATE = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+~-]{0,199}")
_TITLES = ("Implementation-Title", "Bundle-SymbolicName", "Automatic-Module-Name", "Extension-Name", "Name")
_VERSIONS = ("Implementation-Version", "Bundle-Version", "Specification-Version", "Plugin-Version", "Version")
_MANIFEST = "META-INF/MANIFEST.MF"


@dataclass(frozen=True, slots=True)
class _Coordinates:
    """What Maven calls a thing; ``""`` for what is not known."""

    group: str
    artifact: str
    version: str


class Java:
    """Finder of Maven packages in jars, wars and ears, and in the jars in these."""

    name = "java"

    def find(self, tree: FileTree, tell: Callable[[Gap], None]) -> Iterator[Package]:
        """See ``Finder.find``."""
        for path, entry in tree.items():
            if path.lower().endswith(EXTENSIONS) and entry.kind is Kind.FILE and entry.size:
                yield from _packages(tree, entry, tell)


def _packages(tree: FileTree, entry: FileEntry, tell: Callable[[Gap], None]) -> Iterator[Package]:
    try:
        with opened(tree, entry) as file:
            for archive in archives(file, entry.path, _NESTED, _RECORDS, tell):
                yield from _of(archive, entry.path, tell)
    except OSError as error:
        tell(Gap(entry.path, f"not readable ({error})"))


def _of(archive: Archive, path: str, tell: Callable[[Gap], None]) -> Iterator[Package]:
    known = coordinates(archive)
    if not known and any(name.endswith(".class") for name in archive.names):
        inside = archive.name.removeprefix(path).removeprefix("!/")
        reason = "neither pom.properties, nor the manifest, nor its name tells what it is"
        tell(Gap(path, f"{inside}: {reason}" if inside else reason))
    for found in known:
        yield _package(found, path, archive.name)


def _package(found: _Coordinates, path: str, inside: str) -> Package:
    """One that names no group has none, and says so: a wrong one would be looked up in vain."""
    name = f"{found.group}:{found.artifact}" if found.group else found.artifact
    noted = {"inside": inside} | ({} if found.group else {"group": "unknown"})
    where = frozenset((path,))
    return Package("maven", name, found.version, files=where, records=where, attributes=noted)


def coordinates(archive: Archive) -> list[_Coordinates]:
    """Everything that an archive says is in it: itself, and what was shaded into it."""
    manifest = _manifest(archive.records.get(_MANIFEST, b""))
    itself = _itself(archive.name.rpartition("/")[2], manifest)
    poms = [pom for pom in map(_properties, _poms(archive)) if pom]
    described = [_Coordinates(group, artifact, "") for group, artifact in _described(archive)]
    for pom in described:
        if pom.artifact == itself.artifact or (not poms and len(described) == 1 and itself.version):
            poms.append(_Coordinates(pom.group, pom.artifact, itself.version))
    if itself.artifact and itself.version and not any(_same(pom, itself) for pom in poms):
        poms.append(itself)
    return list(dict.fromkeys(poms))


def _same(pom: _Coordinates, itself: _Coordinates) -> bool:
    """Whether Maven's record is of the archive itself, which people rename."""
    names = {pom.artifact, f"{pom.group}.{pom.artifact}", f"{pom.group}-{pom.artifact}", pom.group}
    return itself.artifact in names or (pom.version == itself.version and pom.artifact in itself.artifact)


def _poms(archive: Archive) -> list[bytes]:
    return [data for path, data in sorted(archive.records.items()) if path != _MANIFEST]


def _described(archive: Archive) -> list[tuple[str, str]]:
    """Groups and artifacts with a ``pom.xml`` and no ``pom.properties``: the directories are named after them."""
    found = [match for name in sorted(archive.names) if (match := _POM.match(name))]
    told = {(match[1], match[2]) for match in found if match[0].endswith(".properties")}
    return [pair for pair in dict.fromkeys((match[1], match[2]) for match in found) if pair not in told]


def _properties(data: bytes) -> _Coordinates | None:
    """The coordinates in a ``pom.properties``; ``None`` where a group or artifact is missing or is none."""
    lines = (line.partition("=") for line in data.decode("latin-1").splitlines() if not line.startswith(("#", "!")))
    fields = {name.strip(): value.strip() for name, _, value in lines}
    group, artifact, version = (fields.get(name, "") for name in ("groupId", "artifactId", "version"))
    if not (_COORDINATE.fullmatch(group) and _COORDINATE.fullmatch(artifact)):
        return None
    return _Coordinates(group, artifact, version if _VERSION.fullmatch(version) else "")


def _manifest(data: bytes) -> Mapping[str, str]:
    """The main section of a manifest (JAR File Specification): a line that starts with a space goes on the last."""
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    main = lines.replace("\n ", "").partition("\n\n")[0]
    pairs = (line.partition(":") for line in main.split("\n"))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def _itself(file: str, manifest: Mapping[str, str]) -> _Coordinates:
    """What the archive is by its file name, ``artifact-version.jar``, and by its manifest."""
    stem = _CLASSIFIER.sub("", file.rpartition(".")[0])
    found = _FILE.match(stem)
    named = found["name"] if found else ""
    titles = [title for key in _TITLES if (title := manifest.get(key, "").partition(";")[0].strip())]
    versions = [manifest[key] for key in _VERSIONS if _VERSION.fullmatch(manifest.get(key, ""))]
    version = (found["version"] or "" if found else "") or next(iter(versions), "")
    artifact = named if _COORDINATE.fullmatch(named) else next(filter(_COORDINATE.fullmatch, titles), "")
    return _Coordinates(_group(manifest, artifact), artifact, version if _VERSION.fullmatch(version) else "")


def _group(manifest: Mapping[str, str], artifact: str) -> str:
    """The group that the manifest proves, or that is well known; ``""`` for none.

    Maven's bundle plugin makes a symbolic name of group and artifact, but leaves out what the artifact repeats: only
    where the artifact is whole in it, told by its hyphen, is the rest the group. Maven's archiver writes the group as
    ``Implementation-Vendor-Id``; others write their domain there, which has two parts (``org.apache``, ``com.sun``).
    """
    group, found, rest = manifest.get("Bundle-SymbolicName", "").partition(";")[0].strip().rpartition(f".{artifact}")
    if found and not rest and "-" in artifact and "." in group and _COORDINATE.fullmatch(group):
        return group
    vendor = manifest.get("Implementation-Vendor-Id", "")
    if vendor.count(".") > 1 and _COORDINATE.fullmatch(vendor):
        return vendor
    return GROUPS.get(artifact, "")
