"""Which images could take another's place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.bases import catalogue, language, runtimes, variants
from jettison.bases.references import DEBIAN
from jettison.configuration import BaseEntry, parse
from jettison.errors import InvalidReference
from jettison.oci.reference import name

RELATIVES = {
    "node:8": "node:8-slim node:8-alpine",
    "node": "node:slim node:alpine",
    "node:latest": "node:slim node:alpine",
    "node:slim": "node:alpine",
    "node:lts": "node:lts-slim node:lts-alpine",
    "node:onbuild": "node:latest node:slim node:alpine",
    "node:8-onbuild": "node:8 node:8-slim node:8-alpine",
    "node:8-wheezy": "node:8-wheezy-slim node:8-alpine",
    "node:20-bookworm": "node:20-bookworm-slim node:20-alpine",
    "node:20-bookworm-slim": "node:20-alpine",
    "node:20-alpine3.19": "",
    "python:3.11-bookworm": "python:3.11-slim-bookworm python:3.11-alpine",
    "python:3.13.0rc1": "python:3.13.0rc1-slim python:3.13.0rc1-alpine",
    "python:3.13-rc-slim": "python:3.13-rc-alpine",
    "golang:1.22-alpine": "",
    "golang:1.22": "golang:1.22-alpine",
    "rust:1.75-bookworm": "rust:1.75-alpine rust:1.75-slim-bookworm",
    "rust:1.75-slim-bookworm": "",
    "ruby:3.4.1": "ruby:3.4.1-slim ruby:3.4.1-alpine",
    "openjdk:8": "openjdk:8-slim openjdk:8-jre openjdk:8-jre-slim openjdk:8-alpine openjdk:8-jre-alpine",
    "openjdk:8u151-jre": "openjdk:8u151-jre-slim openjdk:8u151-alpine openjdk:8u151-jre-alpine",
    "eclipse-temurin:17-jdk-jammy":
        "eclipse-temurin:17-jdk-alpine eclipse-temurin:17-jre-jammy eclipse-temurin:17-jre-alpine",
    "maven:3.9-eclipse-temurin-17": "maven:3.9-eclipse-temurin-17-alpine",
    "gradle:8-jdk17": "gradle:8-jdk17-alpine",
    "php:8.2": "php:8.2-cli-alpine",
    "php:8.2-apache": "",
    "php:8.2-fpm-bookworm": "php:8.2-fpm-alpine",
    "mcr.microsoft.com/dotnet/sdk:8.0": "mcr.microsoft.com/dotnet/sdk:8.0-alpine",
    "mcr.microsoft.com/dotnet/aspnet:8.0-jammy":
        "mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled mcr.microsoft.com/dotnet/aspnet:8.0-alpine",
    "mcr.microsoft.com/dotnet/aspnet:10.0":
        "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled mcr.microsoft.com/dotnet/aspnet:10.0-alpine",
    "nginx": "nginx:alpine nginx:alpine-slim",
    "nginx:1.25.3": "nginx:1.25.3-alpine nginx:1.25.3-alpine-slim",
    "httpd:2.4": "httpd:2.4-alpine",
    "debian": "debian:stable-slim",
    "debian:12": "debian:12-slim",
    "debian:bookworm": "debian:bookworm-slim",
    "ubuntu:22.04": "",
    "alpine:3.19": "",
    "busybox:1.36": "busybox:1.36-musl busybox:1.36-uclibc",
    "buildpack-deps:bookworm": "buildpack-deps:bookworm-scm buildpack-deps:bookworm-curl",
    "scratch": "",
    "gcr.io/distroless/cc-debian12:nonroot":
        "gcr.io/distroless/base-debian12:nonroot gcr.io/distroless/static-debian12:nonroot",
    "cgr.dev/chainguard/node": "",
}  # fmt: skip


@pytest.mark.parametrize("reference", RELATIVES)
def test_the_image_itself_and_its_smaller_relatives(reference: str) -> None:
    found = variants(reference)
    assert name(found[0].reference) == name(reference)
    assert [variant.reference for variant in found[1:]] == RELATIVES[reference].split()


@pytest.mark.parametrize(
    "reference",
    ["node:20-mine", "someone/node:20", "ghcr.io/someone/node:20", "postgres:16", "docker.io/other/python:3",
     "sha256:" + "a" * 64, "oci:/tmp/x", "node@sha256:" + "b" * 64, "node:18-onbuild", "debianx"],
)  # fmt: skip
def test_what_is_not_known(reference: str) -> None:
    assert variants(reference) == ()


def test_a_text_that_is_no_reference() -> None:
    with pytest.raises(InvalidReference):
        variants("Node:8:9")


@pytest.mark.parametrize(
    ("reference", "slim"),
    [
        ("docker.io/library/node:8", "node:8-slim"),
        ("localhost:5000/hub/library/node:8", "localhost:5000/hub/library/node:8-slim"),
        ("localhost:5000/node:8", "localhost:5000/node:8-slim"),
        ("public.ecr.aws/docker/library/node:8", "public.ecr.aws/docker/library/node:8-slim"),
        ("mirror.gcr.io/library/node:8", "mirror.gcr.io/library/node:8-slim"),
        ("node:8@sha256:" + "c" * 64, "node:8-slim"),
    ],
)
def test_relatives_come_from_where_the_image_does(reference: str, slim: str) -> None:
    found = variants(reference)
    assert name(found[0].reference) == name(reference)
    assert found[1].reference == slim


@given(
    st.sampled_from(sorted(RELATIVES)), st.sampled_from(["", "localhost:5000/hub/library/", "eu.example/x/library/"])
)
def test_the_first_is_always_the_image_itself(reference: str, prefix: str) -> None:
    if "/" in reference or reference == "scratch":
        prefix = ""
    for variant in variants(prefix + reference):
        again = variants(variant.reference)[0]
        assert (again.family, again.name, again.reference) == (variant.family, variant.name, variant.reference)
        assert name(variants(prefix + reference)[0].reference) == name(prefix + reference)


@given(st.text(alphabet="0123456789.-abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20))
def test_any_tag_is_known_or_not(tag: str) -> None:
    for family in ("node", "php", "maven", "debian"):
        try:
            whole = name(f"{family}:{tag}")
        except InvalidReference:
            continue
        found = variants(f"{family}:{tag}")
        assert not found or name(found[0].reference) == whole


def test_what_is_known_of_a_variant() -> None:
    full, slim, alpine = variants("node:8")
    assert (slim.family, slim.name, slim.version, slim.release) == ("node", "slim", "8", "")
    assert (slim.distribution, slim.libc, slim.shell, slim.package_manager) == ("debian", "glibc", True, "apt")
    assert (alpine.distribution, alpine.libc, alpine.package_manager) == ("alpine", "musl", "apk")
    assert {"root", "node", "www-data"} <= set(slim.users)
    assert full.certificates
    assert not slim.certificates
    assert variants("node:20-bookworm")[1].release == "bookworm"
    assert variants("eclipse-temurin:17-jdk-jammy")[0].distribution == "ubuntu"


def test_a_size_says_whose_it_is() -> None:
    full, slim, _ = variants("node:20")
    assert full.size_of == "node:24"
    assert full.basis.startswith("published: node:24, 2026-")
    assert slim.compressed_bytes
    assert full.compressed_bytes > slim.compressed_bytes
    exact = variants("node:8-wheezy")[0]
    assert (exact.size_of, exact.compressed_bytes, exact.disk_bytes) == ("node:8-wheezy", 202_100_000, 520_000_000)
    unknown = variants("gradle:8")[0]
    assert (unknown.compressed_bytes, unknown.size_of, unknown.basis) == (None, "", "")


RUNTIMES = {
    ("node", "8"): "node:8-slim node:8-alpine",
    ("python", "3.12"): "python:3.12-slim python:3.12-alpine",
    ("python", "3.11"): "python:3.11-slim python:3.11-alpine gcr.io/distroless/python3-debian12:latest",
    ("maven", "17.0.2"): "eclipse-temurin:17-jre eclipse-temurin:17-jre-alpine "
        "gcr.io/distroless/java17-debian13:latest gcr.io/distroless/java17-debian12:latest",
    ("java", "1.8"): "eclipse-temurin:8-jre eclipse-temurin:8-jre-alpine",
    ("static", ""): "nginx:latest nginx:alpine nginx:alpine-slim busybox:musl",
    ("php-apache", "8.2"): "php:8.2-apache",
    ("php-fpm", "8.2"): "php:8.2-fpm php:8.2-fpm-alpine",
    ("ruby", "3.4"): "ruby:3.4-slim ruby:3.4-alpine",
    ("dotnet", "8.0.404"): "mcr.microsoft.com/dotnet/aspnet:8.0 mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled "
        "mcr.microsoft.com/dotnet/aspnet:8.0-alpine",
    ("cobol", "1"): "",
}  # fmt: skip


@pytest.mark.parametrize(("family", "version"), RUNTIMES)
def test_what_a_language_runs_on(family: str, version: str) -> None:
    assert [variant.reference for variant in runtimes(family, version)] == RUNTIMES[family, version].split()


@pytest.mark.parametrize("family", ["golang", "rust", "native", "gcc"])
def test_a_binary_runs_on_less_and_less(family: str) -> None:
    found = [variant.reference for variant in runtimes(family, "1.22")]
    assert found[0] == "debian:stable-slim"
    assert found[-1] == "scratch"
    wanted = ["debian:stable-slim", "gcr.io/distroless/cc-debian12:latest", "alpine:latest", "busybox:musl", "scratch"]
    assert [reference for reference in found if reference in wanted] == wanted


@pytest.mark.parametrize("release", ["", *DEBIAN])
def test_a_binary_runs_on_the_release_it_was_built_on(release: str) -> None:
    found = [variant.reference for variant in runtimes("rust", "1.75", release=release)]
    assert found[0] == f"debian:{release or 'stable'}-slim"
    assert ("gcr.io/distroless/cc-debian13:latest" in found) == (release == "trixie")


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("node:8", ("node", "8")),
        ("maven:3.9-eclipse-temurin-17", ("java", "17")),
        ("gradle:8-jdk21-alpine", ("java", "21")),
        ("openjdk:8u151-jdk", ("java", "8")),
        ("maven:3.9", ("java", "latest")),
        ("php:8.2-apache", ("php-apache", "8.2")),
        ("mcr.microsoft.com/dotnet/sdk:8.0.404", ("dotnet", "8.0")),
        ("golang", ("golang", "latest")),
        ("gcc:12", ("native", "12")),
        ("nginx:1.25", ("static", "1.25")),
        ("debian:12", None),
        ("postgres:16", None),
    ],
)
def test_the_language_of_an_image(reference: str, found: tuple[str, str] | None) -> None:
    assert language(reference) == found


def own() -> tuple[BaseEntry, ...]:
    text = """
    [[bases.variant]]
    family = "node"
    name = "hardened"
    images = ["registry.example/node:{version}"]
    distribution = "wolfi"
    libc = "glibc"
    users = ["app"]
    runs = ["node", "golang"]
    sizes = [{ image = "registry.example/node:22", compressed = "30MB", source = "us", date = 2026-01-31 }]
    """
    return parse(text).bases.variants


def test_an_entry_of_the_users() -> None:
    found = variants("node:22", own())
    assert [variant.reference for variant in found][-1] == "registry.example/node:22"
    assert (found[-1].users, found[-1].compressed_bytes, found[-1].source) == (("app",), 30_000_000, "us")
    assert "registry.example/node:22" in [variant.reference for variant in runtimes("node", "22", own())]
    assert variants("registry.example/node:20", own())[0].name == "hardened"
    assert variants("registry.example/node:20")[0].name == "", "without it, a copy of Docker Hub's"


def test_entries_of_the_users_come_after_the_catalogue() -> None:
    assert catalogue.entries(own())[-1] == own()[0]
