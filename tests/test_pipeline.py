"""From an image to a small one that was proved: healing, what cannot be healed, and the same result every time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

import images
from jettison import pipeline
from jettison.configuration import Request, ScenarioSettings
from jettison.errors import InvalidInput, ProbeError
from jettison.filetree import index
from jettison.observe import Settings
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.recompress import OPENED
from jettison.oci.validate import validate
from jettison.pipeline import Options, Shrunk, shrink
from jettison.plan import Policy, Wishes
from tools import need

pytestmark = pytest.mark.integration

#: Asks for a file by a name that stands nowhere, and does not open it.
LOOKS = b"""#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
name=set
test -e /srv/${name}tings.$((2 + 2)) && echo there
"""
FILES: images.Files = {
    "/www/index.html": b"<a href='/about.html'>about</a>",
    "/www/about.html": b"about us",
    "/www/cgi-bin/looks": LOOKS,
    "/srv/settings.4": b"on",
    "/usr/share/doc/padding": bytes(500_000),
}
QUICK = Options(policy=Policy.TIGHT, crawl=False, settings=Settings(timeout=10, duration=0.3))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    need("runc", "strace", "busybox")
    return Store.open(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def site(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Image:
    root = images.busybox(tmp_path_factory.mktemp("site") / "root", FILES)
    return images.image(store, root, cmd=("httpd", "-f", "-p", "8080", "-h", "/www"), exposed_ports=("8080/tcp",))


def asking(*paths: str, options: Options = QUICK, **scenario: object) -> Options:
    return replace(options, scenarios=(ScenarioSettings(http=tuple(map(Request, paths)), **scenario),))


def paths(store: Store, shrunk: Shrunk) -> Iterable[str]:
    return index(store.snapshots(shrunk.image)).keys()


def test_a_small_image_is_proved_and_smaller(store: Store, site: Image) -> None:
    told: list[str] = []
    found = shrink(store, site, "site", asking("/"), told.append)
    assert (found.report.outcome, found.report.verdict, found.report.rounds) == ("shrunk", "same", 0)
    assert found.report.before.disk_bytes - found.report.after.disk_bytes >= 500_000
    assert told == ["index", "observe", "plan", "carve", "verify", "measure"]
    assert [phase.name for phase in found.report.phases] == told
    assert "/usr/share/doc/padding" not in paths(store, found)
    assert found.image.descriptor
    assert found.report.digest == str(found.image.descriptor.digest)
    assert store.record(pipeline.PLAN, found.report.digest)
    first = store.record(OPENED, found.report.digest)
    assert first
    assert set(first["paths"]) < set(paths(store, found))
    assert first["paths"].index("/bin/busybox") < first["paths"].index("/www/index.html")
    validate(store, found.image)


def test_what_was_looked_up_in_vain_is_added(store: Store, site: Image) -> None:
    found = shrink(store, site, "site", asking("/", "/cgi-bin/looks"))
    assert (found.report.outcome, found.report.rounds) == ("shrunk", 1)
    assert found.report.healed == ("/srv/settings.4 (GET /cgi-bin/looks in default)",)
    assert "/srv/settings.4" in paths(store, found)
    assert "heal" in [phase.name for phase in found.report.phases]


def test_without_healing_it_fails(store: Store, site: Image) -> None:
    found = shrink(store, site, "site", replace(asking("/", "/cgi-bin/looks"), rounds=0))
    assert (found.report.outcome, found.report.verdict) == ("failed", "different")
    assert found.image is site


def test_what_cannot_be_healed_leaves_the_original(store: Store, site: Image) -> None:
    assert site.descriptor
    before = store.read_blob(site.descriptor.digest)
    wishes = Wishes(exclude=("/srv/settings.4",))
    found = shrink(store, site, "site", replace(asking("/", "/cgi-bin/looks"), wishes=wishes))
    assert (found.report.outcome, found.report.verdict, found.report.digest) == ("failed", "different", "")
    assert found.image is site
    (broken,) = [probe for probe in found.report.probes if not probe.agreed]
    assert broken.probe == "GET /cgi-bin/looks"
    assert "became" in broken.difference
    assert found.report.rounds < QUICK.rounds
    assert store.read_blob(site.descriptor.digest) == before
    assert store.names() == {}


def test_two_runs_give_the_same_image(store: Store, site: Image, tmp_path: Path) -> None:
    first = shrink(store, site, "site", asking("/", "/cgi-bin/looks"))
    second = shrink(store, site, "other", replace(asking("/", "/cgi-bin/looks"), remember=False))
    assert first.report.digest == second.report.digest != ""
    other = Store.open(tmp_path / "other")
    root = images.busybox(tmp_path / "root", FILES)
    again = images.image(other, root, cmd=("httpd", "-f", "-p", "8080", "-h", "/www"), exposed_ports=("8080/tcp",))
    options = replace(asking("/", "/cgi-bin/looks"), epoch=1_000_000_000)
    here, there = (shrink(*each, "site", options).report.digest for each in ((store, site), (other, again)))
    assert here == there != first.report.digest


def test_what_was_seen_is_remembered(store: Store, site: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    options = asking("/about.html")
    first = shrink(store, site, "site", options)
    monkeypatch.setattr("jettison.observe.observe", None)
    assert shrink(store, site, "site", options).report.digest == first.report.digest
    with pytest.raises(TypeError):
        shrink(store, site, "site", asking("/about.html", duration=0.2))


def test_never_larger_than_the_original(store: Store, site: Image) -> None:
    found = shrink(store, site, "site", replace(asking("/"), wishes=Wishes(include=("/**",))))
    assert (found.report.outcome, found.report.verdict) == ("original", "same")
    assert found.image is site
    assert found.report.after == found.report.before


def test_what_the_user_wants_is_honoured(store: Store, site: Image) -> None:
    found = shrink(store, site, "site", replace(asking("/"), wishes=Wishes(include=("/usr/share/doc/**",))))
    assert "/usr/share/doc/padding" in paths(store, found)
    found = shrink(store, site, "site", replace(asking("/"), wishes=Wishes(exclude=("/www/index.html",))))
    assert found.report.outcome == "failed"


def test_several_scenarios(store: Store, site: Image) -> None:
    scenarios = (
        ScenarioSettings("web", http=(Request("/about.html"),)),
        ScenarioSettings("job", command=("cat", "/www/index.html")),
    )
    found = shrink(store, site, "site", replace(QUICK, scenarios=scenarios))
    assert found.report.outcome == "shrunk"
    assert {"/www/about.html", "/www/index.html"} <= set(paths(store, found))
    assert {probe.scenario for probe in found.report.probes} == {"web", "job"}


def test_strip_says_what_it_could_not_do(store: Store, tmp_path: Path) -> None:
    need("strip")
    root = images.busybox(tmp_path / "root", {"/usr/share/doc/padding": bytes(100_000)})
    with open(root / "bin/busybox", "ab") as file:
        file.write(b"payload" * 100)
    image = images.image(store, root, cmd=("echo", "hello"))
    found = shrink(store, image, "echo", replace(QUICK, strip=True))
    assert found.report.outcome == "shrunk"
    assert found.report.stripped
    assert "/bin/busybox was not stripped: 700 bytes follow its ELF sections" in found.report.caveats


def test_an_original_that_does_not_work(store: Store, site: Image, tmp_path: Path) -> None:
    with pytest.raises(ProbeError, match="cannot go on with an image that does not work by itself"):
        shrink(store, site, "site", asking("/", command=("false",)))
    empty = images.image(store, images.busybox(tmp_path / "root"))
    with pytest.raises(InvalidInput, match="the image has no ENTRYPOINT and no CMD"):
        shrink(store, empty, "empty", QUICK)
