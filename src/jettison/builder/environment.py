"""Which variables an instruction sees: ARGs, those that every build has, and ENV above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jettison.dockerfile.variables import expand
from jettison.oci.descriptor import Platform

#: Build arguments that need no ARG and leave no trace (Dockerfile reference, "Predefined ARGs").
PREDEFINED = frozenset(
    name
    for lower in ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy")
    for name in (lower, lower.upper())
)


def platform_args(target: Platform) -> dict[str, str]:
    """``TARGETPLATFORM`` and its siblings (Dockerfile reference, "Automatic platform ARGs in the global scope")."""
    found: dict[str, str] = {}
    for side, platform in (("TARGET", target), ("BUILD", Platform.host())):
        found |= {
            f"{side}PLATFORM": str(platform),
            f"{side}OS": platform.os,
            f"{side}ARCH": platform.architecture,
            f"{side}VARIANT": platform.variant,
        }
    return found


def global_args(
    pairs: Iterable[tuple[str, str | None]], given: Mapping[str, str], target: Platform, escape: str
) -> dict[str, str]:
    """Values of the ARGs before the first FROM, and of the automatic ones."""
    values = platform_args(target)
    for name, default in pairs:
        if name in given:
            values[name] = given[name]
        elif default is not None:
            values[name] = expand(default, values, escape)
    return values


@dataclass(slots=True)
class Arguments:
    """The ARGs of one stage. ``given`` is from the command line, ``outer`` from before the first FROM."""

    given: Mapping[str, str]
    outer: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def declare(self, name: str, default: str | None) -> None:
        """``ARG name=default``; ``default`` is expanded already."""
        self.used.add(name)
        if name in self.given:
            self.values[name] = self.given[name]
        elif default is not None:
            self.values[name] = default
        elif name in self.outer:
            self.values[name] = self.outer[name]

    @property
    def proxies(self) -> dict[str, str]:
        """Predefined arguments that were given: programs see them, images and cache keys do not."""
        return {name: value for name, value in self.given.items() if name in PREDEFINED}
