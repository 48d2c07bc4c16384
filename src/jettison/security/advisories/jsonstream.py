"""A JSON object too big for memory, one member at a time."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

#: Characters of one member; Debian's of the package ``linux`` has 6 million.
LIMIT = 64 << 20
_CHUNK = 1 << 18
_DECODER = json.JSONDecoder()


def loads(data: bytes | str) -> Any:
    """``json.loads`` whose every failure is a ``ValueError``."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines that are not blank. ``ValueError`` for one that is longer than a member may be."""
    while line := stream.readline(LIMIT):
        if len(line) == LIMIT:
            raise ValueError(f"a line has more than {LIMIT} bytes")
        if line.strip():
            yield line


def members(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """The members of the object that ``stream`` has. ``ValueError`` for what is none, ``EOFError`` where it ends."""
    text = _Text(stream)
    text.expect("{")
    if text.peek() == "}":
        return
    while True:
        key = text.value()
        if not isinstance(key, str):
            raise ValueError("a key is no text")
        text.expect(":")
        yield key, text.value()
        if text.peek() == "}":
            return
        text.expect(",")


class _Text:
    """Characters of the stream that are not consumed yet."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no white space."""
        while True:
            while self._at < len(self._text):
                if not self._text[self._at].isspace():
                    return self._text[self._at]
                self._at += 1
            self._more(_CHUNK)

    def expect(self, character: str) -> None:
        """Go past ``character``."""
        if self.peek() != character:
            raise ValueError(f"{character!r} is missing")
        self._at += 1

    def value(self) -> Any:
        """The next value. Twice as much is read each time that there is not enough, so that no text is read often."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise ValueError("it is nested too deeply") from None
            except ValueError:
                if self._ended:
                    raise
                end = len(self._text)
            if end < len(self._text) or self._ended:  # a number could go on behind what is read
                self._at = end
                return value
            self._more(max(_CHUNK, len(self._text) - self._at))

    def _more(self, size: int) -> None:
        if self._ended:
            raise EOFError("it ends too early")
        if len(self._text) - self._at > LIMIT:
            raise ValueError(f"a member has more than {LIMIT} characters")
        data = self._stream.read(size)
        self._ended = not data
        self._text = self._text[self._at :] + self._decode(data, self._ended)
        self._at = 0
