"""The steps of the GitHub Action (``action.yml``): ``run`` Jettison, and ``comment`` on the pull request.

Everything comes from the environment: GitHub's own variables, and ``JETTISON_PATH``, ``JETTISON_VERB``,
``JETTISON_FLAGS``, ``JETTISON_NAME`` and ``JETTISON_SUMMARY`` from the action's inputs.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from jettison.report.markdown import shortened

#: Who a workflow's own token posts as.
_BOT = "github-actions[bot]"
#: A token is of visible characters (RFC 9110, section 5.5); others would be shown in an error.
_TOKEN = re.compile(r"[!-~]+")
#: What can stand in the mark, which is an HTML comment: it ends at two dashes.
_NAME = re.compile(r"|(?!.*--)[A-Za-z0-9](?:[\w. -]{0,98}[A-Za-z0-9])?", re.ASCII)
#: Seconds for one request; pages of comments that are looked through.
_TIMEOUT, _PAGES = 30, 10
#: Variables for Jettison: its own; where programs, credentials and certificates are; the daemon, proxies, scratch.
_PASSED = re.compile(
    r"JETTISON_\w+|PATH|HOME|XDG_\w+|REGISTRY_AUTH_FILE|DOCKER_(?:HOST|CONFIG|CERT_PATH|TLS_VERIFY)"
    r"|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy|TMPDIR|LANG|LC_\w+|NO_COLOR|SOURCE_DATE_EPOCH"
)
#: A flag that takes a variable's value: ``--env NAME``, ``-eNAME``, ``--build-arg=NAME``, ``--secret id=x,env=NAME``.
_NAMED = re.compile(r"(?:^-\w|^|[=,])([A-Za-z_]\w*)(?=$|,)")


def main() -> int:
    step = sys.argv[1] if len(sys.argv) == 2 else ""
    if step == "run":
        return run()
    if step == "comment":
        return comment()
    sys.exit("usage: action.py run | comment")


def run() -> int:
    """Run the verb, tell GitHub the files that it wrote; the exit code is Jettison's, 2 for inputs without sense."""
    try:
        words = _words()
    except ValueError as error:
        return _refuse(str(error))
    # A directory of this run's own: what an earlier use in the same job wrote is never given out as ours.
    place = Path(tempfile.mkdtemp(prefix="jettison-", dir=os.environ["RUNNER_TEMP"]))
    files = {"html": "report.html", "markdown": "summary.md", "badge": "badge.svg"}
    wanted = [word for flag, name in files.items() for word in (f"--{flag}", str(place / name))]
    # Isolated (-I): nothing is imported from the repository that is checked out here, nor from PYTHONPATH.
    command = [sys.executable, "-I", "-m", "jettison", *words[:2], "--json", *wanted, *words[2:]]
    environment = passed_on(os.environ, words[2:])
    try:
        with (place / "report.json").open("w", encoding="utf-8") as report:
            done = subprocess.run(as_root(command, environment), stdout=report, env=environment, check=False)
    except OSError as error:
        return _refuse(f"cannot run Jettison: {error}")
    _outputs(place)
    return done.returncode


def _words() -> list[str]:
    """The verb, the path and the flags."""
    verb = os.environ["JETTISON_VERB"]
    if verb not in ("shrink", "rewrite"):
        raise ValueError(f"cannot run {verb!r}: verb is shrink or rewrite")
    mark(os.environ.get("JETTISON_NAME", ""))
    path = os.environ["JETTISON_PATH"] or "."
    try:
        flags = shlex.split(os.environ.get("JETTISON_FLAGS", ""))
    except ValueError as error:
        raise ValueError(f"cannot read flags: {error}") from error
    # A path that begins with a dash is no flag.
    return [verb, f"./{path}" if path.startswith("-") else path, *flags]


def _refuse(reason: str) -> int:
    print(f"jettison action: {reason}", file=sys.stderr)
    return 2


def passed_on(environment: Mapping[str, str], words: Iterable[str]) -> dict[str, str]:
    """Of the job's variables those that Jettison reads, and those that a flag names.

    So PYTHONPATH and its like, from which root would run code, stay behind.
    """
    named = {name for word in words for name in _NAMED.findall(word)}
    return {name: value for name, value in environment.items() if _PASSED.fullmatch(name) or name in named}


