"""Java's store of trusted certificates, in its format JKS (JDK, sun.security.provider.JavaKeyStore)."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Iterable

from jettison.errors import InvalidInput

#: The password that Java takes for its own store; it protects nothing.
_PASSWORD = "changeit"
_WHITENER = b"Mighty Aphrodite"
_MAGIC, _VERSION, _TRUSTED = 0xFEEDFEED, 2, 2
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


def keystore(certificates: Iterable[tuple[str, bytes]], epoch: int) -> bytes:
    """A store of ``(alias, PEM)`` in their order; ``epoch`` (seconds) is when they were entered."""
    entries = [entry for alias, pem in certificates for entry in _entries(alias, pem, epoch)]
    body = struct.pack(">III", _MAGIC, _VERSION, len(entries)) + b"".join(entries)
    return body + hashlib.sha1(_PASSWORD.encode("utf-16-be") + _WHITENER + body, usedforsecurity=False).digest()


def _entries(alias: str, pem: bytes, epoch: int) -> list[bytes]:
    """A file may have several certificates; each needs an alias of its own."""
    found = []
    for number, body in enumerate(_PEM.findall(pem)):
        name = f"{alias}-{number}" if number else alias
        der = _decoded(body, alias)
        head = struct.pack(">I", _TRUSTED) + _text(name) + struct.pack(">q", epoch * 1000)
        found.append(head + _text("X.509") + struct.pack(">I", len(der)) + der)
    return found


def _decoded(body: bytes, alias: str) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except ValueError as error:
        raise InvalidInput(f"cannot make Java's certificates: {alias} is not PEM") from error


def _text(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack(">H", len(data)) + data
