"""The steps of the GitHub Action (``action.yml``): ``run`` Jettison, and ``comment`` on the pull request.

Everything comes from the environment: GitHub's own variables, and ``JETTISON_PATH``, ``JETTISON_VERB``,
``JETTISON_FLAGS`` and ``JETTISON_SUMMARY`` from the action's inputs.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

#: By this a later run finds the comment that it is to change.
MARK = "<!-- jettison -->"
#: Seconds for one request; pages of comments that are looked through.
_TIMEOUT, _PAGES = 30, 10


def main() -> int:
    step = sys.argv[1] if len(sys.argv) == 2 else ""
    if step == "run":
        return run()
    if step == "comment":
        return comment()
    sys.exit("usage: action.py run | comment")


def run() -> int:
    """Run the verb, tell GitHub the files that it wrote; the exit code is Jettison's."""
    verb = os.environ["JETTISON_VERB"]
    if verb not in ("shrink", "rewrite"):
        sys.exit(f"jettison action: cannot run {verb!r}: verb is shrink or rewrite")
    place = Path(os.environ["RUNNER_TEMP"]) / "jettison"
    place.mkdir(parents=True, exist_ok=True)
    files = {"html": "report.html", "markdown": "summary.md", "badge": "badge.svg"}
    wanted = [word for flag, name in files.items() for word in (f"--{flag}", str(place / name))]
    flags = shlex.split(os.environ.get("JETTISON_FLAGS", ""))
    command = [sys.executable, "-m", "jettison", verb, os.environ["JETTISON_PATH"], "--json", *wanted, *flags]
    with (place / "report.json").open("w", encoding="utf-8") as report:
        done = subprocess.run(as_root(command), stdout=report, check=False)
    _outputs(place)
    return done.returncode


def as_root(command: list[str]) -> list[str]:
    """Containers need root; a runner of GitHub has sudo without a password."""
    return command if os.geteuid() == 0 else ["sudo", "--preserve-env", *command]


def _outputs(place: Path) -> None:
    """What was written, as outputs of the step; the summary also as that of the job."""
    names = {"summary": "summary.md", "html": "report.html", "badge": "badge.svg", "report": "report.json"}
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
        for name, file in names.items():
            if (place / file).exists() and (place / file).stat().st_size:
                outputs.write(f"{name}={place / file}\n")
    if (place / "summary.md").exists():
        with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as summary:
            summary.write((place / "summary.md").read_text(encoding="utf-8"))


def comment() -> int:
    """Post the summary to the pull request, in the place of the one that an earlier run posted."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    number = int(event["pull_request"]["number"])
    text = Path(os.environ["JETTISON_SUMMARY"]).read_text(encoding="utf-8")
    base = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    headers = {"Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}", "Accept": "application/vnd.github+json"}
    try:
        with httpx.Client(headers=headers, timeout=_TIMEOUT) as client:
            return _post(client, base, number, f"{MARK}\n{text}")
    except httpx.HTTPError as error:
        sys.exit(f"jettison action: cannot post the summary: {error}")


def _post(client: httpx.Client, base: str, number: int, body: str) -> int:
    old = _earlier(client, f"{base}/{number}/comments")
    if old is None:
        answer = client.post(f"{base}/{number}/comments", json={"body": body})
    else:
        answer = client.patch(f"{base}/comments/{old}", json={"body": body})
    answer.raise_for_status()
    return 0


def _earlier(client: httpx.Client, url: str) -> int | None:
    """The number of the comment that begins with our mark."""
    for page in range(1, _PAGES + 1):
        answer = client.get(url, params={"per_page": 100, "page": page})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        for each in found:
            if str(each.get("body", "")).startswith(MARK):
                return int(each["id"])
        if len(found) < 100:
            return None
    return None


if __name__ == "__main__":
    sys.exit(main())
