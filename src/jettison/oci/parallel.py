"""Several transfers at once, of which the first failure ends all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

#: Seconds that threads have to notice that they are to stop, before Ctrl-C goes on without them.
_GRACE = 2.0


def each(work: Callable[[T], object], items: Iterable[T], workers: int, stop: Callable[[], None]) -> None:
    """Call ``work`` with every item, in up to ``workers`` threads, and wait for all.

    Where one fails, or Ctrl-C comes, ``stop`` is called (it makes the others fail soon), no further item is begun,
    and the first error is raised.
    """
    todo = list(reversed(list(items)))
    failures: list[BaseException] = []

    def run() -> None:
        while not failures:
            try:
                item = todo.pop()
            except IndexError:
                return
            try:
                work(item)
            except BaseException as error:
                failures.append(error)
                stop()

    # Daemons: a thread that hangs in a system call must not keep an interrupted process alive.
    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(workers, len(todo)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except BaseException as error:
        failures.append(error)
        stop()
        for thread in threads:
            thread.join(_GRACE)
        raise
    if failures:
        raise failures[0]
