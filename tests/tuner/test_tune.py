"""Candidates are built and asked what the original was asked; the smallest that works is kept."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jettison import builder, pipeline, tuner
from jettison.configuration import BaseEntry, Request, ScenarioSettings
from jettison.dockerfile import open_context, parse
from jettison.errors import Unsupported
from jettison.filetree import index
from jettison.observe import Settings
from jettison.oci.layout import Store
from jettison.oci.validate import validate
from jettison.pipeline import Case, Clock, Options
from jettison.tuner import Outcome, Proposal, Source, Tried, tune
from tools import need

pytestmark = pytest.mark.integration

BASE = """\
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
"""
DOCKERFILE = """\
FROM localhost/system:full
COPY www /www
RUN mkdir -p /usr/share/doc && dd if=/dev/zero of=/usr/share/doc/padding bs=1000 count=1000
EXPOSE 8080
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
"""
STAGES = """\
FROM localhost/system:full AS build
COPY www /www

FROM scratch
COPY --from=build /bin /bin
{copies}
EXPOSE 8080
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
"""
OPTIONS = Options(
    crawl=False,
    settings=Settings(timeout=10, duration=0.3),
    scenarios=(ScenarioSettings(http=(Request("/"), Request("/about.html"))),),
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need("runc", "strace", "busybox")
    site = tmp_path_factory.mktemp("tuner") / "site"
    (site / "www").mkdir(parents=True)
    shutil.copy2("/bin/busybox", site / "busybox")
    (site / "www/index.html").write_text("<h1>welcome</h1>")
    (site / "www/about.html").write_text("about us")
    (site / "Dockerfile").write_text(DOCKERFILE)
    return site


@pytest.fixture(scope="module")
def store(directory: Path) -> Store:
    made = Store.open(directory.parent / "store")
    builder.build(made, directory, BASE, tag="localhost/system:slim")
    padding = 'RUN ["/bin/dd", "if=/dev/zero", "of=/padding", "bs=1000", "count=500"]\n'
    builder.build(made, directory, BASE + padding, tag="localhost/system:full")
    return made


@pytest.fixture(scope="module")
def case(store: Store, directory: Path) -> Case:
    image = builder.build(store, directory).image
    return pipeline.open_case(store, image, OPTIONS, Clock(None))


def tried(case: Case, directory: Path, *texts: str, **settings: object) -> tuple[Tried, ...]:
    proposals = [Proposal(f"recipe-{number}", text) for number, text in enumerate(texts)]
    return tune(case, directory, proposals, tuner.Settings(**settings)).tried  # type: ignore[arg-type]


def test_the_smallest_that_works_is_kept(case: Case, directory: Path) -> None:
    slim = DOCKERFILE.replace(":full", ":slim")
    small = slim.replace("count=1000", "count=10")
    other = small.replace("/www\n", "/html\n", 1)
    tuned = tune(
        case, directory, [Proposal(str(n), text) for n, text in enumerate((slim, small, other))], tuner.Settings()
    )
    assert [(one.proposal.recipe, one.outcome) for one in tuned.tried] == [
        ("1", Outcome.WORKS), ("0", Outcome.WORKS), ("2", Outcome.DIFFERS),
    ]  # fmt: skip
    assert tuned.best is tuned.tried[0]
    assert tuned.best.image is not None
    validate(case.store, tuned.best.image)
    assert tuned.tried[2].reason.endswith("it lacks /www")


def test_what_cannot_be_built_falls_out_with_the_reason(case: Case, directory: Path) -> None:
    (one,) = tried(case, directory, "FROM localhost/system:full\nRUN false\n")
    assert one.outcome is Outcome.NOT_BUILT
    assert one.reason.startswith("cannot build")
    assert "\n" not in one.reason


def test_what_it_looks_up_in_vain_is_copied_too(case: Case, directory: Path) -> None:
    (one,) = tried(case, directory, STAGES.format(copies="COPY --from=build /www/index.html /www/"))
    assert (one.outcome, one.healed) == (Outcome.WORKS, ("/www/about.html",))
    assert "# Looked up in vain without these\nCOPY --from=build /www/about.html /www/about.html\n" in one.dockerfile
    again = builder.build(case.store, directory, one.dockerfile).image
    assert "/www/about.html" in index(case.store.snapshots(again))


def test_nothing_larger_than_the_original_is_best(case: Case, directory: Path) -> None:
    larger = DOCKERFILE.replace("count=1000", "count=2000")
    tuned = tune(case, directory, [Proposal("larger", larger)], tuner.Settings())
    assert (tuned.best, tuned.tried[0].outcome) == (None, Outcome.WORKS)


def test_limits_are_said(case: Case, directory: Path) -> None:
    slim = DOCKERFILE.replace(":full", ":slim")
    texts = [slim.replace("1000\n", f"{900 + number}\n") for number in range(3)]
    found = tried(case, directory, *texts, max_candidates=1)
    assert sorted(one.outcome for one in found) == [Outcome.NOT_TRIED, Outcome.NOT_TRIED, Outcome.WORKS]
    assert "--max-candidates" in found[-1].reason
    (late,) = tried(case, directory, slim, time_limit=-1.0)
    assert (late.outcome, late.reason) == (Outcome.NOT_TRIED, "the time was up (--time-limit)")


def test_no_base_that_is_larger_than_what_works_already(case: Case, directory: Path) -> None:
    slim = DOCKERFILE.replace(":full", ":slim")
    proposals = [Proposal("small", slim)] + [
        Proposal(f"large-{n}", slim + f"# {n}\n", expected_bytes=10**9) for n in range(3)
    ]
    tuned = tune(case, directory, proposals, tuner.Settings())
    assert tuned.tried[-1].reason == "something smaller works already"


def source(directory: Path, text: str = DOCKERFILE) -> Source:
    return Source("site", directory, parse(text), open_context(directory))


def entry(name: str) -> BaseEntry:
    return BaseEntry("system", (f"localhost/system:{name}",), "none", "none", name=name, shell=True)


def test_everything_for_a_dockerfile(store: Store, directory: Path, case: Case) -> None:
    extra = (entry("full"), entry("slim"), entry("missing"))
    settings = tuner.Settings(extra=extra, offline=True)
    found = tuner.rewrite(store, source(directory), case.subject.image, OPTIONS, settings)
    lines = {line.name: line for line in found.report.candidates}
    assert lines["smaller-base on localhost/system:slim"].outcome == "works"
    assert lines["observation on scratch"].outcome == "works"
    assert lines["smaller-base on localhost/system:missing"].outcome == "ruled out"
    assert (
        lines["smaller-base on localhost/system:missing"].reason == "localhost/system:missing: not looked up: off line"
    )
    assert found.report.chosen == "observation on scratch"
    assert found.report.before is not None
    assert found.report.after is not None
    assert found.report.after.disk_bytes < found.report.before.disk_bytes
    assert all(probe.agreed for probe in found.report.probes)
    assert found.best is not None
    assert builder.build(store, directory, found.report.dockerfile).image.descriptor == found.best.image.descriptor  # type: ignore[union-attr]


def test_a_verdict_is_remembered(case: Case, directory: Path) -> None:
    slim = DOCKERFILE.replace(":full", ":slim")
    first, second = (tried(case, directory, slim)[0] for _ in range(2))
    assert first.verdict == second.verdict
    forgetful = replace(case, options=replace(OPTIONS, remember=False))
    assert tried(forgetful, directory, slim)[0].outcome is Outcome.WORKS


def test_a_recipe_that_cannot_help_is_ruled_out_with_its_reason(
    store: Store, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Helpless:
        name = "helpless"

        def candidates(self, _: object) -> object:
            raise Unsupported("cannot rewrite it: nobody could")

    monkeypatch.setattr(sys.modules["jettison.tuner.propose"], "RECIPES", (Helpless(),))
    settings = tuner.Settings()
    (only,) = tuner.propose(store, tuner.project(store, source(directory), settings), settings)
    assert (only.recipe, only.reason) == ("helpless", "cannot rewrite it: nobody could")
