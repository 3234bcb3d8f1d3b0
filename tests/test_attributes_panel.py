"""The attribute panel: published panels, its own explanation, modes, boons, switches, and builds with holes."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builds.engine.attributes import AttributePanel, attributes, checked_boons, parse_boons
from builds.engine.attributes.names import BOONS, PANEL, POINTS, STACKING
from builds.gamedata.model import Amulet
from builds.library.records import packaged_records
from builds.spec import BuildSpec, parse_build
from builds.spec.model import ARMOR_SLOTS, TRINKET_SLOTS, GearPiece, SpecLine
from gw2optimizer.errors import InvalidInput
from tests.specs import build_documents, firebrand, minimal, packaged

WORN = (*ARMOR_SLOTS, *TRINKET_SLOTS, "weapon_1_main", "weapon_1_off")


def spec(**changes: Any) -> BuildSpec:
    return parse_build(minimal(**changes), packaged()).spec


def panel(build: BuildSpec, *arguments: Any, **options: Any) -> AttributePanel:
    return attributes(build, packaged(), *arguments, **options)


def dressed(prefix: str = "Berserker's", rarity: str = "ascended", **changes: Any) -> BuildSpec:
    gear = {slot: {"prefix": prefix, "rarity": rarity} for slot in WORN}
    whole = {"weapon_sets": [{"main_hand": "Sword", "off_hand": "Shield"}], "gear": gear, **changes}
    return spec(**whole)


def sources(found: AttributePanel, attribute: str) -> dict[str, float]:
    return {part.source: part.amount for part in found.attributes[attribute].parts}


def line(specialization: int, *traits: int | None) -> dict[str, Any]:
    return {"specialization": specialization, "traits": [*traits, *[None] * (3 - len(traits))]}


# --- published panels ---------------------------------------------------------------------------
def test_published_panels_are_matched_within_a_point(shared_dir: Path) -> None:
    cases = orjson.loads((shared_dir / "cases" / "attribute_panels.json").read_bytes())
    assert len(cases) >= 34
    off = []
    for case in cases:
        found = panel(parse_build(case["build"], packaged()).spec)
        for name, value in case["panel"].items():
            tolerance = 1.0 if name in POINTS else 1 / 1500
            if abs(found[name] - value) > tolerance + 1e-9:
                off.append((case["name"], name, value, found[name]))
    assert off == []


# --- each number explains itself ----------------------------------------------------------------
def assert_explained(found: AttributePanel) -> None:
    assert tuple(found.attributes) == PANEL
    for name, attribute in found.attributes.items():
        assert math.isfinite(attribute.value), name
        assert attribute.value == pytest.approx(sum(part.amount for part in attribute.parts), abs=1e-9), name
        assert all(part.source and part.amount for part in attribute.parts), name


def test_each_value_is_the_sum_of_its_parts_in_the_whole_library() -> None:
    records = packaged_records()
    assert len(records) > 300
    for record in records:
        build = record.spec
        if build.game_mode == "pvp":
            with pytest.raises(InvalidInput):
                panel(build)
            continue
        assert_explained(panel(build))
        assert_explained(panel(build, "wvw", {"might": 25, "fury": 1, "quickness": 1}))


@settings(max_examples=60, deadline=None)
@given(build_documents(), st.sampled_from(["pve", "wvw"]), st.dictionaries(st.sampled_from(BOONS), st.just(1)))
def test_each_value_is_the_sum_of_its_parts_for_any_build(
    document: dict[str, Any], mode: str, boons: dict[str, int]
) -> None:
    build = parse_build(document, packaged()).spec
    found = panel(build, mode, boons)
    assert_explained(found)
    everything_on = frozenset(switch.trait for switch in found.switches)
    assert_explained(panel(build, mode, boons, everything_on))
    assert orjson.loads(orjson.dumps(found.as_json()))["panel"].keys() == set(PANEL)


def test_as_json_has_values_with_their_parts() -> None:
    answer = panel(dressed()).as_json()
    vitality = answer["panel"]["vitality"]
    assert vitality == {"value": 1000.0, "parts": [{"source": "Base", "amount": 1000.0}]}
    assert {"panel", "missing", "notes", "unknown", "switches"} <= answer.keys()


# --- base and derived values --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("profession", "health", "armor"),
    [("Warrior", 19_212, 1271), ("Necromancer", 19_212, 967), ("Revenant", 15_922, 1271), ("Engineer", 15_922, 1118),
     ("Ranger", 15_922, 1118), ("Mesmer", 15_922, 967), ("Guardian", 11_645, 1271), ("Thief", 11_645, 1118),
     ("Elementalist", 11_645, 967)],
)  # fmt: skip
def test_health_and_armor_follow_the_profession(profession: str, health: int, armor: int) -> None:
    gear = dict.fromkeys(ARMOR_SLOTS, "Berserker's")
    found = panel(spec(profession=profession, gear=gear))
    assert found["health"] == health
    assert found["armor"] == 1000 + armor


def test_shield_adds_to_armor() -> None:
    with_shield = panel(dressed())
    without = panel(dressed(weapon_sets=[{"main_hand": "Sword", "off_hand": "Focus"}]))
    assert with_shield["armor"] - without["armor"] == 64


def test_ascended_berserker_gear_gives_its_known_points() -> None:
    found = panel(dressed())
    per_piece = {"Coat, Berserker's": 141, "Helm, Berserker's": 63, "Amulet, Berserker's": 157}
    assert {name: sources(found, "power")[name] for name in per_piece} == per_piece
    assert found["critical_chance"] == pytest.approx(0.05 + (found["precision"] - 1000) / 2100)
    assert found["critical_damage"] == pytest.approx(1.5 + found["ferocity"] / 1500)


def test_legendary_gear_is_ascended_gear_and_exotic_is_less() -> None:
    exotic, ascended, legendary = (panel(dressed(rarity=r)) for r in ("exotic", "ascended", "legendary"))
    assert legendary.attributes == ascended.attributes
    assert exotic["power"] < ascended["power"]
    assert exotic["armor"] < ascended["armor"]


def test_two_handed_weapon_is_one_item_of_twice_the_size() -> None:
    one = {"weapon_sets": [{"main_hand": "Greatsword", "off_hand": None}], "gear": {"weapon_1_main": "Berserker's"}}
    found = panel(spec(**one))
    assert sources(found, "power") == {"Base": 1000, "Main hand, Berserker's": 251}


def test_effective_values_grow_with_what_makes_them() -> None:
    found = panel(dressed())
    chance = min(1.0, found["critical_chance"])
    assert found["effective_power"] == pytest.approx(found["power"] * (1 + chance * (found["critical_damage"] - 1)))
    assert found["effective_health"] == pytest.approx(found["health"] * found["armor"] / 2597)


def test_weapon_set_two_brings_its_own_gear_and_sigils() -> None:
    build = spec(
        weapon_sets=[{"main_hand": "Sword", "off_hand": "Shield"}, {"main_hand": "Staff", "off_hand": None}],
        gear={"weapon_1_main": "Berserker's", "weapon_1_off": "Berserker's", "weapon_2_main": "Minstrel's"},
        sigils=[["Superior Sigil of Accuracy"], ["Superior Sigil of Concentration"]],
    )
    first, second = panel(build), panel(build, weapon_set=2)
    assert first["power"] > 1000
    assert first["concentration"] == 0
    assert "Superior Sigil of Accuracy" in sources(first, "critical_chance")
    assert second["power"] == 1000
    assert second["concentration"] > 0
    assert sources(second, "boon_duration")["Superior Sigil of Concentration"] == 0.1


# --- upgrades, food, utility --------------------------------------------------------------------
def test_six_runes_give_all_and_fewer_their_first_bonuses() -> None:
    scholar = "Superior Rune of the Scholar"
    six = panel(spec(rune=scholar))
    two = panel(spec(gear={slot: {"prefix": None, "upgrade": scholar} for slot in ("helm", "coat")}))
    assert six["power"] == 1000 + 175
    assert six["ferocity"] == 225
    assert two["power"] == 1025
    assert two["ferocity"] == 35


def test_two_equal_sigils_count_once() -> None:
    one = panel(spec(sigils=[["Superior Sigil of Accuracy"]]))
    two = panel(spec(sigils=[["Superior Sigil of Accuracy"] * 2]))
    assert one["critical_chance"] == two["critical_chance"] == pytest.approx(0.12)


def test_utility_converts_what_gear_food_and_infusions_give() -> None:
    found = panel(dressed(utility="Superior Sharpening Stone", infusions={"precision": 18}))
    precision, ferocity = found["precision"], found["ferocity"]
    given = [amount for source, amount in sources(found, "power").items() if source.startswith("Superior Sharpening")]
    assert given == [math.floor(precision * 0.03 + 0.5), math.floor(ferocity * 0.06 + 0.5)]


def test_food_that_the_game_does_not_convert_is_left_out_of_conversions() -> None:
    starcake = dressed(food=43550, utility="Superior Sharpening Stone")
    other = dressed(food=91713, utility="Superior Sharpening Stone")
    assert panel(starcake)["precision"] == panel(other)["precision"]
    assert panel(starcake)["power"] < panel(other)["power"]


def test_writ_counts_at_full_health() -> None:
    assert panel(spec(utility="Writ of Masterful Strength"))["power"] == 1200


def test_share_of_all_attributes_is_of_each_to_itself() -> None:
    found = panel(dressed(utility="Decade Enhancement Station"))
    plain = panel(dressed())
    for name in ("power", "precision", "ferocity", "toughness"):
        assert found[name] == plain[name] + math.floor(plain[name] * 0.03 + 0.5)


def test_infusions_by_slot_count_where_they_are_worn() -> None:
    gear = {
        "helm": {"prefix": None, "infusions": ["+5 power"]},
        "weapon_2_main": {"prefix": None, "infusions": ["+5 power"]},
        "breather": {"prefix": None, "infusions": ["+5 power"]},
    }
    weapons = [{"main_hand": "Sword", "off_hand": None}, {"main_hand": "Mace", "off_hand": None}]
    build = spec(gear=gear, weapon_sets=weapons)
    assert panel(build)["power"] == 1005
    assert panel(build, weapon_set=2)["power"] == 1010


def test_jade_bot_core_counts_in_pve_only() -> None:
    build = spec(jade_bot_core=True)
    assert panel(build)["vitality"] == 1235
    in_wvw = panel(build, "wvw")
    assert in_wvw["vitality"] == 1000
    assert in_wvw.notes == ("The jade bot core counts in PvE only.",)


# --- modes --------------------------------------------------------------------------------------
def test_celestial_gives_no_expertise_and_no_concentration_in_wvw() -> None:
    build = dressed("Celestial")
    in_pve, in_wvw = panel(build, "pve"), panel(build, "wvw")
    assert in_pve["expertise"] > 0
    assert in_pve["concentration"] > 0
    assert in_wvw["expertise"] == in_wvw["concentration"] == 0
    assert in_wvw["healing_power"] == in_pve["healing_power"]
    assert in_wvw.notes == ("Celestial gives no expertise and no concentration in WvW.",)


@pytest.mark.parametrize("mode", ["fractals", "raids", "strikes"])
def test_modes_of_pve_share_one_panel(mode: str) -> None:
    build = dressed("Celestial", specializations=[line(46), None, None])
    assert panel(build, mode).attributes == panel(build, "pve").attributes


def test_traits_have_the_numbers_of_the_mode() -> None:
    build = dressed(specializations=[line(46), None, None])  # Virtues: Power of the Virtuous
    share = {mode: panel(build, mode)["condition_damage"] / panel(build, mode)["vitality"] for mode in ("pve", "wvw")}
    assert share == {"pve": pytest.approx(0.07, abs=0.001), "wvw": pytest.approx(0.13, abs=0.001)}


def test_number_that_the_data_do_not_tell_apart_is_named_and_not_guessed() -> None:
    build = spec(profession="Guardian", specializations=[None, None, line(62)])  # Firebrand: Imbued Haste
    assert panel(build, "pve", {"quickness": 1})["healing_power"] == 250
    in_wvw = panel(build, "wvw", {"quickness": 1})
    assert in_wvw["healing_power"] == 0
    (unknown,) = (u for u in in_wvw.unknown if u.attribute == "healing_power")
    assert unknown.source == "Imbued Haste"
    assert "150 or 250" in unknown.reason


def test_pvp_without_amulets_in_the_data_is_an_answer_and_never_zero() -> None:
    for build, mode in ((spec(game_mode="pvp"), None), (dressed(), "pvp")):
        with pytest.raises(InvalidInput, match="PvP amulets are not in the data"):
            panel(build, mode)


def test_pvp_with_amulets_in_the_data_is_reckoned(monkeypatch: pytest.MonkeyPatch) -> None:
    amulet = Amulet(4, "Assassin Amulet", {"precision": 1200, "power": 900, "ferocity": 900}, "")
    monkeypatch.setattr(packaged(), "amulets", {4: amulet})
    build = replace(spec(game_mode="pvp", rune="Superior Rune of the Scholar"), pvp_amulet=4)
    found = panel(build)
    assert found["precision"] == 2200
    assert found["power"] == 1900 + 175
    assert found["armor"] == 1000 + 1211
    assert panel(replace(build, pvp_amulet=None)).missing[0] == "pvp_amulet"


# --- boons --------------------------------------------------------------------------------------
def test_might_and_fury_count_by_mode_and_feed_nothing() -> None:
    build = dressed(utility="Superior Sharpening Stone")
    plain, boosted = panel(build), panel(build, None, {"might": 25, "fury": 1})
    assert boosted["power"] == plain["power"] + 750
    assert boosted["condition_damage"] == plain["condition_damage"] + 750
    assert boosted["critical_chance"] == pytest.approx(plain["critical_chance"] + 0.25)
    in_wvw = panel(build, "wvw", {"fury": True})
    assert in_wvw["critical_chance"] == pytest.approx(panel(build, "wvw")["critical_chance"] + 0.20)


def test_boon_turns_on_what_depends_on_it() -> None:
    arms = spec(profession="Warrior", specializations=[line(36), None, None])  # Arms: Deep Strikes
    assert panel(arms)["condition_damage"] == 0
    found = panel(arms, None, {"fury": 1})
    assert sources(found, "condition_damage") == {"Deep Strikes (fury)": 180}
    firebrand_line = spec(specializations=[None, None, line(62)])  # Imbued Haste
    assert panel(firebrand_line, None, {"quickness": 1})["healing_power"] == 250


def test_stacks_of_might_are_reckoned_by_what_reads_them() -> None:
    spite = spec(profession="Necromancer", specializations=[line(53), None, None])  # Awaken the Pain
    assert panel(spite, None, {"might": 10})["power"] == 1000 + 300 + 100
    fire = spec(profession="Elementalist", specializations=[line(31, None, 334), None, None])  # Power Overwhelming
    assert panel(fire, None, {"might": 9})["power"] == 1270
    assert panel(fire, None, {"might": 10})["power"] == 1300 + 150
    assert panel(fire, "wvw", {"might": 8})["power"] == 1240 + 150


@pytest.mark.parametrize(
    "boons",
    [{"might": math.nan}, {"might": math.inf}, {"might": -1}, {"might": 26}, {"might": 1e308}, {"might": 2.5},
     {"fury": 2}, {"vulnerability": 1}, {"": 1}, {"might": "5"}],
)  # fmt: skip
def test_boons_that_the_game_does_not_have_are_refused(boons: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        panel(spec(), None, boons)
    assert caught.value.fields.keys() == {"boons"}


@pytest.mark.parametrize(
    "text", ["might=x", "might=", "might=nan", "might=-1", "fury,fury", "furry", "might=1e999", "=1"]
)
def test_boons_as_text_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_boons(text)


def test_boons_as_text_are_read() -> None:
    assert parse_boons(" might=12, Fury ,,stability") == {"might": 12, "fury": 1, "stability": 25}
    assert parse_boons("") == {}
    assert checked_boons({"fury": False, "might": 0}) == {}
    assert checked_boons({name: STACKING.get(name, 1) for name in BOONS}).keys() == set(BOONS)


@pytest.mark.parametrize(("given_mode", "weapon_set"), [("pvx", 1), ("PVE", 1), (None, 0), (None, 3)])
def test_unknown_mode_and_weapon_set_are_refused(given_mode: str | None, weapon_set: int) -> None:
    with pytest.raises(InvalidInput):
        panel(spec(), given_mode, weapon_set=weapon_set)


# --- conditional effects ------------------------------------------------------------------------
def test_conditional_effect_is_offered_and_counts_when_switched_on() -> None:
    fire = spec(profession="Elementalist", specializations=[line(31), None, None])  # Empowering Flame
    found = panel(fire)
    (switch,) = (s for s in found.switches if s.trait == 320)
    assert (switch.attribute, switch.amount, switch.condition, switch.on) == ("power", 150, "attuned to fire", False)
    assert found["power"] == 1000
    on = panel(fire, switches=frozenset({320}))
    assert on["power"] == 1150
    assert {s.trait for s in on.switches if s.on and s.chosen} == {320}


def test_switch_of_a_trait_that_the_build_lacks_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        panel(spec(), switches=frozenset({320}))
    assert caught.value.fields.keys() == {"switches"}


def test_effect_of_a_weapon_follows_the_weapon_in_hand() -> None:
    def power(main: str, off: str | None = None) -> float:
        weapons = [{"main_hand": main, "off_hand": off}]
        return panel(spec(weapon_sets=weapons, specializations=[line(16, 566), None, None]))["power"]

    assert power("Sword") == 1080  # Right-Hand Strength
    assert power("Greatsword") == 1000


def test_state_that_is_switched_on_holds_for_all_effects_that_need_it() -> None:
    traits = [line(32), None, line(55)]  # Beastmastery, Soulbeast
    build = spec(profession="Ranger", specializations=traits, pets={"land": [39]})
    merged = panel(build, switches=frozenset({2151}))
    assert panel(build)["power"] == 1000
    assert merged["power"] == 1000 + 150 + 150  # the pet's archetype and Pack Alpha
    assert merged["ferocity"] == 100 + 300
    assert panel(build, "wvw", switches=frozenset({2151}))["toughness"] == 1075
    alone = spec(profession="Ranger", specializations=[line(32), None, None])
    assert not {1065, 1900} & {s.trait for s in panel(alone).switches}


def test_effect_that_holds_out_of_combat_counts() -> None:
    vindicator = spec(profession="Revenant", specializations=[None, None, line(69)])  # Empire Divided
    found = panel(vindicator)
    assert found["power"] == 1240
    assert found["healing_power"] == 0


def test_trait_reads_the_legends_of_both_slots() -> None:
    build = spec(
        profession="Revenant",
        specializations=[None, None, line(79)],
        legends={"land": ["Legend2", "Legend3"]},
    )
    found = panel(build)
    assert (found["power"], found["toughness"], found["vitality"]) == (1075, 1150, 1150)
    without = panel(spec(profession="Revenant", specializations=[None, None, line(79)]))
    assert "legends" in without.missing


def test_signet_counts_and_is_made_stronger_by_its_trait() -> None:
    build = spec(skills={"utilities": ["Bane Signet", "Signet of Mercy", None]})
    found = panel(build)
    assert found["power"] == 1180
    assert "Signet of Mercy" in {u.source for u in found.unknown}
    inscribed = replace(build, specializations=(SpecLine(16, (None, None, 579)), None, None))
    assert panel(inscribed)["power"] == 1216


# --- holes --------------------------------------------------------------------------------------
def test_empty_build_is_the_base_and_names_what_it_lacks() -> None:
    found = panel(spec())
    assert found["power"] == found["precision"] == found["toughness"] == found["vitality"] == 1000
    assert found.missing == ("weapon_sets", "gear", "rune", "specializations")
    whole = panel(parse_build(firebrand(), packaged()).spec)
    assert whole.missing == ("gear.weapon_1_main", "gear.weapon_1_off")


def test_effects_without_numbers_are_named() -> None:
    build = spec(profession="Thief", specializations=[line(35), None, None])  # Critical Strikes: Keen Observer
    unknown = {(u.source, u.attribute) for u in panel(build).unknown}
    assert ("Keen Observer", "critical_chance") in unknown


def test_things_that_left_the_game_are_named_and_not_counted() -> None:
    build = replace(
        spec(),
        rune=1, sigils=((2,),), food=3, utility=4, infusions={5: 1}, enrichment=6,
        specializations=(SpecLine(7, (8, None, None)), None, None),
        gear={"helm": GearPiece("Vanished", infusions=(9,))},
    )  # fmt: skip
    found = panel(build)
    assert {u.source for u in found.unknown} >= {
        "rune 1", "sigil 2", "food 3", "utility 4", "infusion 5", "infusion 9", "enrichment 6", "trait 8",
        "Helm, Vanished",
    }  # fmt: skip
    assert found["power"] == 1000


# --- monotonicity -------------------------------------------------------------------------------
def test_more_of_anything_never_lowers_the_panel() -> None:
    build = dressed("Celestial", specializations=[line(46), line(42), None])
    steps: list[tuple[BuildSpec, Mapping[str, float]]] = [(build, {})]
    for changes in ({"infusions": {"power": 18}}, {"rune": 24687}, {"food": 91713}, {"utility": 9443}):
        steps.append((replace(steps[-1][0], **changes), {}))
    for boons in ({"might": 5}, {"might": 25}, {"might": 25, "fury": 1}):
        steps.append((steps[-1][0], boons))
    panels = [panel(b, None, boons) for b, boons in steps]
    for before, after in itertools.pairwise(panels):
        assert all(after[name] >= before[name] - 1e-9 for name in PANEL)
        assert any(after[name] > before[name] for name in PANEL)
