"""What each policy keeps of a small image with one of everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.observe.model import Observation, Run
from jettison.oci.config import ContainerConfig, History, ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.packages.model import Package
from jettison.plan import Plan, Policy, Wishes, make
from make import tree

OPENED = Evidence("opened", "server in default")
TREE = tree(
    {
        "/bin": "link -> usr/bin",
        "/usr/bin/server": "file 0755 0:0 100",
        "/usr/bin/server-admin": "file 0755 0:0 100",
        "/usr/bin/unused": "file 0755 0:0 100",
        "/usr/share/server-1.0/data": b"x",
        "/usr/share/server": "link -> server-1.0",
        "/etc/server.conf": b"x",
        "/etc/init.d/server": b"x",
        "/etc/passwd": b"root:x:0:0::/root:/bin/sh\n",
        "/etc/shadow": b"x",
        "/etc/services": b"x",
        "/tmp": "dir 1777",
        "/var/cache/server": "dir 0750 33:33",
        "/app/main.py": b"x",
        "/app/late.html": b"x",
        "/app/secret.key": b"x",
        "/app/node_modules/a/index.js": b"x",
        "/app/node_modules/a/late.js": b"x",
        "/app/node_modules/a/README.md": b"x",
        "/app/node_modules/d/index.js": b"x",
        "/root/.cache/x": b"x",
    }
)
DEB = Package(
    "deb", "server", "1.0",
    files=frozenset({
        "/usr/bin/server", "/usr/bin/server-admin", "/usr/share/server-1.0/data", "/etc/server.conf",
        "/etc/init.d/server",
    }),
)  # fmt: skip
USED = ("/usr/bin/server", "/usr/share/server-1.0/data", "/app/main.py", "/app/node_modules/a/index.js")


def image(**container: object) -> Image:
    settings = {"working_dir": "/app", "cmd": ("server",)} | container
    config = ImageConfig(container=ContainerConfig(**settings), history=(History("ADD file:0 in /"),))  # type: ignore[arg-type]
    return Image(config, (Layer(Descriptor.of("", b""), Digest.of(b"")),))


def planned(policy: Policy, wishes: Wishes | None = None, found: FileTree = TREE, used: tuple[str, ...] = USED) -> Plan:
    observation = Observation((Run("default", dict.fromkeys(used, frozenset({OPENED})), ()),))
    return make(found, image(), observation, [DEB], policy, wishes)


def files(plan: Plan, found: FileTree = TREE) -> set[str]:
    return {path for path in plan.keep if found[path].kind is not Kind.DIRECTORY}


ALWAYS = {"/etc/passwd", "/bin", "/usr/share/server", *USED}
BALANCED = {
    *ALWAYS,
    "/etc/server.conf",
    "/etc/services",
    "/app/late.html",
    "/app/secret.key",
    "/app/node_modules/a/late.js",
}


def test_tight_keeps_what_was_used_and_what_every_image_keeps() -> None:
    assert files(planned(Policy.TIGHT)) == ALWAYS


def test_balanced_keeps_the_applications_files_and_language_packages_whole() -> None:
    assert files(planned(Policy.BALANCED)) == BALANCED


def test_safe_keeps_distribution_packages_whole_too() -> None:
    whole = {"/usr/bin/server-admin", "/etc/init.d/server", "/app/node_modules/a/README.md"}
    assert files(planned(Policy.SAFE)) == BALANCED | whole


@pytest.mark.parametrize("policy", Policy)
def test_directories_to_write_into_are_kept_at_every_level(policy: Policy) -> None:
    assert {"/tmp", "/var/cache/server", "/app"} <= set(planned(policy).keep)


@pytest.mark.parametrize("policy", Policy)
def test_every_path_has_evidence_and_its_parents(policy: Policy) -> None:
    plan = planned(policy)
    assert all(plan.keep.values())
    assert {TREE[path].parent for path in plan.keep} <= set(plan.keep)
    assert list(plan.keep) == sorted(plan.keep)


def test_the_strongest_evidence_comes_first() -> None:
    assert planned(Policy.BALANCED).keep["/usr/bin/server"][0] == OPENED


@pytest.mark.parametrize("policy", Policy)
def test_what_is_kept_of_the_applications_own_says_so(policy: Policy) -> None:
    assert Evidence("application", "/app") in planned(policy).keep["/app/main.py"]


def test_wishes_add_and_exclusion_beats_all() -> None:
    plan = planned(Policy.TIGHT, Wishes(include=("/usr/bin/unused",), exclude=("/app/main.py", "/nothing")))
    assert files(plan) == ALWAYS - {"/app/main.py"} | {"/usr/bin/unused"}
    assert plan.caveats == ("--exclude /app/main.py took away 1 paths that there was a reason to keep",)


def test_healed_paths_are_kept_with_their_reason() -> None:
    healed = {"/usr/bin/unused": Evidence("healed", "GET /")}
    plan = make(TREE, image(), Observation(), [DEB], Policy.TIGHT, healed=healed)
    assert plan.keep["/usr/bin/unused"] == (Evidence("healed", "GET /"),)


def test_a_healed_path_brings_its_package_except_at_tight() -> None:
    healed = {"/usr/bin/server": Evidence("healed", "GET /")}
    kept = {p: files(make(TREE, image(cmd=()), Observation(), [DEB], p, healed=healed)) for p in Policy}
    assert "/usr/bin/server-admin" in kept[Policy.BALANCED]
    assert "/usr/bin/server-admin" not in kept[Policy.TIGHT]


def test_all_names_of_a_hard_linked_file_are_kept() -> None:
    names = tree(dict.fromkeys(("/bin/busybox", "/bin/sh", "/bin/httpd", "/bin/other"), "file 0755 0:0 9"))
    linked = FileTree({p: replace(e, inode=(0, 1) if e.size and p != "/bin/other" else None) for p, e in names.items()})
    assert files(planned(Policy.BALANCED, found=linked, used=("/bin/busybox",)), linked) == {
        "/bin/busybox", "/bin/sh", "/bin/httpd",
    }  # fmt: skip


def test_what_only_the_applications_tests_import_is_not_kept() -> None:
    found = tree(
        {
            "/app/server.js": b"require('a')",
            "/app/test/server.js": b"require('d')",
            "/app/package.json": b'{"dependencies": {"a": "1"}, "devDependencies": {"d": "1"}}',
            "/app/node_modules/a/index.js": b"x",
            "/app/node_modules/d/index.js": b"x",
        }
    )
    kept = files(planned(Policy.BALANCED, found=found, used=("/app/server.js",)), found)
    assert kept == set(found) - {"/app/node_modules/d/index.js"} - {p for p in found if found[p].kind is Kind.DIRECTORY}


def test_onbuild_triggers_are_a_caveat() -> None:
    plan = make(TREE, image(on_build=("RUN make",)), Observation(), [], Policy.TIGHT)
    assert len(plan.caveats) == 1
    assert "ONBUILD" in plan.caveats[0]
