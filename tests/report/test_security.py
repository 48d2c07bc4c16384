"""What a report says of vulnerabilities: never a bare 0 where something is unknown."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from jettison.configuration import Gates
from jettison.report import json as as_json
from jettison.report.security import gates, sarif, terminal
from jettison.report.security.model import FindingLine, Security, Side, UnownedLine, WeaknessLine

NONE = dict.fromkeys(("critical", "high", "medium", "low", "negligible", "unknown"), 0)
LINE = FindingLine(
    "CVE-2024-1", "critical", "Debian", "libx", "1.2-3", "deb", "fixed", "1.2-4", "/var/lib/dpkg/status", 2,
    "RUN apt-get install libx", True, 0.9, ("GHSA-x",), "a [red]hole[/red]",
)  # fmt: skip
FULL = Side(
    image="app:1",
    distribution="Debian GNU/Linux 12",
    packages={"deb": 2, "npm": 1},
    counts=NONE | {"critical": 1, "unknown": 2},
    fixable=1,
    known_exploited=1,
    findings=(LINE, replace(LINE, id="CVE-2024-2", severity="unknown", fix="affected", fixed_in="")),
    suppressed=(replace(LINE, id="CVE-2024-3", suppressed="VEX app.json: component_not_present"),),
    weaknesses=(WeaknessLine("secret-private-key", "high", "/root/.ssh/id_rsa", 1, "COPY . .", "a key", True),),
    unowned=(UnownedLine("/app/server.js", "script", 1200),),
    unowned_files=1,
    unowned_bytes=1200,
)
EMPTY = replace(FULL, image="app:small", counts=NONE, fixable=0, known_exploited=0, findings=(), suppressed=())
SECURITY = Security(EMPTY, FULL, removed=FULL.counts, remaining=NONE, cannot_tell=NONE, added=NONE,
                    database="2026-11-20T10:00:00Z", database_age_days=4.2, sources={"OSV": "2026-11-19"})  # fmt: skip


def shown(found: Security, width: int = 120, least: str = "high") -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, color_system=None)
    terminal.show(found, console, least=least)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def row(text: str, name: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.strip().startswith(name + "  ")]
    return line.strip().removeprefix(name).split()


def test_before_and_after_in_three_columns() -> None:
    text = shown(SECURITY)
    assert row(text, "before") == ["1", "0", "0", "0", "0", "2", "3"]
    assert row(text, "removed") == ["1", "0", "0", "0", "0", "2", "3"]
    assert row(text, "remaining") == ["0"] * 7
    assert row(text, "cannot tell") == ["0"] * 7
    assert "after: 3 packages (2 deb, 1 npm); no known vulnerability; 1 program or script of no package" in text
    assert "advisory database: built 4 days ago, of OSV of 2026-11-19" in text


def test_where_something_is_unknown_none_found_is_no_zero() -> None:
    blind = replace(EMPTY, packages={}, not_known=("which distribution this is: it has no os-release",))
    text = shown(Security(blind))
    assert row(text, "found") == ["–"] * 7
    assert "no package is known; no vulnerability was found in what can be told" in text
    assert "not known: which distribution this is" in text
    assert "no known vulnerability" not in text
    assert row(shown(replace(SECURITY, after=blind)), "remaining") == ["–"] * 7


def test_findings_name_package_fix_and_place() -> None:
    text = shown(Security(FULL))
    assert "CVE-2024-1 exploited" in text
    assert "in 1.2-4" in text
    assert "layer 3  /var/lib/dpkg/status" in text
    assert "CVE-2024-2" not in text
    assert "1 more: --severity unknown shows all" in text
    assert "CVE-2024-2" in shown(Security(FULL), least="unknown")
    assert "VEX app.json: component_not_present" in text
    assert "layer 2, deleted later" in text


def test_json_has_every_field() -> None:
    document = json.loads(as_json.render(SECURITY))
    assert document["before"]["findings"][0]["fixed_in"] == "1.2-4"
    assert document["after"]["counts"] == NONE
    assert document["database_age_days"] == 4.2


def test_sarif() -> None:
    log = json.loads(sarif.render(Security(replace(FULL, not_known=("the rest",)))))
    (run,) = log["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["CVE-2024-1", "CVE-2024-2", "secret-private-key"]
    assert run["results"][0]["level"] == "error"
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "var/lib/dpkg/status"
    scores = [rule["properties"].get("security-severity") for rule in run["tool"]["driver"]["rules"]]
    assert scores == ["9.5", None, "8.0"]
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "not known: the rest"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Gates(max_severity="high"), "vulnerabilities worse than high: 1 critical"),
        (Gates(max_count={"unknown": 1, "critical": 1}), "2 vulnerabilities of severity unknown, at most 1 allowed"),
        (Gates(fail_on=("exploited",)), "1 vulnerability known to be exploited"),
        (Gates(fail_on=("fixable",)), "1 vulnerability of which a fixed version exists"),
        (Gates(fail_on=("secrets",)), "1 secret, the first in /root/.ssh/id_rsa"),
        (Gates(fail_on=("unknown-inventory",)), "not everything is known: no os-release"),
    ],
)
def test_gates_that_do_not_hold(wanted: Gates, said: str) -> None:
    assert list(gates.broken(wanted, Security(replace(FULL, not_known=("no os-release",))))) == [said]


def test_gates_that_hold() -> None:
    wanted = Gates(max_severity="critical", max_count={"critical": 1, "high": 0}, fail_on=("unknown-inventory",))
    assert list(gates.broken(wanted, Security(FULL))) == []


def test_records_that_were_deleted_are_no_way_through_a_gate() -> None:
    hidden = replace(SECURITY, removed=NONE, remaining=NONE | {"critical": 1}, cannot_tell=NONE | {"critical": 2})
    assert list(gates.broken(Gates(max_count={"critical": 0}), hidden)) == [
        "3 vulnerabilities of severity critical, at most 0 allowed"
    ]
    assert list(gates.broken(Gates(max_severity="high"), hidden)) == ["vulnerabilities worse than high: 3 critical"]


def test_a_rule_of_sarif_is_as_severe_as_the_worst_that_it_found() -> None:
    low = replace(LINE, severity="low", package="other")
    log = json.loads(sarif.render(Security(replace(FULL, findings=(LINE, low)))))
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["properties"]["security-severity"] == "9.5"


def test_a_line_break_in_a_name_makes_no_line() -> None:
    evil = replace(FULL, unowned=(UnownedLine("/x\n  found   0", "elf", 1),), not_known=("a\nfound 0",))
    text = shown(Security(evil))
    assert "\\n  found   0" in text
    assert "a\\nfound 0" in text


def test_what_a_file_tells_has_no_layer() -> None:
    text = shown(Security(replace(FULL, findings=(replace(LINE, layer=-1),))))
    assert "layer" not in text.partition("to be hardened")[0]
