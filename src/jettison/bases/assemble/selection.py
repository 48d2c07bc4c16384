"""Which package files an image is made of: as a lock file says, or as the repositories have them today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from jettison.bases.assemble import lock as locks
from jettison.bases.assemble import repository, resolve, sources
from jettison.bases.assemble.download import Downloads
from jettison.bases.assemble.lock import Lock, Locked
from jettison.bases.assemble.model import Request, architecture
from jettison.bases.assemble.presets import preset
from jettison.bases.assemble.sources import Source
from jettison.errors import InvalidInput, NotFound

_POOL = "/pool/"


def select(request: Request, downloads: Downloads) -> Lock:
    """The lock of ``request``: read where it is there, else resolved, and written where its file is named.

    Raises ``InvalidInput`` where the lock was made for another request.
    """
    asked = _asked(request)
    if request.lock is None or request.update_lock or not request.lock.exists():
        made = _resolved(request, asked, downloads)
        if request.lock is not None:
            locks.write(made, request.lock)
        return made
    found = locks.read(request.lock)
    if found.asks() != asked.asks():
        raise InvalidInput(
            f"cannot use the lock {request.lock}: {_difference(asked, found)}; --update-lock makes it anew"
        )
    return replace(found, locked=tuple(_moved(each, request) for each in found.locked))


def _asked(request: Request) -> Lock:
    """A lock without packages: what is asked for."""
    chosen = [preset(name) for name in request.presets]
    packages = dict.fromkeys([*(name for each in chosen for name in each.packages), *request.packages])
    without = {*(name for each in chosen for name in each.without), *request.without} - set(packages)
    if not packages:
        raise InvalidInput("cannot make a base: name a preset or a package")
    return Lock(
        request.suite, architecture(request.architecture), tuple(packages), tuple(sorted(without)),
        request.dependencies, 0, (),
    )  # fmt: skip


def _difference(asked: Lock, found: Lock) -> str:
    for name in ("suite", "architecture"):
        if getattr(asked, name) != getattr(found, name):
            return f"it is for {name} {getattr(found, name)}, not {getattr(asked, name)}"
    return "it was made for other packages or options"


def _resolved(request: Request, asked: Lock, downloads: Downloads) -> Lock:
    names, pins = _pins(asked.packages)
    where = _sources(request, asked.architecture)
    trust = repository.Trust(request.allow_unsigned, request.ignore_valid_until)
    offered = repository.offer(downloads, where, asked.architecture, pins, trust)
    found = resolve.resolve(
        offered.universe, names, without=frozenset(asked.without), dependencies=request.dependencies
    )
    locked = (Locked(p.name, p.version, p.architecture, p.sha256, p.size, p.url, p.archive) for p in found)
    return replace(asked, epoch=offered.date, locked=tuple(locked))


def _pins(packages: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    split = [word.partition("=") for word in packages]
    return tuple(name for name, _, _ in split), {name: version for name, equals, version in split if equals}


def _sources(request: Request, architecture: str) -> tuple[Source, ...]:
    main: tuple[Source, ...] = ()
    if request.suite or not request.sources:
        main = sources.distribution(
            request.suite, architecture, mirror=request.mirror, security_mirror=request.security_mirror,
            components=request.components, keyring=request.keyring,
        )  # fmt: skip
    return (*main, *map(sources.line, request.sources))


def _moved(locked: Locked, request: Request) -> Locked:
    """The same file on the mirror that is named now, such as a snapshot of the one that was."""
    mirror = {"main": request.mirror, "security": request.security_mirror}.get(locked.archive, "")
    if not mirror or _POOL not in locked.url:
        return locked
    return replace(locked, url=mirror.rstrip("/") + _POOL + locked.url.partition(_POOL)[2])


def vanished(error: NotFound, locked: Locked, lock: Lock) -> NotFound:
    """What to say of a package file that the mirror no longer has."""
    family = lock.suite.partition(":")[0] or "debian"
    date = datetime.fromtimestamp(lock.epoch, UTC).strftime("%Y%m%dT%H%M%SZ")
    archive = "debian-security" if (family, locked.archive) == ("debian", "security") else family
    at = (
        f"snapshot.{family}.org/archive/{archive}/{date}"
        if family == "debian"
        else f"snapshot.ubuntu.com/ubuntu/{date}"
    )
    option = "--security-mirror" if locked.archive == "security" else "--mirror"
    return NotFound(
        f"cannot fetch {locked.name} {locked.version}: the mirror no longer has it ({locked.url}); take the version "
        f"of today with --update-lock, or this one with {option} https://{at}"
    )
