"""What the engine recommends from: the library, completed from the library, and nothing that a player publishes.
With GW2_DEEP set, `make test-deep`, it is asked for all that the tests else take a third of."""

import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from builds.catalogue import current_catalogue
from builds.chatlinks import decode_build_template
from builds.library.records import packaged_records
from builds.models import Build
from builds.recommend import CONSUMED, Wish, missing_parts
from builds.services.builds import create_build
from builds.services.library import load_records
from builds.services.recommend import recommend
from builds.spec import build_json, parse_build, plain_json
from tests.api import Api
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DEEP = "GW2_DEEP" in os.environ
PROFESSIONS = (
    "Guardian", "Warrior", "Engineer", "Ranger", "Thief", "Elementalist", "Mesmer", "Necromancer", "Revenant",
)  # fmt: skip
RECORDS = [record for record in packaged_records() if "role" in record.build]


@pytest.fixture(scope="module", autouse=True)
def _library(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once for all tests, each of which undoes only what it does itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_records(packaged_records())
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def wishes_of_the_library(profession: str) -> list[dict[str, str]]:
    """Each role that the library knows at all, also those that the profession lacks, in one of the modes that it is
    known for: in another one for another profession. Of each role three professions, unless all are asked for."""
    modes: dict[str, set[str]] = {}
    for record in RECORDS:
        modes.setdefault(record.build["role"], set()).add(record.build["game_mode"])
    turn = PROFESSIONS.index(profession)
    wishes = [
        {"profession": profession, "role": role, "game_mode": sorted(known)[turn % len(known)]}
        for role, known in sorted(modes.items())
    ]
    return wishes if DEEP else wishes[turn % 3 :: 3]


def test_wishes_leave_no_role_mode_or_profession_out() -> None:
    wishes = [wish for profession in PROFESSIONS for wish in wishes_of_the_library(profession)]
    published = [record.build for record in RECORDS]
    for key in ("profession", "role", "game_mode"):
        assert {wish[key] for wish in wishes} == {build[key] for build in published}
    roles = {(build["profession"], build["role"]) for build in published}
    lacking = {wish["profession"] for wish in wishes if (wish["profession"], wish["role"]) not in roles}
    assert len(lacking) > len(PROFESSIONS) / 2
    assert {wish["profession"] for wish in wishes if (wish["profession"], wish["role"]) in roles} == set(PROFESSIONS)


@pytest.mark.once
@pytest.mark.parametrize("profession", PROFESSIONS)
def test_recommendation_for_each_role_of_the_library_is_of_the_profession(profession: str) -> None:
    catalogue, api = current_catalogue(), Api()
    for wish in wishes_of_the_library(profession):
        answer = api.post("ai/recommend-build", wish)
        assert answer.status == 200
        code = decode_build_template(answer.body["template_code"]).profession
        assert catalogue.professions[profession].code == code
        build = answer.body["build"]
        assert (build["profession"], build["game_mode"]) == (profession, wish["game_mode"])
        assert build["template_code"] == answer.body["template_code"]
        assert answer.body["reasons"]
        assert answer.body["answered_by"] == "engine"
        assert Build.objects.filter(pk=answer.body["source"]["id"], visibility="public").exists()


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
@pytest.mark.parametrize(("turn", "profession"), list(enumerate(["Guardian", "Necromancer", "Thief", "Elementalist"])))
def test_what_a_source_leaves_open_is_filled_or_named(turn: int, profession: str) -> None:
    """Each profession in each mode and each role once, and all nine pairs of these among them."""
    catalogue = current_catalogue()
    pairs = itertools.product(enumerate(("raids", "wvw", "pvp")), enumerate(("dps", "condi_dps", "healer")))
    for mode, role in [(m, r) for (i, m), (j, r) in pairs if DEEP or (i + j + turn) % 3 == 0]:
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
