"""The action's comment on a pull request: whose it is, and what happens where it cannot be posted."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from github_action import BOT, GitHub, post, serving, step
from jettison.report import markdown
from report_pages import PAGE


@pytest.fixture
def github() -> Iterator[GitHub]:
    with serving() as server:
        yield server


@pytest.fixture
def summary(tmp_path: Path) -> Path:
    """A summary that a run has written."""
    (tmp_path / "output").write_text(f"summary={tmp_path / 'summary.md'}\n")
    (tmp_path / "summary.md").write_text("### app is small\n")
    return tmp_path / "summary.md"


def warned(done: subprocess.CompletedProcess[str], told: str) -> None:
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("::warning::jettison action: cannot post the summary: ")
    assert told in done.stdout
    assert done.stdout.count("\n") == 1


def test_two_uses_with_names_have_a_comment_each(tmp_path: Path, github: GitHub, summary: Path) -> None:
    for _ in range(2):
        for name in ("", "web", "worker 2"):
            assert post(tmp_path, github, name=name).stdout == ""
    firsts = [each["body"].partition("\n")[0] for each in github.comments[1:]]
    assert firsts == ["<!-- jettison -->", "<!-- jettison web -->", "<!-- jettison worker 2 -->"]


@pytest.mark.parametrize("user", [None, {"login": "someone", "type": "User"}, {"login": BOT["login"], "type": "User"}])
def test_the_comment_of_somebody_else_is_never_changed(
    tmp_path: Path, github: GitHub, summary: Path, user: object
) -> None:
    theirs = {"id": 2, "body": "<!-- jettison -->\nmine", "user": user}
    github.comments += [dict(theirs), "no comment"]
    assert post(tmp_path, github).stdout == ""
    assert github.comments[1] == theirs
    assert len(github.comments) == 4


def test_a_persons_token_changes_that_persons_comment(tmp_path: Path, github: GitHub, summary: Path) -> None:
    github.comments.append({"id": 2, "body": "<!-- jettison -->\nof the bot", "user": BOT})
    github.user = {"login": "me", "type": "User"}
    for _ in range(2):
        assert post(tmp_path, github).stdout == ""
    assert [each["user"]["login"] for each in github.comments] == ["someone", BOT["login"], "me"]
    assert github.comments[1]["body"].endswith("of the bot")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "pull-requests: write"),
        (403, "Resource not accessible; the token needs"),
        (404, "fork"),
        (500, "500"),
        (301, "301"),
    ],
)
def test_what_github_refuses_is_a_warning(
    tmp_path: Path, github: GitHub, summary: Path, status: int, told: str
) -> None:
    github.status = status
    warned(post(tmp_path, github), told)


@pytest.mark.parametrize("instead", [b"<html>", b'{"a": 1}', b"null", b"", b"\xff"])
def test_an_answer_that_is_no_list_is_a_warning(tmp_path: Path, github: GitHub, summary: Path, instead: bytes) -> None:
    github.instead = instead
    warned(post(tmp_path, github), "")


@pytest.mark.parametrize("token", ["", " ", "a\nb", "é"])
def test_no_token_is_a_warning_that_does_not_show_it(tmp_path: Path, github: GitHub, summary: Path, token: str) -> None:
    warned(post(tmp_path, github, token=token), "the token is empty, or no token")
    assert github.asked == []


def test_what_is_not_there_is_a_warning(tmp_path: Path, github: GitHub, summary: Path) -> None:
    summary.unlink()
    warned(post(tmp_path, github), "No such file")
    github.shutdown()
    github.server_close()
    summary.write_text("100%")
    warned(post(tmp_path, github), "refused")
    (tmp_path / "event").write_text('{"pull_request": null}')
    told = {"GITHUB_EVENT_PATH": str(tmp_path / "event"), "GITHUB_REPOSITORY": "me/app", "GITHUB_API_URL": "x"}
    warned(step("Post the summary", tmp_path, {"token": "secret"}, **told), "")


def test_a_summary_that_is_too_long_is_shortened_at_a_line(tmp_path: Path, github: GitHub, summary: Path) -> None:
    row = "| `probe` | 200 | same |\n"
    summary.write_text("### app\n\n<details><summary>many</summary>\n\n" + row * 4000 + "\n</details>\n")
    assert post(tmp_path, github).stdout == ""
    body = github.comments[1]["body"]
    assert 60_000 < len(body) <= 65_536
    assert body.count("<details>") == body.count("</details>") == 1
    assert "Lines left out here: " in body.splitlines()[-1]


def test_the_summary_of_a_page_with_many_probes_is_shortened() -> None:
    page = replace(PAGE, probes=PAGE.probes * 5000)
    text = markdown.render(page)
    assert len(text) <= markdown.LIMIT
    assert text.startswith(markdown.render(PAGE)[:200])
    assert "</details>\n\n" in text
    assert markdown.shortened(text) == text


def test_one_line_that_is_too_long_is_left_out() -> None:
    assert markdown.shortened("x" * 70_000).strip().startswith("Lines left out here: 1.")
    assert markdown.shortened("### app\n" + "x" * 70_000).splitlines()[0] == "### app"
    assert markdown.shortened("short") == "short"
