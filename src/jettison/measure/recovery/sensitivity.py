"""What a change is worth: the same simulation with a slightly smaller image, and the difference of the results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jettison.measure.model import ImageFacts, LayerFacts
from jettison.measure.recovery.model import Cluster, Gains, Outcome, Recovery, Setting
from jettison.measure.recovery.simulate import simulate

MEGABYTE = 1_000_000
#: The step as a share of the image: large enough to average over the slots of layers, small enough to be local.
_STEP = 0.1


def recovery(
    scenario: str,
    before: ImageFacts,
    after: ImageFacts,
    settings: Sequence[Setting],
    *,
    also: Sequence[ImageFacts] = (),
    notes: Sequence[str] = (),
) -> Recovery:
    """Both images in each setting (those differ in the number of nodes); ``also`` runs on the nodes besides."""
    outcomes, gained = [], []
    for setting in settings:
        first = simulate((before, *also), setting)
        outcomes.append((first, simulate((after, *also), setting)))
        gained.append(gains(before, also, setting, first))
    return Recovery(scenario, before, after, tuple(outcomes), tuple(gained), settings[0], tuple(notes), tuple(also))


def gains(image: ImageFacts, also: Sequence[ImageFacts], setting: Setting, now: Outcome) -> Gains:
    """What a MB (compressed, with what it unpacks to) and 1,000 files less are worth, around the image as it is."""
    megabytes = _STEP * image.compressed_bytes / MEGABYTE
    thousands = _STEP * image.files / 1000
    lighter = simulate((smaller(image, bytes_by=_STEP), *also), setting) if megabytes else now
    fewer = simulate((smaller(image, files_by=_STEP), *also), setting) if thousands else now
    return Gains(
        nodes=setting.cluster.nodes,
        median_per_megabyte=(now.p50 - lighter.p50) / megabytes if megabytes else 0.0,
        last_per_megabyte=(now.last - lighter.last) / megabytes if megabytes else 0.0,
        median_per_thousand_files=(now.p50 - fewer.p50) / thousands if thousands else 0.0,
        last_per_thousand_files=(now.last - fewer.last) / thousands if thousands else 0.0,
    )


def smaller(image: ImageFacts, *, bytes_by: float = 0.0, files_by: float = 0.0) -> ImageFacts:
    """The image with every layer smaller by these shares. Files are whole numbers, so a share of few may be none."""
    layers = tuple(_smaller(layer, 1 - bytes_by, 1 - files_by) for layer in image.layers)
    return replace(
        image,
        compressed_bytes=sum(layer.compressed_bytes for layer in layers),
        files=sum(layer.files for layer in layers),
        layers=layers,
    )


def _smaller(layer: LayerFacts, size: float, files: float) -> LayerFacts:
    return replace(
        layer,
        compressed_bytes=round(layer.compressed_bytes * size),
        uncompressed_bytes=round(layer.uncompressed_bytes * size),
        files=round(layer.files * files),
    )


def sizes(setting: Setting, nodes: Sequence[int], crashed: float) -> tuple[Setting, ...]:
    """The setting for clusters of these sizes; ``crashed`` below one is a share of the nodes, else their number."""
    return tuple(replace(setting, cluster=_sized(setting.cluster, count, crashed)) for count in nodes)


def _sized(cluster: Cluster, nodes: int, crashed: float) -> Cluster:
    count = max(1, round(crashed * nodes)) if crashed < 1 else int(crashed)
    return replace(cluster, nodes=nodes, crashed=count)
