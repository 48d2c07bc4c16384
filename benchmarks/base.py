"""How large base images of packages are: presets of ``jettison base`` beside what mmdebstrap makes, as a table.

``sudo .venv/bin/python benchmarks/base.py`` takes this machine's Debian mirror and writes
``benchmarks/results/base-YYYY-MM-DD.md``. Needs mmdebstrap, and about ten minutes.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measure import machine, run

ROOT = Path(__file__).resolve().parents[1]
PRESETS = ("static", "base", "cc", "python3", "java17", "nodejs")
VARIANTS = (("essential", ""), ("minbase", ""), ("minbase", "python3"))
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
JETTISON = [sys.executable, "-m", "jettison", "--quiet"]

HEAD = """\
MB are 10⁶ bytes. Size is the sum of the files, each counted once. Both sides are compressed by gzip (jettison's by
ISA-L at its highest level, the others by `gzip -6`) and by zstd (level 3). Seconds are those of the whole command: with
an empty cache; the best of three with every file in it; and the best of three with a lock as well, so that no index is
read. mmdebstrap keeps no cache. The mirror is the same, and near: neither side waits for it much.
"""
FOOT = """\
mmdebstrap makes a root file system with a shell, dpkg and, in `minbase`, apt: another thing, and the usual base where
packages are to be installed later. It is here since it starts from the same packages.

Published sizes of distroless images: gcr.io/distroless/static-debian13 "is around 2 MiB" (README of
GoogleContainerTools/distroless, from a stored copy read on 2026-11-24). No size of the others was found that their
project states, and none was measured here: the registry was not asked.

Other work ran on the machine at the same time (see the load average), so that times are longer than they need be; sizes
do not depend on it.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One root file system; sizes in bytes, times in seconds."""

    name: str
    packages: int
    files: int
    disk: int
    gzip: int
    zstd: int
    seconds: tuple[float, ...]

    def __str__(self) -> str:
        sizes = f"{self.disk / 1e6:,.2f} MB | {self.gzip / 1e6:,.2f} MB | {self.zstd / 1e6:,.2f} MB"
        times = " | ".join([f"{seconds:.1f} s" for seconds in self.seconds] + [""] * (3 - len(self.seconds)))
        return f"| {self.name} | {self.packages} | {self.files:,} | {sizes} | {times} |"


def mirrors() -> dict[str, str]:
    """The mirrors of Debian that this machine's apt uses, by their label."""
    shape = ["--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages", "Component: main"]
    told = subprocess.run(["apt-get", "indextargets", *shape], capture_output=True, text=True, check=True).stdout
    found = dict(line.split(" ", 1) for line in told.splitlines() if " " in line)
    return {label: found[label] for label in ("Debian", "Debian-Security")}


def preset(name: str, where: dict[str, str], place: Path) -> Row:
    """A preset, in a store of its own."""
    base = [*JETTISON, "--store", str(place), "base", "--preset", name, "--json"]
    base += ["--mirror", where["Debian"], "--security-mirror", where["Debian-Security"]]
    first = run(base)
    again = min((run(base) for _ in range(3)), key=lambda one: one.seconds)
    lock = ["--lock", str(place / "lock")]
    run([*base, *lock])
    locked = min((run([*base, *lock]) for _ in range(3)), key=lambda one: one.seconds)
    value = json.loads(again.output)
    assert json.loads(locked.output) == value, "a lock gives the same image"
    gzip = json.loads(run([*base, "--compression", "gzip:9"]).output)["compressed_bytes"]
    packages, zstd = len(value["packages"]), value["compressed_bytes"]
    return Row(
        f"jettison {name}",
        packages,
        value["files"],
        value["disk_bytes"],
        gzip,
        zstd,
        (first.seconds, again.seconds, locked.seconds),
    )


def debootstrap(variant: str, include: str, where: dict[str, str], place: Path) -> Row:
    """What mmdebstrap makes of the same suites."""
    target = place / "root.tar"
    command = ["mmdebstrap", "--quiet", f"--variant={variant}", f"--keyring={KEYRING}", "bookworm", str(target)]
    command += [f"deb {where['Debian']} bookworm main", f"deb {where['Debian']} bookworm-updates main"]
    command += [f"deb {where['Debian-Security']} bookworm-security main"]
    made = run([*command[:2], *([f"--include={include}"] if include else []), *command[2:]])
    files = disk = packages = 0
    with tarfile.open(target) as archive:
        for member in archive:
            files += not member.isdir()
            disk += member.size if member.isreg() else 0
            packages += member.name.startswith("./var/lib/dpkg/info/") and member.name.endswith(".list")
    name = f"mmdebstrap {variant}{f' with {include}' if include else ''}"
    return Row(name, packages, files, disk, packed(target, "gzip", "-6"), packed(target, "zstd", "-3"), (made.seconds,))


def packed(path: Path, *command: str) -> int:
    """Bytes that a compressor makes of a file."""
    return len(subprocess.run([*command, "--stdout", str(path)], capture_output=True, check=True).stdout)


def main() -> None:
    where, rows = mirrors(), []
    for name in PRESETS:
        with tempfile.TemporaryDirectory() as place:
            rows.append(preset(name, where, Path(place)))
            print(rows[-1], flush=True)
    for variant, include in VARIANTS:
        with tempfile.TemporaryDirectory() as place:
            rows.append(debootstrap(variant, include, where, Path(place)))
            print(rows[-1], flush=True)
    today = datetime.date.today().isoformat()
    columns = ["", "packages", "files", "size", "gzip", "zstd", "empty cache", "full cache", "with a lock"]
    head = f"| {' | '.join(columns)} |\n|---|{'--:|' * (len(columns) - 1)}"
    table = "\n".join([head, *map(str, rows)])
    text = (
        f"# Base images of packages, {today}\n\n{machine()}. Made by `benchmarks/base.py`.\n\n{HEAD}\n{table}\n\n{FOOT}"
    )
    (ROOT / "benchmarks" / "results" / f"base-{today}.md").write_text(text)


if __name__ == "__main__":
    main()
