"""An observation survives the store."""

from __future__ import annotations

import json

import pytest

from jettison.closure.model import Evidence
from jettison.observe import Observation, Run, Settings, record, scenarios
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.image import Image
from jettison.probes import Answer

SEEN = Observation(
    (
        Run(
            "web", {"/bin/\udcff": frozenset({Evidence("opened", "sh in web"), Evidence("executed", "sh in web")})},
            (Answer("GET /", True, {"status": "200"}, "", 0.25, False),), frozenset({"tcp/80"}), {"/x": "GET /"},
            frozenset({"/new"}), None, b"log \xff", 0.5, (("start-up", 3),), "", True, ("a caveat",),
        ),
        Run("job", {}, (), exit_code=1, failure="it fails", started=False),
    ),
    "strace",
)  # fmt: skip


def test_it_comes_back_as_it_was() -> None:
    assert record.from_json(json.loads(json.dumps(record.to_json(SEEN)))) == SEEN


@pytest.mark.parametrize(
    "value", [{}, {"version": 0, "runs": [], "tracer": ""}, {"version": record.VERSION, "runs": [{}]}]
)
def test_a_record_that_is_damaged_or_old_is_none(value: dict[str, object]) -> None:
    assert record.from_json(value) is None


def test_it_is_found_by_what_it_depends_on() -> None:
    image = Image(ImageConfig(container=ContainerConfig(cmd=("x",))), ())
    chosen = scenarios(image.config)
    word = record.key(image, chosen, Settings())
    assert word == record.key(image, chosen, Settings())
    assert word != record.key(image, chosen, Settings(duration=9))
    assert word != record.key(image, scenarios(image.config, crawl=False), Settings())
    assert word != record.key(Image(image.config.with_container(cmd=("y",)), ()), chosen, Settings())
