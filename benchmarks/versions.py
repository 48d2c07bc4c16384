"""Compare the order of versions with the one that each format's own tool gives, and time it.

Pairs are drawn from the real versions in a directory of advisories (``--advisories``, ``*.jsonl.zst``) and from shapes
that provoke each order; constraints are those of the advisories. Which tools were there and which were not is said in
what is written (``--write FILE``). Exit code 1 if anything differs.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import versions_tools
import zstandard

from jettison.security.model import Advisory, Range
from jettison.security.versions import compare, is_affected, satisfies

#: As many pairs for each scheme from real versions, and as many from shapes.
PAIRS = 1500
SEED = 20261124
FILES = {
    "alma": "rpm", "debian12-changelog": "deb", "go": "golang", "node-swg": "npm", "php": "composer", "pypa": "pypi",
    "ruby": "gem", "rust": "cargo", "bitnami": "generic",
}  # fmt: skip
#: What versions of each scheme may be made of, behind a number.
SHAPES = {
    "deb": ("~", "~rc1", "+dfsg", "-1", "-0", "+b1", "~bpo12+1", ".0", ".10", "a", "A", "00", "+deb12u1", "-1ubuntu1"),
    "rpm": ("~rc1", "^git1", ".0", ".10", ".01", "a", "A1", "-1", "-1.el9", "-1.el9_2.1", "_1", "+1", "..", "~~", "^"),
    "apk": ("_alpha", "_beta2", "_pre", "_rc1", "_cvs1", "_svn2", "_git20240101", "_hg", "_p1", "a", "z", ".0", ".01",
            ".10", "-r0", "-r10", "~abc1", "_", "-r", "A"),
    "maven": (".0", ".1", "-1", "-alpha", "-alpha-1", "-a1", ".b2", "-SNAPSHOT", ".Final", "-ga", "-rc1", "-cr1", "-sp",
              ".RELEASE", "-x", ".x", "x1", "-", ".", "--1", "00", "-jre8", ".v2024", "+1", "_2", "-M2", "milestone"),
    "pypi": (".0", ".1", "a1", "b2", "rc1", ".post1", ".dev1", "+local.1", "-1", "c3", ".10"),
    "npm": (".0.0", ".1.2", ".1.2-rc.1", ".0.0-alpha", ".0.0-alpha.1", ".0.0-1", ".0.0-0", ".1.2+b", ".10.2", ".0.0--"),
    "gem": (".0", ".1", ".a", ".rc1", ".beta.2", "-x", ".0.0", "a1", ".10", ".b", ".pre"),
    "golang": (".0.0", ".1.2", ".1.2-rc.1", ".0.0-alpha", ".0.0-20200101000000-abcdefabcdef", ".1.2+incompatible",
               ".10.2", ".0.0-0", ".0.0-0.20200101000000-abcdefabcdef"),
    "composer": (".0", ".1", "-alpha1", "-beta", "RC2", "-p1", "-patch2", ".x-dev", "-dev", ".1.2.3", "-a", ".10"),
}  # fmt: skip
SHAPES["cargo"] = SHAPES["npm"]
SHAPES["nuget"] = (*SHAPES["npm"], ".1", "-BETA.2", ".1.2.3")
#: There are no advisories of these ecosystems among ours: the real versions are those of another one.
BORROWED = {"maven": "golang", "nuget": "npm"}

HEAD = f"""# The order of versions

What `benchmarks/versions.py` writes. Real pairs and constraints are drawn (seed {SEED}) from the advisories' versions,
half of the pairs within a package; maven borrows Go's versions and nuget npm's. Shaped pairs are made of what provokes
each order. Not compared: the tool, or we, refuse one of the two. The last column is what univers makes of the same
pairs: those it orders otherwise and those it does not read. pypi is packaging itself: that row proves only what is
around it. node-semver judges generic on Bitnami's versions that are semantic ones. apk is also held by 738 recorded
pairs in the tests.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--advisories", type=Path, required=True, help="a directory of *.jsonl.zst")
    parser.add_argument("--maven-artifact", type=Path, default=Path("/usr/share/java/maven-artifact-3.x.jar"))
    parser.add_argument("--apk", default="apk", help="the command that runs apk")
    parser.add_argument("--write", type=Path, help="write what was found into this file")
    options = parser.parse_args()
    records = {scheme: list(read(options.advisories / f"{name}.jsonl.zst")) for name, scheme in FILES.items()}
    tools = versions_tools.tools(options.maven_artifact, options.apk)
    text, differing = report(records, tools)
    print(text)
    if options.write:
        options.write.write_text(text)
    return 1 if differing else 0


def read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), "utf-8"):
            yield json.loads(line)


def report(records: Mapping[str, list[dict[str, Any]]], tools: Iterable[versions_tools.Tool]) -> tuple[str, list[str]]:
    heads = ("Scheme", "Tool", "Real pairs", "Shaped pairs", "Constraints", "Not compared", "Differ", "univers differs")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    differing: list[str] = []
    for tool in tools:
        if not tool.version:
            lines.append(f"| {tool.scheme} | {tool.name}: not installed {'| – ' * 6}|")
            continue
        line, found = against(tool, records.get(BORROWED.get(tool.scheme, tool.scheme), []))
        lines.append(line)
        differing += found
    what = "Nothing differs." if not differing else "\n".join(f"- {each}" for each in differing)
    return "\n".join([HEAD, *lines, "", what, "", timed(records)]), differing


