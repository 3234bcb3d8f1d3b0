"""`build/1`: every rule of the contract, from the sender's side."""

import json
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from builds.chatlinks import decode_build_template, encode_build_template
from builds.chatlinks.build_template import BuildTemplate, Line
from builds.chatlinks.parts import parts_of
from builds.gamedata import Catalogue
from builds.spec import BuildSpec, build_json, parse_build, plain_json, spec_from_code, stored_spec, with_code
from builds.spec.model import GearPiece, SkillBar, SpecLine, WeaponSet
from gw2optimizer.errors import DomainError, InvalidInput
from tests.specs import build_documents, firebrand, minimal, packaged

WEAVER_CODE = "[&DQYfLSkaOCcXAXQANRfLAL4BjwBOARwBlwCWAAAAAAAAAAAAAAAAAAAAAAAAAA==]"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return packaged()


def errors_of(document: object) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as caught:
        parse_build(document, packaged())
    return caught.value.fields


def parsed(**changes: Any) -> BuildSpec:
    return parse_build(minimal(**changes), packaged()).spec


# --- the least, and the whole ----------------------------------------------------------------------
def test_a_name_and_a_profession_are_a_build_and_bring_a_code() -> None:
    built = parse_build({"name": " Nothing yet ", "profession": "guardian"}, packaged())
    assert built.notes == ()
    assert built.spec == BuildSpec("Nothing yet", "Guardian", template_code=built.spec.template_code)
    assert decode_build_template(built.spec.template_code).profession == 1


def test_what_is_required_is_named() -> None:
    assert errors_of({}) == {"name": ["This field is required."], "profession": ["This field is required."]}


def test_names_become_ids(catalogue: Catalogue) -> None:
    spec = parse_build(firebrand(), catalogue).spec
    assert (spec.game_mode, spec.role, spec.secondary_roles) == (
        "fractals",
        "healer_quickness",
        ("stability_support",),
    )
    assert spec.specializations == (SpecLine(16), SpecLine(49), SpecLine(62))
    assert spec.weapon_sets == (WeaponSet("Axe", "Shield"), WeaponSet("Staff"))
    assert [catalogue.skills[id_].name for id_ in spec.skills.ids if id_] == [
        "Mantra of Solace",
        "Mantra of Potence",
        "Bane Signet",
        '"Feel My Wrath!"',
    ]
    assert spec.gear["helm"] == GearPiece("Minstrel's", "ascended")
    assert catalogue.runes[spec.rune or 0].name == "Superior Rune of the Monk"
    assert [[catalogue.sigils[id_].name for id_ in sigils] for sigils in spec.sigils] == firebrand()["sigils"]
    assert spec.infusions == {"healing_power": 18}


@pytest.mark.parametrize(
    "given",
    [
        "Superior Rune of the Scholar", "scholar", "Rune of the Scholar", 24836, "24836",
        {"id": 24836, "name": "Superior Rune of the Scholar"}, {"id": 24836, "name": None}, {"id": "Scholar"},
    ],
)  # fmt: skip
def test_an_id_a_name_or_the_output_form_may_stand(given: Any) -> None:
    assert parsed(rune=given).rune == 24836


@pytest.mark.parametrize(
    "given", [True, -1, 0, 1.5, 2**32, "", {"id": 1, "more": 2}, {"name": "Scholar"}, [], "x" * 201]
)
def test_anything_else_is_no_reference(given: Any) -> None:
    assert errors_of(minimal(rune=given)) == {"rune": ["Give an id or a name."]}


# --- fields ----------------------------------------------------------------------------------------
def test_unknown_keys_are_named_with_their_path() -> None:
    found = errors_of(
        firebrand(
            rotations=1,
            skills={"heal": None, "profession": 1},
            weapon_sets=[{"main": "Axe"}],
            gear={"helm": {"prefix": "Minstrel's", "dye": "red"}},
        )
    )
    paths = ("rotations", "skills.profession", "weapon_sets.0.main", "gear.helm.dye")
    assert found == {path: ["There is no such field."] for path in paths}


