"""Maintainer scripts, read but not run."""

from __future__ import annotations

import pytest

from jettison.bases.assemble.scripts import alternatives, makes_users


def control(text: str) -> dict[str, bytes]:
    return {"postinst": text.encode(), "prerm": b"update-alternatives --install /x x /y 1\nadduser x\n"}


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("update-alternatives --install /bin/awk awk /bin/mawk 5 \\\n --slave /a b /c\n", {"/bin/awk": "/bin/mawk"}),
        ("if x; then update-alternatives --quiet --install /a a /b 1; fi", {"/a": "/b"}),
        ("update-alternatives \\\n  --install /a a /b 1\n", {"/a": "/b"}),
        ("# update-alternatives --install /a a /b 1", {}),
        ('update-alternatives --install /a a "$path" 1', {}),
        ("update-alternatives --install /a$x a /b 1", {}),
        ("update-alternatives --install a a /b 1", {}),
        ("update-alternatives --remove a /b; foo --install /a a /b 1", {}),
        ("update-alternatives --install /a a /b", {}),
        ("update-alternatives --install /a a /b ${priority}", {}),
    ],
)  # fmt: skip
def test_alternatives_in_plain_words(text: str, links: dict[str, str]) -> None:
    assert alternatives([control(text)]) == links


def test_the_highest_priority_counts() -> None:
    lines = [
        f"update-alternatives --install /e e /{name} {priority}" for name, priority in (("a", 9), ("b", 10), ("c", 1))
    ]
    assert alternatives(map(control, lines)) == {"/e": "/b"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [("  adduser --system x", True), ("/usr/sbin/useradd x", True), ("# adduser x", False), ("echo adduser", False)],
)
def test_users(text: str, holds: bool) -> None:
    assert makes_users(control(text)) is holds
