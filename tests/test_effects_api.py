"""Effects of a build by the API. Every answer is held against the description (tests.api)."""

from typing import Any

import pytest

from builds.engine.effects import effects_with_panel
from tests.api import Api
from tests.factories import BuildFactory, UserFactory
from tests.specs import firebrand, packaged

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _build(**changes: Any) -> Any:
    value = {key: part for key, part in firebrand(**changes).items() if key != "schema"}
    return BuildFactory(**value)


def test_the_api_answers_what_the_command_prints() -> None:
    build = _build()
    answer = Api().get(f"builds/{build.pk}/effects?mode=wvw&alacrity=true")
    expected = effects_with_panel(build.value, packaged(), "wvw", alacrity=True).as_json()
    assert (answer.status, answer.body) == (200, expected)
    assert Api().get(f"builds/{build.pk}/effects").body["game_mode"] == "fractals"


@pytest.mark.parametrize("query", ["mode=arena", "mode=", "quickness=perhaps", "might=25"])
def test_the_api_refuses_what_it_does_not_know(query: str) -> None:
    answer = Api().get(f"builds/{_build().pk}/effects?{query}")
    assert (answer.status, answer.error["code"]) == (422, "invalid")
    assert answer.fields == {query.partition("=")[0]}


def test_a_private_build_is_its_owners_alone() -> None:
    owner = UserFactory()
    build = _build(owner=owner, visibility="private")
    path = f"builds/{build.pk}/effects"
    assert Api(owner).get(path).status == 200
    assert [Api(user).get(path).status for user in (None, UserFactory())] == [404, 404]
    assert Api(owner).post(path, {}).status == 405


def test_the_address_is_found_with_a_slash_too() -> None:
    build = _build()
    with_slash = Api().client.get(f"/api/v1/builds/{build.pk}/effects/")
    assert with_slash.json() == Api().get(f"builds/{build.pk}/effects").body
