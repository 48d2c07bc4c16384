"""Why a path was kept or dropped."""

from __future__ import annotations

import pytest

from jettison.attribution import Attribution
from jettison.closure.model import Evidence
from jettison.packages.model import Package
from jettison.plan import Plan, Policy, why
from make import tree

TREE = tree(
    {
        "/bin": "link -> usr/bin",
        "/usr/bin/sh": "link -> dash",
        "/usr/bin/dash": "file 0755",
        "/usr/lib/libc.so.6": b"x",
        "/usr/bin/perl": b"x",
        "/usr/share/man/man1/sh.1": b"x",
        "/app/main.go": b"x",
        "/app/secret": b"x",
        "/root/.cache/x": b"x",
        "/usr/local/go/bin/go": b"x",
        "/etc/odd": b"x",
    }
)
PERL = Package("deb", "perl-base", "5.36", files=frozenset({"/usr/bin/perl"}))
DASH = Package("deb", "dash", "0.5", files=frozenset({"/usr/bin/dash", "/usr/share/man/man1/sh.1"}))
ATTRIBUTION = Attribution(("ADD rootfs",), {"/usr/bin/perl": PERL, "/usr/bin/dash": DASH}, {"/app/main.go": "/app"})
PLAN = Plan(
    Policy.BALANCED,
    {
        "/usr/bin/dash": (Evidence("executed", "runc in default"), Evidence("mention", "/app/run.sh")),
        "/usr/bin/sh": (Evidence("link", "/usr/bin/dash"),),
        "/bin": (Evidence("link", "/usr/bin/dash"),),
        "/usr/lib/libc.so.6": (Evidence("elf", "/usr/bin/dash"),),
    },
    excluded=("/app/secret",),
)


def test_a_kept_path_is_followed_back_to_where_the_plan_started() -> None:
    found = why(PLAN, TREE, ATTRIBUTION, "/usr/lib/libc.so.6")
    assert found.kept
    assert found.chain == (
        "/usr/lib/libc.so.6: a library or loader that /usr/bin/dash is linked with",
        "/usr/bin/dash: executed by runc in default",
    )
    assert found.instruction == "ADD rootfs"


def test_the_instruction_has_no_secret() -> None:
    attribution = Attribution(("RUN MYSQL_PWD=Sup3rS3cretPw9 make",))
    assert why(PLAN, TREE, attribution, "/etc/odd").instruction == "RUN MYSQL_PWD=… make"


def test_links_are_followed_and_other_reasons_are_named() -> None:
    found = why(PLAN, TREE, ATTRIBUTION, "/bin/sh")
    assert (found.kept, found.reached) == (True, "/usr/bin/dash")
    assert why(PLAN, TREE, ATTRIBUTION, "/usr/bin/dash").others == ("named in /app/run.sh",)
    assert why(PLAN, TREE, ATTRIBUTION, "/usr/bin/dash").package == "dash 0.5"


def test_a_loop_of_reasons_ends() -> None:
    loop = Plan(
        Policy.TIGHT,
        {
            "/usr/bin/dash": (Evidence("mention", "/usr/bin/perl"),),
            "/usr/bin/perl": (Evidence("mention", "/usr/bin/dash"),),
        },
    )
    assert len(why(loop, TREE, ATTRIBUTION, "/usr/bin/dash").chain) == 2


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/app/secret", "excluded: --exclude /app/secret"),
        ("/root/.cache/x", "a cache or litter"),
        ("/app/main.go", "source of a compiled language"),
        ("/usr/share/man/man1/sh.1", "documentation"),
        ("/usr/local/go/bin/go", "part of a toolchain"),
        ("/usr/bin/perl", "nothing of perl-base 5.36 was opened"),
        ("/etc/odd", "nothing opened it, and no kept file needs or names it"),
    ],
)
def test_a_dropped_path_has_one_reason(path: str, reason: str) -> None:
    found = why(PLAN, TREE, ATTRIBUTION, path)
    assert found.exists
    assert not found.kept
    assert found.chain[0].startswith(reason)


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("/usr/bin/dahs", "/usr/bin/dash"),
        ("/opt/libc.so.6", "/usr/lib/libc.so.6"),
        ("/usr/lib/libc.so.5", "/usr/lib/libc.so.6"),
    ],
)
def test_a_path_that_does_not_exist_has_suggestions(path: str, suggestion: str) -> None:
    found = why(PLAN, TREE, ATTRIBUTION, path)
    assert not found.exists
    assert suggestion in found.suggestions
