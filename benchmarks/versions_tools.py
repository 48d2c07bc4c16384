"""The tools that define an order of versions, each asked for many pairs at once."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

UNIVERS = {
    "deb": "DebianVersion", "rpm": "RpmVersion", "apk": "AlpineLinuxVersion", "maven": "MavenVersion",
    "pypi": "PypiVersion", "npm": "SemverVersion", "gem": "RubygemsVersion", "golang": "GolangVersion",
    "cargo": "SemverVersion", "composer": "ComposerVersion", "nuget": "NugetVersion", "generic": "OpensslVersion",
}  # fmt: skip

Pairs = list[tuple[str, str]]
Answers = list[int | None]

#: Each reads ``{"pairs": …, "constraints": …}`` and writes two lists of -1, 0, 1 or null.
NODE = """
const semver = require(process.argv[1]), input = JSON.parse(require('fs').readFileSync(0));
const safe = f => { try { return f() } catch { return null } };
console.log(JSON.stringify([input.pairs.map(([a, b]) => safe(() => semver.compare(a, b))),
  input.constraints.map(([v, r]) =>
    safe(() => (new semver.Range(r), new semver.SemVer(v), +semver.satisfies(v, r))))]))
"""
RUBY = """
require 'json'
input = JSON.parse($stdin.read)
safe = ->(&f) { begin f.call; rescue ArgumentError then nil end }
puts JSON.generate([input['pairs'].map { |a, b| safe.() { Gem::Version.new(a) <=> Gem::Version.new(b) } },
  input['constraints'].map { |v, r| safe.() {
    Gem::Requirement.new(*r.split(',').map(&:strip)).satisfied_by?(Gem::Version.new(v)) ? 1 : 0 } }])
"""
PHP = """
require '/usr/share/php/Composer/Semver/autoload.php';
$input = json_decode(stream_get_contents(STDIN));
$safe = function ($f) { try { return $f(); } catch (UnexpectedValueException $e) { return null; } };
$parser = new Composer\\Semver\\VersionParser();
echo json_encode([array_map(fn($p) => $safe(fn() =>
    version_compare($parser->normalize($p[0]), $parser->normalize($p[1]))), $input->pairs),
  array_map(fn($p) => $safe(fn() => (int) Composer\\Semver\\Semver::satisfies($p[0], $p[1])), $input->constraints)]);
"""
GO = """package main

import ("encoding/json"; "os"; "go/version"; "order/semver"; "strings")

func main() {
    var input struct{ Pairs [][2]string }
    json.NewDecoder(os.Stdin).Decode(&input)
    answers := make([]*int, len(input.Pairs))
    for i, pair := range input.Pairs {
        a, b := "v"+strings.TrimPrefix(pair[0], "v"), "v"+strings.TrimPrefix(pair[1], "v")
        if version.IsValid(pair[0]) && version.IsValid(pair[1]) {
            n := version.Compare(pair[0], pair[1])
            answers[i] = &n
        } else if semver.IsValid(a) && semver.IsValid(b) { n := semver.Compare(a, b); answers[i] = &n }
    }
    json.NewEncoder(os.Stdout).Encode([]any{answers, []int{}})
}
"""
RUST = """use semver::{Version, VersionReq};
fn main() {
    let input: serde_json::Value = serde_json::from_reader(std::io::stdin()).unwrap();
    let text = |v: &serde_json::Value, i: usize| v[i].as_str().unwrap().to_string();
    let pairs: Vec<Option<i32>> = input["pairs"].as_array().unwrap().iter().map(|p| {
        let (a, b) = (Version::parse(&text(p, 0)).ok()?, Version::parse(&text(p, 1)).ok()?);
        Some(a.cmp_precedence(&b) as i32) }).collect();
    let constraints: Vec<Option<i32>> = input["constraints"].as_array().unwrap().iter().map(|p| {
        Some(VersionReq::parse(&text(p, 1)).ok()?.matches(&Version::parse(&text(p, 0)).ok()?) as i32) }).collect();
    println!("{}", serde_json::json!([pairs, constraints]));
}
"""
CARGO = """[package]
name = "order"
version = "0.1.0"
edition = "2021"
[dependencies]
semver = "1"
serde_json = "1"
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """``version`` is empty where the tool is not there."""

    scheme: str
    name: str
    version: str
    compare: Callable[[Pairs], Answers]
    satisfies: Callable[[Pairs], Answers] | None = None