def test_an_unknown_gear_slot_is_named() -> None:
    (text,) = errors_of(minimal(gear={"head": "Berserker's"}))["gear.head"]
    assert text.startswith("This is not one of helm, shoulders, coat,")


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("schema", "team/1", "This is not build/1."),
        (
            "game_mode",
            "fractal",
            "This is not one of pve, fractals, raids, strikes, wvw or pvp. Did you mean “fractals”?",
        ),
        ("game_mode", None, "This is not one of pve, fractals, raids, strikes, wvw or pvp."),
        ("wvw_style", "blob", "This is not one of zerg, raid_guild or roaming."),
        ("skills", [], "This is not an object."),
        ("weapon_sets", {}, "This is not a list."),
        ("weapon_sets", [{}] * 3, "There are more than 2 entries."),
        ("specializations", [None] * 4, "There are more than 3 entries."),
        ("jade_bot_core", 1, "This is neither true nor false."),
        ("name", 5, "This is not text."),
        ("name", " ", "This is empty."),
        ("name", "x" * 121, "This is longer than 120 characters."),
        ("name", "a\x00b", "It holds a control character."),
        ("name", "a\u202e\x1bb", "It holds a control character."),
        ("name", "x\u202e\u200b", "It holds a character that can't be seen (U+202E). Leave it out."),
        ("name", "a\u2066b", "It holds a character that can't be seen (U+2066). Leave it out."),
        ("name", "\ufeffname", "It holds a character that can't be seen (U+FEFF). Leave it out."),
        ("name", "a\u2060b", "It holds a character that can't be seen (U+2060). Leave it out."),
        ("name", "\u3164", "It holds a character that can't be seen (U+3164). Leave it out."),
        ("name", "\u3000\u2003\u00a0", "This is empty."),
        ("name", "\ud800", "It holds half of a character."),
        ("rune", "\ud800", "It holds a control character."),
        ("rune", "a\x00", "It holds a control character."),
        ("template_code", 5, "This is not text."),
        ("wvw_style", "zerg", "Only a WvW build has a WvW style."),
        ("pvp_amulet", 4, "Only a PvP build has an amulet of this kind."),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(field: str, value: Any, text: str) -> None:
    assert errors_of(minimal(**{field: value})) == {field: [text]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "This is not a finite number."),
        (float("inf"), "This is not a finite number."),
        (json.loads("1e400"), "This is not a finite number."),
        (10**400, "This is not a number."),
        (True, "This is not a number."),
        ("12", "This is not a number."),
        (-1, "This is less than 0."),
        (2e9, "This is more than 1e+09."),
    ],
)
def test_numbers_are_finite_and_in_range(value: Any, text: str) -> None:
    assert errors_of(minimal(benchmark={"dps": value})) == {"benchmark.dps": [text]}
    assert errors_of(minimal(damage_profile={"condition_coefficients": {"burning": value}})) == {
        "damage_profile.condition_coefficients.burning": [text]
    }


@pytest.mark.parametrize("value", [None, [], "x", 1, True, [[]], float("nan")])
def test_what_is_no_object_is_no_build(value: object) -> None:
    assert errors_of(value) == {"build": ["This is not an object."]}


def test_words_of_fixed_lists_forgive_case_and_blanks() -> None:
    spec = parsed(
        game_mode=" WvW ", wvw_style="Raid Guild", role="Condi DPS", secondary_roles=["Strip", "strip", "condi_dps"]
    )
    assert (spec.game_mode, spec.wvw_style, spec.role, spec.secondary_roles) == (
        "wvw",
        "raid_guild",
        "condi_dps",
        ("strip",),
    )


def test_the_message_names_the_first_error_and_counts_the_rest() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_build(minimal(a=1, b=2), packaged())
    assert caught.value.message == "The build can't be used: a: There is no such field. (1 more field is wrong.)"
    assert (caught.value.status, caught.value.code) == (422, "invalid")


# --- what does not exist ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "field", "kind", "given", "near"),
    [
        ({"profession": "Gaurdian"}, "profession", "profession", "Gaurdian", "Guardian"),
        ({"relic": "Relic of Karakosaa"}, "relic", "relic", "Relic of Karakosaa", "Relic of Karakosa"),
        ({"rune": 5}, "rune", "rune", "5", ""),
        ({"gear": {"helm": "Minstral's"}}, "gear.helm.prefix", "prefix", "Minstral's", "Minstrel's"),
        ({"weapon_sets": [{"main_hand": "Staf"}]}, "weapon_sets.0.main_hand", "weapon", "Staf", "Staff"),
        ({"skill_overrides": [1]}, "skill_overrides.0", "skill", "1", ""),
        ({"enrichment": "zzzz"}, "enrichment", "enrichment", "zzzz", ""),
        ({"skills": {"heal": "Shelterr"}}, "skills.heal", "skill", "Shelterr", "Shelter"),
        ({"sigils": [["Sigil of Forcee"]]}, "sigils.0.0", "sigil", "Sigil of Forcee", "Superior Sigil of Force"),
    ],
)
def test_unknown_things_are_named_with_near_ones(
    document: dict[str, Any], field: str, kind: str, given: str, near: str
) -> None:
    found = errors_of(minimal(**document))
    assert list(found) == [field]
    text = f"There is no {kind} “{given}” in the game data."
    assert found[field][0].startswith(f"{text} Did you mean “{near}”" if near else text)


