"""zstd:chunked and eStargz layers, read by the libraries that define the formats.

``sudo .venv/bin/python benchmarks/readers.py [IMAGE]`` with ``JETTISON_STORE`` naming a store that has the image. It
needs Go with access to its module proxy, and a C compiler. ``layers/`` opens every file by stargz-snapshotter's
``estargz`` and puts every archive together by tar-split; ``pull/`` lets containers/storage pull two versions of the
image in part, which verifies the table against the tar-split data. It writes
``benchmarks/results/readers-YYYY-MM-DD.md``, and ends with an error where one of them finds a fault.
"""

from __future__ import annotations

import datetime
import subprocess
import sys
import tempfile
from pathlib import Path

from partial import ROOT, changed

from jettison.filetree import FileTree, Kind, index
from jettison.oci.layout import Store
from jettison.oci.recompress import Compression
from jettison.oci.reference import OciReference, StoreReference, parse
from jettison.oci.transfer import copy, resolve

IMAGE = "node-onbuild:small"
_TAGS = "exclude_graphdriver_btrfs exclude_graphdriver_devicemapper"


def built(name: str, work: Path) -> Path:
    """One of the Go programs beside this file."""
    program = work / name
    command = ["go", "build", "-tags", _TAGS, "-o", str(program), "."]
    subprocess.run(command, cwd=ROOT / "benchmarks" / name, check=True)
    return program


def said(*command: str | Path) -> list[str]:
    """The lines that a program printed; its failure is ours."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def facts(tree: FileTree) -> dict[str, tuple[object, ...]]:
    """What must be the same of each path; containers/storage leaves links and directories at the time of the pull."""
    found: dict[str, tuple[object, ...]] = {}
    for path, entry in tree.items():
        content = (tree.read(entry), entry.mtime) if entry.kind is Kind.FILE else ()
        found[path] = (entry.kind, entry.mode, entry.uid, entry.gid, entry.target, *content)
    del found["/"]
    return found


def layouts(store: Store, work: Path, name: str) -> dict[str, list[Path]]:
    """The image and a changed version of it, in both formats."""
    copy(Store.open(), parse(name), OciReference(work / "image", ""))
    image = resolve(store, f"oci:{work / 'image'}")
    found: dict[str, list[Path]] = {}
    for format_ in ("zstd:chunked", "estargz"):
        for number, each in enumerate((image, changed(store, image)[0])):
            assert each.descriptor
            place = work / f"{format_.replace(':', '-')}-{number}"
            source = StoreReference(each.descriptor.digest)
            copy(store, source, OciReference(place, ""), compression=Compression.parse(format_))
            found.setdefault(format_, []).append(place)
    return found


def pulled(work: Path, store: Store, places: list[Path]) -> list[str]:
    """What containers/storage moves for one version and then the next, whose tree is compared."""
    storage = work / "storage"
    *lines, mounted = said(built("pull", work), storage, *places)
    try:
        theirs = facts(index([Path(mounted)]))
    finally:
        subprocess.run(["umount", mounted], check=True)
        subprocess.run(["umount", "-l", storage / "graph" / "overlay"], stderr=subprocess.DEVNULL, check=False)
    ours = facts(index(store.snapshots(resolve(store, f"oci:{places[-1]}"))))
    wrong = sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))
    if wrong:
        sys.exit(f"{len(wrong)} paths differ: {wrong[0]}: {ours.get(wrong[0])}, {theirs.get(wrong[0])}")
    moved = [line.partition(" ")[2] for line in lines]
    return [*(f"- containers/storage moved {line}" for line in moved), f"- {len(ours):,} paths, the same tree"]


def modules(program: str) -> list[str]:
    """The libraries that define the formats, with their versions."""
    listed = said(
        "go",
        "-C",
        ROOT / "benchmarks" / program,
        "list",
        "-m",
        "-f",
        "{{if not .Indirect}}{{.Path}} {{.Version}}{{end}}",
        "all",
    )
    defining = ("/estargz ", "/tar-split ", "containers/storage ")
    return [line for line in listed if any(name in line for name in defining)]


def main(name: str = IMAGE) -> None:
    """Check and write."""
    lines = []
    with tempfile.TemporaryDirectory(prefix="readers", dir="/var/tmp") as directory:
        work = Path(directory)
        store = Store.open(work / "store")
        found = layouts(store, work, name)
        reader = built("layers", work)
        for format_, places in found.items():
            counts = [line.split() for line in said(reader, places[0])]
            files = sum(int(words[2]) for words in counts if len(words) > 2)
            plain = sum(len(words) == 2 for words in counts)
            lines.append(f"- {format_}: {len(counts)} layers, {plain} of them plain, {files:,} files read and verified")
        lines += pulled(work, store, found["zstd:chunked"])
    today = datetime.datetime.now(tz=datetime.UTC).date()
    versions = ", ".join(sorted({line for program in ("layers", "pull") for line in modules(program)}))
    place = ROOT / "benchmarks" / "results" / f"readers-{today}.md"
    head = f"# {name} in pieces, read by others, {today}\n\n{versions}. "
    place.write_text(head + "Made by `benchmarks/readers.py`.\n\n" + "\n".join(lines) + "\n")
    print(place.read_text())


if __name__ == "__main__":
    main(*sys.argv[1:])
