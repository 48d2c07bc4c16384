"""What every image keeps."""

from __future__ import annotations

import pytest

from jettison.plan.essential import always, configured_locales, given, writable_directories
from jettison.plan.model import Policy
from make import tree


@pytest.mark.parametrize(
    "path",
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/os-release",
        "/etc/ld.so.cache", "/etc/localtime", "/tmp", "/var/tmp", "/etc/alpine-release",
    ],
)  # fmt: skip
@pytest.mark.parametrize("policy", Policy)
def test_is_kept_at_every_level(path: str, policy: Policy) -> None:
    assert path in always(tree({path: b"x"}), policy)


def test_secrets_are_not_kept_unless_used() -> None:
    assert "/etc/shadow" not in always(tree({"/etc/shadow": b"x"}), Policy.SAFE)


@pytest.mark.parametrize(
    ("kept", "path"),
    [
        ("/usr/lib/x86_64-linux-gnu/libcrypto.so.3", "/etc/ssl/openssl.cnf"),
        ("/usr/lib/x86_64-linux-gnu/libssl.so.3", "/etc/ssl/certs/0a775a30.0"),
        ("/usr/lib/python3.11/zoneinfo/__init__.py", "/usr/share/zoneinfo/Europe/Berlin"),
        ("/usr/sbin/apache2", "/usr/lib/apache2/modules/mod_ssl.so"),
        ("/usr/bin/git", "/usr/lib/git-core/git-remote-https"),
        ("/opt/java/lib/server/libjvm.so", "/etc/ssl/certs/java/cacerts"),
    ],
)
def test_comes_with(kept: str, path: str) -> None:
    paths = tree({kept: b"x", path: b"x"})
    assert path in given(paths, [kept], Policy.BALANCED)
    assert path not in given(paths, ["/bin/sh"], Policy.BALANCED)


def test_time_zones_do_not_come_with_a_program_that_has_no_library_for_them() -> None:
    assert not given(tree({"/usr/share/zoneinfo/UTC": b"x"}), ["/app/goapp", "/bin/dash"], Policy.BALANCED)


def test_the_configured_locale_and_zone() -> None:
    paths = tree({"/usr/lib/locale/de_DE.utf8/LC_TIME": b"x", "/usr/share/zoneinfo/Asia/Tokyo": b"x"})
    found = configured_locales(paths, {"LANG": "de_DE.UTF-8", "TZ": ":Asia/Tokyo", "LC_ALL": "C", "LC_CTYPE": "../.."})
    assert {"/usr/lib/locale/de_DE.utf8/LC_TIME", "/usr/share/zoneinfo/Asia/Tokyo"} <= set(found)


def test_directories_to_write_into() -> None:
    paths = tree(
        {"/var/cache/nginx": "dir", "/var/lib/dpkg/info": "dir", "/data": "dir 0750 33:33", "/usr/share/x": "dir"}
    )
    found = set(writable_directories(paths))
    assert "/data" in found
    assert not {"/usr/share/x", "/var/lib/dpkg/info"} & found