def test_a_thousand_unknown_names_end_in_few_errors() -> None:
    names = [f"qzx {i}" for i in range(400)]
    assert len(errors_of(minimal(rotation={"loop": names}))) == 30
    assert len(errors_of(minimal(**{f"field_{i}": i for i in range(10_000)}))) == 30
    assert errors_of(minimal(secondary_roles=["dps"] * 10_000)) == {
        "secondary_roles": ["There are more than 5 entries."]
    }


def test_long_keys_and_half_characters_make_paths_that_can_be_sent() -> None:
    for key in ("k" * 100_000, "\ud800", "a\x00"):
        for document in (minimal(**{key: 1}), minimal(gear={key: "x"}), minimal(infusions={key: 1})):
            fields = errors_of(document)
            assert max(len(path) for path in fields) < 80
            json.dumps(fields, ensure_ascii=False).encode()


def test_deep_nesting_is_an_error_like_any_other() -> None:
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    assert errors_of(minimal(rune=deep)) == {"rune": ["Give an id or a name."]}
    assert "skills" in errors_of(minimal(skills=deep))


# --- specializations and traits --------------------------------------------------------------------
def test_traits_are_taken_by_tier(catalogue: Catalogue) -> None:
    line = {"specialization": "Firebrand", "traits": ["Unrelenting Criticism", None, "Quickfire"]}
    spec = parsed(specializations=[None, None, line])
    firebrand_line = catalogue.specializations[62]
    assert spec.specializations[2] == SpecLine(
        62, (catalogue.find("trait", "Unrelenting Criticism").id, None, firebrand_line.choices(3)[1])
    )
    assert parsed(specializations=[{"specialization": 16}]).specializations == (SpecLine(16), None, None)


def test_a_trait_of_another_tier_or_line_is_refused_with_the_choices(catalogue: Catalogue) -> None:
    adept, master, _ = catalogue.specializations[62].choices(1)
    names = ", ".join(catalogue.traits[id_].name for id_ in catalogue.specializations[62].choices(2))
    found = errors_of(minimal(specializations=[None, None, {"specialization": 62, "traits": [adept, master, 348]}]))
    assert found["specializations.2.traits.1"] == [
        f"{catalogue.traits[master].name} is no master choice of Firebrand. The choices are {names}."
    ]
    assert found["specializations.2.traits.2"][0].startswith("Soothing Ice is no grandmaster choice of Firebrand.")
    assert len(found) == 2


def test_an_elite_specialization_may_only_be_the_third() -> None:
    text = "Firebrand is an elite specialization: it must be the third."
    assert errors_of(minimal(specializations=[{"specialization": "Firebrand"}])) == {
        "specializations.0.specialization": [text]
    }
    two = [None, {"specialization": "Dragonhunter"}, {"specialization": "Firebrand"}]
    assert list(errors_of(minimal(specializations=two))) == ["specializations.1.specialization"]


def test_a_specialization_is_chosen_once_and_of_the_own_profession() -> None:
    assert errors_of(minimal(specializations=[{"specialization": "Zeal"}, {"specialization": "Zeal"}])) == {
        "specializations.1.specialization": ["Zeal is chosen twice."]
    }
    assert errors_of(minimal(specializations=[{"specialization": "Water", "traits": [348, 358, 362]}])) == {
        "specializations.0.specialization": ["Water belongs to the Elementalist."]
    }


# --- skills ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("skills", "field", "text"),
    [
        ({"heal": "Bane Signet"}, "skills.heal", "Bane Signet is no heal skill."),
        ({"utilities": [None, "Bane Signet", "Bane Signet"]}, "skills.utilities.2", "Bane Signet is chosen twice."),
        ({"heal": "Mantra of Solace"}, "skills.heal", "Mantra of Solace needs the specialization Firebrand."),
        ({"elite": 5516}, "skills.elite", "A Guardian can't equip Conjure Fiery Greatsword."),
    ],
)
def test_skills_have_their_place(skills: dict[str, Any], field: str, text: str) -> None:
    assert errors_of(minimal(skills=skills)) == {field: [text]}
    assert errors_of(minimal(water_skills=skills)) == {field.replace("skills", "water_skills"): [text]}


