"""The page as text: one file, complete, nothing in it that is code but ours."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from jettison.report import badge, markdown
from jettison.report.html import Page, render
from report_pages import EVIL, PAGE

#: A page stays below this, in bytes.
LIMIT = 1_500_000


class Elements(HTMLParser):
    """Counts elements, and remembers attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def elements(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(text)
    return parser.seen


def test_it_is_one_file_without_a_network() -> None:
    text = render(PAGE)
    assert len(text.encode()) < LIMIT
    for tag, attributes in elements(text):
        for name in ("src", "href", "data", "action"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
    assert "default-src 'none'" in text
    assert "sourceMappingURL" not in text
    assert "@import" not in text


def test_names_stay_text() -> None:
    text = render(PAGE)
    assert EVIL not in text
    assert "<img" not in text
    scripts = [attributes for tag, attributes in elements(text) if tag == "script"]
    assert len(scripts) == 4
    assert not re.search("[\x00\ud800-\udfff]", text)


def test_every_section_is_there_and_every_link_leads_somewhere() -> None:
    found = elements(render(PAGE))
    ids = {attributes["id"] for _, attributes in found if "id" in attributes}
    links = {attributes["href"] for tag, attributes in found if tag == "a"}
    assert {"#speed", "#contents", "#layers", "#candidates", "#probes", "#security", "#dockerfile"} <= links
    assert {str(link).removeprefix("#") for link in links} <= ids


def test_charts_have_text_alternatives() -> None:
    canvases = [attributes for tag, attributes in elements(render(PAGE)) if tag == "canvas"]
    assert len(canvases) == 6
    for attributes in canvases:
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"] or "") > 20


def test_what_is_not_known_is_left_out() -> None:
    text = render(Page(title="app"))
    ids = {attributes.get("id") for tag, attributes in elements(text) if tag == "section"}
    assert ids == {"method"}


def test_the_headline_is_for_managers() -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", render(PAGE)[: render(PAGE).index("<main")])
    for words in ("1.27 GB → to 41.3 MB", "26", "0.9 s", "critical vulnerabilities 16 → to none found", "31× smaller"):
        assert " ".join(words.split()) in " ".join(text.split())
    clean = replace(PAGE.security, after=replace(PAGE.security.after, not_known=())) if PAGE.security else None
    assert "16 → to 0" in " ".join(re.sub(r"<[^>]+>|\s+", " ", render(replace(PAGE, security=clean))).split())


def test_the_same_page_gives_the_same_bytes() -> None:
    assert render(PAGE) == render(PAGE)


def test_markdown_is_a_summary_that_says_nothing_but_text() -> None:
    text = markdown.render(PAGE)
    assert "| on disk | 1.27 GB | **41.3 MB** | 31× smaller |" in text
    assert "| remaining | – | – | – | – | – | – |" in text
    assert "| before | 16 | 3 | 0 | 0 | 0 | 0 |" in text
    assert "<script" not in text
    assert "<img" not in text
    assert "1 of 2 probes answer alike" in text


@pytest.mark.parametrize("page", [PAGE, Page(title="app")])
def test_a_badge_is_well_formed(page: Page) -> None:
    root = ElementTree.fromstring(badge.render(page))
    assert root.tag.endswith("svg")
    assert int(root.attrib["width"]) > 100
    assert ("1.27 GB → 41.3 MB" if page is PAGE else "unknown") in root.attrib["aria-label"]
