"""Build and probe candidates, heal what can be healed, keep the smallest that passes."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

from jettison import builder, pipeline
from jettison.errors import JettisonError
from jettison.observe import record
from jettison.oci.image import Image
from jettison.pipeline import Case
from jettison.report import summary
from jettison.tuner.heal import healed
from jettison.tuner.model import Outcome, Proposal, Settings, Tried, Tuned
from jettison.tuner.propose import failure
from jettison.verify import Check, Verdict

#: Memory that one candidate may take while it is built and run: compilers and language servers are large.
_MEMORY = 4 << 30
#: The kind of record that remembers how a candidate compared.
VERDICT = "verdict"
#: How often a candidate is healed: what is found after that is another kind of problem.
_ROUNDS = 2


def tune(
    case: Case,
    directory: Path,
    proposals: Sequence[Proposal],
    settings: Settings,
    tell: Callable[[str], None] | None = None,
) -> Tuned:
    """Try ``proposals`` in their order, several at once where memory allows.

    Not tried are those that are ruled out, those beyond the limits, and those whose base alone is larger than what
    already works. Raises only what stops everything: ``OutOfSpace``, an interrupt.
    """
    search = _Search(case, directory, settings, tell or (lambda _: None))
    possible = [proposal for proposal in proposals if not proposal.reason]
    out = [Tried(proposal, Outcome.RULED_OUT, proposal.reason) for proposal in proposals if proposal.reason]
    with ThreadPoolExecutor(max_workers=_at_once()) as pool:
        tried = list(pool.map(search.one, possible))
    working = sorted((one for one in tried if one.outcome is Outcome.WORKS), key=_size)
    others = [one for one in tried if one.outcome is not Outcome.WORKS]
    before = case.subject.tree.disk_bytes
    best = working[0] if working and _size(working[0]) < before else None
    return Tuned((*working, *others, *out), best)


def _size(tried: Tried) -> int:
    assert tried.size is not None
    return tried.size.disk_bytes


def _at_once() -> int:
    """How many candidates fit into memory, at most one for each core."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(os.cpu_count() or 1, free // _MEMORY))


class _Search:
    """What the threads share: the clock, the count, and the smallest that works so far."""

    def __init__(self, case: Case, directory: Path, settings: Settings, tell: Callable[[str], None]) -> None:
        self.case, self.directory, self.settings, self.tell = case, directory, settings, tell
        self.lock = threading.Lock()
        self.began = time.monotonic()
        self.count = 0
        self.smallest: int | None = None

    def one(self, proposal: Proposal) -> Tried:
        """Try one, unless there is no need to."""
        reason = self.not_needed(proposal)
        if reason:
            return Tried(proposal, Outcome.NOT_TRIED, reason)
        self.tell(proposal.name)
        try:
            tried = self.attempt(proposal)
        except JettisonError as error:
            return Tried(proposal, Outcome.NOT_BUILT, failure(error), proposal.dockerfile)
        with self.lock:
            if tried.outcome is Outcome.WORKS and (self.smallest is None or _size(tried) < self.smallest):
                self.smallest = _size(tried)
        return tried

    def not_needed(self, proposal: Proposal) -> str:
        settings = self.settings
        with self.lock:
            base = proposal.expected_bytes
            if self.smallest is not None and base is not None and base >= self.smallest:
                return "something smaller works already"
            if self.count >= settings.max_candidates:
                return f"{settings.max_candidates} candidates were tried (--max-candidates)"
            if settings.time_limit is not None and time.monotonic() - self.began > settings.time_limit:
                return "the time was up (--time-limit)"
            self.count += 1
        return ""

    def attempt(self, proposal: Proposal) -> Tried:
        """Build, compare; where it differs, add what it looked up in vain, and again."""
        text, added = proposal.dockerfile, tuple[str, ...]()
        tried = self.proved(proposal, text, added)
        for _ in range(_ROUNDS):
            if tried.outcome is Outcome.WORKS or tried.image is None:
                break
            lacking = pipeline.missing(self.case, tried.image)
            fresh = [path for path in lacking if path not in added]
            mended = healed(text, fresh, self.case.subject.tree) if fresh else None
            if mended is None:
                shown = ", ".join(fresh[:3]) + (", …" if len(fresh) > 3 else "")
                return replace(tried, reason=f"{tried.reason}; it lacks {shown}") if shown else tried
            text, added = mended, (*added, *fresh)
            tried = self.proved(proposal, text, added)
        return tried

    def proved(self, proposal: Proposal, text: str, added: tuple[str, ...]) -> Tried:
        """One build and its verdict."""
        began = time.monotonic()
        image = builder.build(self.case.store, self.directory, text, self.settings.build).image
        built = time.monotonic()
        verdict = self.verdict(image)
        done = time.monotonic()
        size = summary.measure(image, pipeline.study(self.case.store, image))
        outcome = Outcome.WORKS if verdict.same else Outcome.DIFFERS
        reason = next(iter(verdict.differences), "" if verdict.same else "nothing could be compared")
        return Tried(
            proposal,
            outcome,
            reason,
            text,
            image,
            size,
            verdict,
            round(built - began, 3),
            round(done - built, 3),
            added,
        )

    def verdict(self, image: Image) -> Verdict:
        """The verdict, which is remembered for just this image and just these questions."""
        case = self.case
        known = case.store.record(VERDICT, self.key(image)) if case.options.remember else None
        if known is not None:
            return Verdict(tuple(Check(**check) for check in known["checks"]))
        verdict = pipeline.compared(case, image)
        case.store.put_record(VERDICT, self.key(image), {"checks": [asdict(check) for check in verdict.checks]})
        return verdict

    def key(self, image: Image) -> str:
        """What a verdict depends on, as one word."""
        case = self.case
        asked = record.key(case.subject.image, case.scenarios, case.options.settings)
        return hashlib.sha256(f"{asked} {image.manifest()}".encode()).hexdigest()
