"""Content digests (OCI image-spec, descriptor.md, "Digests")."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from jettison.errors import InvalidInput

_HEX_LENGTH = {"sha256": 64, "sha512": 128}
_GRAMMAR = re.compile(r"(?P<algorithm>[a-z0-9]+(?:[+._-][a-z0-9]+)*):(?P<encoded>[a-zA-Z0-9=_-]+)")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """``algorithm:hex`` of some bytes. Only the registered algorithms sha256 and sha512 are accepted."""

    algorithm: str
    hex: str

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Read ``sha256:…``. Raises ``InvalidInput`` for another algorithm, a wrong length or upper case."""
        match = _GRAMMAR.fullmatch(text)
        length = _HEX_LENGTH.get(match["algorithm"]) if match else None
        if not match or length is None or not re.fullmatch(f"[0-9a-f]{{{length}}}", match["encoded"]):
            raise InvalidInput(f"cannot read digest {text[:100]!r}: expected sha256: or sha512: and its hex form")
        return cls(match["algorithm"], match["encoded"])

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """The sha256 digest of ``data``."""
        return cls("sha256", hashlib.sha256(data).hexdigest())

    def hasher(self) -> hashlib._Hash:
        """A fresh hash object of this digest's algorithm, to verify a stream with."""
        return hashlib.new(self.algorithm)

    @property
    def short(self) -> str:
        """The first twelve hex digits, as Docker shows them."""
        return self.hex[:12]

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hex}"
