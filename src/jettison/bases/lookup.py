"""Whether an image exists: in the store, else in its registry. Nothing is guessed, nothing remembered."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from jettison.bases.model import Found
from jettison.bases.references import DEBIAN, SCRATCH, UBUNTU
from jettison.errors import JettisonError, NotFound
from jettison.oci import parallel
from jettison.oci.layout import Store
from jettison.oci.reference import DOCKER_HUB, RegistryReference, name
from jettison.oci.registry import Repository
from jettison.oci.retry import Retry

#: Seconds. Somebody waits for the answer, and can go on without it.
_TIMEOUT = httpx.Timeout(10, connect=5, pool=None)
_RETRY = Retry(attempts=2, first=0.2, patience=2.0)
_AT_ONCE = 8
_OFFLINE = "not looked up: off line"


def find(store: Store, reference: str, *, mirror: str = "", insecure: bool = False, offline: bool = False) -> Found:
    """Whether the store or else the registry has an image, and by which name it is to be used.

    ``mirror`` (``localhost:5000/hub``) stands in for Docker Hub. Raises ``InvalidReference``.
    """
    if reference == SCRATCH:
        return Found(SCRATCH, True)
    asked = name(reference)
    there = mirrored(asked, mirror)
    for candidate in dict.fromkeys((asked, there)):
        if store.find(str(candidate)):
            return Found(candidate.familiar, True, "in the store")
    if offline:
        return Found(there.familiar, None, _OFFLINE)
    return _ask(there, insecure)


def find_all(
    store: Store, references: Sequence[str], *, mirror: str = "", insecure: bool = False, offline: bool = False
) -> tuple[Found, ...]:
    """``find`` for several at once, in their order."""
    found: dict[str, Found] = {}

    def look(reference: str) -> None:
        found[reference] = find(store, reference, mirror=mirror, insecure=insecure, offline=offline)

    parallel.each(look, dict.fromkeys(references), _AT_ONCE, lambda: None)
    return tuple(found[reference] for reference in references)


def mirrored(reference: RegistryReference, mirror: str) -> RegistryReference:
    """The same image on a mirror of Docker Hub; another registry's as it is. Raises ``InvalidReference``."""
    if not mirror or reference.domain != DOCKER_HUB:
        return reference
    place = name(f"{mirror.rstrip('/')}/{reference.path}")
    return RegistryReference(place.domain, place.path, reference.tag, reference.digest)


def closest(reference: str, *, mirror: str = "", insecure: bool = False, offline: bool = False) -> Found:
    """For a tag that does not exist: one that says the same and the distribution's release.

    For ``python:3.7-slim`` that is ``python:3.7-slim-bookworm``, of the newest release that has one.
    """
    there = mirrored(name(reference), mirror)
    if offline:
        return Found(there.familiar, None, _OFFLINE)
    try:
        with Repository(there, insecure=insecure, retry=_RETRY, timeout=_TIMEOUT) as repository:
            tag = _nearest(there.tag, repository.tags())
    except NotFound:
        tag = ""
    except JettisonError as error:
        return Found(there.familiar, None, f"not looked up: {error}")
    if not tag:
        return Found(there.familiar, False, "nor is there one for a release of its distribution")
    return Found(RegistryReference(there.domain, there.path, tag).familiar, True)


def _nearest(wanted: str, tags: Sequence[str]) -> str:
    """The tag that has all words of ``wanted`` and a code name; of several, the newest release; else empty."""
    words = sorted(wanted.split("-"))
    releases = {code: number for codes in (UBUNTU, DEBIAN) for number, code in enumerate(codes)}
    known = [
        (releases[code], tag) for tag in tags for code in set(tag.split("-")) & releases.keys()
        if sorted([*words, code]) == sorted(tag.split("-"))
    ]  # fmt: skip
    return max(known, default=(0, ""))[1]


def _ask(reference: RegistryReference, insecure: bool) -> Found:
    try:
        with Repository(reference, insecure=insecure, retry=_RETRY, timeout=_TIMEOUT) as repository:
            exists = repository.find(reference.target) is not None
    except NotFound:
        exists = False
    except JettisonError as error:
        return Found(reference.familiar, None, f"not looked up: {error}")
    return Found(reference.familiar, exists, "" if exists else f"{reference.domain} has no {reference.familiar}")
