"""What no probe visited still works in the small image of a stranger, at the default policy."""

from __future__ import annotations

import pytest

from behaviours.stranger import load
from behaviours.trial import compare
from behaviours.workshop import build, open_workshop, shrink
from tools import need


@pytest.mark.integration
@pytest.mark.parametrize("name", ["shell", "c-plugins", "flask-numpy"])
def test_what_no_probe_visited_still_works(name: str) -> None:
    need("runc", "strace", "mmdebstrap", "openssl")
    workshop, stranger = open_workshop(), load(name)
    image = build(workshop, stranger)
    report = shrink(workshop, image, stranger)
    outcomes = compare(workshop, stranger, workshop.image(image), workshop.image(f"{image}-small"))
    assert report["verdict"] == "same"
    assert [outcome for outcome in outcomes if not outcome.works] == []
    assert [f"{outcome.behaviour}: {outcome.detail}" for outcome in outcomes if not outcome.kept] == []
