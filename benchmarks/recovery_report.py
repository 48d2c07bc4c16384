"""The result of ``recovery.py`` as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jettison.measure.model import ImageFacts, LayerFacts
from jettison.measure.recovery import kubernetes
from jettison.measure.recovery.model import Costs


@dataclass(frozen=True, slots=True)
class Pulled:
    """One image, pulled by so many clients at once: seconds until the last one had it, for each run."""

    image: str
    clients: int
    seconds: tuple[float, ...]

    @property
    def least(self) -> float:
        """Of the run that was disturbed least."""
        return min(self.seconds)


#: A pull, whether it was fitted to, and what the model says.
Row = tuple[Pulled, bool, float]
Evaluate = Callable[[Sequence[Pulled], dict[str, ImageFacts]], tuple[Costs, list[Row]]]

HEAD = """\
# The model of `jettison recover` beside real pulls

{date}, {machine} before the run and {load_after} after it: other work ran on
the same processors.

Clients in network namespaces behind a switch: the registry (docker-registry) sends at {egress_mbit} Mbit/s, each client
is sent at {link_mbit} Mbit/s (tbf). Every client pulls and unpacks (`transfer.pull(…, unpack=True)`, which is
`jettison pull --unpack`) into an empty store of its own, in memory: nodes of a cluster have a disk each, the clients
here would share one. All begin at the same moment; what counts is when the last one is done. The interpreters of the
clients run already. Of the runs of each pull (random order) the shortest counts, as that was disturbed least.

Fixed before this run: the images, the links, that every other image by size is fitted to and the others
are predicted, and the aim: a median absolute error of at most {aim:.0f} %. A trial with six of the images went before.
"""


_WHY = """\
All clients share the processors of one machine, which nodes of a cluster do not: with more clients, and with images of
many small files, pulls take longer than the model says. Short pulls scatter most."""


def markdown(raw: dict[str, Any], evaluate: Evaluate, aim: float) -> str:
    """The whole document; the constants are fitted anew from the raw data."""
    known = {one["name"]: _image(one) for one in raw["images"]}
    pulled = [Pulled(one["image"], one["clients"], tuple(one["seconds"])) for one in raw["pulls"]]
    costs, rows = evaluate(pulled, known)
    parts = [
        HEAD.format(**{**raw, "aim": 100 * aim}),
        _result(rows, aim),
        _without(known, raw, rows, aim),
        _costs(costs),
        _images(known, rows),
        _pulls(rows),
    ]
    return "\n".join(parts)


def _image(value: dict[str, Any]) -> ImageFacts:
    return ImageFacts(**{**value, "layers": tuple(LayerFacts(**layer) for layer in value["layers"])})


def error(row: Row) -> float:
    """By which share the prediction is off."""
    return row[2] / row[0].least - 1


def median(rows: Sequence[Row]) -> float:
    """Of the absolute errors, in per cent."""
    return 100 * statistics.median(abs(error(row)) for row in rows)


def _result(rows: Sequence[Row], aim: float) -> str:
    predicted = [row for row in rows if not row[1]]
    fitted = [row for row in rows if row[1]]
    worst = max(predicted, key=lambda row: abs(error(row)))
    verdict = "reached" if median(predicted) <= 100 * aim else "missed"
    within = sum(abs(error(row)) <= aim for row in predicted)
    lines = [
        "## Result", "",
        f"**Median absolute error of the predictions: {median(predicted):.1f} %** ({len(predicted)} pulls of images "
        f"that were not fitted to; aim {100 * aim:.0f} %: {verdict}). {within} of {len(predicted)} are within "
        f"{100 * aim:.0f} %; the worst is {100 * error(worst):+.0f} % ({worst[0].image}, clients: {worst[0].clients}). "
        f"Of the {len(fitted)} pulls that were fitted to: {median(fitted):.1f} %.",
        "", _WHY, "", "| clients | predicted pulls | median absolute error | mean error |", "|---|---|---|---|",
    ]  # fmt: skip
    for clients in sorted({row[0].clients for row in predicted}):
        some = [row for row in predicted if row[0].clients == clients]
        mean = 100 * statistics.mean(map(error, some))
        lines.append(f"| {clients} | {len(some)} | {median(some):.1f} % | {mean:+.1f} % |")
    return "\n".join([*lines, ""])


def plain(known: dict[str, ImageFacts], raw: dict[str, Any], one: Pulled) -> float:
    """What bytes over the fair share of the links alone would say."""
    share = min(kubernetes.payload(raw["link_mbit"] * 1e6), kubernetes.payload(raw["egress_mbit"] * 1e6) / one.clients)
    return known[one.image].compressed_bytes / share


def _without(known: dict[str, ImageFacts], raw: dict[str, Any], rows: Sequence[Row], aim: float) -> str:
    simple = [(one, fitted, plain(known, raw, one)) for one, fitted, _ in rows if not fitted]
    within = sum(abs(error(row)) <= aim for row in simple)
    return (
        f"For comparison, bytes over the fair share of the links alone: {median(simple):.1f} % on the same pulls, "
        f"{within} of {len(simple)} within {100 * aim:.0f} %.\n"
    )


def _costs(costs: Costs) -> str:
    return (
        "## Fitted constants\n\n"
        f"Unpacking {costs.codec / 1e6:.0f} MB/s (decompressing, hashing, writing to memory), "
        f"{1000 * costs.per_file:.3f} ms a file, {1000 * costs.per_layer:.0f} ms a layer, "
        f"{1000 * costs.per_image:.0f} ms an image. Not fitted: round trip {1000 * costs.round_trip:g} ms, "
        f"{costs.trips:g} for a layer, {costs.image_trips:g} for an image; content is 1,448 of a frame's 1,514 bytes.\n"
    )


def _images(known: dict[str, ImageFacts], rows: Sequence[Row]) -> str:
    training = {row[0].image for row in rows if row[1]}
    lines = [
        "## Images",
        "",
        "| image | compressed | unpacked | files | layers | used to |",
        "|---|---|---|---|---|---|",
    ]
    for name, image in known.items():
        use = "fit" if name in training else "predict"
        sizes = f"{image.compressed_bytes / 1e6:.2f} MB | {image.disk_bytes / 1e6:.1f} MB | {image.files:,}"
        lines.append(f"| {name} | {sizes} | {len(image.layers)} | {use} |")
    return "\n".join([*lines, ""])


def _pulls(rows: Sequence[Row]) -> str:
    lines = ["## Pulls", "", "| image | clients | used to | measured | model | error |", "|---|---|---|---|---|---|"]
    for row in rows:
        one, fitted, seconds = row
        runs = ", ".join(f"{value:.2f}" for value in one.seconds)
        use = "fit" if fitted else "predict"
        lines.append(
            f"| {one.image} | {one.clients} | {use} | {runs} s | {seconds:.2f} s | {100 * error(row):+.1f} % |"
        )
    return "\n".join([*lines, ""])
