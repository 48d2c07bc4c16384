"""What a running container can be asked. ``KINDS`` is the list of what there is, one file each."""

from __future__ import annotations

from jettison.probes.crawl import Crawl
from jettison.probes.exec import ExecProbe
from jettison.probes.healthcheck import HealthcheckProbe
from jettison.probes.http import HttpProbe
from jettison.probes.model import Answer, Execution, Probe, Service, Target
from jettison.probes.script import ScriptProbe
from jettison.probes.tcp import TcpProbe

__all__ = [
    "KINDS", "Answer", "Crawl", "ExecProbe", "Execution", "HealthcheckProbe", "HttpProbe", "Probe", "ScriptProbe",
    "Service", "Target", "TcpProbe",
]  # fmt: skip

#: Every kind of probe. What a container says by itself (``exit``) needs no question.
KINDS = (HttpProbe, Crawl, TcpProbe, ExecProbe, HealthcheckProbe, ScriptProbe)