def as_root(command: list[str], environment: Mapping[str, str]) -> list[str]:
    """Containers need root; a runner of GitHub has sudo without a password."""
    if os.geteuid() == 0:
        return command
    return ["sudo", f"--preserve-env={','.join(sorted(environment))}", "--", *command]


def _outputs(place: Path) -> None:
    """What was written, as outputs of the step; the summary also as that of the job."""
    names = {"summary": "summary.md", "html": "report.html", "badge": "badge.svg", "report": "report.json"}
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
        for name, file in names.items():
            if _written(place / file):
                outputs.write(f"{name}={place / file}\n")
    if _written(place / "summary.md"):
        with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as summary:
            summary.write((place / "summary.md").read_text(encoding="utf-8"))


def _written(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def comment() -> int:
    """Post the summary to the pull request, in the place of the one that an earlier run posted.

    Where that cannot be done, as with the read-only token of a fork's pull request, the job is told why and goes on.
    """
    try:
        _comment()
    except KeyError as error:
        _warn(f"{error.args[0]} is not given")
    except httpx.HTTPStatusError as error:
        _warn(_reason(error.response))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TypeError, ValueError) as error:
        _warn(str(error) or type(error).__name__)
    return 0


def _comment() -> None:
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    number = int(event["pull_request"]["number"])
    text = Path(os.environ["JETTISON_SUMMARY"]).read_text(encoding="utf-8")
    token = os.environ["GITHUB_TOKEN"].strip()
    if not _TOKEN.fullmatch(token):
        raise ValueError("the token is empty, or no token")
    body = f"{mark(os.environ.get('JETTISON_NAME', ''))}\n{shortened(text)}"
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    with httpx.Client(headers=headers, timeout=_TIMEOUT) as client:
        _post(client, number, body)


def mark(name: str) -> str:
    """The first line of a comment, by which a later run finds the one that it is to change."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"cannot use the name {name!r}: it is of letters, digits, '.', '_', single '-' and spaces")
    return f"<!-- jettison {name} -->" if name else "<!-- jettison -->"


def _warn(reason: str) -> None:
    """A warning of the job (GitHub's workflow commands: a line, with these three characters escaped)."""
    line = f"jettison action: cannot post the summary: {reason}"
    print("::warning::" + line.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _reason(answer: httpx.Response) -> str:
    try:
        said = answer.json()["message"]
    except (KeyError, TypeError, ValueError):
        said = answer.reason_phrase
    told = f"GitHub answers {answer.status_code}: {str(said)[:500]}"
    if answer.status_code in (401, 403, 404):
        told += "; the token needs pull-requests: write, which that of a pull request from a fork does not have"
    return told


def _post(client: httpx.Client, number: int, body: str) -> None:
    base = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    old = _earlier(client, f"{base}/{number}/comments", body.partition("\n")[0])
    if old is None:
        answer = client.post(f"{base}/{number}/comments", json={"body": body})
    else:
        answer = client.patch(f"{base}/comments/{old}", json={"body": body})
    answer.raise_for_status()


def _earlier(client: httpx.Client, url: str, first: str) -> int | None:
    """The number of the comment of ours whose first line is the mark."""
    author = _author(client)
    for page in range(1, _PAGES + 1):
        answer = client.get(url, params={"per_page": 100, "page": page})
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, list):
            raise ValueError("GitHub's answer is no list of comments")
        for each in found:
            if _is_by(each, author) and str(each.get("body")).partition("\n")[0].rstrip() == first:
                return int(each["id"])
        if len(found) < 100:
            return None
    return None


def _author(client: httpx.Client) -> str:
    """The login that the token posts as. That of a workflow may not ask for it, and is the bot's."""
    answer = client.get(f"{os.environ['GITHUB_API_URL']}/user")
    if answer.status_code in (401, 403, 404):
        return _BOT
    answer.raise_for_status()
    return str(answer.json()["login"])


def _is_by(entry: Any, author: str) -> bool:
    """Whether a comment is by that login; by the bot only where it is one."""
    user = entry.get("user") if isinstance(entry, dict) else None
    if not isinstance(user, dict):
        return False
    return user.get("login") == author and (author != _BOT or user.get("type") == "Bot")


if __name__ == "__main__":
    sys.exit(main())
