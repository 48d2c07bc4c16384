"""Package URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.errors import InvalidInput
from jettison.packages.distribution import Distribution
from jettison.packages.model import Package
from jettison.security.purl import distribution_of, package_of, purl

DEBIAN = Distribution("debian", "12")
ALMA = Distribution("almalinux", "9.4")
SOURCE = {"source_version": "2.36-9+deb12u9"}

CASES = [
    (Package("deb", "libc6", SOURCE["source_version"], "amd64", "glibc", attributes=SOURCE), DEBIAN,
     "pkg:deb/debian/libc6@2.36-9%2Bdeb12u9?arch=amd64&distro=debian-12&upstream=glibc"),
    (Package("deb", "libgcc-s1", "12.2.0-14", "amd64", "gcc-12", attributes={"source_version": "12.2.0-13"}), DEBIAN,
     "pkg:deb/debian/libgcc-s1@12.2.0-14?arch=amd64&distro=debian-12&upstream=gcc-12%4012.2.0-13"),
    (Package("apk", "libssl3", "3.3.0-r2", "x86_64", "openssl"), Distribution("alpine", "3.20.1"),
     "pkg:apk/alpine/libssl3@3.3.0-r2?arch=x86_64&distro=alpine-3.20.1&upstream=openssl"),
    (Package("rpm", "bind-libs", "32:9.16.23-18.el9", "x86_64", "bind",
             attributes={"source_version": "32:9.16.23-18.el9"}), ALMA,
     "pkg:rpm/almalinux/bind-libs@9.16.23-18.el9?arch=x86_64&distro=almalinux-9.4&epoch=32"
     "&upstream=bind-9.16.23-18.el9.src.rpm"),
    (Package("npm", "@babel/core", "7.24.0"), None, "pkg:npm/%40babel/core@7.24.0"),
    (Package("npm", "left-pad", "1.3.0"), None, "pkg:npm/left-pad@1.3.0"),
    (Package("pypi", "Ruamel.YAML_x", "0.18"), None, "pkg:pypi/ruamel-yaml-x@0.18"),
    (Package("golang", "github.com/BurntSushi/toml", "v1.3.2"), None, "pkg:golang/github.com/BurntSushi/toml@v1.3.2"),
    (Package("golang", "stdlib", "1.22.1"), None, "pkg:golang/stdlib@1.22.1"),
    (Package("maven", "org.slf4j:slf4j-api", "2.0.9"), None, "pkg:maven/org.slf4j/slf4j-api@2.0.9"),
    (Package("composer", "symfony/console", "6.4.1"), None, "pkg:composer/symfony/console@6.4.1"),
    (Package("gem", "rails", "7.1.3"), None, "pkg:gem/rails@7.1.3"),
    (Package("cargo", "serde", "1.0.197"), None, "pkg:cargo/serde@1.0.197"),
    (Package("nuget", "Newtonsoft.Json", "13.0.3"), None, "pkg:nuget/Newtonsoft.Json@13.0.3"),
    (Package("generic", "redis", "7.2.4"), None, "pkg:generic/redis@7.2.4"),
]  # fmt: skip


@pytest.mark.parametrize(("package", "distribution", "text"), CASES, ids=lambda value: str(value)[:20])
def test_a_package_has_the_url_that_scanners_know(
    package: Package, distribution: Distribution | None, text: str
) -> None:
    assert purl(package, distribution) == text
    back = package_of(text)
    assert purl(back, distribution) == text
    assert (back.type, back.version, back.architecture) == (package.type, package.version, package.architecture)
    if package.type != "pypi":
        assert back.name == package.name
    assert distribution_of(text) == distribution


def test_syfts_epoch_of_zero_is_none() -> None:
    text = "pkg:rpm/almalinux/bash@5.1.8-9.el9?arch=x86_64&epoch=0&upstream=bash-5.1.8-9.el9.src.rpm&distro=almalinux-9"
    found = package_of(text)
    assert (found.version, found.source, found.attributes["source_version"]) == ("5.1.8-9.el9", "bash", "5.1.8-9.el9")


def test_a_debian_package_without_upstream_is_its_own_source() -> None:
    assert package_of("pkg:deb/debian/bash@5.2?distro=debian-12").source == "bash"


@pytest.mark.parametrize("text", ["", "pkg:", "pkg:deb", "npm/x@1", "pkg:npm/" + "x" * 5000])
def test_what_is_no_url_is_said(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read package URL"):
        package_of(text)


def test_without_a_name_there_is_no_url() -> None:
    assert purl(Package("npm", "", "1")) == ""


NAMES = st.text("abcXYZ019.-_+~ %@é", min_size=1, max_size=12).filter(lambda text: text.strip() == text)


@given(st.sampled_from(["npm", "gem", "cargo", "golang", "nuget"]), NAMES, NAMES)
def test_every_name_and_version_come_back(kind: str, name: str, version: str) -> None:
    package = Package(kind, name.lower(), version)
    back = package_of(purl(package))
    assert (back.type, back.name, back.version) == (package.type, package.name, package.version)
