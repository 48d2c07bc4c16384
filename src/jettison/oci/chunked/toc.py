"""The table of contents of a zstd:chunked layer (containers/storage, pkg/chunked/toc), one JSON object an entry."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jettison.oci.chunked.members import Entry


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file: where its frame begins in the blob, and the piece's size in the file, in bytes."""

    offset: int
    size: int
    digest: str


def entries(entry: Entry, chunks: Sequence[Chunk], end: int, digest: str) -> list[dict[str, Any]]:
    """The objects of one member: itself, and one for each further chunk. ``end`` is where its last frame ends.

    ``digest`` is that of the whole file; empty files have neither digest nor chunks.
    """
    first = member(entry)
    if not chunks:
        return [first]
    first |= {"digest": digest, "offset": chunks[0].offset, "endOffset": end}
    if len(chunks) == 1:
        return [first]
    found = [first | {"chunkSize": chunks[0].size, "chunkDigest": chunks[0].digest}]
    at = chunks[0].size
    for chunk in chunks[1:]:
        found.append(
            {"type": "chunk", "name": entry.name, "offset": chunk.offset}
            | {"chunkSize": chunk.size, "chunkOffset": at, "chunkDigest": chunk.digest}
        )
        at += chunk.size
    return found


def member(entry: Entry) -> dict[str, Any]:
    """What a header says. What is zero or empty is left out, as in Go's JSON; both formats name it the same.

    containers/storage before 1.47 (Podman before 4.6) writes ``uid`` but reads ``UID``, and so gives all files to root
    with the time of the pull; it gets its own names too. Later ones do not mind the case of letters.
    """
    value = {
        "type": entry.kind,
        "name": entry.name,
        "linkName": entry.link,
        "mode": entry.mode,
        "size": entry.size,
        "uid": entry.uid,
        "gid": entry.gid,
        "UID": entry.uid,
        "GID": entry.gid,
        "modtime": entry.modified,
        "ModTime": entry.modified,
        "accesstime": entry.accessed,
        "changetime": entry.changed,
        "devMajor": entry.device[0],
        "devMinor": entry.device[1],
        "xattrs": {key: base64.b64encode(data).decode() for key, data in entry.xattrs.items()},
    }
    return {key: found for key, found in value.items() if found or key in ("type", "name")}


def dumps(value: Any) -> bytes:
    """JSON without blanks."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
