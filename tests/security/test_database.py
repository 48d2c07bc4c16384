"""The database: built in one step, and looked up."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jettison.errors import InvalidInput, NotFound
from jettison.security.advisories import default_path, unpacked
from jettison.security.advisories.build import build
from jettison.security.advisories.database import check, opened
from jettison.security.model import Advisory, Fix, Severity
from security import advisory_files as files

SNAPSHOT = Path(__file__).parents[2] / "data/advisories"
CVSS = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the snapshot."""
    target = tmp_path_factory.mktemp("snapshot") / "advisories.db"
    build([SNAPSHOT], target)
    return target


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A database of one record."""
    target = tmp_path / "small.db"
    build([files.archive(tmp_path / "all.zip", files.osv())], target)
    return target


def lookup(path: Path, ecosystem: str, package: str) -> tuple[Advisory, ...]:
    with opened(path) as database:
        return database.advisories(ecosystem, package)


def test_the_snapshot_has_all_its_ecosystems(snapshot: Path) -> None:
    with opened(snapshot) as database:
        assert {name.partition(":")[0] for name in database.ecosystems} == {
            "AlmaLinux", "Bitnami", "Debian", "Go", "Packagist", "PyPI", "RubyGems", "crates.io", "node", "npm", "ruby",
        }  # fmt: skip
        assert database.covers("Debian:12")
        assert not database.covers("Debian:11")
        assert database.advisories("Debian:11", "openssl") == ()
        assert database.overlays() == (1404, 0)
        assert database.known_exploited("CVE-2023-38180")
        assert not database.known_exploited("CVE-2024-42005")
        assert database.epss("CVE-2024-42005") is None
        check(database)


def test_the_snapshot_says_where_it_is_from(snapshot: Path) -> None:
    with opened(snapshot) as database:
        found = {source.name: (source.date, source.licence) for source in database.info.sources}
    assert found["AlmaLinux"] == ("2026-08-21", "MIT")
    assert found["ruby-advisory-db"] == ("2026-08-22", "public domain")
    assert found["CISA KEV"] == ("2025-08-25", "CC0-1.0")
    assert found["Node.js Security WG"] == ("", "MIT")


def test_a_severity_is_taken_from_another_record_of_the_cve(snapshot: Path) -> None:
    (found,) = [each for each in lookup(snapshot, "PyPI", "Django") if each.id == "PYSEC-2024-70"]
    assert (found.severity, found.severity_source) == (Severity.HIGH, "CVSS 3.1")
    (found,) = [each for each in lookup(snapshot, "Debian:12", "openssl") if each.id == "CVE-2026-9076"]
    assert found.fix is Fix.FIXED
    assert found.severity_source == "AlmaLinux"


def test_which_severity_counts(tmp_path: Path) -> None:
    records = [
        files.osv("PYSEC-1", aliases=["CVE-2024-0001"], severity=CVSS),
        files.osv("GHSA-1", aliases=["CVE-2024-0001"], database_specific={"severity": "LOW"}),
        files.osv("PYSEC-2", aliases=["CVE-2024-0002"]),
        files.osv("UBUNTU-CVE-2024-0001", "Ubuntu:24.04:LTS", upstream=["CVE-2024-0001"],
                  severity=[{"type": "Ubuntu", "score": "medium"}]),
        files.osv("UBUNTU-CVE-2024-0002", "Ubuntu:24.04:LTS", upstream=["CVE-2024-0002"],
                  severity=[{"type": "Ubuntu", "score": "medium"}]),
        files.osv("PYSEC-3", aliases=["CVE-2024-0003"]),
        files.osv("PYSEC-4", aliases=["CVE-2024-0004"], severity=CVSS),
    ]  # fmt: skip
    for order in (records, records[::-1]):
        build([files.archive(tmp_path / "all.zip", *order)], tmp_path / "db")
        found = {
            each.id: (each.severity.value, each.severity_source)
            for ecosystem in ("PyPI", "Ubuntu:24.04:LTS")
            for each in lookup(tmp_path / "db", ecosystem, "Django")
        }
        assert found == {
            "PYSEC-1": ("low", "GHSA"),
            "GHSA-1": ("low", "GHSA"),
            "PYSEC-2": ("medium", "Ubuntu"),
            "UBUNTU-CVE-2024-0001": ("medium", "Ubuntu"),
            "UBUNTU-CVE-2024-0002": ("medium", "Ubuntu"),
            "PYSEC-3": ("unknown", ""),
            "PYSEC-4": ("critical", "CVSS 3.1"),
        }
        with opened(tmp_path / "db") as database:
            assert database.severity("CVE-2024-0001") is Severity.LOW
            assert database.severity("CVE-2024-0003") is None


def test_every_kind_of_file_goes_into_one(tmp_path: Path) -> None:
    source = tmp_path / "source"
    files.archive(source / "osv/PyPI/all.zip", files.osv())
    files.written(source / "osv/one.json", files.osv("GHSA-2", "npm", "left-pad"))
    files.written(source / "debian", files.DEBIAN)
    files.written(source / "main.json", files.ALPINE)
    files.written(source / "kev", files.KEV)
    files.written(source / "epss", files.EPSS)
    files.written(source / "README", "hello")
    files.written(source / ".hidden", "{")
    sentences: list[str] = []
    info = build([source], tmp_path / "db", sentences.append)
    assert {each.name: each.advisories for each in info.sources} == {
        "GHSA": 2, "Debian": 7, "Alpine": 6, "CISA KEV": 0, "EPSS": 0,
    }  # fmt: skip
    assert any("passed over that hold no advisories: 1; read: 6" in each for each in sentences)
    with opened(tmp_path / "db") as database:
        assert database.info.sources == info.sources
        assert database.known_exploited("CVE-2024-0001")
        assert database.epss("CVE-2024-0001") == 0.925
        assert database.covers("Alpine:v3.20")
        assert len(database.advisories("Debian:12", "openssl")) == 2
        assert database.advisories("PyPI", "DJANGO")[0].url == "https://github.com/advisories/GHSA-aaaa-bbbb-cccc"


def test_the_same_record_twice_is_found_once(tmp_path: Path) -> None:
    one = files.archive(tmp_path / "all.zip", files.osv())
    build([one, one], tmp_path / "db")
    assert len(lookup(tmp_path / "db", "PyPI", "django")) == 1


def test_long_lists_of_versions_come_back(tmp_path: Path) -> None:
    value = files.osv()
    value["affected"][0]["versions"] = versions = [f"1.{n}" for n in range(5000)]
    build([files.archive(tmp_path / "all.zip", value)], tmp_path / "db")
    assert lookup(tmp_path / "db", "PyPI", "django")[0].versions == tuple(versions)


def test_half_a_surrogate_pair_is_no_fault(tmp_path: Path) -> None:
    build([files.archive(tmp_path / "all.zip", files.osv(summary="\ud800", aliases=["\udfff"]))], tmp_path / "db")
    assert lookup(tmp_path / "db", "PyPI", "django")[0].summary == "?"
    assert lookup(tmp_path / "db", "PyPI", "\udfff") == ()


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "unknown", "missing", "nothing"])
def test_a_source_that_cannot_be_read_leaves_the_old_database(tmp_path: Path, small: Path, damage: str) -> None:
    before, source = (
        small.read_bytes(),
        files.archive(tmp_path / "new.zip", *(files.osv(f"GHSA-{n}") for n in range(9))),
    )
    data = bytearray(source.read_bytes())
    if damage == "cut":
        source.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        data[60] ^= 0xFF
        source.write_bytes(data)
    elif damage == "text":
        source.write_text("hello")
    elif damage == "unknown":
        with zipfile.ZipFile(source, "w") as file:
            file.writestr("x.json", "{}")
    elif damage == "missing":
        source.unlink()
    else:
        source.unlink()
        source.mkdir()
    with pytest.raises((InvalidInput, NotFound), match=r"cannot (read|use) \S+/new\.zip"):
        build([source], small)
    assert small.read_bytes() == before
    assert not list(tmp_path.glob(".small.db*"))


def test_a_build_that_is_killed_leaves_the_old_database(small: Path, tmp_path: Path) -> None:
    before = small.read_bytes()
    source = tmp_path / "pipe"
    source.mkdir()
    script = (
        "import os, signal, sys; from pathlib import Path; from jettison.security.advisories import build as b\n"
        "from jettison.security.advisories.writer import Writer\n"
        "Writer.finish = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "b.build([Path(sys.argv[1])], Path(sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", script, SNAPSHOT / "rust.jsonl.zst", small], check=False)
    assert done.returncode == -signal.SIGKILL
    assert small.read_bytes() == before
    (left,) = tmp_path.glob(".small.db*.part")
    os.utime(left, (0, 0))
    build([SNAPSHOT / "rust.jsonl.zst"], small)
    assert not left.exists()
    assert lookup(small, "crates.io", "abox")


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import zstandard

    monkeypatch.setattr(unpacked, "FLOOR", 1 << 20)
    line = b'{"e":"Go","p":"x","r":[],"id":"GO-1","al":[]}\n'
    (tmp_path / "bomb").write_bytes(zstandard.compress(line + b"\n" * (8 << 20)))
    with pytest.raises(InvalidInput, match="unpacks to far more"):
        build([tmp_path / "bomb"], tmp_path / "db")


def test_there_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no advisory database at "), opened(tmp_path / "x"):
        pass


def _text(path: Path) -> None:
    path.write_text("hello" * 100)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def _damage(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + os.urandom(len(data) - 100))


def _sql(statement: str, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def _newer(path: Path) -> None:
    _sql("PRAGMA user_version = 99", path)


def _another(path: Path) -> None:
    _sql("PRAGMA application_id = 7", path)


def _unfinished(path: Path) -> None:
    _sql("DELETE FROM meta WHERE key = 'complete'", path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_text, "is no advisory database"),
        (_cut, "is cut off"),
        (_damage, "is damaged"),
        (_newer, "newer Jettison"),
        (_another, "none of advisories"),
        (_unfinished, "did not come to its end"),
    ],
)
def test_what_is_no_whole_database_of_ours(small: Path, change: object, message: str) -> None:
    assert callable(change)
    change(small)
    with pytest.raises(InvalidInput, match=message) as raised, opened(small) as database:
        check(database)
    assert "\n" not in str(raised.value)
    assert "jettison db update" in str(raised.value)


def test_a_database_may_be_too_old(small: Path) -> None:
    then = (datetime.now(UTC) - timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
    _sql(f"UPDATE meta SET value = '{then}' WHERE key = 'built'", small)
    _sql(f"UPDATE source SET date = '{then}'", small)
    with opened(small, 11) as database:
        assert 9.9 < database.info.age_days < 10.1
    with pytest.raises(InvalidInput, match=r"10\.0 days old, more than 7"), opened(small, 7):
        pass


def test_a_database_of_old_advisories_is_too_old_as_well(tmp_path: Path) -> None:
    files.archive(tmp_path / "all.zip", files.osv(modified="2015-01-01T00:00:00Z"))
    made = build([tmp_path / "all.zip"], tmp_path / "old.db")
    assert made.age_days < 1
    assert made.advisories_age_days is not None
    assert made.advisories_age_days > 365
    with pytest.raises(InvalidInput, match=r"its newest advisories are \d+\.\d days old, more than 7"):
        opened(tmp_path / "old.db", 7).__enter__()
    with opened(tmp_path / "old.db") as database:
        assert database.info.oldest_days == database.info.advisories_age_days


@pytest.mark.parametrize("date", ["", "yesterday", "2999-01-01"])
def test_sources_without_a_day_that_was_say_nothing_of_the_age(tmp_path: Path, date: str) -> None:
    files.archive(tmp_path / "all.zip", files.osv(modified=date))
    build([tmp_path / "all.zip"], tmp_path / "a.db")
    with opened(tmp_path / "a.db", 7) as database:
        assert database.info.advisories_age_days is None


def test_a_database_of_the_future_is_refused(small: Path) -> None:
    _sql("UPDATE meta SET value = '2999-01-01T00:00:00Z' WHERE key = 'built'", small)
    with pytest.raises(InvalidInput, match="in the future"), opened(small):
        pass


def test_a_lookup_changes_nothing(small: Path) -> None:
    small.chmod(0o444)
    with opened(small) as database, pytest.raises(InvalidInput):
        database._rows("DELETE FROM affected")
    assert sorted(path.name for path in small.parent.iterdir()) == ["all.zip", "small.db"]


def test_where_the_database_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("JETTISON_DB", raising=False)
    assert default_path() == tmp_path / "jettison/advisories.db"
    monkeypatch.setenv("JETTISON_DB", "/elsewhere.db")
    assert default_path() == Path("/elsewhere.db")


def test_large_archives_are_read_in_little_memory(tmp_path: Path) -> None:
    """120,000 members, as npm's archive has; the limit is on top of what the interpreter itself takes."""
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for n in range(120_000):
            file.writestr(
                f"MAL-{n}.json",
                f'{{"id":"MAL-{n}","modified":"2026-01-01T00:00:00Z","affected":[{{"package":{{"ecosystem":"npm",'
                f'"name":"p{n}"}},"versions":["1.0.{n}"]}}]}}',
            )
    script = (
        "import re, sys; from pathlib import Path; from jettison.security.advisories.build import build\n"
        "info = build([Path(sys.argv[1])], Path(sys.argv[2]))\n"
        # not as rusage, in which what started it counts
        "peak = re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print(info.sources[0].advisories, peak)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "all.zip", tmp_path / "db"],
        check=True,
        capture_output=True,
        text=True,
    )
    number, kilobytes = map(int, done.stdout.split())
    assert number == 120_000
    assert kilobytes < 300_000
