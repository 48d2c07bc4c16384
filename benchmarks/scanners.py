"""Compare the inventory with what Syft and Trivy list, and measure how long Jettison and Syft take.

``agree`` takes the ten variants of the Debian root whose outputs are recorded (``--goldens``), and images of the store
(``--image``), and writes ``docs/scanners.md``. A difference without a reason in
``tests/security/scanner-differences.toml`` makes the exit code 1. ``time`` measures one image, ``--image``, and writes
what ``--write`` names. Trivy is not a dependency: ``--trivy`` says where it is.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import scanner_roots  # noqa: E402
import scanner_times  # noqa: E402

from jettison.filetree import index  # noqa: E402
from jettison.oci import transfer  # noqa: E402
from jettison.oci.layout import Store  # noqa: E402
from jettison.packages.inventory import take  # noqa: E402
from security import scanner_lists as lists  # noqa: E402

CACHE = Path.home() / ".cache" / "jettison-benchmarks"
PAGE = ROOT / "docs" / "scanners.md"


@dataclass(frozen=True, slots=True)
class Compared:
    """What one scanner and Jettison list of one image. ``gone`` were found by what was recorded of it only."""

    image: str
    scanner: str
    theirs: frozenset[lists.Listed]
    mine: frozenset[lists.Listed]
    differences: tuple[lists.Difference, ...]

    @property
    def row(self) -> str:
        missing = [d for d in self.differences if d.only == self.scanner]
        moved = sum(bool(d.other) and not d.reason for d in missing) if "recorded" in self.scanner else 0
        both = len(self.theirs & self.mine)
        more = sum(d.only == "jettison" for d in self.differences)
        return (
            f"| {self.image} | {self.scanner} | {len(self.theirs)} | {len(self.mine)} | {both} | {moved} "
            f"| {len(missing) - moved} | {more} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("agree", "time"))
    parser.add_argument("--goldens", type=Path, help="the directory of recorded outputs")
    parser.add_argument("--trivy", type=Path, help="the program")
    parser.add_argument("--store", type=Path, help="the store that the images are in")
    parser.add_argument("--image", action="append", default=[], help="an image of the store; may be given again")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", type=Path, help="where to write the result")
    options = parser.parse_args()
    if options.what == "time":
        text = scanner_times.measured(options.store, options.image, options.runs, options.trivy)
        options.write.write_text(text)
        print(text)
        return
    compared = [*_recorded(options), *_images(options)]
    (options.write or PAGE).write_text(page(compared))
    unexplained = [(c, d) for c in compared for d in c.differences if not d.reason and not _moved(c, d)]
    for comparison, difference in unexplained:
        print(f"{comparison.image}: only {difference.only} lists {difference.package}", difference.other)
    sys.exit(bool(unexplained))


def _moved(comparison: Compared, difference: lists.Difference) -> bool:
    """Whether only the version is another, since Debian went on after the output was recorded."""
    return "recorded" in comparison.scanner and bool(difference.other)


def _recorded(options: argparse.Namespace) -> Iterator[Compared]:
    """The variants of the recorded root: against what is recorded, and against the scanners of today."""
    if not options.goldens:
        return
    root = scanner_roots.full(CACHE, options.goldens)
    for name, place in scanner_roots.variants(root, CACHE, options.goldens):
        mine = lists.ours(take(index([place])))
        golden = scanner_roots.recorded(options.goldens, f"syft-{name}")
        if golden is not None:
            yield _compared(name, "Syft, recorded", lists.of_syft(golden), mine)
        yield _compared(name, "Syft", lists.of_syft(lists.syft(f"dir:{place}")), mine)
        golden = scanner_roots.recorded(options.goldens, f"trivy-{name}")
        if golden is not None:
            yield _compared(name, "Trivy, recorded", lists.of_trivy(golden), mine)
        if options.trivy:
            yield _compared(name, "Trivy", lists.of_trivy(lists.trivy(options.trivy, "rootfs", str(place))), mine)


def _images(options: argparse.Namespace) -> Iterator[Compared]:
    """Images of the store, as OCI layouts."""
    for name in options.image:
        store = Store.open(options.store)
        image = transfer.resolve(store, name, pull="never")
        mine = lists.ours(take(index(store.snapshots(image))))
        with tempfile.TemporaryDirectory() as scratch:
            layout = saved(options.store, name, Path(scratch) / "layout")
            yield _compared(name, "Syft", lists.of_syft(lists.syft(f"oci-dir:{layout}")), mine)
            if options.trivy:
                found = lists.trivy(options.trivy, "image", "--input", str(layout))
                yield _compared(name, "Trivy", lists.of_trivy(found), mine)


def saved(store: Path, name: str, layout: Path) -> Path:
    """Write an image of the store as an OCI layout."""
    jettison = Path(sys.executable).parent / "jettison"
    words = [str(jettison), "--quiet", "--store", str(store), "save", name, "--format", "oci", "-o", str(layout)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return layout


def _compared(image: str, scanner: str, theirs: frozenset[lists.Listed], mine: frozenset[lists.Listed]) -> Compared:
    found = tuple(lists.differences(scanner, image, mine, theirs, lists.known()))
    print(image, scanner, len(theirs), len(mine), len(found), file=sys.stderr)
    return Compared(image, scanner, theirs, mine, found)


def page(compared: Sequence[Compared]) -> str:
    """``docs/scanners.md``."""
    reasons: dict[tuple[str, str], list[tuple[str, lists.Listed]]] = {}
    for comparison in compared:
        for found in comparison.differences:
            reason = found.reason or ("Debian has another version today." if _moved(comparison, found) else "?")
            if not _moved(comparison, found) or found.reason:
                reasons.setdefault((found.only, reason), []).append((comparison.image, found.package))
    return "\n".join([*_HEAD, *(c.row for c in compared), *_MIDDLE, *(_reason(*r) for r in reasons.items()), ""])


def _reason(key: tuple[str, str], found: list[tuple[str, lists.Listed]]) -> str:
    only, reason = key
    packages = list(dict.fromkeys(f"{package.type} {package.name}" for _, package in found))
    some = ", ".join(packages[:4]) + (f" and {len(packages) - 4} more" if len(packages) > 4 else "")
    images = Counter(image for image, _ in found)
    return f"| {only} | {some} | {', '.join(images)} | {reason} |"


_HEAD = (
    "# Agreement with Syft and Trivy",
    "",
    "Made by `benchmarks/scanners.py agree`. What Jettison lists for an image (`jettison scan`) is compared with what",
    "Syft 1.18.1 and Trivy 0.59.1 list for the same files: type, name and version. *Recorded* are outputs that the",
    "scanners gave earlier for the same Debian packages; *moved* counts packages of which only the version is another,",
    "because Debian has released a newer one since. Every other difference has its reason in the second table.",
    "",
    "| image | scanner | it lists | Jettison lists | the same | moved | only the scanner | only Jettison |",
    "|---|---|--:|--:|--:|--:|--:|--:|",
)
_MIDDLE = ("", "## Why the lists differ", "", "| only in | packages | images | reason |", "|---|---|---|---|")


if __name__ == "__main__":
    main()
