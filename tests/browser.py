"""Chromium by the W3C WebDriver protocol: as much of it as the tests need."""

import base64
import os
import time
from pathlib import Path
from typing import Any

import requests

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ARGUMENTS = [
    "--headless=new",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-gpu",
]


ENTER, TAB, ESCAPE = "\ue007", "\ue004", "\ue00c"


def _pointer(kind: str, moves: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": moves}


class Browser:
    def __init__(self, driver: str, profile: Path, binary: str) -> None:
        self.driver = driver
        self.http = requests.Session()
        self.http.trust_env = False
        arguments = [*ARGUMENTS, f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": binary, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{answer['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        response = self.http.request(method, self.driver + path, json=body, timeout=60)
        value = response.json()["value"]
        if response.status_code != 200:
            raise RuntimeError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    def _post(self, path: str, **body: Any) -> Any:
        return self._call("POST", self.session + path, body)

    def open(self, address: str) -> None:
        self._post("/url", url=address)

    @property
    def address(self) -> str:
        return str(self._call("GET", self.session + "/url"))

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that the body of a JavaScript function returns."""
        return self._post("/execute/sync", script=script, args=list(arguments))

    def find(self, selector: str) -> "Element":
        return Element(self, self._post("/element", using="css selector", value=selector)[ELEMENT])

    def find_all(self, selector: str) -> list["Element"]:
        found = self._post("/elements", using="css selector", value=selector)
        return [Element(self, entry[ELEMENT]) for entry in found]

    def wait_for(self, selector: str, *, seconds: float = 15) -> "Element":
        self.wait_until(f"return document.querySelector({selector!r}) !== null", seconds=seconds)
        return self.find(selector)

    def wait_until(self, script: str, *, seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while not self.run(script):
            if time.monotonic() > deadline:
                raise AssertionError(f"still false after {seconds} s: {script}")
            time.sleep(0.05)

    def resize(self, width: int, height: int) -> None:
        self._post("/window/rect", width=width, height=height)

    def pretend_width(self, width: int | None) -> None:
        """In CSS pixels, also narrower than any window may be; None ends it."""
        command = "setDeviceMetricsOverride" if width else "clearDeviceMetricsOverride"
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False} if width else {}
        self._post("/goog/cdp/execute", cmd=f"Emulation.{command}", params=size)

    def drag(self, from_: str, onto: str, *, touch: bool = False) -> None:
        """From the middle of one element to that of another, as a hand does it; a finger rests before it moves."""
        there = self.find(onto).reference
        here = self.find(from_).reference
        moves: list[dict[str, Any]] = [
            {"type": "pointerMove", "duration": 0, "origin": {ELEMENT: here}, "x": 0, "y": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pause", "duration": 300 if touch else 0},
            {"type": "pointerMove", "duration": 50, "origin": "pointer", "x": 5, "y": 5},
            # Twice, for a drag that has begun is answered at the next movement.
            {"type": "pointerMove", "duration": 100, "origin": {ELEMENT: there}, "x": -4, "y": 0},
            {"type": "pointerMove", "duration": 100, "origin": {ELEMENT: there}, "x": 0, "y": 0},
            {"type": "pause", "duration": 100},
            {"type": "pointerUp", "button": 0},
        ]
        kind = "touch" if touch else "mouse"
        self._post("/actions", actions=[_pointer(kind, moves)])

    def press(self, *keys: str) -> None:
        """On what has the focus, each when the page has answered the one before."""
        for key in keys:
            moves = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
            self._post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": moves}])

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._call("GET", self.session + "/screenshot")))

    def complaints(self) -> list[str]:
        """What the console has shown as a warning or error since the last call: broken policies, scripts."""
        entries = self._post("/se/log", type="browser")
        return [entry["message"] for entry in entries if entry["level"] in {"WARNING", "SEVERE"}]

    def forget_cookies(self) -> None:
        self._call("DELETE", self.session + "/cookie")

    def quit(self) -> None:
        self._call("DELETE", self.session)
        self.http.close()


class Element:
    def __init__(self, browser: Browser, reference: str) -> None:
        self.browser = browser
        self.reference = reference
        self.path = f"/element/{reference}"

    @property
    def text(self) -> str:
        return str(self.browser._call("GET", f"{self.browser.session}{self.path}/text"))

    def attribute(self, name: str) -> str | None:
        value = self.browser._call("GET", f"{self.browser.session}{self.path}/attribute/{name}")
        return None if value is None else str(value)

    def click(self) -> None:
        self.browser._post(f"{self.path}/click")

    def type(self, text: str) -> None:
        self.browser._post(f"{self.path}/value", text=text)

    def clear(self) -> None:
        self.browser._post(f"{self.path}/clear")