def tools(maven_artifact: Path, apk: str) -> Iterable[Tool]:
    yield Tool("deb", "dpkg", said("dpkg", "--version"), dpkg)
    yield Tool("rpm", "rpm", said("rpm", "--version"), rpm)
    yield Tool("apk", "apk", said(*shlex.split(apk), "--version"), partial(apk_version, shlex.split(apk)))
    jar = f"{maven_artifact.resolve().name}" if maven_artifact.exists() and shutil.which("java") else ""
    yield Tool("maven", "ComparableVersion", jar, partial(maven, maven_artifact))
    yield packaging()
    semver = "/usr/lib/node_modules/npm/node_modules/semver"
    version = json.loads(Path(semver, "package.json").read_text())["version"] if Path(semver).exists() else ""
    yield scripted("npm", "node-semver", version, ["node", "-e", NODE, semver])
    yield scripted("gem", "RubyGems", said("gem", "--version"), ["ruby", "-e", RUBY])
    php = said("php", "--version") if Path("/usr/share/php/Composer/Semver").exists() else ""
    yield scripted("composer", "composer/semver on PHP", php, ["php", "-r", PHP])
    yield golang()
    yield cargo()
    nuget = partial(univers, "nuget")
    yield Tool(
        "nuget", "univers, for want of a client", univers_version(), lambda pairs: [nuget(*pair) for pair in pairs]
    )
    yield Tool("generic", "node-semver", version, partial(releases, ["node", "-e", NODE, semver]))


def said(*command: str) -> str:
    """The first number with a dot that a command says of itself."""
    if not shutil.which(command[0]):
        return ""
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"[0-9]+\.[0-9.]*[0-9]", output)
    return found[0] if found else ""


def scripted(scheme: str, name: str, version: str, command: list[str]) -> Tool:
    return Tool(
        scheme, name, version, lambda pairs: ask(command, pairs, [])[0], lambda pairs: ask(command, [], pairs)[1]
    )