def test_every_equippable_skill_is_found_by_its_name(catalogue: Catalogue) -> None:
    for profession in catalogue.professions.values():
        if profession.id == "Revenant":
            continue
        for id_ in profession.skills_by_palette.values():
            skill = catalogue.skills.get(id_)
            place = {"Heal": "heal", "Utility": "utilities", "Elite": "elite"}.get(skill.slot or "" if skill else "")
            if skill is None or place is None or skill.type not in {"Heal", "Utility", "Elite"}:
                continue
            third = catalogue.specializations.get(skill.specialization or 0)
            lines = [None, None, {"specialization": third.id} if third else None]
            given = [skill.name] if place == "utilities" else skill.name
            spec = parsed(profession=profession.id, specializations=lines, skills={place: given})
            assert [catalogue.skills[found].name for found in spec.skills.ids if found] == [skill.name]


def test_a_revenants_skills_are_those_of_the_active_legend(catalogue: Catalogue) -> None:
    lines = [None, None, {"specialization": "Vindicator"}]
    for legend in catalogue.legends.values():
        third = legend.specialization and {"specialization": legend.specialization}
        names = [catalogue.skills[id_].name for id_ in (legend.heal, *legend.utilities, legend.elite)]
        spec = parsed(
            profession="Revenant",
            specializations=[None, None, third or None],
            legends=[legend.id],
            skills={"heal": names[0], "utilities": names[1:4], "elite": names[4]},
        )
        assert spec.skills == SkillBar(legend.heal, legend.utilities, legend.elite)  # type: ignore[arg-type]
    assert errors_of(
        minimal(
            profession="Revenant",
            specializations=lines,
            legends=["Assassin", "Dwarf"],
            skills={"heal": catalogue.legends["Legend3"].heal},
        )
    ) == {"skills.heal": ["Soothing Stone is no heal skill of Legendary Assassin Stance."]}


def test_a_revenants_skills_bring_their_legend(catalogue: Catalogue) -> None:
    jalis = catalogue.legends["Legend3"]
    spec = parsed(profession="Revenant", skills={"heal": jalis.heal, "elite": jalis.elite})
    assert spec.legends_land == ("Legend3",)
    assert decode_build_template(spec.template_code).legends_land == (jalis.code, 0)
    mixed = {"heal": jalis.heal, "elite": catalogue.legends["Legend2"].elite}
    assert list(errors_of(minimal(profession="Revenant", skills=mixed))) == ["skills.heal"]


# --- weapons ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("profession", "weapons", "field", "text"),
    [
        ("Guardian", {"main_hand": "Staff", "off_hand": "Shield"}, "off_hand", "Staff takes both hands."),
        ("Guardian", {"main_hand": "Shield"}, "main_hand", "A Guardian can't use a Shield in the main hand."),
        ("Guardian", {"off_hand": "Mace"}, "off_hand", "A Guardian can't use a Mace in the off hand."),
        ("Guardian", {"off_hand": "Staff"}, "off_hand", "A Guardian can't use a Staff in the off hand."),
        ("Engineer", {"main_hand": "Axe"}, "main_hand", "An Engineer can't use an Axe."),
        ("Guardian", {"main_hand": "Trident"}, "main_hand", "Trident is a weapon for under water."),
    ],
)
def test_profession_and_hand_decide_about_weapons(
    profession: str, weapons: dict[str, str], field: str, text: str
) -> None:
    assert errors_of(minimal(profession=profession, weapon_sets=[{}, weapons])) == {f"weapon_sets.1.{field}": [text]}


def test_land_weapons_stay_on_land() -> None:
    assert errors_of(minimal(water_weapons=[{"main_hand": "Staff"}])) == {
        "water_weapons.0.main_hand": ["Staff can't be used under water."]
    }
    assert parsed(water_weapons=[{"main_hand": "Trident"}, {"main_hand": "Spear"}]).water_weapons == (
        WeaponSet("Trident"),
        WeaponSet("Spear"),
    )


def test_every_profession_uses_every_weapon_of_its_without_the_specialization(catalogue: Catalogue) -> None:
    for profession in catalogue.professions.values():
        for weapon in profession.weapons.values():
            if weapon.land:
                hand = "main_hand" if weapon.hands & {"Mainhand", "TwoHand"} else "off_hand"
                spec = parsed(profession=profession.id, weapon_sets=[{hand: weapon.type}])
                assert getattr(spec.weapon_sets[0], hand) == weapon.type
        assert parsed(profession=profession.id, weapon_sets=[{"main_hand": "Spear"}]).weapon_sets == (
            WeaponSet("Spear"),
        )


