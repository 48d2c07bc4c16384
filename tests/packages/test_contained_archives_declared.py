"""Packages in ``deps.json`` and in lock files."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.packages.contained import documents
from jettison.packages.contained.dotnet import DotNet
from jettison.packages.contained.locks import _LOCKS, Locks
from jettison.packages.contained.manifests import Manifests
from jettison.packages.model import Gap
from make import tree

_LOCK = {
    "name": "app", "version": "1.0.0", "lockfileVersion": 3,
    "packages": {
        "": {"name": "app", "version": "1.0.0"},
        "node_modules/a": {"version": "2.0.0"},
        "node_modules/a/node_modules/@s/b": {"version": "3.1.0-rc.1"},
        "node_modules/alias": {"name": "real", "version": "4.0.0"},
        "node_modules/workspace": {"resolved": "packages/w", "link": True},
        "packages/w": {"version": "9.9.9"},
    },
}  # fmt: skip
_LOCK_1 = {
    "name": "app", "version": "1.0.0", "lockfileVersion": 1,
    "dependencies": {
        "a": {"version": "2.0.0", "dependencies": {"@s/b": {"version": "3.1.0-rc.1"}}},
        "alias": {"version": "npm:real@4.0.0"},
        "git": {"version": "git+ssh://example.org/x.git#1"},
    },
}  # fmt: skip
_YARN = """# yarn lockfile v1


"@s/b@^3.0.0", "@s/b@^3.1.0":
  version "3.1.0-rc.1"
  resolved "https://registry.example.org/b.tgz"
  dependencies:
    a "^2.0.0"

a@^2.0.0:
  version "2.0.0"

"alias@npm:real@^4.0.0":
  version "4.0.0"
"""
_BERRY = """__metadata:
  version: 6

"@s/b@npm:^3.0.0, @s/b@npm:^3.1.0":
  version: 3.1.0-rc.1
  resolution: "@s/b@npm:3.1.0-rc.1"

"a@npm:^2.0.0":
  version: 2.0.0
  resolution: "a@npm:2.0.0"

"alias@npm:real@^4.0.0":
  version: 4.0.0
  resolution: "real@npm:4.0.0"

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  languageName: unknown
"""
_NPM = ["@s/b 3.1.0-rc.1", "a 2.0.0", "real 4.0.0"]
_PNPM_5 = (
    "lockfileVersion: 5.4\n\npackages:\n\n  /@s/b/3.1.0-rc.1_a@2.0.0:\n    dev: true\n\n  /a/2.0.0:\n    x: {y: 1}\n"
)
_PNPM_6 = (
    "lockfileVersion: '6.0'\npackages:\n  /@s/b@3.1.0-rc.1(a@2.0.0):\n    dev: true\n\n  /a@2.0.0:\n    dev: true\n"
)
_PNPM_9 = (
    "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      z:\n        version: 1.0.0\n\n"
    "packages:\n\n  '@s/b@3.1.0-rc.1':\n    x: 1\n\n  a@2.0.0:\n    x: 1\n\nsnapshots:\n\n  c@1.0.0:\n    x: 1\n"
)
_GEMFILE = """GIT
  remote: https://example.org/x.git
  specs:
    fork (0.1)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.15.4-x86_64-linux)
      racc (~> 1.4)
    rack (2.2.8)

PLATFORMS
  x86_64-linux
