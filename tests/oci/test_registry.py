"""The registry client against a registry that misbehaves."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jettison.errors import IntegrityError, InvalidInput, NotFound, RegistryError, Unauthorized
from jettison.oci.descriptor import Descriptor
from jettison.oci.http import Connection, is_local
from jettison.oci.reference import RegistryReference
from jettison.oci.registry import Repository
from jettison.oci.retry import Retry
from registry_fake import FakeRegistry
from tools import need

DATA = os.urandom(3_000_000)
BLOB = Descriptor.of("application/octet-stream", DATA)
QUICK = Retry(attempts=4, first=0.01, longest=0.02, patience=2)


class Memory(io.BytesIO):
    """A sink in memory."""

    @property
    def offset(self) -> int:
        return self.tell()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with FakeRegistry().serving() as fake:
        yield fake


@pytest.fixture
def repository(registry: FakeRegistry) -> Iterator[Repository]:
    with Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as found:
        yield found


def source(offset: int) -> Iterator[bytes]:
    for start in range(offset, len(DATA), 100_000):
        yield DATA[start : start + 100_000]


def log_in(registry: FakeRegistry, directory: Path, password: str = "secret", scheme: str = "bearer") -> None:
    registry.login, registry.scheme = ("me", "secret"), scheme
    auth = base64.b64encode(f"me:{password}".encode()).decode()
    (directory / "config.json").write_text(json.dumps({"auths": {registry.domain: {"auth": auth}}}))


def download(repository: Repository) -> bytes:
    sink = Memory()
    repository.download(BLOB, sink)
    return sink.getvalue()


def test_a_blob_goes_up_and_comes_down(registry: FakeRegistry, repository: Repository) -> None:
    assert repository.upload(BLOB, source)
    assert not repository.upload(BLOB, source), "the second time it is there"
    assert download(repository) == DATA
    assert len(registry.requests("^PUT")) == 1


def test_a_manifest_goes_up_and_comes_down(repository: Repository) -> None:
    put = repository.put_manifest("1", "application/x", b"{}")
    assert repository.manifest("1") == (put, b"{}")
    assert repository.manifest(str(put.digest)) == (put, b"{}")
    assert repository.find("1") == put
    assert repository.find("2") is None
    with pytest.raises(NotFound, match=r"cannot pull .*/app:2: not found at .*manifest unknown"):
        repository.manifest("2")


@pytest.mark.parametrize("scheme", ["basic", "bearer"])
def test_it_logs_in(registry: FakeRegistry, tmp_path: Path, scheme: str) -> None:
    log_in(registry, tmp_path, scheme=scheme)
    with Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as repository:
        repository.upload(BLOB, source)
        assert download(repository) == DATA
    assert len(registry.requests("^GET /token")) == (2 if scheme == "bearer" else 0), "one for each set of scopes"


def test_it_logs_in_with_an_identity_token(registry: FakeRegistry, tmp_path: Path) -> None:
    registry.login = ("me", "secret")
    auths = {registry.domain: {"identitytoken": "identity"}}
    (tmp_path / "config.json").write_text(json.dumps({"auths": auths}))
    with Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as repository:
        assert repository.upload(BLOB, source)


@pytest.mark.parametrize("scheme", ["basic", "bearer"])
def test_wrong_credentials_are_named(registry: FakeRegistry, tmp_path: Path, scheme: str) -> None:
    log_in(registry, tmp_path, "wrong", scheme)
    with (
        Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as repository,
        pytest.raises(Unauthorized, match="refused the credentials of me"),
    ):
        repository.manifest("1")


def test_no_credentials_are_named(registry: FakeRegistry, repository: Repository) -> None:
    registry.login, registry.scheme = ("me", "secret"), "basic"
    with pytest.raises(Unauthorized, match="wants credentials, and there are none"):
        repository.manifest("1")


def test_a_token_that_runs_out_before_an_upload(registry: FakeRegistry, tmp_path: Path) -> None:
    log_in(registry, tmp_path)
    with Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as repository:
        repository.upload(Descriptor.of("x", b"x"), lambda offset: iter([b"x"[offset:]]))
        registry.tokens.clear()
        assert repository.upload(BLOB, source)


def test_a_token_that_runs_out_in_the_middle_of_an_upload(registry: FakeRegistry, tmp_path: Path) -> None:
    log_in(registry, tmp_path)

    registry.fault("^PUT", expire=True)
    with Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as repository:
        assert repository.upload(BLOB, source)
    assert len(registry.requests("^PUT")) == 2


def test_an_upload_goes_on_where_it_stopped(registry: FakeRegistry, repository: Repository) -> None:
    registry.fault("^PUT .*uploads", drop_after=1_500_000)
    offsets: list[int] = []

    def watched(offset: int) -> Iterator[bytes]:
        offsets.append(offset)
        yield from source(offset)

    assert repository.upload(BLOB, watched)
    assert offsets[0] == 0
    assert 1_500_000 <= offsets[1] < len(DATA)
    assert len(offsets) == 2


@pytest.mark.parametrize("status", [404, 416, 500, 503])
def test_an_upload_starts_again_where_the_registry_forgot_it(
    registry: FakeRegistry, repository: Repository, status: int
) -> None:
    registry.fault("^PUT .*uploads", status=status, forget=True)
    assert repository.upload(BLOB, source)
    assert len(registry.requests("^POST")) == 2


def test_an_upload_that_never_ends_well_ends(registry: FakeRegistry, repository: Repository) -> None:
    registry.fault("^PUT .*uploads", status=500, times=100)
    with pytest.raises(RegistryError, match="answered 500: told to fail"):
        repository.upload(BLOB, source)
    assert len(registry.requests("^PUT")) == QUICK.attempts


def test_an_upload_of_other_bytes_is_refused(registry: FakeRegistry, repository: Repository) -> None:
    with pytest.raises(RegistryError, match="digest invalid"):
        repository.upload(BLOB, lambda _offset: iter([bytes(BLOB.size)]))
    assert not registry.blobs["app"]


def test_a_blob_is_mounted_from_another_repository(registry: FakeRegistry, repository: Repository) -> None:
    registry.put_blob("other", DATA)
    assert not repository.upload(BLOB, source, others=["nowhere", "other"])
    assert not registry.requests("^PUT")
    assert registry.blobs["app"][str(BLOB.digest)] == DATA


def test_a_mount_that_fails_goes_on_as_an_upload(registry: FakeRegistry, repository: Repository) -> None:
    assert repository.upload(BLOB, source, others=["nowhere"])
    assert len(registry.requests("^POST")) == 1


def test_mounting_asks_for_the_scope_of_the_other_repository(registry: FakeRegistry, tmp_path: Path) -> None:
    log_in(registry, tmp_path)
    registry.put_blob("other", DATA)
    with Repository(RegistryReference(registry.domain, "app", "1"), retry=QUICK) as repository:
        assert not repository.upload(BLOB, source, others=["other"])
    assert registry.requests("^GET /token.*other")


@pytest.mark.parametrize("ignore", [False, True])
def test_a_download_goes_on_where_it_stopped(registry: FakeRegistry, repository: Repository, ignore: bool) -> None:
    registry.put_blob("app", DATA)
    registry.ignore_range = ignore
    registry.fault("^GET .*/blobs/", drop_after=1_000_000, times=2)
    assert download(repository) == DATA
    assert len(registry.requests("^GET .*/blobs/")) == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_passing_faults_pass(registry: FakeRegistry, repository: Repository, status: int) -> None:
    registry.put_blob("app", DATA)
    registry.fault("/blobs/", status=status, times=2)
    assert download(repository) == DATA


def test_retry_after_is_honoured(registry: FakeRegistry, repository: Repository) -> None:
    registry.put_blob("app", DATA)
    registry.fault("/blobs/", status=429, headers={"Retry-After": "1"})
    began = time.monotonic()
    assert download(repository) == DATA
    assert time.monotonic() - began >= 1


def test_a_longer_pause_than_people_wait_is_an_error(registry: FakeRegistry, repository: Repository) -> None:
    registry.fault("/manifests/", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(RegistryError, match="answered 429"):
        repository.manifest("1")


@pytest.mark.parametrize(("body", "reason"), [(b"short", "has 5 bytes, not"), (bytes(4_000_000), "sends more than")])
def test_a_wrong_size_is_an_error(registry: FakeRegistry, repository: Repository, body: bytes, reason: str) -> None:
    registry.put_blob("app", DATA)
    registry.fault("^GET .*/blobs/", body=body)
    with pytest.raises(IntegrityError, match=reason):
        download(repository)


def test_a_manifest_with_a_wrong_digest_is_an_error(registry: FakeRegistry, repository: Repository) -> None:
    repository.put_manifest("1", "application/x", b"{}")
    registry.fault("/manifests/", body=b'{"a": 1}')
    with pytest.raises(IntegrityError, match="has not the digest"):
        repository.manifest("1")


def test_a_manifest_without_end_is_an_error(registry: FakeRegistry, repository: Repository) -> None:
    repository.put_manifest("1", "application/x", b"{}")
    registry.fault("/manifests/", body=bytes(5 << 20))
    with pytest.raises(InvalidInput, match="more than 4194304 bytes"):
        repository.manifest("1")


def test_a_web_page_is_a_refusal(registry: FakeRegistry, repository: Repository) -> None:
    repository.put_manifest("1", "text/html", b"<html>log in</html>")
    with pytest.raises(Unauthorized, match="web page"):
        repository.manifest("1")


def test_a_registry_that_does_not_answer() -> None:
    with (
        Repository(RegistryReference("localhost:1", "app", "1"), retry=QUICK) as repository,
        pytest.raises(RegistryError, match=r"cannot reach localhost:1: .*refused"),
    ):
        repository.manifest("1")


def test_a_name_that_is_no_host() -> None:
    with (
        Repository(RegistryReference("registry.invalid", "app", "1"), retry=QUICK) as repository,
        pytest.raises(RegistryError, match=r"cannot reach registry.invalid: "),
    ):
        repository.manifest("1")


@pytest.mark.parametrize(
    ("domain", "local"),
    [
        ("localhost:5000", True),
        ("127.0.0.9", True),
        ("[::1]:5000", True),
        ("example.com", False),
        ("10.0.0.1", False),
    ],
)
def test_what_is_local(domain: str, local: bool) -> None:
    assert is_local(domain) is local


def test_plain_http_is_refused_elsewhere(registry: FakeRegistry) -> None:
    http = Connection(RegistryReference("example.invalid", "app"), retry=QUICK)
    with pytest.raises(RegistryError, match="plain HTTP, which needs --insecure"):
        http._client.get(f"http://{registry.domain}/v2/")
    http.close()


def test_stopping_ends_a_transfer(registry: FakeRegistry, repository: Repository) -> None:
    registry.put_blob("app", DATA)
    repository.stop()
    with pytest.raises(RegistryError, match="stopped"):
        download(repository)


@pytest.mark.integration
def test_a_certificate_that_nobody_signed(
    registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("openssl")
    pem = str(tmp_path / "both.pem")
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", pem, "-out", pem]
    subprocess.run([*make, *name], check=True, capture_output=True)
    certificate = Path(pem).read_text().partition("-----END PRIVATE KEY-----")[2]
    registry.use_tls(pem)
    registry.put_blob("app", DATA)
    monkeypatch.setattr("jettison.oci.http.is_local", lambda _domain: False)
    reference = RegistryReference(registry.domain, "app", "1")
    with (
        Repository(reference, retry=QUICK) as strict,
        pytest.raises(RegistryError, match="not trusted"),
    ):
        download(strict)
    with Repository(reference, retry=QUICK, insecure=True) as insecure:
        assert download(insecure) == DATA
    (tmp_path / registry.domain).mkdir()
    (tmp_path / registry.domain / "ca.crt").write_text(certificate)
    monkeypatch.setattr("jettison.oci.http._CERTIFICATES", (tmp_path,))
    with Repository(reference, retry=QUICK) as trusting:
        assert download(trusting) == DATA