def ask(command: list[str], pairs: Pairs, constraints: Pairs) -> list[Answers]:
    questions = json.dumps({"pairs": pairs, "constraints": constraints})
    done = subprocess.run(command, input=questions, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def releases(command: list[str], pairs: Pairs) -> Answers:
    """Of Bitnami's versions, those without builds, which semantic versions do not know."""
    answers = ask(command, pairs, [])[0]
    return [None if re.search("-[0-9]", "".join(pair)) else answer for pair, answer in zip(pairs, answers, strict=True)]


def dpkg(pairs: Pairs) -> Answers:
    return [first((operator, sign) for operator, sign in (("lt", -1), ("eq", 0), ("gt", 1)) if holds(pair, operator))
            for pair in pairs]  # fmt: skip


def first(answers: Iterable[tuple[str, int]]) -> int | None:
    return next((sign for _, sign in answers), None)


def holds(pair: tuple[str, str], operator: str) -> bool:
    command = ["dpkg", "--compare-versions", pair[0], operator, pair[1]]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def rpm(pairs: Pairs) -> Answers:
    """In portions: rpm ends where a macro prints more."""
    return [answer for start in range(0, len(pairs), 500) for answer in rpm_portion(pairs[start : start + 500])]


def rpm_portion(pairs: Pairs) -> Answers:
    calls = "".join(f'print(rpm.vercmp("{one}", "{other}"), " ")' for one, other in pairs)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(calls)
        script.flush()
        evaluated = ["rpm", "--eval", f'%{{lua: dofile("{script.name}")}}']
        output = subprocess.run(evaluated, capture_output=True, text=True, check=True).stdout
    return [int(answer) for answer in output.split()]


def apk_version(command: list[str], pairs: Pairs) -> Answers:
    signs = {"<": -1, "=": 0, ">": 1}
    outputs = [subprocess.run([*command, "version", "-t", *pair], capture_output=True, text=True) for pair in pairs]
    return [signs.get(output.stdout.strip()) for output in outputs]


def maven(jar: Path, pairs: Pairs) -> Answers:
    """It compares each of its arguments with the one before."""
    arguments = [version for pair in pairs for version in pair]
    done = subprocess.run(["java", "-jar", str(jar), *arguments], capture_output=True, text=True, check=True)
    signs = re.findall(r"^   .* (<|==|>) [^ ]*$", done.stdout, re.MULTILINE)
    return [{"<": -1, "==": 0, ">": 1}[sign] for sign in signs[::2]]


def univers(scheme: str, one: str, other: str) -> int | None:
    """What the library makes of them; ``None`` where it has no such scheme, or raises anything."""
    versions = importlib.import_module("univers.versions")
    kind = getattr(versions, UNIVERS.get(scheme, ""), None)
    try:
        first, second = kind(one), kind(other)
        return int(first > second) - int(first < second)
    except Exception:
        return None


def library(scheme: str, answers: Iterable[tuple[tuple[str, str], int | None]]) -> str:
    """How many pairs univers orders otherwise than the tool, and how many it does not read though the tool does."""
    if scheme not in UNIVERS or not univers_version():
        return "–"
    both = [(univers(scheme, *pair), their) for pair, their in answers if their is not None]
    return f"{sum(our not in (None, their) for our, their in both)} (unread {sum(our is None for our, _ in both)})"


def univers_version() -> str:
    try:
        return importlib.metadata.version("univers")
    except importlib.metadata.PackageNotFoundError:
        return ""


def packaging() -> Tool:
    """Our own scheme asks the same library: this proves only what is around it."""
    from packaging import __version__
    from packaging.version import InvalidVersion, Version

    def order(one: str, other: str) -> int | None:
        try:
            return (Version(one) > Version(other)) - (Version(one) < Version(other))
        except InvalidVersion:
            return None

    return Tool("pypi", "packaging", __version__, lambda pairs: [order(*pair) for pair in pairs])


def golang() -> Tool:
    root = (
        subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True).stdout.strip()
        if shutil.which("go")
        else ""
    )
    source = Path(root, "src/cmd/vendor/golang.org/x/mod/semver")
    if not root or not source.exists():
        return Tool("golang", "golang.org/x/mod/semver", "", lambda pairs: [])

    def order(pairs: Pairs) -> Answers:
        with tempfile.TemporaryDirectory() as place:
            shutil.copytree(source, Path(place, "semver"))
            Path(place, "main.go").write_text(GO)
            Path(place, "go.mod").write_text("module order\n\ngo 1.22\n")
            subprocess.run(
                ["go", "build", "-o", "order", "."], cwd=place, check=True, env={**os.environ, "GOFLAGS": ""}
            )
            return ask([f"{place}/order"], pairs, [])[0]

    return Tool("golang", "golang.org/x/mod/semver, go/version of Go", said("go", "version"), order)


def cargo() -> Tool:
    """The crate comes from the registry that Cargo is set up with."""
    if not shutil.which("cargo"):
        return Tool("cargo", "the semver crate", "", lambda pairs: [])
    place = tempfile.TemporaryDirectory(prefix="versions-")
    Path(place.name, "src").mkdir()
    Path(place.name, "src/main.rs").write_text(RUST)
    Path(place.name, "Cargo.toml").write_text(CARGO)
    built = subprocess.run(["cargo", "build", "-q"], cwd=place.name, capture_output=True, text=True)
    if built.returncode:
        return Tool("cargo", f"the semver crate ({built.stderr.strip().splitlines()[0]})", "", lambda pairs: [])
    version = said("cargo", "pkgid", "--manifest-path", f"{place.name}/Cargo.toml", "semver")

    def asked(pairs: Pairs, constraints: Pairs) -> list[Answers]:
        return ask([f"{place.name}/target/debug/order"], pairs, constraints)

    return Tool(
        "cargo", "the semver crate", version, lambda pairs: asked(pairs, [])[0], lambda each: asked([], each)[1]
    )
