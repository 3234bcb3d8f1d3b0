"""Between a build and the texts of its editor."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from builds.editing import FIELDS, INFUSION_ITEMS, Draft, infusion_counts, shown_name, values_of
from builds.library.records import packaged_records
from builds.presentation.gear_gives import gives
from builds.spec import BuildSpec, parse_build
from gw2optimizer.errors import InvalidInput
from tests.specs import build_documents, firebrand, packaged


def about(spec: BuildSpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in ("name", "game_mode", "wvw_style", "role")}


def sent_back(spec: BuildSpec, changes: dict[str, str] | None = None, *, base: BuildSpec | None = None) -> BuildSpec:
    values = values_of(spec, packaged()) | (changes or {})
    return Draft(base or spec, values, about(spec)).parsed(packaged()).spec


def test_every_build_of_the_library_comes_back_the_same() -> None:
    specs = [record.spec for record in packaged_records()]
    assert len(specs) > 300
    assert [spec.name for spec in specs if sent_back(spec) != spec] == []


def test_the_form_alone_holds_every_build_of_the_library() -> None:
    """On a build with a profession and what the editor has no field for."""
    kept = ("secondary_roles", "skill_overrides", "damage_profile", "opener", "loop")
    for spec in (record.spec for record in packaged_records()):
        blank = BuildSpec("", spec.profession, **{name: getattr(spec, name) for name in kept})
        rest = {name: getattr(spec, name) for name in ("benchmark_dps", "benchmark_source", "template_code")}
        assert replace(sent_back(spec, base=blank), damage_profile=spec.damage_profile, **rest) == spec


def _even(sets: tuple[Any, ...]) -> tuple[Any, ...]:
    """Empty sets at the end are none."""
    while sets and not (getattr(sets[-1], "names", None) or (isinstance(sets[-1], tuple) and sets[-1])):
        sets = sets[:-1]
    return sets


@settings(max_examples=60, deadline=None)
@given(build_documents())
def test_any_build_comes_back_the_same(document: dict[str, Any]) -> None:
    spec = parse_build(document, packaged()).spec
    if len([item for item in infusion_counts(spec) if isinstance(item, int)]) > INFUSION_ITEMS:
        return
    expected = replace(
        spec,
        weapon_sets=_even(spec.weapon_sets),
        water_weapons=_even(spec.water_weapons),
        sigils=_even(spec.sigils),
    )
    assert sent_back(spec) == expected


def test_things_that_share_a_name_are_told_apart_by_their_id() -> None:
    catalogue = packaged()
    shared = [item for item in catalogue.foods.values() if catalogue.find("food", item.name).id != item.id]
    assert shared
    for item in shared:
        assert shown_name("food", item.id, catalogue) == f"{item.name} #{item.id}"
    spec = parse_build(firebrand(food=shared[0].id), catalogue).spec
    assert sent_back(spec).food == shared[0].id


def test_infusions_by_slot_stay_until_their_number_changes() -> None:
    gear = {
        "helm": {"prefix": "Viper's", "infusions": ["+5 power"]},
        "coat": {"prefix": "Viper's", "upgrade": "Scholar"},
    }
    spec = parse_build(firebrand(gear=gear, infusions={}, rune=None), packaged()).spec
    assert values_of(spec, packaged())["infusions.power"] == "1"
    assert sent_back(spec) == spec
    changed = sent_back(spec, {"infusions.power": "2", "rune": "Monk"})
    assert changed.infusions == {"power": 2}
    assert not any(piece.infusions or piece.upgrade for piece in changed.gear.values())


def test_a_code_stays_while_it_says_what_the_build_says() -> None:
    spec = parse_build(firebrand(), packaged()).spec
    code = f"[&{spec.template_code.removeprefix('[&')}"
    odd = replace(spec, template_code=f"{code} ".strip())
    assert sent_back(odd, {"gear.helm.prefix": "Viper's"}).template_code == odd.template_code
    assert sent_back(odd, {"weapon_sets.0.main_hand": "Mace"}).template_code != odd.template_code


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sigils.0.0": "", "sigils.0.1": "qqqq"}, "sigils.0.1"),
        ({"infusion_items.1.item": "qqqq"}, "infusion_items.1.item"),
        ({"infusions.power": "-1"}, "infusions.power"),
        ({"infusions.power": "9" * 40}, "infusions.power"),
        ({"infusions.power": "19"}, "infusions"),
        ({"gear.amulet.prefix": "Nothing's"}, "gear.amulet.prefix"),
        ({"pets.land.0": "59"}, "pets.land.0"),
        ({"legends.water.1": "Legend1"}, "legends.land.0"),
        ({"specializations.2.traits.1": "588"}, "specializations.2.traits.1"),
        ({"rune": "x" * 5000}, "rune"),
    ],
)
def test_errors_are_named_by_the_field_of_the_form(changes: dict[str, str], field: str) -> None:
    spec = parse_build(firebrand(), packaged()).spec
    with pytest.raises(InvalidInput) as refused:
        sent_back(spec, changes)
    assert set(refused.value.fields) == {field}


def test_every_field_is_known_by_name() -> None:
    spec = parse_build(firebrand(), packaged()).spec
    assert values_of(spec, packaged()).keys() == FIELDS


def test_each_piece_says_what_it_gives() -> None:
    gear = {"helm": {"prefix": "Berserker's", "rarity": "exotic"}, "amulet": "Celestial", "weapon_2_main": "Dire"}
    spec = parse_build(firebrand(gear=gear), packaged()).spec
    told = gives(spec, packaged())
    assert told["helm"] == "60 power, 43 precision and ferocity"
    assert told["amulet"].endswith(" each of 9")
    assert "condition damage" in told["weapon_2_main"]
    assert gives(replace(spec, weapon_sets=spec.weapon_sets[:1]), packaged()).keys() == {"helm", "amulet"}
    assert gives(replace(spec, game_mode="pvp"), packaged()) == {}
