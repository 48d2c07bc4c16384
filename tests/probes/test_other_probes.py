"""TCP, commands, health checks and scripts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jettison.oci.config import ContainerConfig, Healthcheck
from jettison.probes import ExecProbe, Execution, ScriptProbe, Service, Target, TcpProbe, healthcheck
from jettison.probes.exit import ended, running
from jettison.probes.tcp import protocol
from website import target


@contextmanager
def server(greeting: bytes, *, hang_up: bool = False) -> Iterator[int]:
    """A TCP server that greets (or not), and then hangs up (or not)."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []

        def serve() -> None:
            try:
                while True:
                    connection, _ = listener.accept()
                    connection.sendall(greeting)
                    if hang_up:
                        connection.close()
                    held.append(connection)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        for connection in held:
            connection.close()


def test_tcp_reads_the_banner() -> None:
    with server(b"220 mail\r\n") as port:
        (answer,) = TcpProbe(port).ask(target(Service(port, "tcp")))
        assert (answer.ok, answer.facts) == (True, {"banner": "220 mail\r\n"})
        assert protocol("127.0.0.1", port) == "tcp"
    (answer,) = TcpProbe(port).ask(target())
    assert answer.error == "cannot connect: Connection refused"


def test_a_port_that_says_nothing_or_hangs_up_is_not_http() -> None:
    with server(b"") as port:
        assert protocol("127.0.0.1", port, silence=0.1) == "tcp"
    with server(b"", hang_up=True) as port:
        assert protocol("127.0.0.1", port) == "tcp"
    assert protocol("127.0.0.1", port) is None


def test_exec_compares_code_and_output() -> None:
    (answer,) = ExecProbe(("sh", "-c", "echo out; echo err >&2")).ask(target())
    assert answer.ok
    assert answer.facts == {"exit": "0", "stdout": "out\n", "stderr": "err\n"}
    (answer,) = ExecProbe(("sh", "-c", "echo no such module >&2; exit 3")).ask(target())
    assert answer.error == "exits with code 3: no such module"
    (answer,) = ExecProbe(("sleep", "5")).ask(target(timeout=0.05))
    assert answer.error == "did not end within 0.05 s"
    assert answer.probe == "exec sleep 5"


def test_a_health_check_is_repeated_until_it_is_healthy(tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = f"echo x >> {count}; test $(wc -l < {count}) -ge 3"
    config = ContainerConfig(healthcheck=Healthcheck(("CMD-SHELL", command)))
    probe = healthcheck.probe(config)
    assert probe is not None
    (answer,) = probe.ask(target())
    assert (answer.ok, answer.probe, count.read_text()) == (True, "HEALTHCHECK", "x\n" * 3)


def test_a_health_check_that_stays_unhealthy() -> None:
    probe = healthcheck.probe(ContainerConfig(healthcheck=Healthcheck(("CMD", "sh", "-c", "echo down; exit 1"))))
    assert probe is not None
    (answer,) = probe.ask(target(timeout=0.2))
    assert answer.error == "unhealthy, exits with code 1: down"


@pytest.mark.parametrize("test", [("NONE",), (), ("CMD",), ("CMD-SHELL",)])
def test_no_health_check(test: tuple[str, ...]) -> None:
    assert healthcheck.probe(ContainerConfig(healthcheck=Healthcheck(test))) is None
    assert healthcheck.probe(ContainerConfig()) is None


def test_the_shell_of_a_health_check_is_the_image_s_own() -> None:
    config = ContainerConfig(healthcheck=Healthcheck(("CMD-SHELL", "true")), shell=("/bin/bash", "-ec"))
    assert healthcheck.probe(config) == healthcheck.HealthcheckProbe(("/bin/bash", "-ec", "true"))


def test_a_script_gets_the_address() -> None:
    check = 'test "$JETTISON_URL $JETTISON_HOST $JETTISON_PORT" = "http://127.0.0.1:81 127.0.0.1 81"'
    services = Service(80, "tcp"), Service(81)
    (answer,) = ScriptProbe(("sh", "-c", check)).ask(target(*services))
    assert (answer.ok, answer.facts) == (True, {"exit": "0"})


def test_a_script_that_fails_hangs_or_is_not_there() -> None:
    (answer,) = ScriptProbe(("sh", "-c", "echo expected 200; exit 1")).ask(target())
    assert answer.error == "exits with code 1: expected 200"
    (answer,) = ScriptProbe(("sh", "-c", "echo waiting; exec sleep 9")).ask(target(timeout=0.2))
    assert answer.error == "did not end within 0.2 s: waiting"
    (answer,) = ScriptProbe(("./absent.sh",)).ask(target())
    assert answer.error == "cannot run it: No such file or directory"


def test_a_script_does_not_outlive_the_container() -> None:
    gone = Target((), lambda args, limit: Execution(0, b"", b""), lambda: False)
    (answer,) = ScriptProbe(("sleep", "20")).ask(gone)
    assert not answer.ok


def test_what_a_container_says_by_itself() -> None:
    assert ended(Execution(0, b"done\n", b""), 0, 0.1).ok
    assert ended(Execution(2, b"", b"usage: x\n"), 0, 0.1).error == "exits with code 2: usage: x"
    ticking = running(Execution(0, b"tick 1\nboot\ntick 2\nti", b""), 3)
    assert ticking.facts["stdout"] == "boot\ntick #"
