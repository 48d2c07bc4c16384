"""A small image is good only where it was asked and answered alike; what it lacks is named."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

import images
from jettison.closure.model import Evidence
from jettison.configuration import Request, ScenarioSettings
from jettison.filetree import FileTree, index
from jettison.observe import Observation, Run, Scenario, Settings, again, attempt, observe, scenarios
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.image import Image
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store
from jettison.probes import Answer
from jettison.verify import Verdict, failed_lookups, found_lookups, verify
from tools import need


def run(*answers: Answer, listening: Iterable[str] = ("tcp/80",), failure: str = "", scenario: str = "default") -> Run:
    return Run(scenario, {}, answers, frozenset(listening), failure=failure)


def judge(original: Run, small: Run | None, repeat: Run | None = None) -> Verdict:
    return verify(
        Observation((original,)), Observation((repeat,)) if repeat else None, Observation((small,) if small else ())
    )


HELLO, OTHER = Answer("GET /", True, {"body": "hello"}), Answer("GET /", True, {"body": "other"})


def test_the_same_answers_and_ports_are_the_same() -> None:
    verdict = judge(run(HELLO), run(HELLO))
    assert verdict.same
    assert [(check.probe, check.answer, check.agreed) for check in verdict.checks] == [
        ("GET /", "connected", True),
        ("listening ports", "tcp/80", True),
    ]


def test_what_was_not_compared_is_not_the_same() -> None:
    assert not Verdict().same
    assert not verify(Observation(), None, Observation()).same
    assert judge(run(HELLO), None).differences == ("default: run: the small image was not run",)
    assert judge(run(HELLO), run(HELLO, scenario="other")).differences == ("default: run: the small image was not run",)


def test_differences_are_lines() -> None:
    assert judge(run(HELLO), run(OTHER)).differences == ("default: GET /: body 'hello' became 'other'",)
    assert judge(run(HELLO), run(HELLO, failure="the program exits with code 1")).differences == (
        "default: run: the program exits with code 1",
    )


def test_ports_count_and_those_that_come_and_go_do_not() -> None:
    assert judge(run(HELLO), run(HELLO, listening=("tcp/81",))).differences == (
        "default: listening ports: tcp/80 no longer listens, tcp/81 listens too",
    )
    assert judge(run(HELLO), run(HELLO, listening=()), run(HELLO, listening=())).same


def test_what_the_original_does_not_repeat_does_not_count() -> None:
    assert not judge(run(HELLO), run(OTHER)).same
    assert judge(run(HELLO), run(OTHER), run(Answer("GET /", True, {"body": "again"}))).same


def test_what_was_too_slow_to_be_understood_the_first_time_is_compared_with_the_second() -> None:
    slow = run(Answer("tcp 80", True, {"banner": ""}))
    assert judge(slow, run(HELLO), run(HELLO)).same
    assert [check.probe for check in judge(slow, run(HELLO), run(HELLO)).checks] == ["GET /", "listening ports"]
    assert not judge(slow, run(OTHER), run(HELLO)).same


SERVER = b"""
import http.server, os, subprocess

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            if self.path == "/late":
                import tomllib
                body = open("/data/link").read()
            elif self.path == "/tool":
                body = subprocess.run(["/opt/tool"], capture_output=True, text=True, cwd="/data").stdout
            elif self.path == "/write":
                open("/var/spool/app/file", "w").write("x")
                body = "written"
            else:
                body = "hello %d" % os.urandom(1)[0]
            self.send_response(200)
        except Exception as error:
            body = repr(error)
            self.send_response(500)
        self.end_headers()
        self.wfile.write(body.encode())

