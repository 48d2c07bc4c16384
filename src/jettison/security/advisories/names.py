"""The one spelling under which an ecosystem and a package are kept and looked up."""

from __future__ import annotations

import re

#: Ecosystems of distributions (OSV schema, "Defined ecosystems"); the release follows a colon.
DISTRIBUTIONS = frozenset({
    "AlmaLinux", "Alpaquita", "Alpine", "Azure Linux", "BellSoft Hardened Containers", "Chainguard", "Debian", "Echo",
    "Mageia", "MinimOS", "openEuler", "openSUSE", "Photon OS", "Red Hat", "Rocky Linux", "SUSE", "Ubuntu", "Wolfi",
})  # fmt: skip
#: Where names differ in nothing but case, they are one package.
_CASELESS = frozenset({"Packagist", "NuGet", "GitHub Actions", "Bitnami"})
_CVE = re.compile(r"CVE-\d{4}-\d{4,}")


def family(ecosystem: str) -> str:
    """The ecosystem without its release."""
    return ecosystem.partition(":")[0]


def is_distribution(ecosystem: str) -> bool:
    """Whether its packages are those of a Linux distribution."""
    return family(ecosystem) in DISTRIBUTIONS


def ecosystem(name: str) -> str:
    """Ubuntu's long-term releases are named as the others are: ``Ubuntu:22.04``, not ``Ubuntu:22.04:LTS``."""
    return name.removesuffix(":LTS") if name.startswith("Ubuntu:") else name


def package(ecosystem: str, name: str) -> str:
    """PyPI's names as PEP 503 has them; lower case where case means nothing."""
    kind = family(ecosystem)
    if kind == "PyPI":
        return re.sub(r"[-_.]+", "-", name).lower()
    return name.lower() if kind in _CASELESS else name


def is_cve(name: str) -> bool:
    """Whether it is a whole CVE number."""
    return _CVE.fullmatch(name) is not None
