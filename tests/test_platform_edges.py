"""The edges that every request passes: ids, headers, bad text, errors."""

import re

import pytest
from django.test import Client


def test_healthz_answers_without_database(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"


@pytest.mark.parametrize("given", ["abcdef12", "A-1234567890"])
def test_request_id_well_formed_one_is_kept(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "with space 1234", "x" * 65, "line\nbreak1234"])
def test_request_id_other_one_is_replaced(client: Client, given: str) -> None:
    assert re.fullmatch("[0-9a-f]{32}", client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"])
