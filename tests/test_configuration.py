"""A jettison.toml is read whole, or refused with the key that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.configuration import KEYS, Bases, Configuration, Request, command, find, load, parse, size
from jettison.errors import InvalidConfiguration

FULL = """
policy = "tight"
strip = true
timeout = 20
rounds = 2
crawl = false

[keep]
include = ["/app/plugins/**"]
exclude = ["/usr/share/doc/**"]
packages = ["ca-certificates"]
binaries = ["curl"]
shell = true

[gates]
max_size = "60MB"
max_files = 400

[[scenario]]
name = "web"
command = "node server.js --port 8080"
env = { NODE_ENV = "production", WORKERS = 2 }
user = "node"
ports = [8080]
http = ["/", "POST /login"]
exec = ["node --version", ["sh", "-c", "ls /app"]]
script = ["./check.sh fast"]
tcp = [9000]
ready_timeout = 2.5

[[scenario]]
name = "worker"
entrypoint = ["/app/worker"]
duration = 4
healthcheck = false
exit_code = 3

[[scenario.http]]
path = "/api"
method = "put"
headers = { accept = "text/plain" }
body = "x"
status = 201
"""


def test_reads_every_key() -> None:
    found = parse(FULL)
    assert (found.policy, found.strip, found.timeout, found.rounds, found.crawl) == ("tight", True, 20.0, 2, False)
    assert found.keep.include == ("/app/plugins/**",)
    assert found.keep.shell
    assert (found.gates.max_size, found.gates.max_files, found.gates.max_compressed) == (60_000_000, 400, None)
    web, worker = found.scenarios
    assert web.command == ("node", "server.js", "--port", "8080")
    assert web.env == {"NODE_ENV": "production", "WORKERS": "2"}
    assert web.http == (Request("/"), Request("/login", "POST"))
    assert web.exec == (("node", "--version"), ("sh", "-c", "ls /app"))
    assert web.script == (("./check.sh", "fast"),)
    assert (web.tcp, web.ports, web.ready_timeout, web.healthcheck) == ((9000,), (8080,), 2.5, True)
    assert (worker.duration, worker.healthcheck, worker.exit_code) == (4.0, False, 3)
    assert worker.http == (Request("/api", "PUT", {"accept": "text/plain"}, "x", 201),)


def test_an_empty_file_is_the_defaults() -> None:
    assert parse("") == Configuration()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("polcy = 'tight'", "unknown key polcy; did you mean policy?"),
        ("[keep]\ninclud = []", "unknown key keep.includ; did you mean include?"),
        ("[[scenario]]\nhtpp = []", "unknown key scenario.htpp; did you mean http?"),
        ("[[scenario]]\nhttp = [{pth = '/'}]", "unknown key scenario.http.pth; did you mean path?"),
        ("[scenarios]", "unknown key scenarios; did you mean scenario?"),
        ("policy = 'small'", "policy must be one of safe, balanced, tight, not 'small'"),
        ("timeout = 0", "timeout must be a number of seconds above 0, not 0"),
        ("strip = 1", "strip must be true or false, not 1"),
        ("[scenario]\nname = 'x'", "scenario must be written [[scenario]]"),
        ("[[scenario]]\nports = [70000]", "scenario.ports must be a port from 1 to 65535, not [70000]"),
        ("[[scenario]]\nhttp = ['healthz']", "scenario.http must be \"/path\""),
        ("[[scenario]]\ncommand = \"sh -c 'x\"", "scenario.command must be a command whose quotes are closed"),
        ("[[scenario]]\n[[scenario]]", "two scenarios are called 'default'"),
        ("keep = 3", "keep must be a table"),
        ("[gates]\nmax_size = 'big'", "gates.max_size must be a size in bytes"),
        ("policy =", "Invalid value"),
    ],
)  # fmt: skip
def test_refuses_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        parse(text)
    assert reason in str(caught.value)
    assert str(caught.value).startswith("cannot read jettison.toml: ")
    assert "\n" not in str(caught.value)


def test_a_file_is_named_in_its_errors(tmp_path: Path) -> None:
    assert find(tmp_path) == Configuration()
    path = tmp_path / "jettison.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(InvalidConfiguration, match=r"jettison\.toml"):
        find(tmp_path)
    with pytest.raises(InvalidConfiguration, match="No such file"):
        load(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("node -v", ("node", "-v")),
        ("node -e 'console.log(1)'", ("node", "-e", "console.log(1)")),
        ("ls | wc -l", ("/bin/sh", "-c", "ls | wc -l")),
        ('echo "$HOME"', ("/bin/sh", "-c", 'echo "$HOME"')),
    ],
)
def test_a_line_gets_a_shell_only_where_it_needs_one(line: str, words: tuple[str, ...]) -> None:
    assert command(line) == words


def test_sizes() -> None:
    assert [size(value) for value in (5, "5", "1.5kB", "2 MiB", "1G")] == [5, 5, 1500, 2 << 20, 10**9]


def test_every_key_says_what_it_means_and_has_a_flag() -> None:
    for key in KEYS:
        assert key.meaning.endswith((".", "(below)."))
        assert key.flag.startswith("--") or key.table in ("scenario.http", "bases.variant", "bases.variant.sizes")


BASES = """
[bases]
mirror = "localhost:5000/hub"
offline = true

[[bases.variant]]
family = "node"
name = "hardened"
images = ["registry.example/node:{version}"]
distribution = "wolfi"
libc = "glibc"
users = ["app"]
sizes = [{ image = "registry.example/node:22", disk = "30MB", source = "us", date = 2026-01-31 }]
"""


def test_reads_bases() -> None:
    bases = parse(BASES).bases
    assert (bases.mirror, bases.offline) == ("localhost:5000/hub", True)
    (entry,) = bases.variants
    assert (entry.family, entry.images, entry.users) == ("node", ("registry.example/node:{version}",), ("app",))
    assert (entry.sizes[0].disk, entry.sizes[0].compressed, entry.sizes[0].date) == (30_000_000, None, "2026-01-31")
    assert parse("").bases == Bases()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bases = 3", "bases must be a table"),
        ("[bases]\nmirorr = 'x'", r"unknown key bases\.mirorr; did you mean mirror"),
        ("[bases]\nvariant = 3", r"bases\.variant must be written \[\[bases\.variant\]\]"),
        ("[[bases.variant]]\nfamily = 'x'", r"bases\.variant needs images"),
        (BASES.replace('"glibc"', '"bionic"'), r"bases\.variant\.libc must be one of glibc, musl, none"),
        (BASES.replace("2026-01-31", "'soon'"), r"bases\.variant\.sizes\.date must be a date"),
        (BASES.replace('source = "us", ', ""), r"must be a table with image, source, date"),
        (BASES.replace("{version}", "{versoin}"), r"bases\.variant\.images must be"),
        (BASES.replace("/node:22", "/node:{version}"), r"sizes\.image must be an image's reference"),
        (BASES.replace("/node:{version}", "/Node:{version}"), r"bases\.variant\.images must be"),
    ],
)
def test_wrong_bases_are_named(text: str, message: str) -> None:
    with pytest.raises(InvalidConfiguration, match=message):
        parse(text)