"""
_POETRY = '[[package]]\nname = "Requests"\nversion = "2.31.0"\n\n[[package]]\nname = "idna"\nversion = "3.4"\n'
_UV = 'version = 1\n[[package]]\nname = "app"\nversion = "0.1"\nsource = { editable = "." }\n' + _POETRY
_COMPOSER = {
    "packages": [{"name": "psr/log", "version": "3.0.0"}],
    "packages-dev": [{"name": "phpunit/phpunit", "version": "10.1.0"}, {"name": 1}],
}


def found(files: Mapping[str, bytes]) -> tuple[list[str], list[Gap]]:
    gaps: list[Gap] = []
    packages = list(Locks().find(tree(files), gaps.append))
    assert all(p.attributes == {"declared": "lock file"} and p.files == p.records for p in packages)
    return sorted(map(str, packages)), gaps


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("package-lock.json", json.dumps(_LOCK), [*_NPM[:2], "app 1.0.0", _NPM[2]]),
        ("npm-shrinkwrap.json", json.dumps(_LOCK_1), [*_NPM[:2], "app 1.0.0", _NPM[2]]),
        ("yarn.lock", _YARN, _NPM),
        ("yarn.lock", _BERRY, _NPM),
        ("pnpm-lock.yaml", _PNPM_5, _NPM[:2]),
        ("pnpm-lock.yaml", _PNPM_6, _NPM[:2]),
        ("pnpm-lock.yaml", _PNPM_9, _NPM[:2]),
        ("Gemfile.lock", _GEMFILE, ["nokogiri 1.15.4", "rack 2.2.8"]),
        ("poetry.lock", _POETRY, ["Requests 2.31.0", "idna 3.4"]),
        ("uv.lock", _UV, ["Requests 2.31.0", "idna 3.4"]),
        ("Pipfile.lock", json.dumps({"default": {"idna": {"version": "==3.4"}, "x": {"git": "u"}}}), ["idna 3.4"]),
        ("Cargo.lock", 'version = 3\n[[package]]\nname = "serde"\nversion = "1.0.1"\n', ["serde 1.0.1"]),
        ("composer.lock", json.dumps(_COMPOSER), ["phpunit/phpunit 10.1.0", "psr/log 3.0.0"]),
    ],
)
def test_a_lock_file_declares_packages(name: str, text: str, expected: list[str]) -> None:
    assert found({f"/app/{name}": text.encode()}) == (expected, [])


def test_what_is_installed_next_to_a_lock_file_tells_better() -> None:
    files = {
        "/app/package-lock.json": json.dumps(_LOCK).encode(),
        "/app/node_modules/a/package.json": b"{}",
        "/app/node_modules/a/yarn.lock": _YARN.encode(),
        "/web/yarn.lock": _YARN.encode(),
        "/web/node_modules/x": b"",
        "/usr/share/nodejs/postcss/pnpm-lock.yaml": _PNPM_9.encode(),
    }
    assert found(files) == (["app 1.0.0"], [])


def test_gems_and_python_packages_are_installed_anywhere() -> None:
    files = {
        "/app/Gemfile.lock": _GEMFILE.encode(),
        "/var/gems/specifications/nokogiri-1.15.4-x86_64-linux.gemspec": b"x",
        "/app/poetry.lock": _POETRY.encode(),
        "/usr/lib/python3/site-packages/requests-2.31.0.dist-info/METADATA": b"x",
    }
    assert found(files) == (["idna 3.4", "rack 2.2.8"], [])


@pytest.mark.parametrize(("name", "text"), [
    ("package-lock.json", "[]"), ("package-lock.json", "[" * 100_000), ("yarn.lock", "what?"),
    ("pnpm-lock.yaml", "lockfileVersion: '99.0'"), ("poetry.lock", "="), ("Gemfile.lock", "\udcff"),
])  # fmt: skip
def test_what_cannot_be_read_is_a_gap(name: str, text: str) -> None:
    packages, (gap,) = found({f"/{name}": text.encode("utf-8", "surrogateescape")})
    assert not packages
    assert gap.reason.startswith("not readable (")


def test_a_lock_file_that_is_too_big_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LIMIT", 10)
    assert found({"/poetry.lock": _POETRY.encode()})[1][0].reason.startswith("bigger than")


_JUNK = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["packages", "dependencies", "version",
    "name", "default", "node_modules/x", "libraries", "targets", "runtimeTarget", "type"]), inner, max_size=4),
)  # fmt: skip


@given(st.sampled_from(sorted(_LOCKS)), st.one_of(st.binary(max_size=99), _JUNK.map(lambda v: json.dumps(v).encode())))
def test_no_lock_file_raises(name: str, content: bytes) -> None:
    found({f"/app/{name}": content})
    list(DotNet().find(tree({"/app/a.deps.json": content}), lambda gap: None))


_TARGET = ".NETCoreApp,Version=v8.0"
_DEPS = {
    "runtimeTarget": {"name": f"{_TARGET}/linux-x64"},
    "targets": {_TARGET: {}, f"{_TARGET}/linux-x64": {"App/1.0.0": {}, "Newtonsoft.Json/13.0.1": {}}},
    "libraries": {
        "App/1.0.0": {"type": "project"},
        "Newtonsoft.Json/13.0.1": {"type": "package"},
        "Windows.Only/1.0.0": {"type": "package"},
    },
}


def test_deps_json_lists_the_packages_of_its_target() -> None:
    files = {"/app/App.deps.json": json.dumps(_DEPS).encode(), "/bad.deps.json": b"{"}
    gaps: list[Gap] = []
    (package,) = DotNet().find(tree(files), gaps.append)
    assert (package.type, str(package)) == ("nuget", "Newtonsoft.Json 13.0.1")
    assert package.files == package.records == {"/app/App.deps.json"}
    assert [gap.path for gap in gaps] == ["/bad.deps.json"]


def test_a_shared_framework_is_a_package() -> None:
    name = "Microsoft.NETCore.App"
    library = {f"{name}.Runtime.linux-x64/8.0.1": {"type": "package"}}
    path = f"/usr/share/dotnet/shared/{name}/8.0.1/{name}.deps.json"
    packages = DotNet().find(tree({path: json.dumps({"libraries": library}).encode()}), lambda gap: None)
    assert sorted(map(str, packages)) == [f"{name} 8.0.1", f"{name}.Runtime.linux-x64 8.0.1"]


def test_an_application_says_itself_what_it_is() -> None:
    files = {
        "/app/package.json": b'{"name": "@me/app", "version": "1.2.3"}',
        "/app/node_modules/a/package.json": b'{"name": "a", "version": "1.0.0"}',
        "/x/package.json": b'{"name": "no version"}',
        "/y/package.json": b"{",
    }
    gaps: list[Gap] = []
    assert list(map(str, Manifests().find(tree(files), gaps.append))) == ["@me/app 1.2.3"]
    assert not gaps
