"""Image configurations: Docker's and OCI's, read and written without a loss."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidInput
from jettison.oci.config import ContainerConfig, Healthcheck, History, ImageConfig
from jettison.oci.descriptor import Platform
from jettison.oci.digest import Digest

#: As Docker writes it, with keys of its own that OCI does not know.
DOCKER = {
    "architecture": "amd64",
    "os": "linux",
    "os.version": "1",
    "container": "c0ffee",
    "docker_version": "20.10",
    "created": "2024-01-01T00:00:00Z",
    "author": "me",
    "config": {
        "Hostname": "x",
        "Env": ["PATH=/bin", "A=1", "A=2", "EMPTY="],
        "Cmd": ["serve"],
        "Entrypoint": ["/bin/app", "-v"],
        "User": "1000:1000",
        "WorkingDir": "/app",
        "ExposedPorts": {"8080/tcp": {}, "53/udp": {}},
        "Volumes": {"/data": {}},
        "Labels": {"b": "2", "a": "1"},
        "StopSignal": "SIGINT",
        "Shell": ["/bin/bash", "-c"],
        "OnBuild": ["RUN make"],
        "Healthcheck": {"Test": ["CMD-SHELL", "true"], "Interval": 5_000_000_000, "Retries": 3},
        "ArgsEscaped": True,
    },
    "rootfs": {"type": "layers", "diff_ids": [str(Digest.of(b"layer"))]},
    "history": [
        {"created_by": "ADD file", "created": "2024-01-01T00:00:00Z"},
        {"created_by": "CMD", "empty_layer": True, "comment": "buildkit", "author": "me"},
    ],
}


def config(**changes: object) -> ImageConfig:
    return ImageConfig.from_bytes(json.dumps(DOCKER | changes).encode())


def test_nothing_is_lost() -> None:
    assert json.loads(config().to_bytes()) == DOCKER


def test_what_it_says() -> None:
    found = config()
    assert found.platform == Platform("linux", "amd64")
    assert found.container.environment == {"PATH": "/bin", "A": "2", "EMPTY": ""}
    assert found.container.command == ("/bin/app", "-v", "serve")
    assert found.container.exposed_ports == ("53/udp", "8080/tcp")
    assert found.container.healthcheck == Healthcheck(("CMD-SHELL", "true"), interval=5_000_000_000, retries=3)
    assert found.history[1] == History("CMD", "", "buildkit", "me", empty_layer=True)
    assert found.diff_ids == (Digest.of(b"layer"),)
    assert found.extra["container"] == "c0ffee"


def test_null_is_as_good_as_nothing() -> None:
    nulls: dict[str, None] = dict.fromkeys(DOCKER["config"])  # type: ignore[call-overload]
    found = config(config=nulls, history=None, rootfs=None, author=None)
    assert found.container == ContainerConfig(extra={"Hostname": None, "ArgsEscaped": None})
    assert config(config=None).container == ContainerConfig()


def test_an_empty_command_is_not_an_absent_one() -> None:
    assert json.loads(config(config={"Entrypoint": []}).to_bytes())["config"] == {"Entrypoint": []}


def test_to_run_it_differently() -> None:
    changed = config().with_container(user="0", cmd=None)
    assert (changed.container.user, changed.container.cmd) == ("0", None)
    assert changed.container.env == config().container.env


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"5", b"null", b'"text"', b"\xff\xfe", b'{"config": 5}',
        b'{"rootfs": {"diff_ids": ["sha256:1"]}}', b'{"rootfs": {"diff_ids": [5]}}', b'{"rootfs": 7}',
        b'{"history": [5]}', b'{"history": 5}', b'{"config": {"Env": 5}}', b'{"config": {"Labels": ["a"]}}',
        b'{"config": {"Healthcheck": 5}}', b'{"config": {"Healthcheck": {"Interval": "5s"}}}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_configuration(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="cannot read") as caught:
        ImageConfig.from_bytes(data)
    assert "\n" not in str(caught.value)


TEXT = st.text(max_size=8)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)


@given(
    st.builds(
        ContainerConfig,
        env=TEXTS,
        entrypoint=st.none() | TEXTS,
        cmd=st.none() | TEXTS,
        user=TEXT,
        working_dir=TEXT,
        exposed_ports=st.sets(TEXT, max_size=3).map(lambda found: tuple(sorted(found))),
        volumes=st.sets(TEXT, max_size=3).map(lambda found: tuple(sorted(found))),
        labels=st.dictionaries(TEXT, TEXT, max_size=3),
        shell=st.none() | TEXTS,
        on_build=TEXTS,
    )
)
def test_every_configuration_comes_back(container: ContainerConfig) -> None:
    there = ImageConfig(container=container)
    assert ImageConfig.from_bytes(there.to_bytes()) == there
    assert ImageConfig.from_bytes(there.to_bytes()).to_bytes() == there.to_bytes()
