"""The page in a real browser: charts are drawn, nothing is complained of, links and keys work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Browser, browser
from jettison.report.html import render
from report_pages import PAGE

pytestmark = pytest.mark.integration
#: How many canvases have a chart: sizes, times, recovery, treemap, saturation, severities.
CHARTS = 6
_PAINTED = """
return [...document.querySelectorAll('canvas')].map((canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0;
  for (let n = 3; n < data.length; n += 4) painted += data[n] > 0;
  return painted;
});
"""
#: Contrast of text with what is behind it (WCAG 2.2, 1.4.3), of every element that has text of its own.
_CONTRAST = """
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const channel = (v) => v <= 10.3125 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4;
const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = rgb(getComputedStyle(e).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const low = [];
for (const e of document.querySelectorAll('body *')) {
  const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || !e.getClientRects().length) continue;
  const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) low.push([e.tagName, e.className, e.textContent.trim().slice(0, 40), ratio]);
}
return low;
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    page = tmp_path_factory.mktemp("page") / "report.html"
    page.write_text(render(PAGE), encoding="utf-8")
    with browser() as found:
        found.resize(1200, 900)
        found.open(page)
        yield found


def test_charts_are_drawn_and_nothing_is_complained_of(window: Browser) -> None:
    assert window.run("return document.documentElement.dataset.drawn") == str(CHARTS)
    painted = window.run(_PAINTED)
    assert len(painted) == CHARTS
    assert all(count > 500 for count in painted), painted
    assert window.complaints() == []
    assert window.run("return window.evil === undefined")


def test_a_rectangle_says_why_it_is_there(window: Browser) -> None:
    window.run("document.getElementById('map').scrollIntoView({block: 'center', behavior: 'instant'})")
    place = window.run(
        "const chart = Chart.getChart('map');"
        "const number = chart.data.datasets[0].data.findIndex("
        "(one) => one.isLeaf && one._data.children[0].path === '/usr/lib/libx.so');"
        "const item = chart.getDatasetMeta(0).data[number];"
        "const box = chart.canvas.getBoundingClientRect();"
        "return [box.x + item.x + item.width / 2, box.y + item.y + item.height / 2];"
    )
    for kind in ("mousePressed", "mouseReleased"):
        window.command(
            "Input.dispatchMouseEvent",
            {"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1},
        )
    said = window.run("return document.getElementById('chosen').textContent")
    assert said == "/usr/lib/libx.so (500 B): kept: linked"


def test_the_other_image_is_a_key_away(window: Browser) -> None:
    window.run("document.querySelectorAll('[data-tree]')[1].focus()")
    window.press("\ue007")
    assert window.run("return document.querySelectorAll('[data-tree]')[1].getAttribute('aria-pressed')") == "true"
    assert "app:small" in window.run("return document.getElementById('map').getAttribute('aria-label')")


def test_links_lead_to_sections(window: Browser) -> None:
    window.click("nav a", 4)
    assert window.run("return location.hash") == "#candidates"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(window: Browser, scheme: str) -> None:
    feature = [{"name": "prefers-color-scheme", "value": scheme}]
    window.command("Emulation.setEmulatedMedia", {"features": feature})
    assert window.run(_CONTRAST) == []
    assert window.complaints() == []


def test_it_fits_a_phone(window: Browser) -> None:
    window.command(
        "Emulation.setDeviceMetricsOverride", {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    )
    assert window.run("return document.documentElement.scrollWidth <= innerWidth")
    assert len(window.screenshot()) > 10_000
    window.command("Emulation.clearDeviceMetricsOverride", {})


def test_it_can_be_printed(window: Browser, tmp_path: Path) -> None:
    found = window.command("Page.printToPDF", {"printBackground": False})
    assert len(found["data"]) > 20_000
