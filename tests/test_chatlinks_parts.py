from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builds.chatlinks import BuildTemplate, Line, decode_build_template, encode_build_template
from builds.chatlinks.legends import (
    SLOT_PALETTES,
    legend_of_code,
    legend_skills,
    legend_with_skills,
    revenant_palette,
    revenant_skill,
)
from builds.chatlinks.parts import TemplateParts, make_template, parts_of
from gw2optimizer.errors import InvalidInput
from tests.chatlinks import RANGER, REVENANT, cases, library, templates
from tests.packaged import packaged


def arguments(parts: TemplateParts) -> dict[str, Any]:
    return {name: getattr(parts, name) for name in TemplateParts.__slots__ if name != "unknown"}


def test_slot_palettes_are_those_of_the_legend_in_the_game_data() -> None:
    # The API gives a Revenant's palettes with the skills of one legend; their order shows what a slot is.
    palettes = packaged().professions["Revenant"].skills_by_palette
    assert tuple(palettes[palette] for palette in SLOT_PALETTES) in {
        legend_skills(legend) for legend in packaged().legends.values()
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (1, "Dragon"), (2, "Assassin"), (3, "Dwarf"), (4, "Demon"), (5, "Renegade"), (6, "Centaur"), (7, "Alliance"),
        (8, "Entity"), (13, "Assassin"), (14, "Dragon"), (15, "Dwarf"), (16, "Demon"), (17, "Renegade"),
        (18, "Centaur"),
    ],
)  # fmt: skip
def test_legend_codes_of_today_and_before_june_2020_are_known(code: int, name: str) -> None:
    legend = legend_of_code(code, packaged())
    assert legend is not None
    assert name in legend.name


def test_revenant_skill_depends_on_the_legend() -> None:
    catalogue = packaged()
    for legend in catalogue.legends.values():
        for palette, skill in zip(SLOT_PALETTES, legend_skills(legend), strict=True):
            assert revenant_skill(palette, legend, catalogue) == catalogue.skills[skill]
            assert revenant_palette(skill, legend) == palette
        assert legend_with_skills({legend.heal, legend.elite}, catalogue) == legend
    assert [legend_of_code(code, catalogue) for code in (0, 9, 12, 19, 255)] == [None] * 5
    assert revenant_skill(4572, None, catalogue) is None
    assert revenant_skill(0, None, catalogue) is None
    assert revenant_palette(26937, None) is None
    assert legend_with_skills(set(), catalogue) is None


def test_parts_of_the_shared_cases_hold_their_traits_and_skills(shared_dir: Path) -> None:
    for case in cases(shared_dir):
        expected = case["expected"]
        parts = parts_of(decode_build_template(case["code"]), packaged())
        assert parts.profession == expected["profession"]
        assert parts.unknown == ()
        assert [line and (line[0], list(line[1])) for line in parts.specializations] == [
            (line["id"], line["trait_ids"]) if line["id"] else None for line in expected["specializations"]
        ]
        if "terrestrial_skill_ids" in expected:
            assert [skill or 0 for skill in parts.land_skills] == expected["terrestrial_skill_ids"]
        assert list(parts.weapons) == expected["weapons"]
        assert list(parts.skill_overrides) == expected["skill_override_ids"]


def test_parts_of_the_library_codes_are_what_the_builds_say(shared_dir: Path) -> None:
    catalogue = packaged()
    for build in library(shared_dir):
        parts = parts_of(decode_build_template(build["template_code"]), catalogue)
        skills = build["skills"]
        assert parts.land_skills == (skills["heal"], *skills["utilities"], skills["elite"])
        lines = tuple(
            (
                catalogue.find("specialization", line["specialization"], profession=build["profession"]).id,
                line["traits"],
            )
            for line in build["specializations"]
        )
        assert tuple((line[0], list(line[1])) for line in parts.specializations if line) == lines
        assert parts.unknown == ()


def test_make_template_undoes_parts_of_for_the_library(shared_dir: Path) -> None:
    for build in library(shared_dir):
        parts = parts_of(decode_build_template(build["template_code"]), packaged())
        assert parts_of(make_template(packaged(), **arguments(parts)), packaged()) == parts


@settings(deadline=None)
@given(templates(st.integers(1, 9)))
def test_parts_of_any_template_can_be_made_again(template: BuildTemplate) -> None:
    parts = parts_of(template, packaged())
    again = parts_of(make_template(packaged(), **arguments(parts)), packaged())
    assert again == replace(parts, weapons=tuple(dict.fromkeys(parts.weapons)), unknown=())


def test_make_template_writes_a_revenant_as_the_game_does() -> None:
    parts = parts_of(decode_build_template(REVENANT), packaged())
    assert parts.legends_land == ("Legend5", "Legend2")
    assert parts.legends_water == ("Legend4", "Legend3")
    made = make_template(packaged(), **arguments(parts))
    assert (made.legends_land, made.legends_water) == ((5, 2), (4, 3))
    assert made.land == (4572, 4651, 4614, 4564, 4554)
    assert made.inactive_utilities_land == (4614, 4651, 4564)
    one = make_template(packaged(), profession="Revenant", legends_land=("Legend7",))
    assert one.legends_land == (7, 0)
    assert one.inactive_utilities_land == (0, 0, 0)