def against(tool: versions_tools.Tool, records: list[dict[str, Any]]) -> tuple[str, list[str]]:
    """One line of the table, and what differs. Not compared: what the tool or we refuse to read."""
    chance = random.Random(SEED)
    real, shaped = real_pairs(records, chance), shaped_pairs(tool.scheme, chance)
    asked = real + shaped
    questions = constraints(records, chance) if tool.satisfies else []
    ours = [answer(compare, tool.scheme, *pair) for pair in asked]
    ours += [answer(satisfies, tool.scheme, *pair) for pair in questions]
    theirs = [*tool.compare(asked), *(tool.satisfies(questions) if tool.satisfies else [])]
    both = list(zip(asked + questions, ours, theirs, strict=True))
    unread = sum(1 for _, our, their in both if our is None or their is None)
    differing = [
        f"{tool.scheme}: `{one}` and `{other}`: {our}, {tool.name} {their}"
        for (one, other), our, their in both
        if our != their and our is not None and their is not None
    ]
    refused = [f"{pair} {our} {their}" for pair, our, their in both if (our is None) != (their is None)]
    print(f"{tool.scheme}: read by one alone: {len(refused)}", *refused[:8], sep="\n   ", file=sys.stderr)
    library = versions_tools.library(tool.scheme, zip(asked, theirs, strict=False))
    counts = f"{len(real)} | {len(shaped)} | {len(questions)} | {unread} | {len(differing)} | {library}"
    return f"| {tool.scheme} | {tool.name} {tool.version} | {counts} |", differing


def answer(ask: Any, *arguments: str) -> int | None:
    try:
        return int(ask(*arguments))
    except ValueError:
        return None


def real_pairs(records: list[dict[str, Any]], chance: random.Random) -> list[tuple[str, str]]:
    """Half of them are of one package."""
    packages = defaultdict(set)
    for record in records:
        packages[record["p"]].update(named(record))
    everything = sorted(set().union(*packages.values())) if packages else []
    near = sorted({pair for each in packages.values() for pair in itertools.pairwise(sorted(each))})
    chance.shuffle(near)
    far = [(chance.choice(everything), chance.choice(everything)) for _ in range(PAIRS // 2)] if everything else []
    return near[: PAIRS // 2] + far


def shaped_pairs(scheme: str, chance: random.Random) -> list[tuple[str, str]]:
    def one() -> str:
        parts = chance.choices(SHAPES[scheme], k=chance.choice((0, 1, 1, 2, 3)))
        return "".join([chance.choice(("0", "1", "1", "2", "10")), *parts])

    toolchains = [(toolchain(chance), toolchain(chance)) for _ in range(PAIRS // 3)] if scheme == "golang" else []
    return toolchains + [(one(), one()) for _ in range(PAIRS - len(toolchains))] if scheme in SHAPES else []


def toolchain(chance: random.Random) -> str:
    """A version of Go itself. Since 1.21 a release has three numbers: with two it is the language's version."""
    minor = chance.randint(17, 24)
    return f"go1.{minor}" + chance.choice(("rc1", "rc2", "beta1", ".1", ".2", ".10", ".0" if minor > 20 else ""))


def named(record: dict[str, Any]) -> set[str]:
    """The versions that a record names."""
    texts = [text for each in record.get("r", ()) for text in each if text and text != "0"]
    found = {*texts, *([record["f"]] if record.get("f") else [])}
    return found | {version for text in written(record) for version in re.findall(r"[0-9][0-9A-Za-z.+-]*", text)}


def written(record: dict[str, Any]) -> list[str]:
    """The constraints of a record."""
    texts = [*record.get("patched", ()), *record.get("unaff", ())] if record["e"] not in ("npm", "node") else []
    texts += [record[name] for name in ("vul", "patched") if isinstance(record.get(name), str) and record[name]]
    return texts + [",".join(each) for each in record.get("br", ())]


def constraints(records: list[dict[str, Any]], chance: random.Random) -> list[tuple[str, str]]:
    """Each constraint with a version that it or another one of the package names, and with one of another package."""
    packages = defaultdict(set)
    for record in records:
        packages[record["p"]].update(named(record))
    texts = sorted({(record["p"], text) for record in records for text in written(record)})
    everything = sorted(set().union(*packages.values()))
    found = [(chance.choice(sorted(packages[package]) or everything), text) for package, text in texts]
    found += [(chance.choice(everything), text) for _, text in texts]
    chance.shuffle(found)
    return found[:PAIRS]


def timed(records: Mapping[str, list[dict[str, Any]]]) -> str:
    """1,200 components of AlmaLinux, each against the advisories of ten packages."""
    advisories = [
        Advisory(
            each["id"], each["e"], each["p"], ranges=tuple(Range(*(end or "" for end in ends)) for ends in each["r"])
        )
        for each in records["rpm"]
    ]
    chance = random.Random(SEED)
    installed = [chance.choice(each.ranges).fixed or "1" for each in chance.choices(advisories, k=1200)]
    questions = [(version, chance.choice(advisories)) for version in installed for _ in range(100)]
    start = time.perf_counter()
    hits = sum(is_affected(version, advisory) is True for version, advisory in questions)
    seconds = time.perf_counter() - start
    return (
        f"1,200 versions, each asked of 100 advisories ({len(questions):,} questions, {hits:,} of them with yes): "
        f"{seconds:.2f} s, {seconds / len(questions) * 1e6:.1f} µs each.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
