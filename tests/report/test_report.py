"""The report: its JSON form is stable, and a terminal of any width shows all of it."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from jettison.report import json as as_json
from jettison.report import terminal
from jettison.report.model import (
    SCHEMA_VERSION,
    Category,
    KeptFile,
    Measure,
    Phase,
    ProbeLine,
    Report,
    Saturation,
)

LONG = "/usr/local/lib/python3.11/site-packages/numpy/_core/_multiarray_umath.cpython-311.so"
REPORT = Report(
    image="app:1",
    result="app:1-small",
    digest="sha256:" + "ab" * 32,
    outcome="shrunk",
    verdict="same",
    policy="balanced",
    stripped=False,
    before=Measure(1_270_000_000, 480_000_000, 48_000, 417, 9, ("gzip",)),
    after=Measure(41_260_000, 14_400_000, 1_234, 12, 3, ("zstd",)),
    categories=(Category("opened in a run", 1_000, 30_000_000), Category("[plug-ins]", 234, 11_260_000)),
    largest=(KeptFile(LONG, 9_876_543, "a library or loader that /usr/bin/python3.11 is linked with"),),
    probes=(
        ProbeLine("web", "GET /", "200, 12 bytes", True),
        ProbeLine("job", "exec [red]x[/red]", "exit 0", True),
    ),
    saturation=(Saturation("web", "GET /", 3),),
    healed=("/etc/mime.types (GET / in web)",),
    rounds=1,
    caveats=("nobody knows [what]",),
    phases=(Phase("observe", 1.25), Phase("carve", 0.5)),
    tools={"jettison": "0.1.0"},
)
FAILED = replace(
    REPORT,
    outcome="failed",
    verdict="different",
    result="",
    probes=(ProbeLine("web", "GET /", "200, 12 bytes", False, "status 200 became 500"),),
)


def shown(report: Report, width: int = 80) -> str:
    """What a terminal of ``width`` columns shows."""
    console = Console(file=io.StringIO(), width=width, highlight=False, color_system=None)
    terminal.show(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def test_json_holds_everything_by_name() -> None:
    found = json.loads(as_json.render(REPORT))
    assert found["schema_version"] == SCHEMA_VERSION
    assert list(found) == list(Report.__dataclass_fields__)
    assert found["before"] == {
        "disk_bytes": 1_270_000_000, "compressed_bytes": 480_000_000, "files": 48_000, "packages": 417, "layers": 9,
        "compression": ["gzip"],
    }  # fmt: skip
    assert found["probes"][0] == {
        "scenario": "web", "probe": "GET /", "answer": "200, 12 bytes", "agreed": True, "difference": "",
    }  # fmt: skip
    assert found["largest"][0]["path"] == LONG
    assert "→" not in as_json.render(REPORT)
    assert "é" in as_json.render(replace(REPORT, caveats=("é",)))


def test_json_of_names_that_are_not_utf8() -> None:
    text = as_json.render(replace(REPORT, largest=(KeptFile("/\udcff", 1, "x"),)))
    assert json.loads(text.encode("utf-8"))["largest"][0]["path"] == "/\udcff"


def test_a_wide_terminal() -> None:
    found = rows(shown(REPORT, 160))
    assert " ".join(found[0]) == "app:1 → app:1-small 1.27 GB → 41.3 MB 31× smaller 2 probes agree"
    assert ["on", "disk", "1.27", "GB", "41.3", "MB", "31×", "smaller"] in found
    assert ["compressed", "480", "MB", "14.4", "MB", "33×", "smaller", "(gzip", "→", "zstd)"] in found
    assert ["files", "48,000", "1,234"] in found
    assert ["[plug-ins]", "234", "11.3", "MB"] in found
    assert ["job:", "exec", "[red]x[/red]", "exit", "0", "same"] in found
    assert ["nobody", "knows", "[what]"] in found
    assert ["healed:", "/etc/mime.types", "(GET", "/", "in", "web)"] in found
    assert ["total", "1.75"] in found


@pytest.mark.parametrize("width", [100, 80])
def test_paths_are_not_broken(width: int) -> None:
    text = shown(replace(REPORT, largest=(KeptFile(LONG[-60:], 1, "a library that is needed"),)), width)
    assert LONG[-60:] in text
    assert max(map(len, text.splitlines())) <= width


def test_a_narrow_terminal_still_has_every_word() -> None:
    text = "".join(shown(REPORT, 40).split())
    for word in ("41.3MB", "app:1-small", "GET/", "total"):
        assert word in text


def test_a_failure_names_the_difference() -> None:
    text = shown(FAILED)
    assert "the small image behaves differently and was not kept" in text
    assert "status 200 became 500" in text
    assert "→ app" not in text


def test_an_original_that_stays() -> None:
    text = shown(replace(REPORT, outcome="original", after=REPORT.before, categories=(), largest=()))
    assert "the original is kept: nothing smaller was found" in text
    assert "kept because" not in text


def test_no_name_in_an_image_commands_the_terminal() -> None:
    text = shown(replace(REPORT, largest=(KeptFile("/a\x1b[2Jb\nc\udcff", 1, "\x07"),), caveats=("\x9b2J",)), 120)
    assert "/a\\x1b[2Jb" in text
    assert "\\udcff" in text
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (9_994, "9.99 kB"), (9_996, "10.0 kB"), (99_960, "100 kB"),
        (999_499, "999 kB"), (999_500, "1.00 MB"), (1_270_000_000, "1.27 GB"), (5e15, "5000 TB"),
    ],
)  # fmt: skip
def test_sizes_have_three_digits(count: float, text: str) -> None:
    assert terminal.size(count) == text
