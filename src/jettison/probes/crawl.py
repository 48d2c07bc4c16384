"""A small crawl from ``/``: links, sources and GET forms on the same host, and an OpenAPI document if one is served.

Every page is an answer of its own, asked in the order in which it was found, so that two runs of the same program
ask the same. The last question is for a page that does not exist, because an error page is made of files too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from jettison.configuration import Request
from jettison.probes import openapi
from jettison.probes.http import Response, answer
from jettison.probes.model import Answer, Service, Target

NOT_FOUND = "/jettison-asks-for-a-page-that-does-not-exist"
#: Characters of a page in which links are looked for.
_PAGE_LIMIT = 1 << 20
#: A page that nobody asked for is not waited for longer.
PAGE_SECONDS = 10.0
#: Links whose names say that following them changes or ends something.
_UNWISE = re.compile(r"(?i)\b(log-?out|sign-?out|delete|remove|shutdown|exit|quit|kill|reset|restart|unsubscribe)\b")
_SOURCES = {
    "a": "href", "area": "href", "link": "href", "script": "src", "img": "src", "iframe": "src", "frame": "src",
    "source": "src", "audio": "src", "video": "src", "embed": "src", "object": "data",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crawl:
    """At most ``pages`` answers, at most ``depth`` links away from ``/``."""

    pages: int = 30
    depth: int = 3

    @property
    def name(self) -> str:
        return "crawl"

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Every page that was reached; nothing where no port speaks HTTP."""
        service = target.web
        if service is None:
            return ()
        target = replace(target, timeout=min(target.timeout, PAGE_SECONDS))
        found = self._follow(service, target)
        listed = openapi.ask(service, target, self.pages)
        missing = [answer(service, Request(NOT_FOUND), target.timeout)[0]] if target.alive() else []
        return tuple(replace(given, required=False) for given in (*found, *listed, *missing))

    def _follow(self, service: Service, target: Target) -> list[Answer]:
        waiting, known = [("/", 0)], {"/"}
        answers: list[Answer] = []
        while waiting and len(answers) < self.pages and target.alive():
            path, depth = waiting.pop(0)
            given, response = answer(service, Request(path), target.timeout)
            answers.append(given)
            if response is None or depth == self.depth:
                continue
            for link in links(path, response):
                if link not in known:
                    known.add(link)
                    waiting.append((link, depth + 1))
        return answers


def links(path: str, response: Response) -> Iterator[str]:
    """Paths with their query on the same host that a page leads to, in order, the fragment cut off."""
    if "location" in response.headers:
        yield from _local(path, str(response.headers["location"]))
    if response.content_type in ("text/html", "application/xhtml+xml"):
        page = _Page()
        page.feed(response.text[:_PAGE_LIMIT])
        page.close()
        for link in page.links:
            yield from _local(urljoin(path, page.base), link)
    elif response.content_type == "text/css":
        for link in re.findall(r"url\(\s*['\"]?([^'\")]+)", response.text[:_PAGE_LIMIT]):
            yield from _local(path, link)


def _local(path: str, link: str) -> Iterator[str]:
    try:
        parts = urlsplit(urljoin(f"http://localhost{path}", link.strip()))
    except ValueError:
        return  # not a URL at all
    if parts.scheme in ("http", "https") and parts.hostname in ("localhost", "127.0.0.1", "::1"):
        found = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not _UNWISE.search(found):
            yield found


class _Page(HTMLParser):
    """Collects ``links`` of an HTML page; a GET form is followed with the values that it comes with."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.base = ""
        self._action: str | None = None
        self._values: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "base":
            self.base = values.get("href", "")
        elif tag == "form":
            is_get = values.get("method", "get").lower() == "get"
            self._action, self._values = (values.get("action", "") if is_get else None), []
        elif tag in ("input", "button", "textarea", "select") and values.get("name"):
            self._values.append((values["name"], values.get("value", "")))
        link = values.get(_SOURCES.get(tag, ""))
        if link and not link.startswith("#") and values.get("rel") not in ("preconnect", "dns-prefetch"):
            self.links.append(link)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._action is not None:
            self.links.append(f"{self._action}?{urlencode(self._values)}" if self._values else self._action)
            self._action = None
