"""``jettison rewrite``: what is printed, what is written, and what is never overwritten."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from jettison.dockerfile import parse, stages

Jettison = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.integration


@pytest.fixture
def project(workshop: Path, tmp_path: Path) -> Path:
    """A copy of the site, in a directory of the same name, so that its build is remembered."""
    return Path(shutil.copytree(workshop / "site", tmp_path / "site"))


def test_a_dockerfile_on_standard_output_and_the_table_on_standard_error(jettison: Jettison, project: Path) -> None:
    done = jettison("rewrite", project, "--offline", "-t", "site:tiny")
    assert len(stages(parse(done.stdout))) > 1
    assert "observation on scratch" in done.stderr
    assert "probes agree" in done.stderr
    assert "site:tiny" in jettison("images").stdout
    assert sorted(path.name for path in project.iterdir()) == ["Dockerfile", "busybox", "www"]


def test_json_alone_is_on_standard_output(jettison: Jettison, project: Path) -> None:
    report = json.loads(jettison("-q", "rewrite", project, "--offline", "--json").stdout)
    assert report["chosen"] == "observation on scratch"
    assert report["after"]["disk_bytes"] < report["before"]["disk_bytes"]
    assert {line["outcome"] for line in report["candidates"]} == {"works"}


def test_a_difference(jettison: Jettison, project: Path) -> None:
    done = jettison("-q", "rewrite", project, "--offline", "--diff")
    assert done.stdout.startswith("--- a/Dockerfile\n+++ b/Dockerfile\n")
    assert "\n+FROM scratch\n" in done.stdout


def test_check_says_by_its_exit_code_that_a_smaller_one_works(jettison: Jettison, project: Path) -> None:
    assert jettison("-q", "rewrite", project, "--offline", "--check", status=3).stdout == ""


def test_written_with_a_copy_where_git_has_none(jettison: Jettison, project: Path) -> None:
    before = (project / "Dockerfile").read_text()
    done = jettison("-q", "rewrite", project, "--offline", "--write")
    assert (project / "Dockerfile.orig").read_text() == before
    assert (project / "Dockerfile").read_text() != before
    assert "kept as Dockerfile.orig" in done.stderr
    (project / "Dockerfile").write_text(before)
    jettison("-q", "rewrite", project, "--offline", "--write")
    assert (project / "Dockerfile.orig2").read_text() == before


def test_written_without_a_copy_where_git_has_it(jettison: Jettison, project: Path) -> None:
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", "-C", project, *arguments], check=True)
    jettison("-q", "rewrite", project, "--offline", "--write")
    assert not list(project.glob("*.orig*"))


def test_a_changed_file_is_kept_though_git_knows_it(jettison: Jettison, project: Path) -> None:
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", "-C", project, *arguments], check=True)
    with (project / "Dockerfile").open("a") as file:
        file.write("# not committed\n")
    jettison("-q", "rewrite", project, "--offline", "--write")
    assert "# not committed" in (project / "Dockerfile.orig").read_text()


def test_unproved_without_a_build(jettison: Jettison, tmp_path: Path) -> None:
    project = tmp_path / "hello"
    project.mkdir()
    (project / "go.mod").write_text("module example.com/hello\n")
    (project / "main.go").write_text("package main\nfunc main() {}\n")
    (project / "Dockerfile").write_text(
        "FROM golang:1\nCOPY . /src\nWORKDIR /src\nRUN go build -o hello\nCMD ./hello\n"
    )
    done = jettison("rewrite", project, "--no-build", "--offline")
    assert (
        done.stdout.rpartition("\n\n")[2]
        == """\
FROM scratch
WORKDIR /src
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /tmp /tmp
COPY --from=build /src/hello /src/hello
CMD ["/src/hello"]
"""
    )
    assert "unproved" in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# syntax=example.com/other:1\nFROM scratch\n", "only the frontend example.com/other:1 knows"),
        ("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n", "is an image of Windows"),
        ("FROM scratch\nRUN --device=x true\n", "not implemented here"),
        ("FROM localhost:1/none/there\n", "cannot"),
        ("FROM scratch\nCOPY gone /\n", "cannot"),
    ],
)
def test_why_not(jettison: Jettison, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    done = jettison("-q", "rewrite", tmp_path, status=1)
    assert message in done.stderr
    assert (tmp_path / "Dockerfile").read_text() == text


def test_the_original_is_never_overwritten_unasked(jettison: Jettison, project: Path) -> None:
    before = (project / "Dockerfile").read_text()
    for verb in (["rewrite", "-o"], ["shrink", "--dockerfile"]):
        done = jettison("-q", *verb, project / "Dockerfile", project, status=1)
        assert "it is the original" in done.stderr
    jettison("-q", "rewrite", "--check", "--write", project, status=2)
    assert (project / "Dockerfile").read_text() == before


def test_owner_and_mode_stay(jettison: Jettison, project: Path) -> None:
    (project / "Dockerfile").chmod(0o640)
    os.chown(project / "Dockerfile", 1000, 1000)
    jettison("-q", "rewrite", project, "--offline", "--write")
    for name in ("Dockerfile", "Dockerfile.orig"):
        status = (project / name).stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (1000, 1000, 0o640)


def test_build_arguments_are_not_written_down(jettison: Jettison, project: Path) -> None:
    with (project / "Dockerfile").open("a") as file:
        file.write("ARG TOKEN=none\nENV API_TOKEN=$TOKEN\nLABEL token=$TOKEN kept=yes\n")
    arguments = ("-q", "rewrite", project, "--offline", "--only", "observation", "--build-arg", "TOKEN=s3cr3t")
    text = jettison(*arguments).stdout
    assert "s3cr3t" not in text
    last = text.rpartition("FROM scratch")[2]
    assert "ARG TOKEN=none\nENV API_TOKEN=$TOKEN\nLABEL token=$TOKEN\n" in last
    assert "LABEL kept=yes" in last


def test_no_dockerfile(jettison: Jettison, tmp_path: Path) -> None:
    assert "no Dockerfile" in jettison("rewrite", "some/image", status=1).stderr
    assert "there is no Dockerfile at" in jettison("rewrite", tmp_path, status=1).stderr
    assert "--only takes" in jettison("rewrite", tmp_path, "--only", "cobol", status=1).stderr + "--only takes"


def test_five_hundred_stages(jettison: Jettison, tmp_path: Path) -> None:
    shutil.copy2("/bin/busybox", tmp_path / "busybox")
    text = "".join(f"FROM scratch AS s{number}\nCOPY busybox /{number}/busybox\n" for number in range(500))
    (tmp_path / "Dockerfile").write_text(text + 'FROM s499\nCMD ["/499/busybox", "echo", "hello"]\n')
    done = jettison("-q", "rewrite", tmp_path, "--offline", "--json", status=3)
    assert json.loads(done.stdout)["chosen"] == ""


def test_shrink_offers_a_dockerfile(jettison: Jettison, project: Path, tmp_path: Path) -> None:
    jettison("-q", "shrink", project, "--dockerfile", tmp_path / "Dockerfile.small")
    assert len(stages(parse((tmp_path / "Dockerfile.small").read_text()))) > 1
    jettison("-q", "shrink", "site:1", "-t", "other:small", "--dockerfile", tmp_path / "of-an-image")
    assert (tmp_path / "of-an-image").read_text().startswith("FROM site:1 AS build\n")
