"""A page with every section, and names that would like to be code."""

from __future__ import annotations

from jettison.inspection.model import LayerLine, Node
from jettison.measure.model import Action, Bench, ImageFacts, LayerFacts, Machine, Measurement, Sample, State
from jettison.measure.recovery.kubernetes import COSTS
from jettison.measure.recovery.model import Cluster, Runtime, Setting, Waits
from jettison.measure.recovery.sensitivity import recovery, sizes
from jettison.report.html import Page
from jettison.report.model import CandidateLine, KeptFile, Measure, Phase, ProbeLine, Saturation
from jettison.report.security.model import FindingLine, Security, Side, WeaknessLine

#: Would run, or end the element that it stands in.
EVIL = "</script><script>window.evil = 1</script><img src=x onerror='window.evil = 1'>\x00\udc80"
ZERO = dict.fromkeys(("critical", "high", "medium", "low", "negligible", "unknown"), 0)
LINE = FindingLine(
    "CVE-2024-1", "critical", "Debian", f"lib{EVIL}", "1.2", "deb", "fixed", "1.3", "/var/lib/dpkg/status", 0,
    "RUN x", True, None,
)  # fmt: skip
SIDE = Side("app:1", "Debian 12", {"deb": 2}, ZERO | {"critical": 16, "high": 3}, 1, 1, findings=(LINE,))
SMALL = Side(
    "app:small", "Debian 12", {"deb": 1}, ZERO, 0, 0,
    weaknesses=(WeaknessLine("setuid", "low", "/bin/su", 0, "", "x"),), not_known=(f"what {EVIL} is",),
)  # fmt: skip
TREE = Node("/", 900, (
    Node("usr", 700, (Node("lib", 600, (Node("libx.so", 500, note="kept: linked"), Node("9 smaller", 100))),
                      Node("bin", 100, note=f"kept: {EVIL}"))),
    Node("app", 200, (Node(EVIL, 200, note="kept: the application's own"),)),
))  # fmt: skip
LAYERS = (LayerLine(0, f"RUN {EVIL}", "sha256:0", 10, 20, 3, 5), LayerLine(1, "COPY . .", "sha256:1", 1, 2, 3, 0))
BENCH = Bench(
    date="2026-11-24T12:00:00Z",
    machines=(Machine(2, "a processor", 24 * 2**30, "ext4", "6.18", "Debian 12", None, {"docker": "20.10"}),),
    images=(ImageFacts("app:1", "sha256:0", 10, 20, 3), ImageFacts("app:small", "sha256:1", 1, 2, 3)),
    measurements=tuple(
        Measurement(image, "jettison", action, State.COLD, "100mbit", (Sample(t), Sample(t * 1.1)), True)
        for image, t in (("app:1", 26.0), ("app:small", 0.9))
        for action in (Action.PUSH, Action.PULL)
    ),
)
_HEAVY, _LIGHT = (
    ImageFacts(name, name, size, size, files, (LayerFacts(f"sha256:{name}", size, 2 * size, files),))
    for name, size, files in (("app:1", 480_000_000, 48_000), (f"app:{EVIL}", 14_400_000, 1_234))
)
RECOVERY = recovery(
    "short-toleration", _HEAVY, _LIGHT, sizes(Setting(COSTS, Runtime(), Cluster(2), Waits(50, 10, 1)), (3, 10, 1000), 1)
)
PAGE = Page(
    title=f"app:1 → {EVIL}",
    names=("app:1", "registry.example.com/team/a-rather-long-name-of-an-image:1.2.3-small"),
    outcome="Proved: 2 of 2 probes answer alike.",
    before=Measure(1_270_000_000, 480_000_000, 48_000, 417, 9, ("gzip",)),
    after=Measure(41_260_000, 14_400_000, 1_234, 12, 3, ("zstd",)),
    bench=BENCH,
    recovery=RECOVERY,
    trees=(("app:1", TREE), ("app:small", Node("/", 500, (Node("libx.so", 500, note="kept: linked"),)))),
    layers=(("app:1", LAYERS),),
    candidates=(CandidateLine("node on slim", "node", "node:8-slim", "works", "", 5, 4, 3, 1.5, ("/a",)),),
    chosen="node on slim",
    probes=(ProbeLine("web", f"GET /{EVIL}", "200", True), ProbeLine("web", "GET /x", "200", False, "404")),
    saturation=(Saturation("web", "GET /", 30), Saturation("web", "GET /x", 1)),
    largest=(KeptFile("/usr/lib/libx.so", 500, "linked"),),
    security=Security(SMALL, SIDE, SIDE.counts, ZERO, ZERO, ZERO, (), "2026-11-20", 4.0, {"OSV": "2026-11-19"}),
    dockerfiles=("FROM node\n# c\nRUN x\n", f"FROM node AS build\nRUN x\nCOPY . . # {EVIL}\n"),
    notes=("a note",),
    phases=(Phase("observe", 1.0),),
    made={"Made": "today"},
)
