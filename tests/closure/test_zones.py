"""Time zones."""

from __future__ import annotations

import pytest

from jettison.closure import zones

KNOWN = {name: f"/z/{name}" for name in ("Europe/Oslo", "Asia/Tokyo", "UTC", "zone.tab")}


def named(text: bytes) -> set[str]:
    return {path.removeprefix("/z/") for path in zones.mentioned(KNOWN, text)}


def test_a_zone_comes_with_the_tables_that_libraries_read() -> None:
    assert named(b"tz = ZoneInfo('Europe/Oslo')") == {"Europe/Oslo", "zone.tab"}
    assert named(b"Europe/Nowhere") == set()


@pytest.mark.parametrize(
    "source",
    [b'TZ="$2" date', b"export TZ=${ZONE:-UTC}", b"os.environ['TZ'] = zone", b"ENV['TZ'] = params[:zone]",
     b"$ENV{TZ} = $zone;", b"local $ENV{TZ} = shift;", b"process.env.TZ = zone", b'env={"TZ": zone}',
     b'putenv("TZ=$zone");', b"{ env: { 'TZ' => zone } }"],
)  # fmt: skip
def test_every_zone_is_kept_where_one_is_computed(source: bytes) -> None:
    assert named(source) == {*KNOWN}


@pytest.mark.parametrize(
    "source",
    [b"TZ=Asia/Tokyo date", b"export TZ='Asia/Tokyo'", b"os.environ['TZ'] = 'Asia/Tokyo'", b"TZ: Asia/Tokyo",
     b'{"TZ": "Asia/Tokyo"}', b"process.env.TZ = 'Asia/Tokyo'"],
)  # fmt: skip
def test_only_a_zone_that_is_written_out_is_kept(source: bytes) -> None:
    assert named(source) == {"Asia/Tokyo", "zone.tab"}


def test_a_program_that_sets_its_zone_may_be_told_any() -> None:
    assert zones.of_program(KNOWN, b"x\nTZ\ny", b"\x7fELF\0setenv\0") == set(KNOWN.values())
    assert zones.of_program(KNOWN, b"a sentence", b"\x7fELF\0setenv\0\0TZ\0") == set(KNOWN.values())
    assert zones.of_program(KNOWN, b"TZ", b"\x7fELF\0getenv\0") == set()
    assert zones.of_program(KNOWN, b"", b"\x7fELF time.LoadLocation\0") == set(KNOWN.values())
