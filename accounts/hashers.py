"""Argon2 as Django has it, made by a process that the machine serves last: pages go before passwords."""

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import override

import structlog
from django.contrib.auth.hashers import Argon2PasswordHasher

log = structlog.get_logger(__name__)

_CHILD = Path(__file__).with_name("hashing_child.py")


class _Child:
    """Begun with the first call, and again after it has ended. One call at a time, so that as many processes hash as
    serve pages."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[str] | None = None

    def ask(self, *call: str | int) -> str | bool:
        line = json.dumps(call) + "\n"
        with self.lock:
            try:
                answered = self._ask(line)
            except OSError:
                log.warning("hashing_child_ended")
                self.end()
                answered = self._ask(line)
        value: str | bool = json.loads(answered)
        return value

    def _ask(self, line: str) -> str:
        if self.process is None or self.process.poll() is not None:
            self.end()
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()
        answered: str = self.process.stdout.readline()
        if not answered:
            raise BrokenPipeError
        return answered

    def end(self) -> None:
        if self.process is not None:
            # What it was still to be sent is lost with it.
            with contextlib.suppress(BrokenPipeError), self.process as ending:
                ending.kill()
            self.process = None


_child = _Child()


class PatientArgon2(Argon2PasswordHasher):
    @override
    def encode(self, password: str, salt: str) -> str:
        wanted = self.params()
        made = _child.ask(
            *("hash", password.encode().hex(), salt.encode().hex(), wanted.time_cost, wanted.memory_cost),
            *(wanted.parallelism, wanted.hash_len, wanted.version),
        )
        return f"{self.algorithm}{made}"

    @override
    def verify(self, password: str, encoded: str) -> bool:
        algorithm, _, rest = encoded.partition("$")
        assert algorithm == self.algorithm
        return bool(_child.ask("verify", f"${rest}", password.encode().hex()))
