"""The newest advisories, from their publishers or a mirror of them, made into a database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from jettison.errors import InvalidInput, NotFound
from jettison.oci.progress import SILENT, Progress
from jettison.oci.retry import Retry
from jettison.security.advisories.build import Told, build
from jettison.security.advisories.fetch import Fetcher
from jettison.security.model import DatabaseInfo

#: Ecosystems that are fetched where none is named. Ubuntu's alone is larger than all of these together.
DEFAULT = (
    "Debian", "Alpine", "AlmaLinux", "Rocky Linux", "Bitnami", "PyPI", "npm", "Go", "crates.io", "RubyGems",
    "Packagist", "Maven", "NuGet",
)  # fmt: skip
OSV = "https://osv-vulnerabilities.storage.googleapis.com"
DEBIAN = "https://security-tracker.debian.org/tracker/data/json"
ALPINE = "https://secdb.alpinelinux.org"
KEV = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
EPSS = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"
#: Alpine's releases are 3.N; those from ``_FIRST`` are asked for, up to the first missing after ``_THERE``.
_FIRST, _THERE, _LAST = 15, 20, 60


@dataclass(frozen=True, slots=True)
class Feed:
    """``place`` is where a mirror has what is at ``url``; ``group`` the ecosystem, empty for what is of CVEs."""

    name: str
    group: str
    url: str
    place: str


Get = Callable[[Feed], Path]


def update(
    target: Path,
    ecosystems: Sequence[str] = (),
    mirror: str = "",
    told: Told = lambda sentence: None,
    progress: Progress = SILENT,
    retry: Retry | None = None,
) -> DatabaseInfo:
    """Fetch what is new and build ``target``, which stays as it is until all of that is done.

    ``mirror`` is a URL or a directory instead of the publishers'. Raises ``NotFound``, ``RegistryError``,
    ``InvalidInput``. What was fetched is kept beside ``target``, for the next time.
    """
    strict = bool(ecosystems) or not mirror
    directory = target.with_name(f"{target.name}.downloads")
    with _alone(directory):
        if mirror and "://" not in mirror:
            get = partial(_local, Path(mirror))
            return build(list(_collected(get, _feeds(ecosystems), told, strict)), target, told, progress)
        fetcher = Fetcher(directory, progress, retry or Retry())
        try:
            found = list(_collected(partial(_fetched, fetcher, mirror), _feeds(ecosystems), told, strict))
        finally:
            fetcher.close()
        try:
            return build(found, target, told, progress)
        except InvalidInput:
            for path in found:  # else the server would say each time that we have the newest
                path.unlink(missing_ok=True)
            raise


def _feeds(ecosystems: Sequence[str]) -> Iterator[Feed]:
    """Everything that belongs to the ecosystems, then what is known of CVEs as such."""
    chosen: list[str] = []
    for name in ecosystems or ("default",):
        chosen += DEFAULT if name == "default" else (name,)
    for name in dict.fromkeys(chosen):
        if name == "Debian":
            yield Feed("Debian's security tracker", name, DEBIAN, "debian/data.json")
        elif name == "Alpine":
            yield from _alpine()
        else:
            path = f"{quote(name)}/all.zip"
            yield Feed(f"OSV's {name}", name, f"{OSV}/{path}", f"osv/{path}")
    yield Feed("CISA's exploited vulnerabilities", "", KEV, "kev/known_exploited_vulnerabilities.json")
    yield Feed("EPSS", "", EPSS, "epss/epss_scores-current.csv.gz")


def _alpine() -> Iterator[Feed]:
    for release in ("edge", *(f"v3.{number}" for number in range(_FIRST, _LAST))):
        for part in ("main", "community"):
            path = f"{release}/{part}.json"
            yield Feed(f"Alpine's {release} {part}", "Alpine", f"{ALPINE}/{path}", f"alpine/{path}")


def _collected(get: Get, feeds: Iterator[Feed], told: Told, strict: bool) -> Iterator[Path]:
    """What there is of the feeds. ``strict``: an ecosystem of which there is nothing is an error."""
    alpine, ended, first = False, False, None
    for feed in feeds:
        if feed.group == "Alpine" and ended:
            continue
        try:
            yield get(feed)
            alpine = alpine or feed.group == "Alpine"
        except NotFound as error:
            if feed.group == "Alpine":
                ended, first = ended or _beyond(feed), first or error
            elif feed.group and strict:
                raise
            else:
                told(f"{feed.name}: left out: {error}")
    if first is not None and not alpine:
        if strict:
            raise first
        told(f"Alpine: left out: {first}")


def _beyond(feed: Feed) -> bool:
    """Whether Alpine has no such release yet, and so none that is newer."""
    release = feed.place.split("/")[1]
    return release != "edge" and int(release[3:]) > _THERE


def _fetched(fetcher: Fetcher, mirror: str, feed: Feed) -> Path:
    return fetcher.fetch(feed.name, f"{mirror.rstrip('/')}/{feed.place}" if mirror else feed.url)


def _local(mirror: Path, feed: Feed) -> Path:
    if not mirror.is_dir():
        raise InvalidInput(f"cannot update from {mirror}: there is no such directory")
    path = mirror / unquote(feed.place)
    if not path.is_file():
        raise NotFound(f"cannot fetch {feed.name}: there is no {path}")
    return path


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Two at once would write the same files."""
    directory.mkdir(parents=True, exist_ok=True)
    handle = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidInput(f"cannot update: another update is at work in {directory}") from None
        yield
    finally:
        os.close(handle)
