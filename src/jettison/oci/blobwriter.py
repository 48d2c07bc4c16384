"""How a blob comes into the store: into a temporary file, verified, and only then under its digest."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from jettison.errors import IntegrityError, JettisonError, OutOfSpace
from jettison.oci.codec import CHUNK
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest


class BlobWriter:
    """Write bytes, then ``commit``; without a commit nothing is left (or, where ``keep``, the partial file).

    ``expected`` is verified at ``commit``: a wrong size or digest raises ``IntegrityError`` and removes the file.
    """

    def __init__(
        self, path: Path, place: Callable[[Digest], Path], expected: Descriptor | None, media_type: str, keep: bool
    ) -> None:
        #: Where the bytes are until then.
        self.path = path
        self._place, self._expected, self._keep = place, expected, keep
        self._media_type = expected.media_type if expected else media_type
        self._hash = expected.digest.hasher() if expected else hashlib.sha256()
        self._file = open(path, "r+b" if keep and path.exists() else "w+b", buffering=0)  # noqa: SIM115
        self._done = False
        #: How many bytes there are so far; a resumed download starts here.
        self.offset = 0
        if keep:
            self._resume()

    def _resume(self) -> None:
        while data := self._file.read(CHUNK):
            self._hash.update(data)
            self.offset += len(data)
        if self._expected and self.offset > self._expected.size:
            self.restart()

    def restart(self) -> None:
        """Forget what was written."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = self._expected.digest.hasher() if self._expected else hashlib.sha256()
        self.offset = 0

    def write(self, data: bytes) -> int:
        """Append; raises ``OutOfSpace``."""
        with disk_errors():
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
        self._hash.update(data)
        self.offset += len(data)
        return len(data)

    def commit(self) -> Descriptor:
        """Verify, make durable, and give the blob its name."""
        digest = Digest(self._expected.digest.algorithm if self._expected else "sha256", self._hash.hexdigest())
        self._verify(digest)
        final = self._place(digest)
        with disk_errors():
            os.fsync(self._file.fileno())
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.path, final)
        self._done = True
        return Descriptor(self._media_type, digest, self.offset)

    def _verify(self, digest: Digest) -> None:
        expected = self._expected
        if expected and (self.offset, digest) != (expected.size, expected.digest):
            self._keep = False
            what = (
                f"{self.offset} bytes came, {expected.size} were announced"
                if self.offset != expected.size
                else f"its content has digest {digest}"
            )
            raise IntegrityError(f"cannot accept blob {expected.digest}: {what}")

    def __enter__(self) -> BlobWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if not self._done and not self._keep:
            self.path.unlink(missing_ok=True)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Errors of the system as ours: ``OutOfSpace`` for a full disk."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise OutOfSpace("cannot write to the store: the disk is full") from error
        raise JettisonError(f"cannot write to the store: {error.strerror}") from error