@pytest.mark.parametrize(
    ("who", "profession", "weapons", "third"),
    [
        ("Elementalist", "Elementalist", ("Staff", "Dagger"), None),
        ("Engineer", "Engineer", ("Rifle", "Hammer"), "Scrapper"),
        ("Bladesworn", "Warrior", ("Sword", "Axe"), "Bladesworn"),
    ],
)
def test_a_second_weapon_set_is_dropped_where_there_is_one(
    who: str, profession: str, weapons: tuple[str, str], third: str | None
) -> None:
    document = minimal(
        profession=profession,
        specializations=[None, None, third and {"specialization": third}],
        weapon_sets=[{"main_hand": weapon} for weapon in weapons],
        sigils=[["Force"], ["Air"]],
        gear={"weapon_1_main": "Berserker's", "weapon_2_main": "Berserker's"},
    )
    built = parse_build(document, packaged())
    assert built.spec.weapon_sets == (WeaponSet(weapons[0]),)
    assert len(built.spec.sigils) == 1
    assert list(built.spec.gear) == ["weapon_1_main"]
    assert built.notes == (f"{who} has one weapon set: the second one was left out.",)


def test_others_keep_both_weapon_sets() -> None:
    built = parse_build(
        minimal(profession="Warrior", weapon_sets=[{"main_hand": "Axe"}, {"main_hand": "Sword"}]), packaged()
    )
    assert (len(built.spec.weapon_sets), built.notes) == (2, ())


# --- gear ------------------------------------------------------------------------------------------
def test_a_bare_text_is_a_prefix_and_ascended_the_default(catalogue: Catalogue) -> None:
    line = catalogue.prefixes["Berserker's"].armor_weapon
    assert line is not None
    for value in ("berserker", {"prefix": "Berserker's"}, line.id, {"id": "Berserker's", "name": "Berserker's"}):
        assert parsed(gear={"coat": value}).gear == {"coat": GearPiece("Berserker's", "ascended")}
    assert parsed(gear={"coat": {"prefix": "Berserker's", "rarity": "Exotic"}}).gear["coat"].rarity == "exotic"
    assert list(errors_of(minimal(gear={"coat": {"prefix": "Berserker's", "rarity": "rare"}}))) == ["gear.coat.rarity"]
    assert parsed(gear={"coat": None}).gear == {}


def test_a_prefix_is_refused_where_the_game_has_no_such_item() -> None:
    assert errors_of(minimal(gear={"coat": "Captain's"})) == {
        "gear.coat.prefix": ["The game has no Captain's armor and weapons."]
    }
    assert parsed(gear={"ring_1": "Captain's"}).gear["ring_1"].prefix == "Captain's"


def test_runes_by_piece_go_on_armor_only() -> None:
    spec = parsed(gear={"helm": {"prefix": "Berserker's", "upgrade": "Scholar"}})
    assert spec.gear["helm"].upgrade == 24836
    assert errors_of(minimal(gear={"back": {"prefix": "Berserker's", "upgrade": "Scholar"}})) == {
        "gear.back.upgrade": ["Only armor takes a rune; sigils go in `sigils`."]
    }


def test_a_two_handed_weapon_leaves_the_off_hand_without_gear() -> None:
    document = minimal(weapon_sets=[{"main_hand": "Staff"}], gear={"weapon_1_off": "Berserker's"})
    assert errors_of(document) == {"gear.weapon_1_off": ["The weapon of this set takes both hands."]}


def test_infusions_by_slot_fit_the_slot() -> None:
    gear = {
        "helm": {"infusions": ["+5 healing_power"]},
        "back": {"infusions": ["+5 Power", 37131]},
        "ring_1": {"infusions": ["+5 power"] * 3},
        "weapon_1_main": {"infusions": ["+5 power"] * 2},
    }
    spec = parsed(weapon_sets=[{"main_hand": "Staff"}], gear=gear)
    assert spec.gear["helm"].infusions == ("+5 healing_power",)
    assert spec.gear["back"].infusions == ("+5 power", 37131)
    two = {"infusions": ["+5 power"] * 2}
    found = errors_of(
        minimal(
            weapon_sets=[{"main_hand": "Mace"}],
            gear={"helm": two, "amulet": two, "accessory_1": two, "weapon_1_main": two, "weapon_2_main": two},
        )
    )
    assert found == {
        "gear.helm.infusions": ["It has room for 1."],
        "gear.amulet.infusions": ["It takes an enrichment, not an infusion."],
        "gear.accessory_1.infusions": ["It has room for 1."],
        "gear.weapon_1_main.infusions": ["It has room for 1."],
    }
    assert list(errors_of(minimal(gear={"helm": {"infusions": ["+5 luck"]}}))) == ["gear.helm.infusions.0"]


