"""HTTP probes ask once and keep what a client could depend on."""

from __future__ import annotations

import socket
from pathlib import Path

from jettison.configuration import Request
from jettison.probes import HttpProbe, Service
from jettison.probes.tcp import protocol
from website import site, target


def ask(request: Request, *services: Service, timeout: float = 5.0):
    (answer,) = HttpProbe(request).ask(target(*services, timeout=timeout))
    return answer


def test_status_headers_cookies_and_body_are_facts() -> None:
    headers = {"Cache-Control": "no-store", "Set-Cookie": "session=123; Path=/", "ETag": '"x"'}
    with site({"/": (200, "text/html; charset=utf-8", "<p>é</p>")}, headers) as service:
        answer = ask(Request("/"), service)
    assert answer.ok
    assert answer.probe == "GET /"
    assert answer.facts["status"] == "200"
    assert answer.facts["body"] == "<p>é</p>"
    assert answer.facts["header content-type"] == "text/html; charset=utf-8"
    assert answer.facts["header cache-control"] == "no-store"
    assert answer.facts["cookies"] == "session"
    assert not any("etag" in name or "date" in name for name in answer.facts)
    assert answer.summary == "200, 9 bytes"


def test_method_headers_and_body_are_sent() -> None:
    with site({}) as service:
        answer = ask(Request("/x", "POST", {"X-Kind": "test"}, "hello", 201), service)
    assert (answer.ok, answer.facts["body"]) == (True, "got hello as test")


def test_an_expected_status_decides_and_otherwise_below_500_works() -> None:
    pages = {"/gone": (410, "text/plain", ""), "/bad": (500, "text/plain", "")}
    with site(pages) as service:
        assert ask(Request("/gone"), service).ok
        assert ask(Request("/gone", status=200), service).error == "answers 410, expected 200"
        assert ask(Request("/bad"), service).error == "answers 500"
        assert ask(Request("/bad", status=500), service).ok


def test_https_takes_any_certificate(tmp_path: Path) -> None:
    with site({"/": (200, "text/plain", "secret")}, tls=tmp_path) as service:
        assert protocol(service.host, service.port) == "https"
        assert ask(Request("/"), service).facts["body"] == "secret"


def test_binary_and_large_bodies_are_facts_by_digest() -> None:
    pages = {"/image": (200, "image/png", "a\0b"), "/large": (200, "text/plain", "x" * 300_000)}
    with site(pages) as service:
        assert ask(Request("/image"), service).facts["body"].startswith("3 bytes, sha256:")
        assert ask(Request("/large"), service).facts["body"].startswith("300000 bytes, sha256:")


def test_an_endless_answer_ends() -> None:
    with site({"/events": (200, "text/event-stream", "data: 1\n\n")}) as service:
        assert ask(Request("/events"), service).facts["body"] == ""


def test_no_answer_is_an_answer_with_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert ask(Request("/"), Service(port), timeout=0.1).error == "no answer in time"
    assert ask(Request("/"), Service(port)).error == "connection refused"
    assert ask(Request("/")).error == "nothing answers on any port that speaks HTTP"
    assert ask(Request("/", port=81), Service(port)).error == "nothing answers on port 81"


def test_what_is_no_valid_request_is_an_error_too() -> None:
    with site({}) as service:
        assert not ask(Request("/", headers={"X": "a\nb"}), service).ok
        assert ask(Request("/ä b"), service).facts["status"] == "404"
