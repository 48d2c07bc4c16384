"""``jettison shrink`` and ``jettison why`` as a user calls them, on a web site of one program."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Jettison
from jettison.oci import transfer
from jettison.oci.descriptor import Platform
from jettison.oci.layout import Store

pytestmark = pytest.mark.integration


def report(jettison: Jettison, *arguments: str | Path, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jettison("-q", "shrink", "--json", *arguments, status=status).stdout)
    return found


def test_a_directory(jettison: Jettison, workshop: Path) -> None:
    done = jettison("shrink", workshop / "site")
    assert "site → site:small" in done.stdout
    assert "probes agree" in done.stdout
    assert [line for line in done.stderr.splitlines() if line.startswith("site: ")] == [
        f"site: {phase}" for phase in ("index", "observe", "plan", "carve", "verify", "measure")
    ]
    assert {"docker.io/library/site:latest", "docker.io/library/site:small"} <= Store.open(
        workshop / "store"
    ).names().keys()


def test_the_report_as_json(jettison: Jettison) -> None:
    found = report(jettison, "site:1")
    assert (found["schema_version"], found["image"], found["result"]) == (1, "site:1", "site:1-small")
    assert (found["outcome"], found["verdict"], found["policy"]) == ("shrunk", "same", "balanced")
    before, after = found["before"], found["after"]
    assert before["disk_bytes"] - after["disk_bytes"] >= 1_000_000
    assert 0 < after["compressed_bytes"] < before["compressed_bytes"]
    assert {probe["probe"] for probe in found["probes"]} >= {"GET /", "GET /about.html", "listening ports"}
    assert all(probe["agreed"] for probe in found["probes"])
    assert sum(category["files"] for category in found["categories"]) == after["files"]
    assert found["tools"]["tracer"] in ("fanotify", "strace")


def test_the_name_of_the_result(jettison: Jettison, workshop: Path) -> None:
    found = report(jettison, "-t", "other:2", "site:1")
    assert found["result"] == "other:2"
    (row,) = json.loads(jettison("images", "--json", "other:2").stdout)
    assert row["digest"] == found["digest"]


@pytest.mark.parametrize("place", ["oci:out", "docker-archive:out.tar"])
def test_the_result_is_written_elsewhere_too(jettison: Jettison, tmp_path: Path, place: str) -> None:
    kind, _, name = place.partition(":")
    jettison("-q", "shrink", "site:1", "-o", f"{kind}:{tmp_path / name}")
    image = transfer.resolve(Store.open(tmp_path / "store"), f"{kind}:{tmp_path / name}")
    assert image.config.container.cmd == ("httpd", "-f", "-p", "8080", "-h", "/www")
    assert report(jettison, "-t", "again", f"{kind}:{tmp_path / name}")["verdict"] == "same"


def test_why(jettison: Jettison) -> None:
    asked = ("/www/index.html", "/bin/httpd", "/usr/share/doc/padding", "/www/idnex.html")
    for _ in range(5):  # on a busy machine, the child that opens a page may end before anybody reads its name
        report(jettison, "site:1", "--no-cache")
        kept, link, dropped, missing = jettison("why", "site:1-small", *asked).stdout.split("\n/")
        if "opened by a process" not in kept:
            break
    assert kept.startswith("/www/index.html: kept\n")
    assert "opened by busybox" in kept
    assert "brought by COPY www /www" in kept
    assert "leads to /bin/busybox" in link
    assert dropped.startswith("usr/share/doc/padding: dropped\n  documentation")
    assert missing.startswith("www/idnex.html: the original has no such path\n  perhaps /www/index.html")
    found = json.loads(jettison("why", "--json", "site:1-small", "/bin/httpd").stdout)
    assert (found[0]["kept"], found[0]["reached"]) == (True, "/bin/busybox")


def test_why_of_what_shrink_did_not_make(jettison: Jettison) -> None:
    assert (
        "cannot explain site:1: jettison shrink did not make it"
        in jettison("why", "site:1", "/bin/sh", status=1).stderr
    )
    assert "nothing:here" in jettison("why", "nothing:here", "/bin/sh", status=1).stderr


def test_gates(jettison: Jettison, tmp_path: Path) -> None:
    jettison("shrink", "site:1", "--max-size", "1GB", "--max-files", "10000")
    done = jettison("shrink", "site:1", "--max-size", "1kB", "-o", f"oci:{tmp_path / 'out'}", status=3)
    assert "cannot accept the result" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("on disk, at most 1.00 kB is allowed")
    assert not (tmp_path / "out").exists()


def test_a_jettison_toml(jettison: Jettison, workshop: Path, tmp_path: Path) -> None:
    config = tmp_path / "other.toml"
    config.write_text('[keep]\ninclude = ["/usr/share/doc/**"]\n[[scenario]]\nname = "about"\nhttp = ["/about.html"]\n')
    found = report(jettison, "--config", config, "--no-crawl", "site:1")
    assert found["outcome"] == "original"
    assert found["after"] == found["before"]
    assert {probe["scenario"] for probe in found["probes"]} == {"about"}
    assert [probe["probe"] for probe in found["probes"]] == ["GET /about.html", "listening ports"]
    config.write_text("polcy = 1")
    assert "did you mean policy?" in jettison("shrink", "--config", config, "site:1", status=1).stderr


def test_a_program_that_ends(jettison: Jettison) -> None:
    found = report(jettison, "site:1", "--entrypoint", "cat", "--command", "/www/about.html")
    assert found["verdict"] == "same"
    failed = jettison("shrink", "site:1", "--entrypoint", "cat /gone", status=1).stderr
    assert failed.splitlines()[-1].startswith("jettison: cannot ")
    assert "exit" in failed
    report(jettison, "site:1", "--entrypoint", "cat /gone", "--exit-code", "1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--entrypoint", "sleep 100", "--timeout", "1"], "nothing listens on port 8080 within 1 s"),
        (["--port", "9999", "--timeout", "1"], "nothing listens on port 9999 within 1 s, but port 8080 does"),
        (["--entrypoint", "nothing-of-that-name"], "nothing-of-that-name"),
        (["--user", "nobody-knows"], "nobody-knows"),
        (["--http", "/cgi-bin/none", "--http", "/%zz", "--timeout", "2", "--exec", "false"], "false"),
    ],
)
def test_an_original_that_does_not_work(jettison: Jettison, arguments: list[str], said: str) -> None:
    done = jettison("shrink", "site:1", *arguments, "-t", "broken", status=1)
    assert done.stderr.splitlines()[-1].startswith("jettison: cannot ")
    assert said in done.stderr.splitlines()[-1]
    assert not jettison("images", "--json", "broken", status=1).stdout


def build(jettison: Jettison, directory: Path, dockerfile: str, *arguments: str) -> None:
    directory.mkdir(exist_ok=True)
    (directory / "Dockerfile").write_text(dockerfile)
    jettison("-q", "build", *arguments, directory)


def test_a_program_on_another_port_than_it_says(jettison: Jettison, tmp_path: Path) -> None:
    build(jettison, tmp_path / "c", "FROM site:1\nEXPOSE 9000\nCMD httpd -f -p 8081 -h /www\n", "-t", "elsewhere")
    found = report(jettison, "elsewhere")
    assert found["verdict"] == "same"
    assert any("listens on port 8081" in caveat for caveat in found["caveats"])


def test_an_image_without_a_command(jettison: Jettison, tmp_path: Path) -> None:
    build(jettison, tmp_path / "c", "FROM site:1\nCMD []\n", "-t", "idle")
    done = jettison("shrink", "idle", status=1)
    assert "the image has no ENTRYPOINT and no CMD" in done.stderr


def test_an_image_of_another_architecture(jettison: Jettison, workshop: Path, tmp_path: Path) -> None:
    store = Store.open(workshop / "store")
    build(jettison, tmp_path / "c", 'FROM scratch\nCOPY Dockerfile /program\nCMD ["/program"]\n', "-t", "broken")
    image = transfer.resolve(store, "broken")
    foreign = store.put_image(replace(image, config=replace(image.config, platform=Platform("linux", "s390x"))))
    assert foreign.descriptor
    store.tag("docker.io/library/foreign:latest", foreign.descriptor)
    done = jettison("shrink", "foreign", status=1)
    assert "(the image is for linux/s390x, this machine is linux/" in done.stderr.splitlines()[-1]


def test_dockerfiles_that_cannot_be_built(jettison: Jettison, tmp_path: Path) -> None:
    assert "there is no Dockerfile" in jettison("shrink", f"{tmp_path}/", status=1).stderr
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY --form=a b c\n")
    done = jettison("shrink", f"{tmp_path}/", status=1)
    assert done.stderr.endswith(
        "Dockerfile:2:6: COPY has no flag --form; did you mean --from?\n  COPY --form=a b c\n       ^\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM localhost:1/none\nRUN true\n")
    done = jettison("shrink", f"{tmp_path}/", status=1)
    assert "localhost:1" in done.stderr.splitlines()[-1]


def remnants(workshop: Path) -> list[str]:
    """What may still be there after a run: mounts, processes and scratch below the store."""
    store = str(workshop / "store")
    found = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if store in line]
    processes = subprocess.run(["pgrep", "-af", store], capture_output=True, text=True, check=False).stdout
    return found + [line for line in processes.splitlines() if "pgrep" not in line]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(workshop: Path, jettison: Jettison, number: int) -> None:
    command = [sys.executable, "-m", "jettison", "--store", str(workshop / "store"), "shrink", "site:1", "--port", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        while running.stderr.readline() != "site:1: observe\n":
            assert running.poll() is None
        deadline = time.monotonic() + 20
        while not any("/store/" in mount for mount in remnants(workshop)) and time.monotonic() < deadline:
            time.sleep(0.02)
        running.send_signal(number)
        assert running.stderr.read().endswith("jettison: interrupted\n")
        assert running.wait(20) == 130
    assert remnants(workshop) == []
    assert report(jettison, "site:1")["verdict"] == "same"


def test_without_root_it_says_so(workshop: Path) -> None:
    store = workshop / "store"
    done = as_nobody("shrink", "site:1", store=store)
    assert done.returncode == 1
    assert "need root; run this with sudo" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def as_nobody(*arguments: str, store: Path) -> subprocess.CompletedProcess[str]:
    """The command as nobody, who may not read the code of root: it is loaded before."""
    script = (
        "import os, sys; sys.path[:] = eval(sys.argv.pop(1))\n"
        "import jettison.cli.main, jettison.cli.shrinking\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534); jettison.cli.main.run(sys.argv[1:])"
    )
    return subprocess.run(
        [sys.executable, "-c", script, repr(sys.path), "--store", str(store), *arguments],
        capture_output=True, text=True, timeout=30, check=False, cwd="/",
    )  # fmt: skip


def test_without_runc_it_says_so(
    workshop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from jettison.cli.main import run
    from jettison.runtime import requirements

    monkeypatch.setattr(requirements, "_SEARCH", "/nonexistent")
    with pytest.raises(SystemExit) as caught:
        run(["--store", str(workshop / "store"), "shrink", "site:1"])
    assert caught.value.code == 1
    assert capsys.readouterr().err == (
        "jettison: cannot run a container: runc is not installed (Debian, Ubuntu: apt-get install runc)\n"
    )
