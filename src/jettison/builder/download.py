"""ADD of a URL."""

from __future__ import annotations

import email.utils
import hashlib
import os
import posixpath
import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jettison.errors import BuildError, IntegrityError, InvalidInput
from jettison.oci.digest import Digest
from jettison.oci.progress import Progress

_GIT = re.compile(r"(git@|git://|ssh://)|https?://.*\.git(#.*)?$|(github\.com|gitlab\.com)/")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched, and the digest of its content."""

    path: Path
    digest: str


def is_url(source: str) -> bool:
    """HTTP or HTTPS."""
    return source.startswith(("http://", "https://"))


def is_git(source: str) -> bool:
    """What BuildKit would clone."""
    return _GIT.match(source) is not None


def name(url: str) -> str:
    """The file's name: the last component of the URL's path."""
    return posixpath.basename(unquote(urlsplit(url).path))


def fetch(url: str, directory: Path, checksum: str, progress: Progress) -> Fetched:
    """Fetch ``url`` to a file of mode 0600 with the time that the server gave (Dockerfile reference, ADD).

    Raises ``BuildError`` where it cannot be had, ``IntegrityError`` where ``checksum`` (may be ``""``) differs.
    """
    import httpx

    if not name(url):
        raise BuildError(f"cannot add {url}: its path names no file")
    wanted = _digest(url, checksum)
    path = directory / "file"
    hasher = wanted.hasher() if wanted else hashlib.sha256()
    task = progress.start(f"fetch {url}")
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=60) as response:
            response.raise_for_status()
            with open(path, "wb") as file:
                for data in response.iter_bytes(_CHUNK):
                    hasher.update(data)
                    file.write(data)
                    progress.advance(task, len(data))
    except httpx.HTTPError as error:
        raise BuildError(f"cannot add {url}: {' '.join(str(error).split())}") from error
    finally:
        progress.finish(task)
    if wanted and hasher.hexdigest() != wanted.hex:
        raise IntegrityError(f"cannot add {url}: its digest is {wanted.algorithm}:{hasher.hexdigest()}, not {wanted}")
    path.chmod(0o600)
    modified = _modified(response.headers.get("last-modified", ""))
    os.utime(path, (modified, modified))
    return Fetched(path, f"{modified} {hasher.hexdigest()}")


def _digest(url: str, checksum: str) -> Digest | None:
    try:
        return Digest.parse(checksum) if checksum else None
    except InvalidInput as error:
        raise BuildError(f"cannot add {url}: --checksum: {str(error).partition(': ')[2]}") from error


def _modified(header: str) -> int:
    try:
        return int(email.utils.parsedate_to_datetime(header).timestamp())
    except ValueError:
        return int(time.time())
