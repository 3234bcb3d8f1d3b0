"""What a build gives and does, on its page."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from builds.engine.effects import effects, effects_with_panel
from builds.models import Build
from builds.presentation.effects import effects_view, named
from builds.spec import parse_build
from tests.factories import BuildFactory
from tests.specs import firebrand, minimal, packaged


def _view(**changes: Any) -> Any:
    return effects_view(effects(parse_build(minimal(**changes), packaged()).spec, packaged()))


def _saved(**changes: Any) -> Build:
    return BuildFactory(**{key: part for key, part in firebrand(**changes).items() if key != "schema"})


def test_boons_have_a_bar_an_amount_and_their_givers() -> None:
    """Stand Your Ground: 5 stacks of stability for 6 s each 24.75 s, of 25 at most."""
    rows = {row.name: row for row in _view(skills={"utilities": [9084, 9153, None], "elite": 29965}).boons}
    assert (rows["Stability"].percent, rows["Stability"].amount) == (5, "1.2 stacks")
    assert (rows["Quickness"].percent, rows["Quickness"].amount) == (10, "10 %")
    assert (rows["Quickness"].givers, rows["Quickness"].reach) == ('"Feel My Wrath!"', "to allies")
    assert rows["Aegis"].givers == '"Advance!", Virtue of Courage'


def test_what_is_not_known_stands_apart() -> None:
    """Swift Scholar acts with each tome, of which nothing says how often it is opened."""
    line = {"specialization": "Firebrand", "traits": [None] * 3}
    found = effects(parse_build(minimal(specializations=[None, None, line]), packaged()).spec, packaged())
    view = effects_view(found)
    rare = {row.label: row for row in view.now_and_then}
    assert rare["Quickness"].value == "a score assumes 70 %"
    assert "Quickness" not in [row.name for row in view.boons]
    assert {row.label for row in view.unknown} == {entry.source.name for entry in found.unknown}
    assert view.assumptions == found.assumptions


def test_a_build_without_skills_gives_nothing() -> None:
    assert _view(profession="Necromancer").empty
    assert not _view(profession="Guardian").empty


def test_long_lists_of_names_end_in_their_number() -> None:
    found = effects_with_panel(parse_build(firebrand(), packaged()).spec, packaged())
    sources = [does.source for does in (*found.combo_fields, *found.finishers, *found.control)]
    names = list(dict.fromkeys(source.name for source in sources))
    assert len(names) > 5
    assert named(sources) == ", ".join([*names[:4], f"{len(names) - 4} more"])
    assert named([*sources[:2], sources[0]]) == ", ".join(names[:2])


@pytest.mark.django_db
def test_the_page_says_what_the_build_gives_that_it_is_an_estimate_and_why() -> None:
    build = _saved()
    page = Client().get(f"/builds/{build.pk}/").content.decode()
    view = effects_view(effects_with_panel(build.value, packaged()))
    assert re.findall(r'class="boon-fill" width="(\d+)"', page) == [str(row.percent) for row in view.boons]
    assert "Estimated from its skills and traits" in page
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    for text in view.assumptions:
        assert " ".join(text.split()) in words
    for row in view.unknown:
        assert row.label in words


@pytest.mark.django_db
def test_the_page_of_a_pvp_build_says_what_its_numbers_do_without() -> None:
    build = _saved(game_mode="pvp", gear={}, infusions={}, rune=None, sigils=[])
    response = Client().get(f"/builds/{build.pk}/")
    assert response.status_code == 200
    assert "Boon duration and healing power count as nothing" in response.content.decode()
