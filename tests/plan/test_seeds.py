"""Where a plan starts."""

from __future__ import annotations

import pytest

from jettison.closure.model import Evidence
from jettison.errors import NotFound
from jettison.oci.config import ContainerConfig, Healthcheck
from jettison.packages.model import Package
from jettison.plan.model import Wishes
from jettison.plan.seeds import configured, find_command, wished
from make import tree

TREE = tree(
    {
        "/usr/bin/node": "file 0755",
        "/usr/local/bin/node": "file 0755",
        "/bin/sh": "file 0755",
        "/bin/ls": "file 0755",
        "/usr/bin/curl": "file 0755",
        "/app/run": "file 0755",
        "/app/server.js": b"x",
        "/etc/app.conf": b"x",
        "/etc/passwd": b"root:x:0:0::/root:/bin/sh\nweb:x:33:33::/srv/web:/bin/sh\nbroken\n",
        "/srv/web/x": b"x",
        "/data": "dir",
    }
)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("node", "/usr/local/bin/node"),
        ("sh", "/bin/sh"),
        ("./run", "/app/./run"),
        ("/app/run", "/app/run"),
        ("server.js", None),
        ("nothing", None),
    ],
)
def test_a_command_is_found_as_the_container_finds_it(word: str, found: str | None) -> None:
    assert find_command(TREE, word, ContainerConfig(working_dir="/app")) == found


def test_the_images_own_path_is_searched() -> None:
    assert find_command(TREE, "node", ContainerConfig(env=("PATH=/usr/bin",))) == "/usr/bin/node"


def test_everything_that_the_configuration_names() -> None:
    container = ContainerConfig(
        env=("CONFIG=/etc/app.conf", "PATH=/usr/bin:/bin"),
        entrypoint=("/bin/sh", "-c", "exec ./run; true"),
        working_dir="/app",
        volumes=("/data",),
        user="web:web",
        healthcheck=Healthcheck(("CMD-SHELL", "curl -f localhost || exit 1")),
    )
    found = {path: {reason.by for reason in reasons} for path, reasons in configured(TREE, container).items()}
    assert found == {
        "/bin/sh": {"ENTRYPOINT", "HEALTHCHECK"},
        "/app/./run": {"ENTRYPOINT"},
        "/usr/bin/curl": {"HEALTHCHECK"},
        "/app": {"WORKDIR"},
        "/data": {"VOLUME"},
        "/srv/web": {"USER"},
        "/etc/app.conf": {"ENV CONFIG"},
    }


def test_wishes() -> None:
    deb = Package("deb", "curl", "8", files=frozenset({"/usr/bin/curl"}))
    wishes = Wishes(include=("/srv/**",), packages=("curl",), binaries=("node",), shell=True)
    found = wished(TREE, wishes, [deb], ContainerConfig())
    assert found["/srv/web/x"] == {Evidence("include", "--include /srv/**")}
    assert found["/usr/bin/curl"] == {Evidence("include", "--include-package curl")}
    assert {"/usr/local/bin/node", "/bin/sh", "/bin/ls"} <= set(found)


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(include=("/nothing/**",)),
        Wishes(packages=("nothing",)),
        Wishes(binaries=("nothing",)),
    ],
)
def test_a_wish_for_what_the_image_lacks_is_an_error(wishes: Wishes) -> None:
    with pytest.raises(NotFound, match=r"cannot fulfil --include.*nothing"):
        wished(TREE, wishes, [], ContainerConfig())


def test_a_shell_cannot_be_included_where_there_is_none() -> None:
    with pytest.raises(NotFound, match="--include-shell"):
        wished(tree({}), Wishes(shell=True), [], ContainerConfig())
