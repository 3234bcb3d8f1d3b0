"""Recommendations by the API. Every answer is held against the description (tests.api)."""

from typing import Any

import pytest

from builds.models import Build
from tests.api import Api
from tests.factories import LibraryBuildFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NO_GEAR = [
    "Its source gives no gear, rune, relic, food and utility item, and no published build for this role does.",
    "Its source gives no weapons: choose them in the game.",
]
ROUTE = "ai/recommend-build"


def test_recommendation_is_open_to_all_and_saves_nothing() -> None:
    LibraryBuildFactory(name="Wall")
    wish = {"profession": "guardian", "role": "Stability Support", "game_mode": "WvW"}
    for api in (Api(), Api(UserFactory()), Api(csrf=True)):
        answer = api.post(ROUTE, wish)
        assert (answer.status, answer.body["build"]["name"], answer.body["given_up"]) == (200, "Wall", NO_GEAR)
    assert Api(UserFactory(), csrf=True).post(ROUTE, wish).status == 403
    assert Build.objects.count() == 1


def test_recommendation_never_starts_from_what_is_not_public() -> None:
    LibraryBuildFactory(visibility="private")
    LibraryBuildFactory(visibility="unlisted")
    assert Api().post(ROUTE, {"profession": "Guardian"}).status == 503


def test_address_with_a_slash_answers_too() -> None:
    LibraryBuildFactory()
    answer = Api().client.post(f"/api/v1/{ROUTE}/", {"role": "dps"}, content_type="application/json")
    assert (answer.status_code, answer.json()["answered_by"]) == (200, "engine")


def test_context_fills_only_what_is_open() -> None:
    LibraryBuildFactory(name="Wall", game_mode="wvw")
    LibraryBuildFactory(name="Arrows", profession="Ranger", role="dps", game_mode="pve")
    said = Api().post(ROUTE, {"context": "ranger dps for pve, sparkling"}).body
    assert said["build"]["name"] == "Arrows"
    assert said["given_up"] == [*NO_GEAR, "Not understood: sparkling."]
    chosen = Api().post(ROUTE, {"profession": "Guardian", "context": "ranger", "role": None, "game_mode": ""}).body
    assert chosen["build"]["name"] == "Wall"


def test_impossible_wish_says_what_was_given_up() -> None:
    LibraryBuildFactory(name="Wall")
    answer = Api().post(ROUTE, {"profession": "Guardian", "elite_specialization": "Reaper", "game_mode": "wvw"})
    assert answer.status == 200
    assert answer.body["build"]["profession"] == "Guardian"
    assert "Necromancer" in answer.body["given_up"][0]


def test_empty_library_is_said_to_be_empty() -> None:
    answer = Api().post(ROUTE, {"profession": "Guardian"})
    assert (answer.status, answer.error["code"]) == (503, "unavailable")


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, set()),
        ({"context": "qwertz"}, 422, set()),
        ({"profession": "", "role": None}, 422, set()),
        ({"profession": "Gardian"}, 422, {"profession"}),
        ({"profession": 1}, 422, {"profession"}),
        ({"profession": ["Guardian"]}, 422, {"profession"}),
        ({"profession": "x" * 201}, 422, {"profession"}),
        ({"role": "stab", "game_mode": "wwv", "wvw_style": "big"}, 422, {"role", "game_mode", "wvw_style"}),
        ({"elite_specialization": "Fireband"}, 422, {"elite_specialization"}),
        ({"elite_specialization": "Honor"}, 422, {"elite_specialization"}),
        ({"profession": "Guardian", "context": "x" * 501}, 422, {"context"}),
        ({"profession": "Guardian", "mode": "wvw", "model": "mistral"}, 422, {"mode", "model"}),
        (b"null", 400, set()),
        (b'{"profession": "Guard\\u0000ian"}', 400, set()),
    ],
)
def test_recommendation_names_what_it_can_not_use(body: Any, status: int, fields: set[str]) -> None:
    LibraryBuildFactory()
    answer = Api().post(ROUTE, body)
    assert (answer.status, answer.fields) == (status, fields)


def test_recommendation_suggests_near_names() -> None:
    assert "Guardian" in Api().post(ROUTE, {"profession": "Gardian"}).error["fields"]["profession"][0]


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_recommendation_is_only_posted(method: str) -> None:
    assert Api().call(method, ROUTE).status == 405


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_recommendation_takes_only_json(content_type: str) -> None:
    assert Api().post(ROUTE, b"profession=Guardian", content_type=content_type).status == 415