def test_make_template_infers_the_legend_of_a_revenants_skills() -> None:
    legend = packaged().legends["Legend3"]
    template = make_template(packaged(), profession="Revenant", land_skills=legend_skills(legend))
    assert template.land == SLOT_PALETTES
    assert template.legends_land == (3, 0)


def test_make_template_writes_pets_and_each_weapon_once() -> None:
    template = make_template(
        packaged(),
        profession="Ranger",
        pets_land=(59,),
        pets_water=(None, 46),
        weapons=["Axe", "Warhorn", "Axe"],
        skill_overrides=[63335],
    )
    assert template.pets_land == (59, 0)
    assert template.pets_water == (0, 46)
    assert template.weapons == (5, 103)
    assert template.skill_overrides == (63335,)
    assert template.long


def test_parts_of_old_legend_codes_are_the_legends_of_today() -> None:
    template = decode_build_template(REVENANT)
    old = replace(template, extra=bytes([17, 13, 16, 15]) + template.extra[4:])
    assert parts_of(old, packaged()) == parts_of(template, packaged())


def test_parts_of_names_all_that_is_unknown() -> None:
    ranger = replace(
        decode_build_template(RANGER),
        specializations=(Line(255, (1, 1, 1)), Line(31, (1, 1, 1)), Line()),
        land=(0, 60000, 0, 0, 0),
        extra=bytes([250, 1]) + bytes(14),
        weapons=(9999, 5),
        skill_overrides=(4_000_000_000,),
    )
    parts = parts_of(ranger, packaged())
    assert parts.specializations == (None, None, None)
    assert parts.pets_land == (None, 1)
    assert parts.pets_water == ()
    assert parts.weapons == ("Axe",)
    assert parts.skill_overrides == ()
    assert parts.unknown == (
        "Specialization 1 has the id 255, which the game data lacks.",
        "Specialization 2, Fire, is not one of a Ranger.",
        "The first utility skill on land has the palette id 60000, which the game data lacks.",
        "There is a pet with the id 250, which the game data lacks.",
        "There is a weapon with the type id 9999, which the game data lacks.",
        "There is a skill override 4000000000, which the game data lacks.",
    )


def test_parts_of_a_revenant_without_legend_say_so() -> None:
    parts = parts_of(BuildTemplate(9, land=(4572, 0, 0, 0, 0), extra=bytes([0, 99]) + bytes(14)), packaged())
    assert parts.land_skills == (None,) * 5
    assert parts.legends_land == ()
    assert parts.unknown == (
        "The heal skill on land depends on a legend that is not given.",
        "There is a legend with the code 99, which the game data lacks.",
    )


def test_parts_of_refuses_an_unknown_profession() -> None:
    with pytest.raises(InvalidInput, match="no profession with code 10"):
        parts_of(BuildTemplate(10), packaged())


@pytest.mark.parametrize(
    ("given_parts", "field"),
    [
        ({"profession": "Monk"}, "profession"),
        ({"specializations": [(255, [])]}, "specializations.0"),
        ({"specializations": [None, None, None, (42, [])]}, "specializations.3"),
        ({"specializations": [None, (42, [None, 634, None])]}, "specializations.1.traits.1"),
        ({"specializations": [(42, [None, None, None, 634])]}, "specializations.0.traits.3"),
        ({"land_skills": [5503, None, None, None, None]}, "skills.heal"),
        ({"land_skills": [None, None, 999_999, None, None]}, "skills.utilities.1"),
        ({"water_skills": [None, None, None, None, 5503]}, "water_skills.elite"),
        ({"land_skills": [None, None, None, None, None, 9168]}, "skills.5"),
        ({"weapons": ["Sword", "Trident"]}, "weapons.1"),
        ({"weapons": ["Broom"]}, "weapons.0"),
        ({"profession": "Ranger", "pets_land": [1, 256]}, "pets.land.1"),
        ({"profession": "Ranger", "pets_water": [1, 2, 3]}, "pets.water.2"),
        ({"profession": "Revenant", "legends_land": ["Legend1", "Legend99"]}, "legends.land.1"),
        ({"profession": "Revenant", "legends_water": ["Legend1"] * 3}, "legends.water.2"),
        ({"profession": "Revenant", "legends_land": ["Legend1"], "land_skills": [26937]}, "skills.heal"),
        ({"profession": "Revenant", "land_skills": [26937, 27372]}, "skills.heal"),
    ],
)
def test_make_template_names_the_field_that_no_template_holds(given_parts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        make_template(packaged(), **{"profession": "Guardian", **given_parts})
    assert list(error.value.fields) == [field]


def test_every_profession_can_hold_its_skills() -> None:
    catalogue = packaged()
    for profession in catalogue.professions.values():
        if profession.id == "Revenant":
            continue
        slots = {slot: [] for slot in ("Heal", "Utility", "Elite")}
        for skill in profession.skills:
            if catalogue.palette_of(profession.id, skill) and catalogue.skills[skill].slot in slots:
                slots[catalogue.skills[skill].slot].append(skill)
        assert all(len(skills) > 3 for skills in slots.values())
        for one, two in pairwise(slots["Utility"]):
            bar = (slots["Heal"][0], one, two, None, slots["Elite"][0])
            template = make_template(catalogue, profession=profession.id, land_skills=bar)
            read = decode_build_template(encode_build_template(template))
            assert parts_of(read, catalogue).land_skills == bar
