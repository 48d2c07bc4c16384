"""How a build looks: the running steps with their last lines on a terminal, plain lines elsewhere."""

from __future__ import annotations

import itertools
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from jettison.builder.model import SILENT, Outcome, Progress

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

#: Lines of a running step's output on a terminal.
_TAIL = 6
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*(\x07|\x1b\\)|.)|[\x00-\x08\x0b-\x1f\x7f]")


@contextmanager
def choose(kind: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """``auto`` is ``tty`` where standard error is one, else ``plain``."""
    stream = stream or sys.stderr
    if kind == "quiet":
        yield SILENT
    elif kind == "tty" or (kind == "auto" and stream.isatty()):
        with Screen(stream) as screen:
            yield screen
    else:
        yield Plain(stream)


@dataclass(slots=True)
class _Step:
    title: str
    began: float = field(default_factory=time.monotonic)
    rest: bytes = b""
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_TAIL))

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def take(self, data: bytes) -> list[str]:
        """The lines that ``data`` completes, without what would move the cursor."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [_clean(line) for line in lines]


def _clean(line: bytes) -> str:
    text = line.decode("utf-8", "replace").rstrip("\r").rpartition("\r")[2]
    return _ESCAPES.sub("", text)


class Plain:
    """A line when a step begins, its output, and a line when it is over; each with the step's number."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._lock = stream, threading.Lock()
        self._keys = itertools.count(1)
        self._steps: dict[int, _Step] = {}

    def start(self, title: str) -> int:
        """See ``builder.model.Progress``."""
        with self._lock:
            key = next(self._keys)
            self._steps[key] = _Step(title)
            self._say(f"#{key} {title}")
        return key

    def output(self, key: int, data: bytes) -> None:
        """See ``builder.model.Progress``."""
        with self._lock:
            for line in self._steps[key].take(data):
                self._say(f"#{key} {self._steps[key].seconds:.1f} {line}")

    def finish(self, key: int, outcome: Outcome) -> None:
        """See ``builder.model.Progress``."""
        with self._lock:
            step = self._steps.pop(key)
            if step.rest:
                self._say(f"#{key} {step.seconds:.1f} {_clean(step.rest)}")
            self._say(f"#{key} {outcome}" + ("" if outcome == "cached" else f" in {step.seconds:.1f} s"))

    def warn(self, message: str) -> None:
        """See ``builder.model.Progress``."""
        with self._lock:
            self._say(f"warning: {message}")

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class Screen:
    """Finished steps above, running ones with their last lines below."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console

        self._console = Console(file=stream, highlight=False, force_terminal=True)
        self._lock = threading.Lock()
        self._keys = itertools.count(1)
        self._steps: dict[int, _Step] = {}
        self._live: Live | None = None

    def __enter__(self) -> Screen:
        from rich.live import Live

        self._live = Live(get_renderable=self._render, console=self._console, refresh_per_second=8, transient=True)
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def start(self, title: str) -> int:
        """See ``builder.model.Progress``."""
        with self._lock:
            key = next(self._keys)
            self._steps[key] = _Step(title)
        return key

    def output(self, key: int, data: bytes) -> None:
        """See ``builder.model.Progress``."""
        with self._lock:
            step = self._steps[key]
            step.lines.extend(line for line in step.take(data) if line)

    def finish(self, key: int, outcome: Outcome) -> None:
        """See ``builder.model.Progress``."""
        from rich.text import Text

        with self._lock:
            step = self._steps.pop(key)
        style = {"done": "blue", "cached": "blue", "failed": "red"}[outcome]
        prefix = {"done": "=> ", "cached": "=> CACHED ", "failed": "=> ERROR "}[outcome]
        self._print(self._line(prefix + step.title, step.seconds, style))
        if outcome == "failed":
            for line in step.lines:
                self._print(Text(f" => => {line}", style="dim", no_wrap=True, overflow="ellipsis"))

    def warn(self, message: str) -> None:
        """See ``builder.model.Progress``."""
        from rich.text import Text

        self._print(Text(f"warning: {message}", style="yellow"))

    def _print(self, text: Text) -> None:
        self._console.print(text)

    def _line(self, text: str, seconds: float, style: str = "") -> Text:
        from rich.text import Text

        time_ = f"{seconds:.1f}s"
        room = max(self._console.width - len(time_) - 2, 10)
        shown = text if len(text) <= room else text[: room - 1] + "…"
        return Text(f"{shown:<{room}} {time_}", style=style, no_wrap=True)

    def _render(self) -> Text:
        from rich.text import Text

        lines: list[Text] = []
        with self._lock:
            for step in self._steps.values():
                lines.append(self._line(f"=> {step.title}", step.seconds))
                lines += [Text(f" => => {line}", style="dim", no_wrap=True, overflow="ellipsis") for line in step.lines]
        return Text("\n").join(lines)
