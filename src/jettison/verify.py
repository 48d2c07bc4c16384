"""Whether a small image does what the original does, and what it lacks where it does not."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment

from jettison.closure.model import Evidence
from jettison.filetree import FileEntry, FileTree, Kind, index
from jettison.observe import Observation, Run, Scenario, Settings, attempt
from jettison.oci.config import ContainerConfig
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.probes.compare import compare

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


#: What the comparison of the listening ports is called.
LISTENING = "listening ports"


@dataclass(frozen=True, slots=True)
class Check:
    """One question, what the original answered in a few words, and the difference, empty where there is none."""

    scenario: str
    probe: str
    answer: str
    difference: str = ""

    @property
    def agreed(self) -> bool:
        """Whether the small image answered alike."""
        return not self.difference


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every question that was asked of both images. What was not compared is never the same."""

    checks: tuple[Check, ...] = ()

    @property
    def same(self) -> bool:
        """Whether at least one question was asked, and all were answered alike; that ports listen is no answer."""
        return any(check.probe != LISTENING for check in self.checks) and not self.differences

    @property
    def differences(self) -> tuple[str, ...]:
        """``SCENARIO: PROBE: difference``, one line each."""
        return tuple(f"{c.scenario}: {c.probe}: {c.difference}" for c in self.checks if not c.agreed)


def verify(original: Observation, repeat: Observation | None, small: Observation) -> Verdict:
    """Compare the answers of two images.

    ``repeat`` is a second run of the original: what differs between its two runs is volatile and does not count.
    It is needed only where a first comparison without it finds differences, since equal needs no excuse.
    """
    checks: list[Check] = []
    for run in original.runs:
        checks += _compare(run, _run(repeat, run.scenario), _run(small, run.scenario))
    return Verdict(tuple(checks))


def _run(observation: Observation | None, scenario: str) -> Run | None:
    return next((run for run in (observation.runs if observation else ()) if run.scenario == scenario), None)


def _compare(original: Run, repeat: Run | None, small: Run | None) -> Iterator[Check]:
    name = original.scenario
    if small is None:
        yield Check(name, "run", "works", "the small image was not run")
        return
    if small.failure:
        yield Check(name, "run", "works", small.failure)
    if repeat and not _questions(original) & _questions(repeat):
        original = replace(original, answers=repeat.answers)  # too slow to be understood the first time
    for found in compare(original.answers, small.answers, repeat.answers if repeat else None):
        yield Check(name, found.probe, found.original.summary, found.difference)
    if not small.failure:
        yield _listening(original, repeat, small)


def _questions(run: Run) -> frozenset[str]:
    return frozenset(answer.probe for answer in run.answers)


def _listening(original: Run, repeat: Run | None, small: Run) -> Check:
    """The ports that always listen must, and no other than those that sometimes do may."""
    always = original.listening & (repeat.listening if repeat else original.listening)
    ever = original.listening | (repeat.listening if repeat else original.listening)
    gone, added = sorted(always - small.listening), sorted(small.listening - ever)
    words = [f"{' '.join(gone)} no longer listens"] if gone else []
    words += [f"{' '.join(added)} listens too"] if added else []
    return Check(original.scenario, LISTENING, " ".join(sorted(original.listening)) or "none", ", ".join(words))


def failed_lookups(
    store: Store,
    small: Image,
    scenarios: Sequence[Scenario],
    original: FileTree,
    settings: Settings = Settings(),  # noqa: B008 - a frozen value
) -> dict[str, Evidence]:
    """What the small image looked up in vain and the original has: path -> ``healed`` by the probe that needed it.

    Symlinks on the way are among the paths. Where something that the original lacks as well was to be made
    (``mkdir``, a log file), it is the directory for it that is missing.
    """
    tree = index(store.snapshots(small))
    seen = attempt(store, small, scenarios, replace(settings, tracer="strace"), tree)
    found: dict[str, Evidence] = {}
    for run, scenario in zip(seen.runs, scenarios, strict=True):
        steps = dict(run.missing)
        if not run.started:
            steps |= dict.fromkeys(_needed_to_start(scenario.config, original), "start-up")
        for path, step in steps.items():
            for lost in _lost(original, tree, path):
                found.setdefault(lost, Evidence("healed", f"{step} in {run.scenario}"))
    return found


def found_lookups(
    store: Store,
    original: Image,
    scenarios: Sequence[Scenario],
    small: FileTree,
    settings: Settings = Settings(),  # noqa: B008 - a frozen value
) -> dict[str, Evidence]:
    """What the original looks up with success and ``small`` lacks: for when no look-up of the small image failed.

    A program that lists a directory and takes what it finds never asks for what is not there: Python imports a
    compiled module only where it has seen its source in the listing, though it opens but the former.
    """
    seen = attempt(store, original, scenarios, replace(settings, tracer="strace"))
    found: dict[str, Evidence] = {}
    for run in seen.runs:
        for path in run.opened.keys() - small.keys():
            found.setdefault(path, Evidence("healed", f"a look-up of the original in {run.scenario}"))
    return dict(sorted(found.items()))


def _lost(original: FileTree, small: FileTree, path: str) -> Iterator[str]:
    """The paths of the original that ``small`` lacks for ``path`` to be found in it."""
    end, links = original.walk(path)
    if end is None and path != "/":
        yield from (link for link in links if link not in small)
        yield from _lost(original, small, posixpath.dirname(path.rstrip("/")) or "/")
        return
    yield from (step for step in (*links, end) if step is not None and step not in small)
    entry = original.get(end or "/")
    if entry and entry.is_executable and entry.path in small:  # it is there, so what it is run by is not
        interpreter = _interpreter(original, entry)
        yield from _lost(original, small, interpreter) if interpreter not in ("", path) else ()


def _needed_to_start(config: ContainerConfig, original: FileTree) -> Iterator[str]:
    """What the container runtime itself looks up: the program, by PATH, and the user."""
    program, cwd = config.command[0], config.working_dir or "/"
    places = [cwd] if "/" in program else config.environment.get("PATH", _PATH).split(":")
    for place in places:
        path = posixpath.join("/", cwd, place, program)
        if original.resolve(path):
            yield path
    yield from ("/etc/passwd", "/etc/group", cwd)


def _interpreter(tree: FileTree, entry: FileEntry) -> str:
    """What the kernel starts to run a file: the program of its first line, or its ELF interpreter."""
    if entry.kind is not Kind.FILE or not entry.origin:
        return ""
    head = tree.read(entry, 256)
    if head.startswith(b"#!"):
        words = head[2:].splitlines()[0].split()
        return words[0].decode("utf-8", "surrogateescape") if words else ""
    return _elf_interpreter(tree.open_path(entry)) if head.startswith(b"\x7fELF") else ""


def _elf_interpreter(file: str) -> str:
    try:
        with open(file, "rb") as stream:
            segments = ELFFile(stream).iter_segments()
            return next((each.get_interp_name() for each in segments if isinstance(each, InterpSegment)), "")
    except (ELFError, ValueError, UnicodeDecodeError):
        return ""
