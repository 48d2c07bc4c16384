"""Which tracer is used, and what is said where it is not the best one."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.errors import PrivilegeRequired
from jettison.observe.fanotify import Fanotify
from jettison.observe.model import Seen
from jettison.observe.tracers import tracing
from tools import need

pytestmark = pytest.mark.integration


def test_fanotify_where_the_kernel_allows_it(tmp_path: Path) -> None:
    need()
    with tracing("auto", tmp_path, tmp_path, "/") as tracer:
        assert (tracer.name, tracer.caveats, list(tracer.wrap())) == ("fanotify", [], [])


def test_strace_and_a_caveat_where_it_does_not(tmp_path: Path) -> None:
    need("strace")
    with tracing("auto", tmp_path / "absent", tmp_path, "/") as tracer:
        assert tracer.name == "strace"
        assert tracer.caveats == ["traced by strace, since the kernel does not allow fanotify"]
        assert tracer.wrap()[0].endswith("/strace")
    with (
        pytest.raises(PrivilegeRequired, match=r"cannot trace by fanotify: .*it needs root"),
        tracing("fanotify", tmp_path / "absent", tmp_path, "/"),
    ):
        pass


def test_strace_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(PrivilegeRequired, match="strace is not installed"),
        tracing("strace", tmp_path, tmp_path, "/"),
    ):
        pass


def test_nothing_is_seen_where_only_answers_are_wanted(tmp_path: Path) -> None:
    with tracing("none", tmp_path, tmp_path, "/") as tracer:
        tracer.attach(1)
        assert (tracer.name, tracer.drain(), list(tracer.wrap())) == ("none", Seen(), [])


def test_a_tracer_that_is_over_says_nothing_more(tmp_path: Path) -> None:
    need()
    with Fanotify(tmp_path) as tracer:
        pass
    assert tracer.drain() == Seen()