def test_infusions_are_counted_by_attribute_or_item() -> None:
    spec = parsed(
        infusions={"Healing Power": 3, "+5 power": 2, "malign_+9_agony_infusion": 4, "37131": 1, "vitality": 0}
    )
    malign = packaged().find("infusion", "Malign +9 Agony Infusion").id
    assert spec.infusions == {"healing_power": 3, "power": 2, malign: 4, 37131: 1}


@pytest.mark.parametrize(
    ("infusions", "field", "text"),
    [
        ({"power": 12, "precision": 9}, "infusions", "Gear has room for 20 infusions; these are 21."),
        ({"power": -1}, "infusions.power", "This is less than 0."),
        ({"power": 101}, "infusions.power", "This is more than 100."),
        ({"power": True}, "infusions.power", "This is not a whole number."),
        ({"power": 1.0}, "infusions.power", "This is not a whole number."),
        ({"agony": 1.5}, "infusions.agony", "This is not a whole number."),
        ([], "infusions", "This is not an object."),
    ],
)
def test_infusion_counts_have_limits(infusions: Any, field: str, text: str) -> None:
    assert errors_of(minimal(infusions=infusions)) == {field: [text]}


def test_infusions_are_given_once() -> None:
    document = minimal(gear={"helm": {"infusions": ["+5 power"]}}, infusions={"power": 17})
    assert errors_of(document) == {"infusions": ["Give infusions by slot or as counts, not both."]}


def test_the_jade_bot_core_is_absent_unless_given() -> None:
    assert parsed().jade_bot_core is False
    assert parsed(jade_bot_core=True).jade_bot_core is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gear", {"helm": "Berserker's"}),
        ("food", "Bowl of Sweet and Spicy Butternut Squash Soup"),
        ("utility", "Superior Sharpening Stone"),
        ("infusions", {"power": 1}),
    ],
)
def test_pvp_has_no_gear_but_amulet_rune_sigils_and_relic(field: str, value: Any) -> None:
    text = "In PvP gear is one amulet, a rune, sigils and a relic: this has no place there."
    assert errors_of(minimal(game_mode="pvp", **{field: value})) == {field: [text]}
    spec = parsed(game_mode="pvp", rune="Scholar", sigils=[["Force"]], relic="Karakosa", gear={}, infusions={})
    assert (spec.rune, spec.gear) == (24836, {})


def test_a_pvp_amulet_that_the_data_lacks_is_told() -> None:
    assert packaged().amulets == {}
    (text,) = errors_of(minimal(game_mode="pvp", pvp_amulet="Marauder Amulet"))["pvp_amulet"]
    assert text.startswith("PvP amulets are not in the data.")


# --- companions ------------------------------------------------------------------------------------
def test_pets_belong_to_rangers() -> None:
    spec = parsed(profession="Ranger", pets=[59, "Juvenile Black Bear"])
    assert (spec.pets_land, spec.pets_water) == ((59, packaged().find("pet", "Black Bear").id), ())
    spec = parsed(profession="Ranger", pets={"land": [None, 59], "water": [59, None]})
    assert (spec.pets_land, spec.pets_water) == ((None, 59), (59,))
    assert errors_of(minimal(pets=[59])) == {"pets": ["Only a Ranger has pets."]}
    assert parsed(pets={"land": [], "water": []}).pets_land == ()
    assert errors_of(minimal(profession="Ranger", pets=[1, 2, 3])) == {"pets.land": ["There are more than 2 entries."]}


def test_legends_belong_to_revenants() -> None:
    spec = parsed(profession="Revenant", legends=["Legend2", "Dwarf"])
    assert (spec.legends_land, spec.legends_water) == (("Legend2", "Legend3"), ())
    assert errors_of(minimal(legends=["Legend2"])) == {"legends": ["Only a Revenant has legends."]}
    assert errors_of(minimal(profession="Revenant", legends={"water": ["Assassin", "Legend2"]})) == {
        "legends.water.1": ["The two legends must differ."]
    }


def test_the_order_of_legends_is_kept_in_the_code(catalogue: Catalogue) -> None:
    for legends in (("Legend2", "Legend3"), ("Legend3", "Legend2")):
        spec = parsed(profession="Revenant", legends=list(legends))
        codes = decode_build_template(spec.template_code).legends_land
        assert codes == tuple(catalogue.legends[legend].code for legend in legends)


