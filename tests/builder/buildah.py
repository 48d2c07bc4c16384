"""Buildah, as the reference that builds are compared with."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from jettison.filetree import FileTree, index
from jettison.oci import mediatypes
from jettison.oci.config import ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Layer
from jettison.oci.snapshots import unpack_layer


class Buildah:
    """A storage of its own below ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._options = ["--root", f"{directory}/root", "--runroot", f"{directory}/run", "--storage-driver", "overlay"]

    def build(self, dockerfile: str, context: Path, name: str) -> None:
        file = self.directory / "Dockerfile"
        file.write_text(dockerfile)
        self._run("bud", "--isolation", "chroot", "--format", "docker", "--network", "host", "--pull-never",
                  "-t", name, "-f", str(file), str(context))  # fmt: skip

    def image(self, name: str, place: Path) -> tuple[ImageConfig, FileTree]:
        """Its configuration, and the tree of its layers, unpacked by our own reader."""
        self._run("push", "--disable-compression", name, f"dir:{place}")
        manifest = json.loads((place / "manifest.json").read_text())
        config = ImageConfig.from_bytes((place / manifest["config"]["digest"].partition(":")[2]).read_bytes())
        snapshots = []
        for number, (layer, diff_id) in enumerate(zip(manifest["layers"], config.diff_ids, strict=True)):
            digest = Digest.parse(layer["digest"])
            known = Layer(Descriptor(mediatypes.OCI_LAYER, digest, layer["size"]), diff_id)
            snapshots.append(place / f"fs-{number}")
            snapshots[-1].mkdir()
            with open(place / digest.hex, "rb") as blob:
                unpack_layer(blob, known, snapshots[-1])
        return config, index(snapshots)

    def close(self) -> None:
        """Unmount what its storage driver has mounted, the deepest first."""
        mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        for place in sorted((m for m in mounts if m.startswith(f"{self.directory}/")), key=len, reverse=True):
            subprocess.run(["umount", place], check=True)

    def _run(self, verb: str, *arguments: str) -> None:
        done = subprocess.run(
            ["buildah", *self._options, verb, *arguments], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, f"buildah {verb}: {done.stderr}"
