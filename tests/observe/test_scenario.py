"""A scenario is the image's configuration with what the user changes of it."""

from __future__ import annotations

import pytest

from jettison.configuration import Request, ScenarioSettings
from jettison.errors import InvalidInput
from jettison.observe import Scenario, scenarios
from jettison.oci.config import ContainerConfig, Healthcheck, ImageConfig
from jettison.probes import Crawl, ExecProbe, HealthcheckProbe, HttpProbe, ScriptProbe, TcpProbe

IMAGE = ContainerConfig(
    env=("PATH=/bin", "MODE=a"),
    entrypoint=("/entry",),
    cmd=("serve",),
    user="app",
    exposed_ports=("53/udp", "80", "8080/tcp", "9000-9002/tcp", "none"),
    healthcheck=Healthcheck(("CMD", "check")),
)


def scenario(settings: ScenarioSettings | None = None, image: ContainerConfig = IMAGE, crawl: bool = True) -> Scenario:
    (found,) = scenarios(ImageConfig(container=image), (settings,) if settings else (), crawl=crawl)
    return found


def test_an_image_describes_its_own_scenario() -> None:
    found = scenario()
    assert found.name == "default"
    assert found.config == IMAGE
    assert found.ports == (80, 8080, 9000, 9001, 9002)
    assert [type(probe) for probe in found.probes] == [HealthcheckProbe, Crawl]
    assert (found.readiness, found.asked, found.wants_service) == (Request("/"), False, False)


def test_command_and_entrypoint_are_changed_as_docker_run_does() -> None:
    assert scenario(ScenarioSettings(command=("x",))).config.command == ("/entry", "x")
    assert scenario(ScenarioSettings(entrypoint=("/other",))).config.command == ("/other",)
    changed = scenario(
        ScenarioSettings(entrypoint=("/other",), command=("y",), user="1:2", env={"MODE": "b", "N": "1"})
    )
    assert changed.config.command == ("/other", "y")
    assert changed.config.user == "1:2"
    assert changed.config.env == ("PATH=/bin", "MODE=b", "N=1")


def test_probes_come_in_the_order_of_the_documentation_and_the_crawl_last() -> None:
    settings = ScenarioSettings(
        http=(Request("/a"), Request("/b")), exec=(("x",),), tcp=(1,), script=(("s",),), healthcheck=False, ports=(7,)
    )
    found = scenario(settings)
    assert found.probes == (
        HttpProbe(Request("/a")), HttpProbe(Request("/b")), TcpProbe(1), ExecProbe(("x",)),
        ScriptProbe(("s",)), Crawl(),
    )  # fmt: skip
    assert (found.readiness.path, found.ports, found.asked, found.wants_service) == ("/a", (7,), True, True)
    assert scenario(settings, crawl=False).probes[-1] == ScriptProbe(("s",))


def test_an_image_without_a_command_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot run scenario default: the image has no ENTRYPOINT and no CMD"):
        scenario(image=ContainerConfig())
