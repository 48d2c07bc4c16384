"""What rules an image out, in one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jettison.bases import Needs, Variant, lacks, runtimes, variants

SLIM, ALPINE = variants("node:20-bookworm")[1:]
PYTHON = variants("python:3.12")[1]
STATIC = next(variant for variant in runtimes("golang", "1.22") if "static" in variant.reference)
SCRATCH = variants("scratch")[0]


@pytest.mark.parametrize(
    ("variant", "needs", "reason"),
    [
        (SLIM, Needs(), ""),
        (SCRATCH, Needs(libc="none"), ""),
        (SLIM, Needs(libc="glibc", shell=True, libraries=("libc.so.6", "libstdc++.so.6"), user="node", tz=True), ""),
        (ALPINE, Needs(libc="glibc"), "has musl, but the program is linked to glibc"),
        (SLIM, Needs(libc="musl"), "has glibc, but the program is linked to musl"),
        (SCRATCH, Needs(libc="musl"), "has no C library, but the program is linked to musl"),
        (STATIC, Needs(shell=True), "has no shell, which the program or its command line needs"),
        (SLIM, Needs(libraries=("libpq.so.5",)), "lacks libpq.so.5"),
        (SLIM, Needs(libraries=("liba.so.1", "libb.so.1", "libx.so.1", "libd.so.1", "libe.so.1")),
         "lacks liba.so.1, libb.so.1, libx.so.1 and 2 more"),
        (SCRATCH, Needs(libraries=("libc.so.6",)), "lacks libc.so.6"),
        (ALPINE, Needs(libc="musl", libraries=("libc.musl-x86_64.so.1", "libstdc++.so.6")), ""),
        (PYTHON, Needs(libraries=("libsqlite3.so.0", "libssl.so.3")), ""),
        (SLIM, Needs(user="postgres"), "has no user postgres"),
        (SLIM, Needs(user="1000"), ""),
        (SCRATCH, Needs(user="root"), "has no user root"),
        (STATIC, Needs(user="nonroot", certificates=True, tz=True), ""),
        (SLIM, Needs(certificates=True), "has no CA certificates"),
        (ALPINE, Needs(tz=True), "has no time zones"),
        (ALPINE, Needs(package_manager="apt"), "has apk, not apt"),
        (SCRATCH, Needs(package_manager="apt"), "has no package manager, not apt"),
    ],
)  # fmt: skip
def test_the_reason(variant: Variant, needs: Needs, reason: str) -> None:
    assert lacks(variant, needs) == reason


@pytest.mark.parametrize("soname", ["libm.so.6", "ld-linux-x86-64.so.2", "libpthread.so.0", "libnss_dns.so.2"])
def test_a_c_library_brings_its_own(soname: str) -> None:
    bare = replace(SLIM, libraries=())
    assert lacks(bare, Needs(libraries=(soname,))) == ""
    assert lacks(ALPINE, Needs(libraries=(soname,))) == f"lacks {soname}"
