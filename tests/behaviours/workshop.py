"""Where strangers are built and shrunk: a store, the bases, and the command line, kept from one run to the next."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behaviours.authority import Authority, authority
from behaviours.stranger import Stranger
from jettison.oci import transfer
from jettison.oci.image import Image
from jettison.oci.layout import Store

#: The script that makes the bases that a registry would serve.
BASES = Path(__file__).parents[2] / "scripts" / "make-bases"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A directory with a store, the bases' root file system and the tests' certificate authority."""

    directory: Path
    authority: Authority

    @property
    def store(self) -> Store:
        """The store that everything here is in."""
        return Store.open(self.directory / "store")

    def image(self, name: str) -> Image:
        """An image of the store by its name."""
        return transfer.resolve(self.store, name, pull="never")

    def environment(self) -> dict[str, str]:
        """What the command line needs to be told to work here."""
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
        extra = str(self.authority.certificate)
        return {
            **os.environ,
            "PATH": path,
            "JETTISON_STORE": str(self.directory / "store"),
            "JETTISON_EXTRA_CA": extra,
        }

    def run(self, arguments: Sequence[str], limit: float = 900) -> str:
        """Run a command to its end; its output. A failure shows what it said."""
        done = subprocess.run(
            list(arguments),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr[-3000:]}"
        return done.stdout


def open_workshop() -> Workshop:
    """The workshop in ``$JETTISON_TEST_CACHE``, or in the user's cache directory."""
    home = Path(os.environ.get("HOME") or "/root")
    directory = Path(os.environ.get("JETTISON_TEST_CACHE") or home / ".cache" / "jettison-tests")
    return Workshop(directory, authority(directory / "authority"))


def build(workshop: Workshop, stranger: Stranger) -> str:
    """Build a stranger on its base; the image's name. Quick where nothing changed since the last time."""
    workshop.run([str(BASES), str(workshop.directory / "bases"), stranger.base])
    name = f"stranger-{stranger.name}"
    workshop.run(["jettison", "--quiet", "build", "--tag", name, str(stranger.context)])
    return name


def shrink(workshop: Workshop, name: str, stranger: Stranger, flags: Sequence[str] = ()) -> dict[str, Any]:
    """Shrink an image, with the stranger's probes and no others; the report."""
    probes = [word for path in stranger.probes for word in ("--http", path)]
    command = [
        "jettison",
        "--quiet",
        "shrink",
        name,
        "--tag",
        f"{name}-small",
        "--json",
        "--no-crawl",
        *probes,
        *flags,
    ]
    report: dict[str, Any] = json.loads(workshop.run([*command, *probes, *flags]))
    return report
