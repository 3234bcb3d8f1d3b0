"""The small model as a process beside the tests."""

import os
import sys
import urllib.request
from pathlib import Path

import pytest

from tests import servers
from tests.ollama_server import model

ROOT = Path(__file__).resolve().parent.parent.parent


def start(*, queue: int) -> str:
    """Returns its address. Skips the test where the model can't run; with CI=true that is a failure."""
    if reason := model.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    port = servers.free_port()
    command = [sys.executable, "-m", "tests.ollama_server", "--port", str(port), "--queue", str(queue)]
    url = f"http://127.0.0.1:{port}"
    servers.start_server(command, name="ollama", port=port, ready=lambda: _answers(url), cwd=ROOT)
    return url


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/version", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
