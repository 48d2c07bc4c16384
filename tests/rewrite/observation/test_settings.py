"""A configuration, written and built again, is what it was."""

from __future__ import annotations

import pytest

from jettison.errors import Unsupported
from jettison.oci.config import ContainerConfig, Healthcheck
from jettison.rewrite.observation.settings import settings


def lines(**fields: object) -> list[str]:
    return list(settings(ContainerConfig(**fields)))  # type: ignore[arg-type]


def test_nothing_is_said_of_nothing() -> None:
    assert lines() == []


def test_each_field_has_its_instruction() -> None:
    assert lines(
        env=("A=1", 'B=two "words" $x', "C="),
        labels={"a b": "c"},
        shell=("/bin/bash", "-c"),
        working_dir="/app",
        user="node",
        exposed_ports=("53/udp", "80/tcp"),
        volumes=("/data",),
        stop_signal="SIGQUIT",
        healthcheck=Healthcheck(("CMD-SHELL", "curl -f http://localhost || exit 1"), 30_000_000_000, retries=3),
        entrypoint=("/tini", "--"),
        cmd=("a", "b c"),
    ) == [
        'ENV A=1 \\\n    B="two \\"words\\" \\$x" \\\n    C=""',
        'LABEL "a b"=c',
        'SHELL ["/bin/bash", "-c"]',
        "WORKDIR /app",
        "USER node",
        "EXPOSE 53/udp 80",
        'VOLUME ["/data"]',
        "STOPSIGNAL SIGQUIT",
        "HEALTHCHECK --interval=30s --retries=3 CMD curl -f http://localhost || exit 1",
        'ENTRYPOINT ["/tini", "--"]',
        'CMD ["a", "b c"]',
    ]


def test_an_empty_command_is_not_none() -> None:
    assert lines(entrypoint=(), cmd=()) == ["ENTRYPOINT []", "CMD []"]


def test_a_health_check_in_exec_form_and_none() -> None:
    assert lines(healthcheck=Healthcheck(("CMD", "a", "b"))) == ['HEALTHCHECK CMD ["a", "b"]']
    assert lines(healthcheck=Healthcheck(("NONE",))) == ["HEALTHCHECK NONE"]


def test_what_a_base_may_have_set_is_undone() -> None:
    assert list(settings(ContainerConfig(), reset=True)) == [
        "WORKDIR /",
        "USER 0",
        "HEALTHCHECK NONE",
        "ENTRYPOINT []",
        "CMD []",
    ]


@pytest.mark.parametrize("text", ["a\nb", " a", "a\\", '["a"]'])
def test_a_health_check_that_shell_form_cannot_say(text: str) -> None:
    with pytest.raises(Unsupported, match="cannot write HEALTHCHECK into a Dockerfile"):
        lines(healthcheck=Healthcheck(("CMD-SHELL", text)))


def test_an_environment_that_no_dockerfile_can_say() -> None:
    with pytest.raises(Unsupported, match="cannot write ENV A into a Dockerfile: its value has a line break"):
        lines(env=("A=1\n2",))
