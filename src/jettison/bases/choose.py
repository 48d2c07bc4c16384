"""Which images could take another's place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jettison.bases import catalogue
from jettison.bases.model import Variant
from jettison.bases.references import DEBIAN, SCRATCH, UBUNTU, Match, fill, match, of_code, relocate
from jettison.configuration import BaseEntry, BaseSize
from jettison.oci.reference import name

#: Families of images that are for no language, the larger first.
_GENERAL = ("debian", "ubuntu", "chainguard", "distroless", "alpine", "busybox", "scratch")


def variants(reference: str, extra: Sequence[BaseEntry] = ()) -> tuple[Variant, ...]:
    """The image itself and its smaller relatives of the same version, largest first; empty for an unknown one.

    ``extra`` are entries beside the catalogue's. Raises ``InvalidReference``.
    """
    entries = catalogue.entries(extra)
    hit = match(reference, entries)
    if hit is None:
        return ()
    own = SCRATCH if hit.image == SCRATCH else hit.given.familiar
    itself = _variant(hit.entry, own, hit.image, hit.values)
    after = entries[entries.index(hit.entry) + 1 :]
    near = [entry for entry in after if (entry.family, entry.purpose) == (hit.entry.family, hit.entry.purpose)]
    found = [variant for entry in near if (variant := _made(entry, hit.values, hit))]
    return (itself, *(variant for variant in found if variant.reference != itself.reference))


def runtimes(family: str, version: str, extra: Sequence[BaseEntry] = (), release: str = "") -> tuple[Variant, ...]:
    """Images on which programs of a language run, largest first.

    ``family`` is a family of the catalogue or a language (``java``, ``php-apache``, ``native``, ``static``);
    ``version`` is the language's. ``release`` is the code name of the Debian where they were built, if known.
    """
    known = catalogue.family(family.partition("-")[0]) or catalogue.family(family)
    spoken = known.language if known and known.name == family and known.language else family
    rounded = _rounded(version, known.precision) if known else version
    runs = [entry for entry in catalogue.entries(extra) if spoken in entry.runs]
    runs.sort(key=lambda entry: _place(entry, spoken))
    values = {"version": rounded or "latest", **({"code": release} if release in DEBIAN else {})}
    made = (_made(entry, values, versioned=_speaks(entry, spoken)) for entry in runs)
    return _by_size([variant for variant in made if variant])


def language(reference: str, extra: Sequence[BaseEntry] = ()) -> tuple[str, str] | None:
    """The language that an image is for and its version, as ``runtimes`` takes them; ``None`` without one.

    ``maven:3.9-eclipse-temurin-17`` is Java 17. Raises ``InvalidReference``.
    """
    hit = match(reference, catalogue.entries(extra))
    known = catalogue.family(hit.entry.family) if hit else None
    if hit is None or known is None or not known.language:
        return None
    # The version of Maven and Gradle is not that of the language.
    tool = any("{java}" in image for image in hit.entry.images)
    version = hit.values.get("java" if tool else "version", "latest")
    return (hit.entry.runs or (known.language,))[0], _rounded(version, known.precision)


def _speaks(entry: BaseEntry, language: str) -> bool:
    """Whether the version in the entry's tags is that of the language."""
    known = catalogue.family(entry.family)
    return known is None or known.language == language.partition("-")[0]


def _place(entry: BaseEntry, language: str) -> int:
    """Images of the language itself go before those that only have what every program needs."""
    return _GENERAL.index(entry.family) if entry.family in _GENERAL and not _speaks(entry, language) else -1


def _made(
    entry: BaseEntry, values: Mapping[str, str], hit: Match | None = None, *, versioned: bool = True
) -> Variant | None:
    filled = fill(entry, values, versioned=versioned)
    if filled is None:
        return None
    reference, image = filled
    return _variant(entry, relocate(reference, hit) if hit else reference, image, values)


def _variant(entry: BaseEntry, reference: str, image: str, values: Mapping[str, str]) -> Variant:
    named = {key: value for key, value in values.items() if f"{{{key}}}" in image}
    release = named.get("code") or (named.get("version", "") if entry.family in _GENERAL else "")
    distribution = of_code(named, entry.distribution)
    common = catalogue.distribution(distribution, release)
    size = _size(entry, reference)
    return Variant(
        family=entry.family,
        name=entry.name,
        reference=reference,
        distribution=distribution,
        libc=entry.libc,
        shell=entry.shell,
        package_manager=entry.package_manager,
        user=entry.user,
        users=tuple(dict.fromkeys(common.users + entry.users)),
        certificates=entry.certificates,
        tz=entry.tz,
        libraries=tuple(dict.fromkeys(common.libraries + entry.libraries)),
        compressed_bytes=size.compressed if size else None,
        disk_bytes=size.disk if size else None,
        size_of=size.image if size else "",
        source=size.source if size else "",
        date=size.date if size else "",
        version=values.get("version", ""),
        release=release if release in DEBIAN + UBUNTU else "",
    )


def _size(entry: BaseEntry, reference: str) -> BaseSize | None:
    """The size of this very tag where it is known, else the first that the catalogue gives."""
    tag = name(reference).tag
    exact = (size for size in entry.sizes if name(size.image).tag == tag)
    return next(exact, entry.sizes[0] if entry.sizes else None)


def _by_size(found: Sequence[Variant]) -> tuple[Variant, ...]:
    """Largest compressed size first; one of unknown size stays behind the one that it follows."""
    keyed: list[tuple[float, Variant]] = []
    last = float("inf")
    for variant in found:
        size = variant.disk_bytes if variant.compressed_bytes is None else variant.compressed_bytes
        last = last if size is None else size
        keyed.append((last, variant))
    return tuple(variant for _, variant in sorted(keyed, key=lambda pair: -pair[0]))


def _rounded(version: str, numbers: int) -> str:
    """The first so many numbers of a version (all for 0); Java's 1.8 is 8."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    if not numbers or not found:
        return version
    parts = found[0].split(".")
    if numbers == 1 and parts[0] == "1" and len(parts) > 1:
        parts = parts[1:]
    return ".".join(parts[:numbers])
