"""The verbs that move images, as a user calls them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jettison.cli.main import group
from jettison.errors import JettisonError
from jettison.oci.digest import Digest
from jettison.oci.layout import Store
from registry_fake import FakeRegistry
from samples import sample

VERBS = ["pull", "push", "copy", "load", "save", "images", "prune"]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("JETTISON_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with FakeRegistry().serving() as fake:
        yield fake


@pytest.fixture
def store(registry: FakeRegistry, tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def jettison(*arguments: str | Path, status: int = 0) -> Result:
    """Run a verb; ``status`` is the exit code that is expected of it."""
    done = CliRunner().invoke(group, [str(argument) for argument in arguments])
    if isinstance(done.exception, JettisonError):
        assert "\n" not in str(done.exception)
        done.exit_code = done.exception.exit_code
    assert done.exit_code == status, (done.output, done.exception)
    return done


def tagged(store: Store, name: str) -> str:
    image = sample(store, {"/a": b"a" * 5000}, {"/b": b"b"})
    assert image.descriptor
    store.tag(name, image.descriptor)
    return str(image.descriptor.digest)


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_examples(verb: str) -> None:
    page = jettison(verb, "--help").output
    assert "Examples:" in page
    assert f"jettison {verb}" in page.partition("Examples:")[2]


def test_push_then_pull(registry: FakeRegistry, store: Store, tmp_path: Path) -> None:
    digest = tagged(store, "docker.io/library/app:1")
    name = f"{registry.domain}/app:1"
    assert digest in jettison("push", "app:1", name).stdout
    other = tmp_path / "other"
    pulled = json.loads(jettison("--store", other, "pull", "--json", name).stdout)
    assert (pulled["name"], pulled["digest"]) == (name, digest)
    assert Store.open(other).find(name)


def test_progress_goes_to_standard_error(registry: FakeRegistry, store: Store) -> None:
    tagged(store, "docker.io/library/app:1")
    done = jettison("push", "--json", "app:1", f"{registry.domain}/app:1")
    assert json.loads(done.stdout)
    assert "layer " in done.stderr
    assert not jettison("--quiet", "push", "app:1", f"{registry.domain}/app:1").stderr


def test_push_recompresses(registry: FakeRegistry, store: Store) -> None:
    tagged(store, "docker.io/library/app:1")
    pushed = json.loads(jettison("push", "--json", "--compression", "zstd:5", "app:1", f"{registry.domain}/a").stdout)
    manifest = json.loads(registry.manifests["a"][pushed["digest"]][1])
    assert all(layer["mediaType"].endswith("+zstd") for layer in manifest["layers"])
    jettison("push", "--compression", "lz4", "app:1", f"{registry.domain}/a", status=2)
    jettison("push", "--compression", "zstd:99", "app:1", f"{registry.domain}/a", status=2)


@pytest.mark.parametrize(("compression", "said"), [("estargz", "eStargz has a tar of its own"), ("zstd:chunked", "")])
def test_formats_with_a_table(registry: FakeRegistry, store: Store, compression: str, said: str) -> None:
    tagged(store, "docker.io/library/app:1")
    done = jettison("push", "--json", "--compression", compression, "app:1", f"{registry.domain}/a")
    manifest = json.loads(registry.manifests["a"][json.loads(done.stdout)["digest"]][1])
    assert all(layer["annotations"] for layer in manifest["layers"])
    assert ("jettison: " in done.stderr, said in done.stderr) == (bool(said), True)
    assert not jettison("-q", "push", "--compression", compression, "app:1", f"{registry.domain}/b").stderr


def test_copy_between_registries(registry: FakeRegistry, store: Store) -> None:
    digest = tagged(store, "docker.io/library/app:1")
    jettison("copy", "app:1", f"docker://{registry.domain}/a:1")
    assert digest in jettison("copy", f"docker://{registry.domain}/a:1", f"docker://{registry.domain}/b:2").stdout
    assert "2" in registry.manifests["b"]


def test_images_are_listed_and_removed(registry: FakeRegistry, store: Store) -> None:
    digest = tagged(store, "docker.io/library/app:1")
    tagged(store, "ghcr.io/me/app:2")
    table = jettison("images").stdout.splitlines()
    assert table[0].split() == ["NAME", "DIGEST", "PLATFORM", "CREATED", "COMPRESSED", "ON", "DISK"]
    assert [line.split()[0] for line in table[1:]] == ["app:1", "ghcr.io/me/app:2"]
    assert digest in jettison("images", "--digests", "app:1").stdout
    row = json.loads(jettison("images", "--json", "app:1").stdout)[0]
    assert (row["digest"], row["layers"], row["disk_bytes"]) == (digest, 2, None)
    jettison("images", "--remove", "app:1")
    assert "app:1" not in jettison("images").stdout.split()
    jettison("images", "app:1", status=1)
    jettison("images", "--remove", status=2)


def test_prune_frees_what_no_name_needs(registry: FakeRegistry, store: Store) -> None:
    tagged(store, "docker.io/library/app:1")
    orphan = store.put_blob("x", b"x" * 1000)
    assert json.loads(jettison("prune", "--dry-run", "--json").stdout)["freed_bytes"] >= 1000
    assert store.has(orphan.digest)
    jettison("prune")
    assert not store.has(orphan.digest)
    assert len(store.names()) == 1
    jettison("prune", "--all")
    assert not store.names()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["pull", "Node"], "lower case"),
        (["pull", "oci:x"], "not in a registry"),
        (["pull", "localhost:1/app"], "cannot reach localhost:1"),
        (["push", "app"], "it is not in the store"),
        (["copy", "docker-daemon:app", "oci:x"], "no Docker daemon answers"),
        (["load", "-i", "missing.tar"], "missing.tar"),
    ],
)
def test_errors_are_one_line(registry: FakeRegistry, store: Store, arguments: list[str], reason: str) -> None:
    done = jettison(*arguments, status=1)
    assert reason in str(done.exception)


def test_what_is_not_a_platform_is_wrong_usage(registry: FakeRegistry) -> None:
    assert "expected OS/ARCHITECTURE" in jettison("pull", "--platform", "amd64", "app", status=2).output


@pytest.mark.parametrize("form", ["cyclonedx", "spdx"])
def test_push_attaches_an_sbom(registry: FakeRegistry, store: Store, tmp_path: Path, form: str) -> None:
    digest = tagged(store, "docker.io/library/app:1")
    jettison("push", "--sbom", form, "app:1", f"{registry.domain}/a:1")
    (tag,) = {name for name in registry.manifests["a"] if name.startswith("sha256-")}
    assert tag == digest.replace(":", "-")
    (entry,) = json.loads(registry.manifests["a"][tag][1])["manifests"]
    assert form in entry["artifactType"]
    manifest = json.loads(registry.manifests["a"][entry["digest"]][1])
    path = tmp_path / "sbom.json"
    path.write_bytes(registry.blobs["a"][manifest["layers"][0]["digest"]])
    jettison("push", "--sbom", path, "app:1", f"{registry.domain}/a:1")
    assert len(json.loads(registry.manifests["a"][tag][1])["manifests"]) == 1, "the same document again"
    path.write_text("{}")
    jettison("push", "--sbom", path, "app:1", f"{registry.domain}/b:1", status=1)
    jettison("push", "--sbom", tmp_path / "none", "app:1", f"{registry.domain}/b:1", status=1)
    assert "b" not in registry.manifests, "nothing is sent where the SBOM cannot be"


@pytest.mark.parametrize("form", ["cyclonedx", "spdx"])
def test_the_sbom_is_of_what_was_pushed(registry: FakeRegistry, store: Store, form: str) -> None:
    mine = tagged(store, "docker.io/library/app:1")
    registry.refuses_subjects = True
    found = jettison("push", "--compression", "gzip:1", "--sbom", form, "app:1", f"{registry.domain}/a:1")
    pushed = str(Digest.of(registry.manifests["a"]["1"][1]))
    (tag,) = {name for name in registry.manifests["a"] if name.startswith("sha256-")}
    (entry,) = json.loads(registry.manifests["a"][tag][1])["manifests"]
    manifest = json.loads(registry.manifests["a"][entry["digest"]][1])
    document = registry.blobs["a"][manifest["layers"][0]["digest"]].decode()
    assert tag == pushed.replace(":", "-") != mine.replace(":", "-")
    assert pushed in document
    assert mine not in document
    assert f"only the tag {tag} leads to what is attached" in found.stderr
