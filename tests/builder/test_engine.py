"""What the engine does beyond single instructions: cache, stages, errors, cleaning up, determinism."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jettison.builder import BuildResult, Options, build
from jettison.errors import BuildError, NotFound, Unsupported
from jettison.filetree import FileTree, index
from jettison.oci.layout import Store

pytestmark = pytest.mark.integration
BASE = "FROM localhost/tiny\n"


def cached(result: BuildResult) -> list[bool]:
    return [step.cached for step in result.steps]


def tree(store: Store, result: BuildResult) -> FileTree:
    return index(store.snapshots(result.image))


def text(found: FileTree, path: str) -> str:
    return found.read(found[path]).decode()


def test_an_unchanged_build_is_the_same_image(store: Store, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("1")
    dockerfile = BASE + "COPY f /f\nRUN cat /f > /g\n"
    first = build(store, tmp_path, dockerfile)
    second = build(store, tmp_path, dockerfile)
    assert cached(second) == [True, True]
    assert second.image.descriptor == first.image.descriptor


def test_a_changed_file_runs_what_follows_again(store: Store, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("first")
    dockerfile = BASE + "RUN echo before > /b\nCOPY f /f\nRUN cat /f > /g\n"
    build(store, tmp_path, dockerfile)
    (tmp_path / "f").write_text("second")
    result = build(store, tmp_path, dockerfile)
    assert cached(result) == [True, False, False]
    assert text(tree(store, result), "/g") == "second"


def test_an_ignored_file_changes_nothing(store: Store, tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("log\n")
    (tmp_path / "f").write_text("f")
    build(store, tmp_path, BASE + "COPY . /c\n")
    (tmp_path / "log").write_text("new")
    result = build(store, tmp_path, BASE + "COPY . /c\n")
    assert cached(result) == [True]
    assert "/c/log" not in tree(store, result)


def test_no_cache_runs_everything(store: Store, tmp_path: Path) -> None:
    dockerfile = BASE + "RUN cat /proc/sys/kernel/random/uuid > /u\nRUN cp /u /v\n"
    build(store, tmp_path, dockerfile)
    again = build(store, tmp_path, dockerfile, Options(no_cache=True))
    assert cached(again) == [False, False]
    after = build(store, tmp_path, dockerfile)
    assert after.image.descriptor == again.image.descriptor
    found = tree(store, after)
    assert text(found, "/u") == text(found, "/v")


def test_link_copies_are_cached_whatever_is_below(store: Store, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("f")
    build(store, tmp_path, BASE + "RUN echo 1 > /one\nCOPY --link f /f\n")
    assert cached(build(store, tmp_path, BASE + "RUN echo 2 > /one\nCOPY --link f /f\n")) == [False, True]


def test_triggers_run_in_the_child(store: Store, tmp_path: Path) -> None:
    (tmp_path / "app").write_text("app")
    build(
        store, tmp_path, BASE + "WORKDIR /src\nONBUILD COPY app ./\nONBUILD RUN cat app > built\n", tag="localhost/on:1"
    )
    result = build(store, tmp_path, "FROM localhost/on:1\nRUN cat built > after\n")
    assert text(tree(store, result), "/src/after") == "app"
    assert result.image.config.container.on_build == ()


def test_independent_stages_run_at_the_same_time(store: Store, tmp_path: Path) -> None:
    wait = "for i in $(seq 50); do [ -f /m/{1} ] && exit 0; sleep 0.1; done; exit 1"
    line = "RUN --mount=type=cache,id=meet,target=/m touch /m/{0}; " + wait + "\n"
    one, two = line.format("a", "b"), line.format("b", "a")
    dockerfile = f"{BASE[:-1]} AS a\n{one}RUN true\n{BASE[:-1]} AS b\n{two}RUN true\n"
    dockerfile += f"{BASE}COPY --from=a /data/kept /a\nCOPY --from=b /data/kept /b\n"
    build(store, tmp_path, dockerfile)


def test_a_failed_step_says_where_and_shows_its_last_lines(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"Dockerfile:3: RUN echo out; exit 7: exit code 7\n  out$"):
        build(store, tmp_path, BASE + "\nRUN echo out; exit 7\n")


def test_a_program_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"Dockerfile:2: RUN .*not found|Dockerfile:2: RUN .*no such file"):
        build(store, tmp_path, BASE + 'RUN ["nothing"]\n')


@pytest.mark.parametrize(
    "line",
    [
        "ADD https://github.com/a/b.git /x", "ADD git@github.com:a/b.git /x", "RUN --mount=type=ssh true",
        "RUN --security=insecure true", "RUN --mount=type=cache,from=x,target=/y true",
    ],
)  # fmt: skip
def test_what_is_not_done_is_refused_before_anything_is_built(store: Store, tmp_path: Path, line: str) -> None:
    with pytest.raises(Unsupported, match=r"Dockerfile:3: .*--engine docker"):
        build(store, tmp_path, f"{BASE}RUN false\n{line}\n")


def test_another_frontend_and_another_platform_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="frontend"):
        build(store, tmp_path, f"# syntax=example/other\n{BASE}")
    with pytest.raises(Unsupported, match="linux/s390x"):
        build(store, tmp_path, "FROM --platform=linux/s390x localhost/tiny\n")


def test_a_missing_source_and_a_missing_dockerfile(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="Dockerfile:2: COPY nothing /x: nothing is not there"):
        build(store, tmp_path, BASE + "COPY nothing /x\n")
    with pytest.raises(NotFound, match="there is no Dockerfile"):
        build(store, tmp_path)


def test_links_in_a_context_do_not_lead_out_of_it(store: Store, tmp_path: Path) -> None:
    outside, context = tmp_path / "secret", tmp_path / "context"
    outside.write_text("secret")
    context.mkdir()
    (context / "up").symlink_to("../secret")
    (context / "absolute").symlink_to(outside)
    (context / "tree").symlink_to("..")
    for source in ("up", "absolute", "tree/secret", "../secret"):
        with pytest.raises(BuildError, match="is not there"):
            build(store, context, f"{BASE}COPY {source} /x\n")


def test_links_in_an_image_do_not_lead_out_of_it(store: Store, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("f")
    target = tmp_path / "victim"
    target.mkdir()
    steps = f"RUN ln -s {target} /a && ln -s ../../../../../../../..{target} /b\n"
    result = build(store, tmp_path, f"{BASE}{steps}COPY f /a/\nCOPY f /b/g\nRUN true\n")
    assert list(target.iterdir()) == []
    assert f"{target}/f" in tree(store, result)


def test_an_epoch_gives_the_same_digest(store: Store, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("f")
    options = Options(epoch=1_700_000_000, no_cache=True)
    dockerfile = BASE + "COPY f /d/f\nRUN echo 1 > /r\n"
    first = build(store, tmp_path, dockerfile, options)
    time.sleep(1.1)
    second = build(store, tmp_path, dockerfile, options)
    assert second.image.layers == first.image.layers
    assert second.image.config.created == "2023-11-14T22:13:20Z"


def test_secrets_are_seen_and_leave_no_trace(store: Store, tmp_path: Path) -> None:
    dockerfile = BASE + "RUN --mount=type=secret,id=s,required=true wc -c < /run/secrets/s > /n\n"
    with pytest.raises(BuildError, match="--secret id=s"):
        build(store, tmp_path, dockerfile)
    result = build(store, tmp_path, dockerfile, Options(secrets={"s": b"12345"}))
    found = tree(store, result)
    assert text(found, "/n").strip() == "5"
    assert not any(path.startswith("/run/secrets") for path in found)


def test_a_private_network_reaches_nobody(store: Store, tmp_path: Path) -> None:
    build(store, tmp_path, BASE + "RUN --network=none [ $(ls /sys/class/net | wc -l) = 1 ]\n")


def start(store: Store, tmp_path: Path, marker: str) -> subprocess.Popen[bytes]:
    (tmp_path / "Dockerfile").write_text(f"{BASE}RUN sleep {marker}\n")
    command = [sys.executable, "-m", "jettison", "--store", str(store.root), "build", str(tmp_path)]
    running = subprocess.Popen(command, stderr=subprocess.PIPE)
    wait_for(lambda: bool(sleeping(marker)))
    return running


def sleeping(marker: str) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "cmdline").read_bytes().startswith(f"sleep\0{marker}\0".encode()):
                found.append(int(place.name))
        except OSError:
            continue
    return found


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "this takes too long"
        time.sleep(0.02)


def mounts(store: Store) -> list[str]:
    return [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if str(store.root) in line]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_nothing(store: Store, tmp_path: Path, number: int) -> None:
    running = start(store, tmp_path, f"9{number}001")
    running.send_signal(number)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130
    assert said.endswith(b"jettison: interrupted\n")
    assert sleeping(f"9{number}001") == []
    assert mounts(store) == []


def test_a_killed_build_takes_its_containers_along(store: Store, tmp_path: Path) -> None:
    running = start(store, tmp_path, "99001")
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    wait_for(lambda: sleeping("99001") == [])
    Store.open(store.root)
    assert mounts(store) == []


def test_two_builds_at_once_share_their_steps(store: Store, tmp_path: Path) -> None:
    dockerfile = BASE + "RUN cat /proc/sys/kernel/random/uuid > /shared; sleep 0.3\n"
    results: list[BuildResult] = []
    threads = [threading.Thread(target=lambda: results.append(build(store, tmp_path, dockerfile))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results[0].image.config.diff_ids == results[1].image.config.diff_ids
