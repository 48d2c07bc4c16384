"""The programs that can be measured, by name."""

from __future__ import annotations

from collections.abc import Mapping

from jettison.measure.bench.model import Tool
from jettison.measure.bench.tools import buildah, containerd, docker, jettison, podman, skopeo

TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        jettison.Tool(),
        docker.Tool(),
        podman.Tool(),
        buildah.Tool(),
        skopeo.Tool(),
        containerd.Tool(),
    )
}
OTHERS = tuple(name for name in TOOLS if name != "jettison")
