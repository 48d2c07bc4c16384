"""Who a container runs as."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.errors import ContainerError
from jettison.runtime import User, resolve_user


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\napp:x:100:101::/srv:/bin/sh\nbroken\n")
    (tmp_path / "etc/group").write_text("app:x:101:\nstaff:x:50:root,app\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", User(0, 0, (0, 50), "/root")),
        ("app", User(100, 101, (101, 50), "/srv")),
        ("100", User(100, 101, (101, 50), "/srv")),
        ("app:staff", User(100, 50, (50,), "/srv")),
        ("7", User(7, 0, (0,), "/")),
        ("7:8", User(7, 8, (8,), "/")),
    ],
)
def test_users(root: Path, name: str, expected: User) -> None:
    assert resolve_user(root, name) == expected


@pytest.mark.parametrize("name", ["nobody", "app:nogroup"])
def test_an_unknown_name_is_an_error(root: Path, name: str) -> None:
    with pytest.raises(ContainerError, match="has no such"):
        resolve_user(root, name)


def test_passwd_is_never_that_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").symlink_to("/etc/passwd")
    with pytest.raises(ContainerError, match="loop"):
        resolve_user(tmp_path, "daemon")
    (tmp_path / "etc/group").symlink_to("../../../../../../../../etc/group")