def test_an_elite_legend_needs_its_specialization(catalogue: Catalogue) -> None:
    for legend in catalogue.legends.values():
        if legend.specialization is None:
            continue
        name = catalogue.specializations[legend.specialization].name
        assert errors_of(minimal(profession="Revenant", legends=[legend.id])) == {
            "legends.land.0": [f"{legend.name} needs the specialization {name}."]
        }
        lines = [None, None, {"specialization": name}]
        assert parsed(profession="Revenant", legends=[legend.id], specializations=lines).legends_land == (legend.id,)


# --- the code --------------------------------------------------------------------------------------
def test_a_code_fills_what_is_absent(catalogue: Catalogue) -> None:
    built = parse_build({"name": "W", "profession": "Elementalist", "template_code": WEAVER_CODE}, catalogue)
    assert built.notes == ()
    assert built.spec.template_code == WEAVER_CODE
    assert built.spec.specializations == (
        SpecLine(31, (296, 334, 294)),
        SpecLine(41, (224, 214, 226)),
        SpecLine(56, (2115, 2180, 2090)),
    )
    assert built.spec.skills == SkillBar(5569, (40183, 5734, 5638), 5516)
    assert built.spec.water_skills is not None


def test_a_code_fills_each_part_for_itself(catalogue: Catalogue) -> None:
    document = {"name": "W", "profession": "Elementalist", "template_code": WEAVER_CODE, "skills": {"heal": 5569}}
    built = parse_build(document, catalogue)
    assert (built.spec.template_code, built.notes) == (WEAVER_CODE, ())
    assert built.spec.skills == SkillBar(5569, (40183, 5734, 5638), 5516)


def test_a_code_that_disagrees_is_made_anew_with_a_note(catalogue: Catalogue) -> None:
    base = {"name": "W", "profession": "Elementalist", "template_code": WEAVER_CODE}
    for changes in (
        {"skills": {"elite": None}},
        {"water_skills": {"heal": None, "utilities": [], "elite": None}},
        {"skill_overrides": [5516]},
        {"specializations": [None, None, {"specialization": "Weaver"}]},
    ):
        built = parse_build({**base, **changes}, catalogue)
        assert built.notes == ("The code said something else than the build: a new code was made from the build.",)
        assert built.spec.template_code != WEAVER_CODE
        again = parse_build({**base, "template_code": built.spec.template_code}, catalogue)
        assert (again.spec, again.notes) == (built.spec, ())


def test_weapons_of_a_code_fill_only_absent_weapon_sets(catalogue: Catalogue) -> None:
    code = parsed(weapon_sets=[{"main_hand": "Axe", "off_hand": "Shield"}, {"main_hand": "Staff"}]).template_code
    assert parsed(template_code=code).weapon_sets == (WeaponSet("Axe", "Shield"), WeaponSet("Staff"))
    for weapons, expected in (([{"main_hand": "Mace"}], (WeaponSet("Mace"),)), ([], ())):
        built = parse_build(minimal(template_code=code, weapon_sets=weapons), catalogue)
        assert (built.spec.weapon_sets, built.spec.template_code, built.notes) == (expected, code, ())
        assert parse_build(build_json(built.spec, catalogue), catalogue).spec == built.spec


def test_a_code_without_brackets_gets_them() -> None:
    for code in (WEAVER_CODE[2:-1], f"  {WEAVER_CODE} ", WEAVER_CODE[1:-1]):
        assert parsed(profession="Elementalist", template_code=code).template_code == WEAVER_CODE


def test_a_code_with_unknown_bytes_is_kept() -> None:
    code = encode_build_template(BuildTemplate(profession=1, extra=bytes(range(16)), rest=b"later"))
    assert parsed(template_code=code).template_code == code


def test_a_code_of_another_profession_is_refused() -> None:
    assert errors_of(minimal(template_code=WEAVER_CODE)) == {
        "template_code": ["This code is for an Elementalist, the build is for a Guardian."]
    }


@pytest.mark.parametrize("code", ["[&DQ", "hello", "[&Bz+yAAA=]", "[&DQAA]", "[]", "\ud800"])
def test_a_broken_code_names_its_field(code: str) -> None:
    assert list(errors_of(minimal(template_code=code))) == ["template_code"]


def test_a_code_can_not_bring_what_the_game_refuses() -> None:
    elites = encode_build_template(BuildTemplate(profession=1, specializations=(Line(62), Line(27), Line(62))))
    assert errors_of(minimal(template_code=elites)) == {
        "specializations.0.specialization": ["Firebrand is an elite specialization: it must be the third."],
        "specializations.1.specialization": ["Dragonhunter is an elite specialization: it must be the third."],
        "specializations.2.specialization": ["Firebrand is chosen twice."],
    }


