"""Which layer, instruction and package a path comes from, and which paths are the application's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jettison.attribution import attribute, base_layers, layer_instructions
from jettison.filetree import FileTree
from jettison.oci.config import ContainerConfig, History, ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.packages.model import Package
from make import tree

ROOTFS = History("/bin/sh -c #(nop) ADD file:0f in / ")
BASH = History('/bin/sh -c #(nop)  CMD ["bash"]', empty_layer=True)
NODE = History('CMD ["node"]', empty_layer=True)


def image(*history: History, **container: object) -> Image:
    count = sum(not line.empty_layer for line in history)
    layer = Layer(Descriptor.of("", b""), Digest.of(b""))
    return Image(ImageConfig(container=ContainerConfig(**container), history=history), (layer,) * count)  # type: ignore[arg-type]


def in_layer(number: int, found: FileTree) -> dict[str, object]:
    return {path: replace(entry, layer=number) for path, entry in found.items() if path != "/"}


def layered(*layers: dict[str, str | bytes]) -> FileTree:
    entries = dict(tree({}))
    for number, paths in enumerate(layers):
        entries |= {p: e for p, e in in_layer(number, tree(paths)).items() if p not in entries or p in paths}  # type: ignore[misc]
    return FileTree(entries)


def test_instructions_are_those_of_layers_and_readable() -> None:
    history = (
        ROOTFS,
        BASH,
        History("RUN /bin/sh -c make # buildkit"),
        History("/bin/sh -c apt-get install -y x"),
    )
    assert layer_instructions(history, 3) == ("ADD file:0f in /", "RUN /bin/sh -c make", "RUN apt-get install -y x")


def test_a_history_that_does_not_fit_the_layers_says_nothing() -> None:
    assert layer_instructions((ROOTFS,), 2) == ("", "")


@pytest.mark.parametrize(
    ("history", "layers"),
    [
        ((ROOTFS, BASH, History("RUN a"), NODE, History("COPY . /app"), History("RUN b")), 2),
        ((ROOTFS, BASH, History("COPY . /app"), History('CMD ["./app"]', empty_layer=True)), 1),
        ((ROOTFS, BASH), 0),
        ((History("COPY app /app"),), 0),
        ((), 0),
    ],
)
def test_the_base_ends_at_the_last_command_that_layers_follow(history: tuple[History, ...], layers: int) -> None:
    assert base_layers(history) == layers


def test_files_below_the_working_directory_are_the_applications() -> None:
    found = attribute(
        image(ROOTFS, working_dir="/usr/src/app"),
        tree({"/usr/src/app/server.js": b"x", "/usr/src/app/node_modules/x/i.js": b"x", "/usr/lib/libc.so": b"x"}),
    )
    assert dict(found.application) == {"/usr/src/app/server.js": "/usr/src/app"}


def test_a_top_level_directory_that_no_distribution_has_is_the_applications() -> None:
    found = attribute(image(ROOTFS), tree({"/myservice/run": b"x", "/etc/hosts": b"x", "/bin/sh": b"x"}))
    assert list(found.application) == ["/myservice/run"]


def test_what_a_copy_above_the_base_brought_is_the_applications_wherever_it_lies() -> None:
    found = attribute(
        image(ROOTFS, BASH, History("COPY nginx.conf /etc/nginx/nginx.conf # buildkit")),
        layered({"/etc/nginx/mime.types": b"x", "/bin/sh": b"x"}, {"/etc/nginx/nginx.conf": b"y"}),
        [Package("deb", "nginx", "1", files=frozenset({"/etc/nginx/nginx.conf", "/etc/nginx/mime.types"}))],
    )
    assert dict(found.application) == {"/etc/nginx/nginx.conf": "COPY nginx.conf /etc/nginx/nginx.conf"}


def test_a_copied_root_file_system_is_no_application() -> None:
    found = attribute(
        image(History("COPY --from=build / /")),
        layered({"/etc/os-release": b"x", "/usr/lib/libz.so.1": b"x", "/bin/sh": b"x"}),
    )
    assert not found.application


def test_a_program_that_was_built_into_usr_local_is_the_applications() -> None:
    found = attribute(
        image(ROOTFS, BASH, History("RUN go build -o /usr/local/bin/app")),
        layered({"/bin/sh": b"x"}, {"/usr/local/bin/app": b"x", "/usr/local/go/src/a.go": b"x"}),
    )
    assert list(found.application) == ["/usr/local/bin/app"]


def test_what_made_a_path_the_applications_is_told_without_secrets() -> None:
    found = attribute(
        image(ROOTFS, BASH, History("RUN GH_TOKEN=Sup3rS3cretPw9 make install # buildkit")),
        layered({"/bin/sh": b"x"}, {"/usr/local/bin/app": b"x"}),
    )
    assert found.application == {"/usr/local/bin/app": "RUN GH_TOKEN=… make install"}


@pytest.mark.parametrize(
    "litter",
    [
        "/root/.cache/go-build/00/x", "/root/.npm/_cacache/x", "/app/.git/HEAD", "/var/cache/apt/x.bin", "/tmp/x",
        "/root/.bashrc", "/opt/yarn-v1.22.19/bin/yarn", "/go/pkg/mod/x.go", "/root/.cargo/registry/x",
    ],
)  # fmt: skip
def test_caches_and_toolchains_are_not_the_applications(litter: str) -> None:
    assert not attribute(image(ROOTFS), tree({litter: b"x"})).application


def test_a_working_directory_inside_gopath_is_the_applications_all_the_same() -> None:
    path = "/go/src/github.com/me/app/templates/index.html"
    found = attribute(image(ROOTFS, working_dir="/go/src/github.com/me/app"), tree({path: b"x"}))
    assert list(found.application) == [path]


def test_an_application_that_is_a_package_itself_stays_the_applications() -> None:
    own = Package("npm", "me", "1", root="/app", files=frozenset({"/app/server.js", "/app/package.json"}))
    found = attribute(
        image(ROOTFS, working_dir="/app"), tree({"/app/server.js": b"x", "/app/package.json": b"{}"}), [own]
    )
    assert set(found.application) == {"/app/server.js", "/app/package.json"}


def test_a_distributions_package_owns_before_a_languages() -> None:
    deb = Package("deb", "python3-flask", "2", files=frozenset({"/usr/lib/python3/dist-packages/flask/app.py"}))
    pypi = Package("pypi", "flask", "2", files=deb.files)
    found = attribute(image(ROOTFS), tree({"/usr/lib/python3/dist-packages/flask/app.py": b"x"}), [deb, pypi])
    assert found.owners["/usr/lib/python3/dist-packages/flask/app.py"] is deb


@pytest.mark.parametrize("path", ["/go/bin/units", "/usr/local/cargo/bin/units"])
def test_a_program_that_was_installed_beside_a_toolchain_is_the_applications_if_it_is_started(path: str) -> None:
    found = tree({path: b"x", "/go/bin/linter": b"x", "/usr/local/cargo/bin/cargo": b"x"})
    path_variable = "PATH=/go/bin:/usr/local/cargo/bin:/usr/bin"
    own = attribute(image(ROOTFS, entrypoint=("/bin/sh", "-c", "units --all"), env=(path_variable,)), found).application
    assert set(own) == {path}


def test_a_program_beside_those_of_packages_is_the_applications_if_it_is_started() -> None:
    found = tree({"/usr/bin/tides": b"x", "/usr/bin/other": b"x", "/usr/bin/ls": b"x", "/usr/local/bin/node": b"x"})
    coreutils = Package("deb", "coreutils", "9", files=frozenset({"/usr/bin/ls"}))
    config = {"entrypoint": ("tides", "ls", "node"), "env": ("PATH=/usr/local/bin:/usr/bin",)}
    assert set(attribute(image(ROOTFS, **config), found, [coreutils]).application) == {"/usr/bin/tides"}
    assert set(attribute(image(ROOTFS, **config), found).application) == set()


def test_data_that_a_run_puts_where_data_of_programs_is_is_the_applications() -> None:
    history = (ROOTFS, History("/bin/sh -c mkdir /usr/share/units"), History("/bin/sh -c apt-get install -y mime"))
    found = layered(
        {"/etc/os-release": b"x", "/usr/share/base/x": b"x"},
        {"/usr/share/units/mass.txt": b"x"},
        {"/usr/share/mime/cache": b"x"},
    )
    assert set(attribute(image(*history), found).application) == {"/usr/share/units/mass.txt"}
