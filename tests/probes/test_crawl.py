"""The crawl follows what a page leads to, on this host only, and reads an OpenAPI document."""

from __future__ import annotations

import json

import pytest

from jettison.probes import Crawl
from jettison.probes.crawl import NOT_FOUND
from jettison.probes.openapi import paths
from website import site, target

HTML = "text/html; charset=utf-8"
PAGES = {
    "/": (
        200,
        HTML,
        """<html><head><link rel="stylesheet" href="/style.css"><script src="app.js"></script></head>
        <a href="/about#team">About</a> <a href="https://example.com/x">out</a> <a href="mailto:a@b.c">mail</a>
        <a href="/logout">bye</a> <a href="#top">top</a> <a href="http://[bad">bad</a>
        <form action="/search"><input name="q" value="a b"><input type="submit"></form>
        <form action="/delete-all" method="post"></form><img src="/logo.png">""",
    ),
    "/style.css": (200, "text/css", "body { background: url('bg.png') }"),
    "/about": (200, HTML, '<base href="/deep/"><a href="page">next</a>'),
    "/deep/page": (500, HTML, "broken"),
}  # fmt: skip


def asked(pages: dict[str, tuple[int, str, str]], crawl: Crawl | None = None) -> list[str]:
    with site(pages) as service:
        return [answer.probe for answer in (crawl or Crawl()).ask(target(service))]


def test_follows_links_sources_and_get_forms_in_order() -> None:
    assert asked(PAGES) == [
        "GET /", "GET /style.css", "GET /app.js", "GET /about", "GET /search?q=a+b", "GET /logo.png",
        "GET /bg.png", "GET /deep/page", f"GET {NOT_FOUND}",
    ]  # fmt: skip


def test_stops_at_its_limits() -> None:
    assert asked(PAGES, Crawl(pages=2)) == ["GET /", "GET /style.css", f"GET {NOT_FOUND}"]
    assert "GET /deep/page" not in asked(PAGES, Crawl(depth=1))


def test_nobody_asked_for_its_pages_so_none_has_to_work() -> None:
    with site(PAGES) as service:
        answers = {answer.probe: answer for answer in Crawl().ask(target(service))}
    assert not answers["GET /deep/page"].ok
    assert not any(answer.required for answer in answers.values())


def test_follows_a_redirect() -> None:
    with site({"/": (302, HTML, "")}, {"Location": "/home"}) as service:
        assert "GET /home" in [answer.probe for answer in Crawl().ask(target(service))]


def test_nothing_speaks_http() -> None:
    assert Crawl().ask(target()) == ()


def test_asks_the_operations_of_an_openapi_document() -> None:
    document = {
        "openapi": "3.0.0",
        "servers": [{"url": "https://api.example.com/v1/"}],
        "paths": {
            "/items": {"get": {"parameters": [{"name": "page", "in": "query"}]}, "post": {}},
            "/items/{id}": {"get": {}},
            "/find": {"get": {"parameters": [{"name": "q", "in": "query", "required": True}]}},
            "/shared": {"parameters": [{"$ref": "#/x"}], "get": {}},
            "/health": {"get": {}},
        },
    }
    pages = {"/openapi.json": (200, "application/json", json.dumps(document))}
    assert asked(pages) == ["GET /", "GET /openapi.json", "GET /v1/items", "GET /v1/health", f"GET {NOT_FOUND}"]


@pytest.mark.parametrize(
    "document",
    [b"", b"nonsense", b"[]", b'{"openapi": 3}', b'{"openapi": "3", "paths": []}', b"[" * 100_000,
     b'{"openapi": "3", "paths": {"/x": []}, "servers": "x"}', b'{"swagger": "2.0", "paths": {"/x": {"get": 1}}}'],
)  # fmt: skip
def test_a_broken_document_leads_nowhere(document: bytes) -> None:
    assert list(paths(document)) == []


def test_swagger_2_has_a_base_path() -> None:
    assert list(paths(b'{"swagger": "2.0", "basePath": "/api", "paths": {"/x": {"get": {}}}}')) == ["/api/x"]
