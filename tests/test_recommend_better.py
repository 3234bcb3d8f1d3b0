"""Recommendations change a published build where the estimate may be believed, say so, and are remembered."""

import random
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from builds.catalogue import current_catalogue
from builds.engine.improve import score
from builds.library.records import packaged_records
from builds.models import Build
from builds.recommend import Wish, bettered
from builds.recommend.better import KIT, LEAST, MARGIN, MOST_TOLD
from builds.recommend.qualities import skills_to_press, sturdiness
from builds.services.library import load_records
from builds.services.recommend import recommend
from builds.spec import BuildSpec, build_json, parse_build
from tests.bench.improve import complete, scrambled
from tests.specs import packaged

RECORDS = packaged_records()
GUARDIANS = [record for record in RECORDS if record.build["profession"] == "Guardian"]
PUBLISHED = [record.spec for record in GUARDIANS if complete(record)]
POWER = next(build for build in PUBLISHED if build.role == "dps" and build.game_mode == "raids")
FOR_WVW = Wish("Guardian", "condi_dps", "wvw")


@pytest.fixture
def library(db: Any) -> None:
    load_records(GUARDIANS)


# --- when it may change ----------------------------------------------------------------------------
def test_published_build_stays_as_it_is_for_what_it_was_published_for() -> None:
    for build in PUBLISHED[::6]:
        found = bettered(build, PUBLISHED, packaged(), role=None, as_published=True)
        assert found.spec == build
        assert found.texts == ()
        assert found.total == pytest.approx(score(build, packaged()).total)


def test_gain_above_the_margin_changes_even_what_was_published() -> None:
    """Nobody publishes such a build, so that only a broken one shows it."""
    broken = scrambled(POWER, packaged(), random.Random(2))
    bare = replace(broken, gear={slot: replace(piece, prefix="Nomad's") for slot, piece in broken.gear.items()})
    found = bettered(bare, PUBLISHED, packaged(), role=None, as_published=True)
    assert found.total > (1 + MARGIN) * score(bare, packaged()).total
    assert found.texts


def test_other_role_changes_and_every_change_is_worth_it() -> None:
    found = bettered(POWER, PUBLISHED, packaged(), role="condi_dps", as_published=False)
    before = score(POWER, packaged(), role="condi_dps").total
    assert found.total > before + LEAST
    assert found.texts[0].startswith("Changed for condition damage in raids: by the engine's estimate its score goes")
    assert 1 < len(found.texts) <= MOST_TOLD + 1
    assert any(" instead of " in text for text in found.texts[1:])
    assert found.spec.role == "condi_dps"
    assert all(getattr(found.spec, part) == getattr(POWER, part) for part in KIT if hasattr(POWER, part))
    document = build_json(found.spec, packaged())
    assert parse_build(document, packaged()).spec == found.spec
    assert found == bettered(POWER, PUBLISHED, packaged(), role="condi_dps", as_published=False)


def test_build_of_which_too_little_is_known_stays() -> None:
    bare = BuildSpec("Bare", "Guardian", "wvw", role="dps")
    for one in (bare, replace(POWER, role=None), replace(POWER, game_mode="pvp", gear={})):
        assert bettered(one, PUBLISHED, packaged(), role=None, as_published=False).spec == one


def test_weapons_that_a_source_lacks_are_chosen_and_nothing_else() -> None:
    unarmed = replace(POWER, weapon_sets=(), template_code="")
    found = bettered(unarmed, PUBLISHED, packaged(), role=None, as_published=True)
    assert found.spec.weapon_sets
    assert set(found.spec.weapon_sets) <= {held for build in PUBLISHED for held in build.weapon_sets}
    assert found.spec.specializations == POWER.specializations
    assert found.spec.skills == POWER.skills
    assert found.texts[0].startswith("Its source gives no weapons: ")


# --- the answer ------------------------------------------------------------------------------------
def test_changes_are_among_the_reasons_of_an_answer(library: None) -> None:
    found = recommend(FOR_WVW)
    answer = found.as_json(current_catalogue())
    assert found.changes
    assert answer["reasons"][-len(found.changes) :] == list(found.changes)
    assert found.spec.game_mode == "wvw"
    assert found.spec.name.endswith(" condition damage, changed for WvW")
    assert recommend(replace(FOR_WVW, role="dps", mode="raids")).spec.name in {build.name for build in PUBLISHED}
    assert found.spec.template_code


def test_easy_wish_is_answered_by_fewer_skills_and_says_how_many(library: None) -> None:
    wish = Wish("Guardian", "dps", "raids")
    easy = recommend(replace(wish, qualities=("easy", "sturdy")))
    catalogue = current_catalogue()
    pressed = skills_to_press(easy.spec, catalogue)
    assert pressed <= skills_to_press(recommend(wish).spec, catalogue)
    assert f"It has {pressed} skills to press; builds have 10 to 30." in (*easy.reasons, *easy.given_up)
    share = f"{100 * sturdiness(easy.spec, catalogue):.0f} %"
    assert f"{share} of its gear's points are toughness and vitality." in (*easy.reasons, *easy.given_up)


def test_page_shows_what_was_changed_and_why(library: None, client: Client) -> None:
    page = client.get("/", {"profession": "Guardian", "role": "condi_dps", "mode": "wvw"})
    text = page.content.decode()
    assert 'aria-label="Changed"' in text or ">Changed<" in text
    assert "by the engine&#x27;s estimate its score goes" in text
    assert 'id="brief-effects"' in text
    assert 'class="boon-bars"' in text


def test_answer_is_remembered_until_library_or_wish_changes(library: None) -> None:
    first = recommend(FOR_WVW)
    with CaptureQueriesContext(connection) as queries:
        again = recommend(FOR_WVW)
    assert len(queries) == 2
    assert again == first
    assert again.as_json(current_catalogue()) == first.as_json(current_catalogue())
    assert recommend(replace(FOR_WVW, role="dps")).spec != first.spec
    Build.objects.filter(pk=first.source.pk).delete()
    assert recommend(FOR_WVW).source != first.source


def test_remembered_answer_whose_build_is_gone_is_made_anew(library: None) -> None:
    first = recommend(FOR_WVW)
    store = caches["default"]
    key = next(key.partition(":1:")[2] for key in store._cache if "recommend:" in key)  # type: ignore[attr-defined]
    memory = store.get(key)
    store.set(key, {**memory, "source": uuid.uuid4()})
    assert recommend(FOR_WVW) == first
