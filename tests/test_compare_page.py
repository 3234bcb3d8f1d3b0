"""Builds side by side: what may stand there, and what is marked."""

import re

import pytest
from django.test import Client

from builds.sharing import to_payload
from tests.factories import BuildFactory, UserFactory

pytestmark = pytest.mark.django_db

GEAR = {"helm": {"prefix": "Minstrel's"}, "coat": {"prefix": "Berserker's"}}


def page(client: Client, query: object, status: int = 200) -> str:
    answer = client.get("/builds/compare/", query)  # type: ignore[arg-type]
    assert answer.status_code == status
    return answer.content.decode()


def row(text: str, place: str) -> str:
    found = re.search(rf'<tr([^>]*)><th scope="row">{place}.*?</tr>', text, re.S)
    assert found, place
    return found[0]


def test_what_differs_is_marked_and_what_is_alike_is_not(client: Client) -> None:
    owner = UserFactory()
    first = BuildFactory(owner=owner, name="First", role="healer", gear=GEAR)
    second = BuildFactory(owner=owner, name="Second", role="dps", gear={**GEAR, "coat": {"prefix": "Minstrel's"}})
    text = page(client, {"build": [str(first.pk), str(second.pk)]})
    assert "is-different" in row(text, "Role")
    assert "is-different" not in row(text, "Game mode")
    coat = row(text, "Gear, coat, prefix")
    assert "is-different" in coat
    assert coat.index("Berserker") < coat.index("Minstrel")
    assert "is-different" in row(text, "Power")
    assert "is-different" not in row(text, "Gear, helm, prefix")
    assert text.count("attr-fill") > 20
    assert f"/builds/compare/?a={second.pk}" in text


def test_codes_payloads_and_links_stand_beside_builds(client: Client) -> None:
    build = BuildFactory(name="Stored")
    payload = to_payload(BuildFactory(name="Pasted", visibility="private").value)
    other = '{"name": "Typed", "profession": "Warrior"}'
    text = page(client, {"a": str(build.pk), "b": payload, "c": other, "d": f"http://127.0.0.1:8000/open/{payload}/"})
    for name in ("Stored", "Pasted", "Typed"):
        assert f">{name}</a>" in text
    assert "Add a build" not in text


def test_what_is_not_open_is_not_shown(client: Client) -> None:
    owner = UserFactory()
    secret = BuildFactory(owner=owner, name="Secret", visibility="private")
    public = BuildFactory(owner=owner, name="Open")
    text = page(client, {"a": str(public.pk), "b": str(secret.pk)})
    assert "Secret" not in text
    assert "not open to you" in text
    page(client, {"a": str(secret.pk)}, 404)
    client.force_login(owner)
    assert "Secret" in page(client, {"a": str(public.pk), "b": str(secret.pk)})


@pytest.mark.parametrize("text", ["nonsense", "{", "[&DQ]", "eN" + "x" * 60, "x" * 61_000])
def test_what_is_no_build_is_said_beside_what_is(client: Client, text: str) -> None:
    build = BuildFactory(name="Stored")
    shown = page(client, {"a": str(build.pk), "b": text})
    assert 'role="alert"' in shown
    assert ">Stored</a>" in shown


def test_a_fifth_build_waits(client: Client) -> None:
    owner = UserFactory()
    keys = [str(BuildFactory(owner=owner, name=f"Number {n}").pk) for n in range(5)]
    text = page(client, {"build": keys})
    assert "Up to 4 builds" in text
    assert "Number 4" not in text
    assert page(client, {}).count("<table") == 0
