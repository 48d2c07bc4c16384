"""A real browser, driven by the WebDriver protocol (W3C): Debian's chromium and chromium-driver, headless."""

from __future__ import annotations

import base64
import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from servers import free_port
from tools import need

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--force-prefers-reduced-motion",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip


class Browser:
    """One window."""

    def __init__(self, session: str) -> None:
        self._session = session
        self._http = httpx.Client(timeout=60, trust_env=False)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._http.request(method, f"{self._session}/{path}", json=body if method == "POST" else None)
        value = answer.json()["value"]
        assert answer.status_code == 200, value
        return value

    def open(self, page: Path) -> None:
        self.call("POST", "url", {"url": page.as_uri()})

    def run(self, script: str) -> Any:
        """The value of a script that returns one."""
        return self.call("POST", "execute/sync", {"script": script, "args": []})

    def click(self, selector: str, number: int = 0) -> None:
        found = self.call("POST", "elements", {"using": "css selector", "value": selector})
        self.call("POST", f"element/{found[number][_ELEMENT]}/click", {})

    def press(self, key: str) -> None:
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self.call("POST", "actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def resize(self, width: int, height: int) -> None:
        self.call("POST", "window/rect", {"width": width, "height": height})

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        """A command of the DevTools protocol."""
        return self.call("POST", "goog/cdp/execute", {"cmd": name, "params": parameters})

    def complaints(self) -> list[str]:
        """What the console has, of warnings and errors, since it was asked last."""
        return [entry["message"] for entry in self.call("POST", "se/log", {"type": "browser"})]

    def screenshot(self) -> bytes:
        return base64.b64decode(self.call("GET", "screenshot"))

    def close(self) -> None:
        self._http.delete(self._session)
        self._http.close()


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A window that closes by itself."""
    need("chromium", "chromedriver")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="browser") as directory:
        driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            window = Browser(_session(f"http://127.0.0.1:{port}", directory))
            try:
                yield window
            finally:
                window.close()
        finally:
            driver.terminate()
            driver.wait()


def _session(driver: str, directory: str) -> str:
    arguments = [*_ARGUMENTS, f"--user-data-dir={directory}"]
    wanted = {
        "browserName": "chrome",
        "goog:chromeOptions": {"args": arguments},
        "goog:loggingPrefs": {"browser": "ALL"},
    }
    last: Exception | None = None
    for _ in range(100):
        try:
            answer = httpx.post(
                f"{driver}/session", json={"capabilities": {"alwaysMatch": wanted}}, timeout=60, trust_env=False
            )
            assert answer.status_code == 200, answer.text
            return f"{driver}/session/{answer.json()['value']['sessionId']}"
        except httpx.TransportError as error:
            last = error
            time.sleep(0.1)
    raise AssertionError(f"chromedriver does not answer: {last}")
