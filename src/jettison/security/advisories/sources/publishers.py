"""Who publishes an OSV record, by its identifier's prefix (OSV schema, "id"), and under which licence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publisher:
    """``name`` is also what a severity of theirs is said to come from."""

    name: str
    licence: str = ""


#: Licences as https://google.github.io/osv.dev/data and the repositories themselves state them.
_KNOWN = {
    "GHSA": Publisher("GHSA", "CC-BY-4.0"),
    "PYSEC": Publisher("PyPA", "CC-BY-4.0"),
    "PSF": Publisher("Python Software Foundation", "CC-BY-4.0"),
    "GO": Publisher("Go", "CC-BY-4.0"),
    "RUSTSEC": Publisher("RustSec", "CC0-1.0"),
    "MAL": Publisher("OpenSSF Malicious Packages", "Apache-2.0"),
    "BIT": Publisher("Bitnami", "Apache-2.0"),
    "ALPINE": Publisher("Alpine"),
    "ALSA": Publisher("AlmaLinux", "MIT"),
    "ALBA": Publisher("AlmaLinux", "MIT"),
    "ALEA": Publisher("AlmaLinux", "MIT"),
    "RLSA": Publisher("Rocky Linux", "BSD"),
    "RXSA": Publisher("Rocky Linux", "BSD"),
    "RHSA": Publisher("Red Hat", "CC-BY-4.0"),
    "RHBA": Publisher("Red Hat", "CC-BY-4.0"),
    "RHEA": Publisher("Red Hat", "CC-BY-4.0"),
    "UBUNTU": Publisher("Ubuntu", "CC-BY-SA-4.0"),
    "USN": Publisher("Ubuntu", "CC-BY-SA-4.0"),
    "LSN": Publisher("Ubuntu", "CC-BY-SA-4.0"),
    "DEBIAN": Publisher("Debian"),
    "DSA": Publisher("Debian"),
    "DLA": Publisher("Debian"),
    "DTSA": Publisher("Debian"),
    "HSEC": Publisher("Haskell", "CC0-1.0"),
    "OSV": Publisher("OSS-Fuzz", "CC-BY-4.0"),
    "CVE": Publisher("CVE"),
}


def publisher(identifier: str) -> Publisher:
    """Of an identifier such as ``GHSA-xxxx-xxxx-xxxx``; the prefix itself where nobody is known by it."""
    prefix = identifier.partition("-")[0].upper()
    return _KNOWN.get(prefix) or Publisher(prefix[:40] or "OSV")


def is_known(identifier: str) -> bool:
    """Whether it is one that osv.dev has a page for."""
    return identifier.partition("-")[0] in _KNOWN
