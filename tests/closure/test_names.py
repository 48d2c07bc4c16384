"""Names of commands and zones."""

from __future__ import annotations

from jettison.closure.names import Names
from make import tree


def test_the_first_executable_on_path_is_the_command() -> None:
    image = tree({"/opt/bin/x": "file 0755", "/usr/bin/x": "file 0755", "/usr/local/bin/y": "file 0644",
                  "/usr/bin/y": "link -> x"})  # fmt: skip
    names = Names(image, ["/opt/bin"])
    assert (names.command("x"), names.command("y"), names.command("z")) == ("/opt/bin/x", "/usr/bin/y", None)


def test_zones_are_known_by_their_names() -> None:
    names = Names(tree({"/usr/share/zoneinfo/Asia/Tokyo": "file", "/usr/share/zoneinfo/right/UTC": "file"}))
    assert dict(names.zones) == {"Asia/Tokyo": "/usr/share/zoneinfo/Asia/Tokyo"}
