"""Families of plug-ins."""

from __future__ import annotations

from closure.closing import closed
from jettison.closure.dlopen import matching
from make import tree


def test_globs_stay_in_a_directory_but_for_two_stars() -> None:
    image = tree({"/a/b/x.so": b"", "/a/b/c/y.so": b"", "/a/z.so": b""})
    assert list(matching(image, "/a/*.so")) == ["/a/z.so"]
    assert set(matching(image, "/a/**")) == {"/a/b/x.so", "/a/b/c/y.so", "/a/z.so"}


def test_openssl_keeps_its_providers_and_its_configuration() -> None:
    base = "/usr/lib/x86_64-linux-gnu"
    image = tree({f"{base}/libcrypto.so.3": b"", f"{base}/ossl-modules/legacy.so": b"", "/etc/ssl/openssl.cnf": b""})
    assert closed(image, f"{base}/libcrypto.so.3") == {f"{base}/ossl-modules/legacy.so", "/etc/ssl/openssl.cnf"}


def test_name_services_are_those_that_the_configuration_names() -> None:
    image = tree(
        {
            "/lib/libc.so.6": b"",
            "/etc/nsswitch.conf": b"hosts: files mdns # no\n",
            "/lib/libnss_mdns.so.2": b"",
            "/lib/libnss_nis.so.2": b"",
            "/lib/libnss_files.so.2": b"",
        }
    )
    assert closed(image, "/lib/libc.so.6") == {"/lib/libnss_mdns.so.2"}
