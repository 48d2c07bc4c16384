"""Secrets are found in every layer and in the configuration, and are never printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
from jettison.filetree import index
from jettison.oci.config import ContainerConfig, History, ImageConfig
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.redaction import hidden, is_random
from jettison.security.hardening import Subject, Weakness, check, look
from jettison.security.hardening.secrets.configuration import found_in
from jettison.security.hardening.secrets.model import Place, Token, is_placeholder, redacted
from jettison.security.hardening.secrets.places import PLACES
from jettison.security.hardening.secrets.tokens import TOKENS
from jettison.security.model import Severity
from samples import sample
from tools import need

SECRET = "q7Zk2RmX9v" + "Tb4WdY8sLc"
KEY = next(token.example for token in TOKENS if token.kind == "secret-private-key")
GITHUB = next(token.example for token in TOKENS if token.kind == "secret-github-token")


def found(files: Mapping[str, str | bytes], owned: frozenset[str] = frozenset()) -> list[Weakness]:
    return of(ImageConfig(container=ContainerConfig(user="1000")), files, owned)


def of(
    config: ImageConfig, files: Mapping[str, str | bytes] | None = None, owned: frozenset[str] = frozenset()
) -> list[Weakness]:
    return list(look(Subject(Image(config, ()), make.tree(files or {}), (), ("COPY . /app",), owned)))


def kinds(files: Mapping[str, str | bytes], owned: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [(one.kind, str(one.severity)) for one in found(files, owned)]


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: f"{token.kind} {token.words[0].decode()}")
def test_each_token_is_found_anywhere_and_not_shown(token: Token) -> None:
    (one,) = found({"/app/settings.txt": b"first line\nvalue = " + token.example + b"\n"})
    assert (one.kind, one.severity, one.path, one.layer) == (token.kind, token.severity, "/app/settings.txt", 0)
    assert one.line >= 2
    assert one.instruction == "COPY . /app"
    assert token.example.decode()[-12:] not in one.message


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.kind} {place.example[0]}")
def test_each_place_is_found_and_its_secret_not_shown(place: Place) -> None:
    path, content = place.example
    (one,) = found({path: content})
    assert (one.kind, one.severity, one.path) == (place.kind, place.severity, path)
    assert SECRET[:5] not in one.message
    assert kinds({path: b""}) == kinds({path: "dir 0755"}) == kinds({path: "link -> other"}) == []


def test_addresses_with_a_password_in_settings() -> None:
    (one,) = found({"/app/.env": b"PORT=1\nURL=postgres://me:" + SECRET.encode() + b"@db/app"})
    assert (one.kind, one.line) == ("secret-env-file", 2)
    assert kinds({"/app/.env": b"URL=postgres://me:${PASSWORD}@db/app"}) == [("env-file", "low")]


def test_kinds_of_secrets_say_so() -> None:
    harmless = {"env-file", "shell-history", "key-store"}
    assert {row.kind for row in (*TOKENS, *PLACES) if not row.kind.startswith("secret-")} == harmless


@pytest.mark.parametrize(
    "text",
    [
        "//r.example/:_authToken=${NPM_TOKEN}", "AKIAIOSFODNN7" + "EXAMPLE", "gh" + "p_" + "x" * 36,
        "gh" + "p_" + "a" * 36, "-----BEGIN PRIVATE" + " KEY-----\n-----END PRIVATE KEY-----", "xo" + "xb-your-token",
        "if '-----BEGIN RSA PRIVATE" + " KEY-----' in text:", "not" + GITHUB.decode(), GITHUB.decode() + "_name",
        "-----BEGIN PUBLIC KEY-----\n" + SECRET * 4, "-----BEGIN PRIVATE" + " KEY-----\n" + "A" * 64,
    ],
)  # fmt: skip
def test_what_is_to_be_replaced_is_no_secret(text: str) -> None:
    assert found({"/app/readme.txt": text.encode()}) == []


@pytest.mark.parametrize("value", ["changeme", "<password>", "${DB_PASSWORD}", "xxxxxxxx", "your-token", "''", "true"])
def test_placeholders_in_an_env_file(value: str) -> None:
    assert kinds({"/app/.env": f"DB_PASSWORD={value}\n".encode()}) in ([], [("env-file", "low")])
    assert is_placeholder(value.encode())


def test_env_files() -> None:
    assert kinds({"/app/.env.production": f"export API_KEY='{SECRET}'".encode()}) == [("secret-env-file", "high")]
    assert kinds({"/app/.env.example": f"API_KEY={SECRET}".encode()}) == []
    assert kinds({"/app/.env": b"# nothing\n\n"}) == []
    assert kinds({"/app/.env": b"TOKEN=" + GITHUB}) == [("secret-env-file", "high")]


def test_an_encrypted_key_is_less() -> None:
    key = KEY.replace(b"PRIVATE", b"ENCRYPTED PRIVATE")
    assert [(one.severity, one.message) for one in found({"/app/key.pem": key})] == [
        (Severity.MEDIUM, "a private key, encrypted")
    ]
    old = KEY.replace(b"-----\n", b"-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n")
    assert kinds({"/app/key.pem": old}) == [("secret-private-key", "medium")]


def test_a_key_within_json() -> None:
    assert kinds({"/app/account.json": b'{"key": "' + KEY.replace(b"\n", b"\\n") + b'"}'}) == [
        ("secret-private-key", "high")
    ]


def test_what_everybody_has_is_no_secret() -> None:
    owned = frozenset({"/usr/lib/python3/test.pem"})
    assert kinds({"/usr/share/doc/ssl/key.pem": KEY, "/usr/lib/python3/test.pem": KEY}, owned) == []
    assert kinds({"/app/node_modules/tls/test/key.pem": KEY}) == []
    assert kinds({"/usr/local/lib/python3.12/test/key.pem": KEY}) == []
    assert kinds({"/app/node_modules/tls/key.pem": KEY}) == [("published-private-key", "low")]
    assert kinds({"/app/test/key.pem": KEY}) == [("secret-private-key", "low")]
    assert kinds({"/etc/app.conf": KEY}, frozenset({"/etc/app.conf"})) == [("secret-private-key", "high")]


def test_what_is_no_text_or_too_large_is_not_read() -> None:
    assert found({"/app/program": b"\x7fELF\0" + KEY, "/app/large.txt": KEY + bytes(1 << 20), "/app/a.pyc": KEY}) == []


def test_one_weakness_for_each_kind_and_line() -> None:
    (one,) = found({"/root/.npmrc": b"//registry.example.org/:_authToken=" + b"np" + b"m_" + SECRET.encode() * 2})
    assert one.kind == "secret-npm-token"
    many = b"\n".join([b"gh" + b"p_" + b"x" * 36, GITHUB, GITHUB, KEY])
    assert [(one.kind, one.line) for one in found({"/app/all": many})] == [
        ("secret-github-token", 2), ("secret-private-key", 4),
    ]  # fmt: skip


@pytest.mark.integration
def test_what_a_later_layer_deletes_or_replaces_is_still_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    need()
    store = Store.open(tmp_path_factory.mktemp("store"))
    first = {"app/key.pem": KEY, "app/.env": b"API_KEY=" + SECRET.encode(), "app/kept": GITHUB}
    second = {"app/.wh.key.pem": b"", "app/.env": b"PORT=80"}
    made = sample(store, first, second)
    secret = f"RUN echo {GITHUB.decode()} > /app/kept"
    history = (History(created_by=secret), History(created_by="RUN rm /app/key.pem"))
    image = Image(replace(made.config, history=history), made.layers)
    result = check(store, image, index(store.snapshots(image)), frozenset())
    files = {one.path: one for one in result if one.kind.startswith("secret") and one.path}
    assert {path: one.deleted for path, one in files.items()} == {
        "/app/key.pem": True, "/app/.env": True, "/app/kept": False,
    }  # fmt: skip
    assert files["/app/key.pem"].message == "a private key; still in layer 1 (RUN echo … > /app/kept)"
    assert ("env-file", 1, False) in {(one.kind, one.layer, one.deleted) for one in result}
    assert all(GITHUB.decode() not in f"{one.message} {one.instruction}" for one in result)
    assert [one.layer for one in result if one.kind == "secret-github-token" and not one.path] == [0]


def test_environment_labels_commands_and_history() -> None:
    container = ContainerConfig(
        user="1000",
        env=(
            f"DB_PASSWORD={SECRET}", "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D", "TOKEN_FILE=/run/token",
            "SECRET=${SECRET}", "PATH=/bin", f"X={GITHUB.decode()}", "API_TOKEN=changeme", "AUTH=/etc/auth",
        ),
        labels={"pip": f"https://me:{SECRET}@example.org/simple", "title": "the password manager"},
        cmd=("serve", f"--password={SECRET}"),
    )  # fmt: skip
    history = (
        History(created_by=f"ENV DB_PASSWORD={SECRET}", empty_layer=True),
        History(created_by=f"RUN |1 NPM_TOKEN={SECRET} /bin/sh -c npm ci", empty_layer=True),
        History(created_by="ARG NPM_TOKEN", empty_layer=True),
    )
    result = of(ImageConfig(container=container, history=history))
    assert sorted((one.kind, one.message) for one in result) == [
        ("secret-address", "an address with a password in LABEL pip"),
        ("secret-github-token", "a token of GitHub (ghp_…) in ENV X"),
        ("secret-in-configuration", "a value of --password in CMD"),
        ("secret-in-configuration", "a value of DB_PASSWORD in ENV DB_PASSWORD"),
        ("secret-in-configuration", "a value of NPM_TOKEN in the history"),
    ]
    assert {(one.path, one.layer) for one in result} == {("", -1)}


@given(st.text(max_size=60), st.sampled_from([token.example.decode() for token in TOKENS]), st.text(max_size=60))
def test_what_is_found_in_a_text_is_hidden_in_it(before: str, secret: str, after: str) -> None:
    text = f"{before} {secret} {after}"
    assert hidden(hidden(text)) == hidden(text)
    if any(True for _ in found_in(text)):
        assert secret not in hidden(text) or len(secret.split()) > 1


@given(st.binary(max_size=200))
def test_hostile_bytes_are_read(data: bytes) -> None:
    is_placeholder(data)
    is_random(data)
    assert len(redacted(data)) <= 5
    found({"/root/.netrc": data, "/app/.env": data, "/app/x": data + KEY})