http.server.HTTPServer(("", 8080), Handler).serve_forever()
"""
FILES: images.Files = {
    "/srv/server.py": SERVER,
    "/data/target": b"found",
    "/data/link": "target",
    "/opt/tool": b"#!/opt/sh\necho tool $(cat target)\n",
    "/opt/sh": "../bin/busybox",
    "/var/spool/app/.keep": b"",
}
PATHS = ("/", "/late", "/tool", "/write")
SETTINGS = Settings(timeout=10)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    need("runc", "strace")
    return Store.open(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def original(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Image:
    root = images.python(tmp_path_factory.mktemp("original") / "root", FILES)
    return images.image(store, root, cmd=("python3", "/srv/server.py"), exposed_ports=("8080/tcp",), user="app")


@pytest.fixture(scope="module")
def tree(store: Store, original: Image) -> FileTree:
    (store.snapshots(original)[0] / "var/spool/app").chmod(0o777)
    return index(store.snapshots(original))


@pytest.fixture(scope="module")
def asked(original: Image) -> tuple[Scenario, ...]:
    settings = ScenarioSettings(http=tuple(Request(path) for path in PATHS))
    return scenarios(original.config, (settings,), crawl=False)


def small(store: Store, image: Image, tree: FileTree, *dropped: str) -> Image:
    """``image`` without some paths and what is below them."""
    gone = {path for top in dropped for path in tree.below(top)}
    layer = store_layer(store, tree, sorted(set(tree) - gone - {"/"}), level=1)
    config: ContainerConfig = image.config.container
    return store.put_image(Image(ImageConfig(container=config, diff_ids=(layer.diff_id,)), (layer,)))


@pytest.mark.integration
def test_heals_until_the_answers_are_the_same(
    store: Store, original: Image, tree: FileTree, asked: tuple[Scenario, ...]
) -> None:
    dropped = {"/data/link", "/data/target", "/opt/sh", "/var/spool/app"}
    first = observe(store, original, asked, SETTINGS, tree)
    repeat = attempt(store, original, asked, again(SETTINGS, first), tree)
    assert verify(first, repeat, repeat).same

    found: dict[str, Evidence] = {}
    verdict = Verdict()
    for _ in range(4):
        lacking = small(store, original, tree, *(path for path in dropped if path not in found))
        verdict = verify(first, repeat, attempt(store, lacking, asked, again(SETTINGS, first)))
        if verdict.same:
            break
        found |= failed_lookups(store, lacking, asked, tree, SETTINGS)
    assert verdict.same, verdict.differences
    assert {"/data/link", "/data/target", "/opt/sh", "/var/spool/app"} <= found.keys()
    assert found["/data/link"] == Evidence("healed", "GET /late in default")
    assert found["/opt/sh"] == Evidence("healed", "GET /tool in default")
    assert found["/var/spool/app"] == Evidence("healed", "GET /write in default")


@pytest.mark.integration
@pytest.mark.parametrize("gone", ["/usr/bin", "/usr/bin/python3", "/lib64", "/etc/passwd"])
def test_names_what_it_lacks_to_start(
    store: Store, original: Image, tree: FileTree, asked: tuple[Scenario, ...], gone: str
) -> None:
    lacking = small(store, original, tree, gone)
    (failed,) = attempt(store, lacking, asked, SETTINGS).runs
    assert failed.failure
    found = failed_lookups(store, lacking, asked, tree, SETTINGS)
    assert any(path == gone or path.startswith(f"{gone}/") for path in found), (failed.failure, found)
    assert all(path in tree for path in found)


@pytest.mark.integration
def test_an_image_that_lacks_nothing_has_nothing_to_heal(
    store: Store, original: Image, tree: FileTree, asked: tuple[Scenario, ...]
) -> None:
    assert failed_lookups(store, original, asked, tree, SETTINGS) == {}


@pytest.mark.integration
def test_what_is_only_listed_never_looked_up_is_found_in_the_original(
    store: Store, original: Image, tree: FileTree, asked: tuple[Scenario, ...]
) -> None:
    library = next(path.rpartition("/")[0] for path in tree if path.endswith("/tomllib/__init__.py"))
    lacking = small(store, original, tree, library)
    assert attempt(store, lacking, asked, SETTINGS).failure
    assert not any(path.startswith(library) for path in failed_lookups(store, lacking, asked, tree, SETTINGS))
    found = found_lookups(store, original, asked, index(store.snapshots(lacking)), SETTINGS)
    assert f"{library}/__init__.py" in found
    assert all(path.startswith(library) for path in found)
