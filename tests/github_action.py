"""The steps of ``action.yml``, run as GitHub runs them, and a server that answers as GitHub's interface does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}


BOT = {"login": "github-actions[bot]", "type": "Bot"}


class GitHub(ThreadingHTTPServer):
    """Keeps comments."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.comments: list[Any] = [{"id": 1, "body": "a person's", "user": {"login": "someone", "type": "User"}}]
        self.user = BOT
        #: What is answered in the place of the comments; the status of every answer where it is no success.
        self.instead: bytes | None = None
        self.status = 0
        self.asked: list[tuple[str, str, str | None]] = []


class Handler(BaseHTTPRequestHandler):
    server: GitHub

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def answer(self, status: int, value: object) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(self.server.status or status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return value

    def note(self) -> None:
        self.server.asked.append((self.command, self.path.partition("?")[0], self.headers["Authorization"]))

    def do_GET(self) -> None:
        if self.path == "/user":
            user = self.server.user
            self.answer(403 if user is BOT else 200, {"message": "Resource not accessible"} | user)
            return
        self.note()
        comments = self.server.comments if self.server.instead is None else self.server.instead
        self.answer(200, {"message": "Resource not accessible"} if self.server.status else comments)

    def do_POST(self) -> None:
        self.note()
        self.server.comments.append({"id": len(self.server.comments) + 1, "user": self.server.user, **self.body()})
        self.answer(201, self.server.comments[-1])

    def do_PATCH(self) -> None:
        self.note()
        number = int(self.path.rpartition("/")[2])
        self.server.comments[number - 1] |= self.body()
        self.answer(200, self.server.comments[number - 1])


@contextmanager
def serving() -> Iterator[GitHub]:
    """Such a server, running."""
    server = GitHub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def inputs(given: dict[str, str]) -> dict[str, str]:
    known = {name: str(value["default"]) for name, value in ACTION["inputs"].items()}
    assert set(given) <= set(known)
    return known | given


def step(name: str, tmp_path: Path, given: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    """Run one step's command with the environment that GitHub gives it."""
    found = STEPS[name]
    values = {f"${{{{ inputs.{key} }}}}": value for key, value in inputs(given).items()}
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    values |= {f"${{{{ steps.run.outputs.{key} }}}}": value for key, value in outputs.items()}
    environment = {key: values[value] for key, value in found.get("env", {}).items()}
    command = found["run"].replace("$GITHUB_ACTION_PATH/.venv/bin/python", sys.executable)
    environment |= {
        "GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(tmp_path), "JETTISON_STORE": str(tmp_path / "store"),
        "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "step-summary"),
    }  # fmt: skip
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command]
    return subprocess.run(
        shell, cwd=tmp_path, text=True, timeout=120, capture_output=True, env={**os.environ, **environment, **more}
    )


def post(tmp_path: Path, github: GitHub, **given: str) -> subprocess.CompletedProcess[str]:
    """The step that posts, for pull request 7."""
    (tmp_path / "event").write_text(json.dumps({"pull_request": {"number": 7}}))
    told = {
        "GITHUB_EVENT_PATH": str(tmp_path / "event"), "GITHUB_REPOSITORY": "me/app",
        "GITHUB_API_URL": f"http://127.0.0.1:{github.server_port}", "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    return step("Post the summary", tmp_path, {"token": "secret"} | given, **told)
