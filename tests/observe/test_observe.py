"""Real containers are run, asked and traced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jettison.configuration import Request, ScenarioSettings
from jettison.errors import ProbeError
from jettison.observe import Observation, Run, Settings, again, attempt, observe, scenarios
from jettison.oci.config import Healthcheck
from jettison.oci.image import Image
from jettison.oci.layout import Store

pytestmark = pytest.mark.integration
QUICK = Settings(timeout=10, duration=0.5)


def look(store: Store, image: Image, settings: Settings = QUICK, crawl: bool = True, **scenario: object) -> Observation:
    return observe(store, image, scenarios(image.config, (ScenarioSettings(**scenario),), crawl=crawl), settings)


def one(store: Store, image: Image, settings: Settings = QUICK, crawl: bool = True, **scenario: object) -> Run:
    (run,) = look(store, image, settings, crawl, **scenario).runs
    return run


def shell(line: str) -> dict[str, object]:
    return {"command": ("sh", "-c", line)}


def refused(store: Store, image: Image, settings: Settings = QUICK, **scenario: object) -> str:
    with pytest.raises(ProbeError) as caught:
        look(store, image, settings, **scenario)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tracer", ["fanotify", "strace"])
def test_a_web_server(store: Store, busybox: Image, tracer: str) -> None:
    seen = look(store, busybox, Settings(tracer=tracer))
    (run,) = seen.runs
    assert seen.tracer == tracer
    assert {"/bin/busybox", "/www/index.html", "/www/about.html"} <= run.opened.keys()
    assert "/www/unused.html" not in run.opened
    assert all(evidence.by.endswith(" in default") for found in run.opened.values() for evidence in found)
    assert {evidence.kind for evidence in run.opened["/bin/busybox"]} == {"executed"}
    assert [answer.facts["status"] for answer in run.answers] == ["200", "200", "404"]
    assert run.listening == {"tcp/8080"}
    assert [step for step, _ in run.new_paths] == ["start-up", "crawl", "shutdown"]
    assert dict(run.new_paths)["crawl"] >= 1
    assert (run.exit_code, run.failure, run.caveats, run.created) == (None, "", (), frozenset())
    assert seen.opened == dict(run.opened)


def test_python_opens_late_what_a_probe_asks_for(store: Store, python: Image) -> None:
    run = one(store, python, http=(Request("/"), Request("/late")))
    late = "/srv/late.txt"
    assert {evidence.by for evidence in run.opened[late]} == {
        f"{os.path.basename(os.path.realpath('/usr/bin/python3'))} in default"
    }
    assert any(path.endswith("/tomllib/__init__.py") for path in run.opened)
    assert dict(run.new_paths)["GET /late"] > 1
    assert run.ready_seconds is not None
    assert run.log.startswith(b"listening\n")
    assert not any(path.endswith("/smtplib.py") for path in run.opened)


def test_what_the_run_removes_changes_or_makes(store: Store, busybox: Image) -> None:
    run = one(store, busybox, **shell("cat /data/link; rm /data/once; chown 1:1 /data/owned; echo new > /data/new"))
    assert {"/data/once", "/data/owned"} <= run.opened.keys()
    assert "/data/new" in run.created
    assert "/data/new" not in run.opened


def test_a_program_that_ends(store: Store, busybox: Image) -> None:
    run = one(store, busybox, **shell("cat /www/about.html; echo oops >&2"))
    assert (run.exit_code, run.ready_seconds) == (0, None)
    assert [(answer.probe, answer.facts) for answer in run.answers] == [
        ("exit", {"exit": "0", "stdout": "about us", "stderr": "oops\n"})
    ]
    assert "/www/about.html" in run.opened
    assert run.caveats == ("the program ended by itself and never listened on port 8080 of EXPOSE",)
    assert one(store, busybox, exit_code=3, **shell("exit 3")).exit_code == 3


def test_commands_beside_a_program_that_ends(store: Store, busybox: Image) -> None:
    run = one(store, busybox, exec=(("cat", "/www/unused.html"),), **shell("true"))
    assert [answer.probe for answer in run.answers] == ["exit", "exec cat /www/unused.html"]
    assert run.answers[1].facts["stdout"] == "nobody links here"
    assert "/www/unused.html" in run.opened


def test_a_program_that_serves_nobody(store: Store, busybox: Image) -> None:
    image = unexposed(busybox)
    run = one(store, image, Settings(duration=0.3), **shell("echo start; while true; do sleep 0.1; echo tick $$; done"))
    assert [(answer.probe, answer.facts["stdout"]) for answer in run.answers] == [("output", "start\ntick #")]
    assert run.exit_code is None
    assert "only what the program printed was compared" in run.caveats[0]


def test_a_server_that_does_not_speak_http(store: Store, busybox: Image) -> None:
    run = one(store, unexposed(busybox), **shell("exec nc -ll -p 9000 -e echo hello"))
    assert [(answer.probe, answer.facts) for answer in run.answers] == [("tcp 9000", {"banner": "hello\n"})]
    assert run.listening == {"tcp/9000"}


def test_every_kind_of_probe(store: Store, busybox: Image, tmp_path: Path) -> None:
    script = tmp_path / "check.sh"
    script.write_text(
        "#!/bin/sh\nexec python3 -c \"import urllib.request as u; u.urlopen('$JETTISON_URL/about.html')\"\n"
    )
    script.chmod(0o755)
    container = Healthcheck(("CMD-SHELL", "cat /data/owned > /dev/null"))
    image = Image(busybox.config.with_container(healthcheck=container), busybox.layers)
    exec_, page = (("cat", "/data/once"),), (Request("/unused.html"),)
    run = one(store, image, http=page, tcp=(8080,), exec=exec_, script=((str(script),),))
    names = [answer.probe for answer in run.answers]
    assert names[:5] == ["GET /unused.html", "tcp 8080", "exec cat /data/once", "HEALTHCHECK", f"script {script}"]
    assert {"/data/once", "/data/owned", "/www/unused.html"} <= run.opened.keys()
    assert [step for step, _ in run.new_paths][1:6] == names[:5]


def test_commands_in_the_container_are_traced_by_strace_too(store: Store, busybox: Image) -> None:
    exec_ = (("sh", "-c", "cd /data; cat once missing; true"),)
    run = one(store, busybox, Settings(tracer="strace"), exec=exec_)
    assert "/data/once" in run.opened
    assert run.missing["/data/missing"] == "exec sh -c 'cd /data; cat once missing; true'"


def test_https_is_found_out(store: Store, python: Image) -> None:
    run = one(store, python, env={"TLS": "1"})
    assert run.answers[0].facts["body"].startswith("hello from")


def test_scenarios_are_united(store: Store, busybox: Image) -> None:
    chosen = (
        ScenarioSettings("web", http=(Request("/about.html"),)),
        ScenarioSettings("job", command=("cat", "/data/once")),
    )
    seen = observe(store, busybox, scenarios(busybox.config, chosen, crawl=False), QUICK)
    assert {"/www/about.html", "/data/once"} <= seen.opened.keys()
    assert "/www/index.html" not in seen.opened
    assert {evidence.by.partition(" in ")[2] for evidence in seen.opened["/bin/busybox"]} == {"web", "job"}


def test_another_port_than_that_of_expose_is_a_caveat(store: Store, busybox: Image) -> None:
    run = one(store, busybox, **shell("exec httpd -f -p 3000 -h /www"))
    assert run.caveats == ("the program listens on port 3000, EXPOSE says 8080",)
    assert run.answers[0].facts["status"] == "200"


def test_a_port_for_nobody_else_is_a_caveat(store: Store, busybox: Image) -> None:
    run = one(store, busybox, **shell("exec httpd -f -p 127.0.0.1:8080 -h /www"))
    assert run.caveats == ("port 8080 listens on 127.0.0.1 only: nothing outside the container reaches it",)


def test_a_slow_start_is_waited_for(store: Store, python: Image) -> None:
    run = one(store, python, env={"DELAY": "0.6"}, ready_timeout=8)
    assert run.ready_seconds is not None
    assert run.ready_seconds > 0.6


def test_refuses_a_program_that_fails_at_once(store: Store, busybox: Image) -> None:
    message = refused(store, busybox, **shell("echo no database >&2; exit 4"))
    assert "default: the program exits with code 4 after 0.0 s; its last output: no database" in message


def test_refuses_a_program_that_is_not_there(store: Store, busybox: Image) -> None:
    assert "cannot create the container" in refused(store, busybox, command=("nonsense",))


def test_refuses_a_program_that_never_listens(store: Store, busybox: Image) -> None:
    message = refused(store, busybox, Settings(timeout=0.4), **shell("echo thinking; sleep 60"))
    assert "nothing listens on port 8080 within 0.4 s; its last output: thinking" in message


def test_refuses_a_program_that_listens_elsewhere_than_asked(store: Store, busybox: Image) -> None:
    message = refused(store, busybox, Settings(timeout=0.4), ports=(9999,))
    assert "nothing listens on port 9999 within 0.4 s, but port 8080 does" in message


def test_refuses_a_program_that_listens_and_does_not_answer(store: Store, busybox: Image) -> None:
    message = refused(store, busybox, Settings(timeout=0.6), http=(Request("/"),), **shell("nc -ll -p 8080 -e sleep 9"))
    assert "GET / on port 8080: no answer in time" in message


def test_refuses_a_program_that_answers_with_an_error(store: Store, python: Image) -> None:
    message = refused(store, python, Settings(timeout=1.0), env={"STATUS": "503"})
    assert "not ready within 1 s: GET / on port 8080: answers 503" in message


def test_refuses_a_program_that_dies_of_a_probe(store: Store, python: Image) -> None:
    assert "GET /crash: connection closed without an answer" in refused(
        store, python, http=(Request("/"), Request("/crash"))
    )


def test_refuses_where_a_probe_fails(store: Store, busybox: Image) -> None:
    assert "script false: exits with code 1" in refused(store, busybox, script=(("false",),))
    assert "exec cat /nope: exits with code 1: cat:" in refused(store, busybox, exec=(("cat", "/nope"),))
    assert "GET /nope: answers 404, expected 200" in refused(store, busybox, http=(Request("/nope", status=200),))
    sick = Image(busybox.config.with_container(healthcheck=Healthcheck(("CMD", "false"))), busybox.layers)
    assert "HEALTHCHECK: unhealthy, exits with code 1" in refused(store, sick, Settings(timeout=0.3))


def test_an_attempt_raises_nothing_and_says_the_same(store: Store, busybox: Image) -> None:
    chosen = scenarios(busybox.config, (ScenarioSettings(command=("nonsense",)),))
    (run,) = attempt(store, busybox, chosen, QUICK).runs
    assert (run.started, run.answers) == (False, ())
    assert "nonsense" in run.failure


def test_a_second_run_is_not_traced_and_waits_less(store: Store, busybox: Image) -> None:
    first = look(store, busybox)
    settings = again(Settings(), first)
    assert settings.tracer == "none"
    assert 5 <= settings.timeout < 10
    assert look(store, busybox, settings).opened == {}


def test_what_a_program_opens_when_it_is_told_to_end(store: Store, busybox: Image) -> None:
    line = "trap 'cat /data/once; exit 0' TERM; while true; do sleep 0.02; done"
    run = one(store, unexposed(busybox), Settings(duration=0.2), **shell(line))
    assert "/data/once" in run.opened
    assert dict(run.new_paths)["shutdown"] == 1


INTERRUPTED = """
import sys
from pathlib import Path
from jettison.observe import Settings, observe, scenarios
from jettison.oci.digest import Digest
from jettison.oci.layout import Store
store = Store.open(Path(sys.argv[1]))
image = store.image(Digest.parse(sys.argv[2]))
observe(store, image, scenarios(image.config), Settings(timeout=50))
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_after_an_interruption(store: Store, busybox: Image, how: signal.Signals) -> None:
    config = busybox.config.with_container(cmd=("sleep", "47.11"))
    image = store.put_image(Image(config, busybox.layers))
    assert image.descriptor is not None
    digest = str(image.descriptor.digest)
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED, str(store.root), digest], stderr=subprocess.DEVNULL)
    await_(lambda: running(b"sleep\x0047.11"))
    process.send_signal(how)
    process.wait(5)
    await_(lambda: not running(b"sleep\x0047.11"))
    if how is signal.SIGKILL:  # the mount goes when the store is opened next
        Store.open(store.root)
    assert str(store.root) not in Path("/proc/self/mountinfo").read_text()


def running(command: bytes) -> bool:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes())
        except OSError:
            continue  # it has just ended
    return any(each.startswith(command) for each in found)


def await_(condition: Callable[[], bool]) -> None:
    for _ in range(200):
        if condition():
            return
        time.sleep(0.025)
    raise AssertionError("did not come true within 5 s")


def test_nothing_is_left_behind(store: Store, busybox: Image) -> None:
    look(store, busybox)
    assert str(store.root) not in Path("/proc/self/mountinfo").read_text()
    assert not running(b"httpd\0-f\0-p\08080\0-h\0/www")


def unexposed(image: Image) -> Image:
    return Image(image.config.with_container(exposed_ports=()), image.layers)


def test_a_port_that_the_kernel_chose_is_nobody_s_service(store: Store, python: Image) -> None:
    code = "import socket, time; s = socket.create_server(('', 0)); print('up', flush=True); time.sleep(60)"
    run = one(store, unexposed(python), Settings(duration=0.5), entrypoint=("python3", "-c", code))
    assert [answer.probe for answer in run.answers] == ["output"]
    assert run.listening == {"tcp/ephemeral"}
