"""Read the indices of repositories: signature, date and digests first, packages then."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from jettison.bases.assemble import deb, release
from jettison.bases.assemble.download import Downloads, Remote
from jettison.bases.assemble.release import Release
from jettison.bases.assemble.sources import Source
from jettison.bases.assemble.universe import Universe
from jettison.errors import IntegrityError, InvalidInput, NotFound
from jettison.oci import parallel

#: Bytes of a Packages index, decompressed; that of Debian's main has 50 MB.
_LIMIT = 1 << 30
_ENDINGS = (".xz", ".gz", "")


@dataclass(frozen=True, slots=True)
class Trust:
    """What is accepted of a repository beyond what is signed and still valid."""

    unsigned: bool = False
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What the sources offer, and the time of the youngest of their Release files, in seconds since 1970."""

    universe: Universe
    date: int


def offer(
    downloads: Downloads,
    sources: Sequence[Source],
    architecture: str,
    pins: Mapping[str, str] | None = None,
    trust: Trust | None = None,
) -> Offer:
    """Fetch the indices of ``sources``, several at a time. Of equal versions that of the first source counts."""
    found: dict[Source, tuple[int, list[str]]] = {}

    def load(source: Source) -> None:
        release_ = _release(downloads, source, trust or Trust())
        found[source] = release_.date, _packages(downloads, source, release_, architecture)

    parallel.each(load, dict.fromkeys(sources), len(sources), downloads.stopping.set)
    universe = Universe(architecture, pins)
    for source in dict.fromkeys(sources):
        for text in found[source][1]:
            universe.add(text, source.url, source.archive)
    return Offer(universe, max(date for date, _ in found.values()))


def _release(downloads: Downloads, source: Source, trust: Trust) -> Release:
    what = f"the suite {source.suite} of {source.url}"
    at = f"{source.url}/dists/{source.suite}"
    try:
        data = downloads.document(f"{source.suite} InRelease", f"{at}/InRelease", release.LIMIT)
    except NotFound as error:
        if not trust.unsigned:
            raise NotFound(f"cannot use {what}: it has no InRelease") from error
        data = downloads.document(f"{source.suite} Release", f"{at}/Release", release.LIMIT)
    text = release.unverified(data) if trust.unsigned else release.verified(data, source.keyring, what)
    found = release.read(text)
    if source.suite not in found.names:
        named = " or ".join(sorted(found.names)) or "nothing"
        raise IntegrityError(f"cannot use {what}: its Release file is for {named}")
    if found.valid_until is not None and found.valid_until < time.time() and not trust.expired:
        until = datetime.fromtimestamp(found.valid_until, UTC).strftime("%Y-%m-%d %H:%M UTC")
        raise IntegrityError(
            f"cannot use {what}: it was valid until {until}; --ignore-valid-until takes it all the same"
        )
    return found


def _packages(downloads: Downloads, source: Source, found: Release, architecture: str) -> list[str]:
    """The Packages index of every component."""
    return [_index(downloads, source, found, f"{part}/binary-{architecture}") for part in source.components]


def _index(downloads: Downloads, source: Source, found: Release, directory: str) -> str:
    for ending in _ENDINGS:
        path = f"{directory}/Packages{ending}"
        if path not in found.files:
            continue
        digest, size = found.files[path]
        file = f"{directory}/by-hash/SHA256/{digest}" if found.by_hash else path
        name = f"{source.suite} {path.rpartition('/')[2]}"
        place = downloads.file(Remote(name, f"{source.url}/dists/{source.suite}/{file}", digest, size))
        with open(place, "rb") as packed:
            return _read(deb.plain(packed), str(source))
    raise NotFound(f"cannot use {source}: its Release file names no {directory}/Packages")


def _read(plain: BinaryIO, what: str) -> str:
    data = plain.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise InvalidInput(f"cannot use {what}: its Packages index has more than {_LIMIT} bytes")
    return data.decode("utf-8", "surrogateescape")
