"""What the engine recommends from: the library, completed from the library, and nothing that a player publishes."""

import itertools

import pytest
from django.test import Client

from builds.catalogue import current_catalogue
from builds.library.records import packaged_records
from builds.models import Build
from builds.recommend import CONSUMED, Wish, missing_parts
from builds.services.builds import create_build
from builds.services.library import load_records
from builds.services.recommend import recommend
from builds.spec import build_json, parse_build, plain_json
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library() -> None:
    load_records(packaged_records())


def test_a_players_public_build_is_not_what_the_engine_recommends(client: Client) -> None:
    wish = Wish(profession="Necromancer", role="healer_alacrity", mode="raids")
    source = recommend(wish).source
    own = {**plain_json(source.value), "name": "Gold cheap", "role": wish.role, "game_mode": wish.mode}
    spec = parse_build(own, current_catalogue()).spec
    create_build(owner=UserFactory(), spec=spec, visibility="public")
    again = recommend(wish)
    assert again.source == source
    assert all(build.library_key for build in again.others)
    assert "Gold cheap" not in client.get("/").content.decode()


@pytest.mark.once
@pytest.mark.parametrize("profession", ["Guardian", "Necromancer", "Thief", "Elementalist"])
def test_what_a_source_leaves_open_is_filled_or_named(profession: str) -> None:
    catalogue = current_catalogue()
    for mode, role in itertools.product(("raids", "wvw", "pvp"), ("dps", "condi_dps", "healer")):
        found = recommend(Wish(profession=profession, role=role, mode=mode))
        missing = missing_parts(found.spec)
        assert missing <= CONSUMED, (mode, role)
        named = " ".join(found.given_up)
        assert all({"food": "food", "utility": "utility item"}[part] in named for part in missing), (mode, role)
        assert parse_build(build_json(found.spec, catalogue), catalogue).spec == found.spec, (mode, role)


def test_food_of_another_build_is_said_to_be_taken_from_it() -> None:
    found = recommend(Wish(profession="Guardian", role="dps", mode="wvw"))
    source = found.source.value
    assert source.food is None
    assert found.spec.food is not None
    giver = next(text for text in found.reasons if "food" in text)
    name = giver.partition("“")[2].partition("”")[0]
    assert found.spec.food in {build.value.food for build in Build.objects.filter(name=name)}
