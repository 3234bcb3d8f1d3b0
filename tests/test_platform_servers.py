"""The tests' own way to say that a program is missing."""

import os

import pytest
from django.conf import settings

from tests.conftest import VAR_DIR
from tests.servers import PORTS, binary, free_port


def test_missing_program_skips_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        binary("no-such-program")


def test_missing_program_fails_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        binary("no-such-program")


def test_second_name_of_a_program_will_do() -> None:
    assert binary("no-such-program", "sh").endswith("/sh")


def test_free_port_is_below_those_of_the_kernel() -> None:
    assert max(PORTS) < 32768
    assert free_port() in PORTS


def test_each_test_process_has_its_own_folder() -> None:
    used = {str(settings.VAR_DIR), os.environ["VAR_DIR"], settings.CACHES["shared"]["LOCATION"].removesuffix("/cache")}
    assert used == {str(VAR_DIR)}