def test_what_a_code_says_can_be_read_alone(catalogue: Catalogue) -> None:
    spec = spec_from_code(WEAVER_CODE, catalogue)
    assert (spec.name, spec.profession, spec.template_code) == ("Weaver", "Elementalist", WEAVER_CODE)
    assert spec_from_code(parsed().template_code, catalogue, name="Mine").name == "Mine"
    assert spec_from_code(parsed().template_code, catalogue).name == "Guardian"


# --- all together ----------------------------------------------------------------------------------
def test_the_builds_of_the_cases_are_builds(shared_dir: Any, catalogue: Catalogue) -> None:
    for case in json.loads((shared_dir / "cases" / "attribute_panels.json").read_text()):
        built = parse_build(case["build"], catalogue)
        again = parse_build(build_json(built.spec, catalogue), catalogue)
        assert (again.spec, again.notes) == (built.spec, ())


def test_the_codes_of_the_cases_come_back_byte_for_byte(shared_dir: Any, catalogue: Catalogue) -> None:
    for case in json.loads((shared_dir / "cases" / "template_codes.json").read_text()):
        profession = case["expected"]["profession"]
        spec = parsed(profession=profession, template_code=case["code"])
        assert spec.template_code == case["code"]
        assert spec == parse_build(plain_json(spec), catalogue).spec


_SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_SLOW
@hypothesis.given(build_documents())
def test_a_valid_build_survives_output_and_storage(document: dict[str, Any]) -> None:
    catalogue = packaged()
    spec = parse_build(document, catalogue).spec
    output = json.loads(json.dumps(build_json(spec, catalogue)))
    again = parse_build(output, catalogue)
    assert (again.spec, again.notes) == (spec, ())
    stored = json.loads(json.dumps(plain_json(spec)))
    assert stored_spec(stored) == spec
    assert parse_build(stored, catalogue).spec == spec


@_SLOW
@hypothesis.given(build_documents())
def test_a_code_holds_the_parts_that_the_build_has(document: dict[str, Any]) -> None:
    catalogue = packaged()
    spec = with_code(parse_build(document, catalogue).spec, catalogue)
    parts = parts_of(decode_build_template(spec.template_code), catalogue)
    assert parts.unknown == ()
    assert parts.profession == spec.profession
    assert parts.specializations == tuple(x and (x.specialization, x.traits) for x in spec.specializations)
    assert parts.land_skills == spec.skills.ids
    assert parts.water_skills == (spec.water_skills or SkillBar()).ids
    assert parts.skill_overrides == spec.skill_overrides
    for place in ("pets_land", "pets_water", "legends_land", "legends_water"):
        assert [x for x in getattr(parts, place) if x] == [x for x in getattr(spec, place) if x]
    assert set(parts.weapons) == {name for weapons in spec.weapon_sets for name in weapons.names}


_KEYS = st.sampled_from(
    [
        *firebrand(), "pets", "legends", "water_skills", "water_weapons", "damage_profile", "rotation", "benchmark",
        "skill_overrides", "template_code", "wvw_style", "pvp_amulet", "heal", "utilities", "land", "helm", "id",
    ]
) | st.text(max_size=5)  # fmt: skip
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20)
    | st.text(st.characters(categories=["Cs", "Cc", "Ll"]), max_size=3)
    | st.sampled_from(["Firebrand", "Guardian", "Revenant", "wvw", "Staff", 62, 5516, "Legend2", WEAVER_CODE]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@_SLOW
@hypothesis.given(st.one_of(_VALUES, st.dictionaries(_KEYS, _VALUES, max_size=5).map(lambda more: minimal() | more)))
def test_no_value_raises_anything_but_invalid_input(value: Any) -> None:
    error = refusal_of(value)
    if error is not None:
        assert isinstance(error, InvalidInput)
        assert error.fields
        json.dumps([error.message, error.fields], ensure_ascii=False).encode()
        assert not any("Input should" in text for texts in error.fields.values() for text in texts)


def refusal_of(value: object) -> DomainError | None:
    try:
        parse_build(value, packaged())
    except DomainError as error:
        return error
    return None


@_SLOW
@hypothesis.given(build_documents(), _KEYS, _VALUES)
def test_one_part_of_another_kind_leaves_a_whole_build_or_an_error(
    document: dict[str, Any], key: str, value: Any
) -> None:
    changed = {**document, key: value}
    error = refusal_of(changed)
    if error is None:
        spec = parse_build(changed, packaged()).spec
        assert parse_build(plain_json(spec), packaged()).spec == spec
    else:
        assert error.fields
