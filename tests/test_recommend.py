"""Fit, wish and gear of the recommendation, with candidates made by hand."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from builds.language.who import Who
from builds.recommend import (
    Candidate,
    Wish,
    WordsRead,
    best_fit,
    gear_kind,
    read_words,
    regear,
    wish_from,
    without_gear,
)
from builds.recommend.fit import fit_score, mode_closeness, role_closeness
from builds.spec import BuildSpec, parse_build, plain_json
from builds.spec.model import ARMOR_SLOTS, TRINKET_SLOTS, GearPiece, WeaponSet
from gw2optimizer.errors import InvalidInput
from tests.specs import build_documents, firebrand, minimal, packaged

DAY = datetime(2026, 5, 6, tzinfo=UTC)


def candidate(key: str = "a", **changes: Any) -> Candidate:
    facts: dict[str, Any] = {
        "key": key, "name": "Build", "profession": "Guardian", "elite": "Firebrand", "mode": "wvw", "style": "zerg",
        "role": "stability_support", "secondary_roles": (), "fresh": True, "complete": True, "as_of": DAY,
        "benchmark": 0.0,
    }  # fmt: skip
    return Candidate(**{**facts, **changes})


def order(wish: Wish, *candidates: Candidate) -> list[object]:
    return [fit.candidate.key for fit in best_fit(wish, candidates, limit=len(candidates))]


WISH = Wish("Guardian", "stability_support", "wvw", "zerg", "Firebrand")


# --- fit -------------------------------------------------------------------------------------------
def test_the_exact_fit_wins_and_gives_nothing_up() -> None:
    others = (
        candidate("elite", elite="Dragonhunter", benchmark=9e9, as_of=datetime(2026, 9, 1, tzinfo=UTC)),
        candidate("role", role="dps"),
        candidate("mode", mode="pve", style=""),
        candidate("style", style="roaming"),
    )
    exact = candidate("exact")
    assert order(WISH, *others, exact) == ["exact", "style", "mode", "role", "elite"]
    (fit,) = best_fit(WISH, [*others, exact])
    assert fit.given_up == ()
    assert fit.reasons == (
        "It is played as Firebrand, as you asked.",
        "Its role is stability support.",
        "It was published for WvW.",
        "It is made for zerg.",
        "It is of 2026-05-06, and no later change of the game is known to break it.",
    )


def test_among_equals_the_fresh_the_whole_the_new_the_strong_goes_first() -> None:
    fresh = candidate("fresh")
    assert order(
        Wish("Guardian"),
        candidate("stale", fresh=False, as_of=datetime(2026, 9, 1, tzinfo=UTC), benchmark=50_000),
        candidate("bare", complete=False),
        candidate("old", as_of=datetime(2025, 1, 1, tzinfo=UTC), benchmark=50_000),
        candidate("weak"),
        replace(fresh, benchmark=40_000),
    ) == ["fresh", "weak", "old", "bare", "stale"]


def test_the_order_does_not_depend_on_the_input_order() -> None:
    candidates = [candidate(key) for key in "cadb"]
    assert order(WISH, *candidates) == order(WISH, *reversed(candidates)) == ["d", "c", "b", "a"]


def test_a_stale_fit_beats_a_fresh_build_of_another_role_and_shows_its_date() -> None:
    stale = candidate("stale", fresh=False)
    assert order(WISH, stale, candidate("other", role="dps")) == ["stale", "other"]
    (fit,) = best_fit(WISH, [stale])
    assert fit.given_up == ("It is of 2026-05-06: the game has changed since.",)


def test_a_date_that_no_source_gives_is_not_shown() -> None:
    (fit,) = best_fit(WISH, [candidate(dated=False)])
    assert fit.given_up == ("Its source gives no date: the game may have changed since.",)
    assert not any("2026" in text for text in (*fit.reasons, *fit.given_up))


def test_an_open_wish_is_kept_by_all() -> None:
    assert fit_score(Wish(), candidate()) == fit_score(Wish(), candidate(mode="pve", style="", role="dps", elite=""))
    (fit,) = best_fit(Wish(), [candidate()])
    assert fit.given_up == ()


def test_nothing_fits_nothing() -> None:
    assert best_fit(WISH, []) == []


@pytest.mark.parametrize(
    ("changes", "given_up"),
    [
        ({"elite": ""}, "The library has no Firebrand build for this: it is a core Guardian build."),
        (
            {"role": "healer", "secondary_roles": ("stability_support",)},
            "Its first role is healer, not stability support.",
        ),
        (
            {"role": "dps"},
            "The library has no Guardian build whose role is stability support: this one's is power damage.",
        ),
        ({"mode": "pve", "style": ""}, "It was published for PvE; skills and traits have other values in WvW."),
        ({"style": "roaming"}, "It is made for roaming, not zerg."),
    ],
)
def test_what_is_not_kept_is_said(changes: dict[str, Any], given_up: str) -> None:
    (fit,) = best_fit(WISH, [candidate(**changes)])
    assert given_up in fit.given_up


def test_modes_that_share_a_balance_are_near() -> None:
    (fit,) = best_fit(Wish(mode="strikes"), [candidate(mode="raids", style="")])
    assert fit.given_up == ("It was published for raids, not strikes; skills and traits have the same values in both.",)
    assert mode_closeness("strikes", "raids") > mode_closeness("pvp", "wvw") > mode_closeness("pvp", "pve")
    assert mode_closeness(None, "pvp") == mode_closeness("pvp", "pvp") == 1


def test_roles_are_near_by_family() -> None:
    assert role_closeness("dps", "dps") == role_closeness(None, "tank") == 1
    assert role_closeness("strip", "dps", ("strip",)) == 0.8
    assert role_closeness("healer", "healer_quickness") == 0.7
    assert role_closeness("healer_quickness", "healer") == 0.4
    assert role_closeness("dps", "condi_dps") == 0.4
    assert role_closeness("dps", "healer") == 0


def test_core_is_a_wish_of_its_own() -> None:
    wish = Wish("Guardian", elite="core")
    assert order(wish, candidate("fb"), candidate("core", elite="", benchmark=0)) == ["core", "fb"]
    (fit,) = best_fit(wish, [candidate()])
    assert "The library has no core build for this: it is a Firebrand build." in fit.given_up


# --- wish by fields --------------------------------------------------------------------------------
def test_fields_become_a_wish() -> None:
    wish = wish_from(
        packaged(),
        profession="guardian",
        role="stability_support",
        game_mode="WvW",
        wvw_style="raid guild",
        elite_specialization="firebrand",
    )
    assert wish == Wish("Guardian", "stability_support", "wvw", "raid_guild", "Firebrand")
    assert wish_from(packaged()) == Wish()
    assert wish_from(packaged(), elite_specialization="Core").elite == "core"
    assert wish_from(packaged(), elite_specialization="Reaper").profession == "Necromancer"


def test_each_unknown_field_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        wish_from(
            packaged(), profession="Gard", role="x", game_mode="y", wvw_style="z", elite_specialization="Firebrnd"
        )
    assert list(caught.value.fields) == ["profession", "role", "game_mode", "wvw_style", "elite_specialization"]
    (text,) = caught.value.fields["elite_specialization"]
    assert text.startswith("There is no specialization “Firebrnd” in the game data. Did you mean “Firebrand”")
    with pytest.raises(InvalidInput) as caught:
        wish_from(packaged(), elite_specialization="Zeal")
    assert caught.value.fields == {"elite_specialization": ["Zeal is a core specialization, not an elite one."]}


def test_a_wish_that_contradicts_itself_is_a_wish() -> None:
    wish = wish_from(
        packaged(), profession="Guardian", elite_specialization="Reaper", game_mode="pve", wvw_style="zerg"
    )
    assert wish == Wish("Guardian", None, "pve", "zerg", "Reaper")


# --- wish in words ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wish", "unread"),
    [
        ("condi reaper for fractals", Wish("Necromancer", "condi_dps", "fractals", None, "Reaper"), []),
        ("zerg firebrand stability", Wish("Guardian", "stability_support", "wvw", "zerg", "Firebrand"), []),
        ("heal druid", Wish("Ranger", "healer", None, None, "Druid"), []),
        ("HEAL  Quickness, Firebrands!", Wish("Guardian", "healer_quickness", None, None, "Firebrand"), []),
        ("Drúid héal", Wish("Ranger", "healer", None, None, "Druid"), []),
        ("Guardians in raids", Wish("Guardian", None, "raids"), []),
        ("raid guild necro strip", Wish("Necromancer", "strip", "wvw", "raid_guild"), []),
        ("dps alacrity mech", Wish("Engineer", "alacrity", None, None, "Mechanist"), []),
        ("quick healer", Wish(role="healer_quickness"), []),
        ("core guard pvp", Wish("Guardian", None, "pvp", None, "core"), []),
        ("open world power rev", Wish("Revenant", "dps", "pve"), []),
        ("something fluffy with teeth", Wish(), ["fluffy", "teeth"]),
        ("wvw roamer thief", Wish("Thief", None, "wvw", "roaming"), []),
        ("", Wish(), []),
        ("\ud800\x00 ☃", Wish(), []),
    ],
)
def test_words_are_read(text: str, wish: Wish, unread: list[str]) -> None:
    assert read_words(text, Wish(), packaged()) == WordsRead(wish, tuple(unread))


THIEF = Who("Thief")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("a healer that gives alacrity to my group", Wish(role="healer_alacrity")),
        ("soigneur avec alacrité pour les fractales", Wish(role="healer_alacrity", mode="fractals")),
        ("un gardien qui donne la célérité et soigne", Wish("Guardian", "healer_quickness")),
        ("dps who survives with quickness", Wish(role="quickness", qualities=("sturdy",))),
        ("condi quick fb", Wish("Guardian", "quickness", elite="Firebrand", also=("condi_dps",))),
        ("healer with stability for wvw", Wish(role="healer", mode="wvw", also=("stability_support",))),
        ("not a thief", Wish(unwanted=(THIEF,))),
        ("pas de voleur ni de gardien", Wish(unwanted=(THIEF, Who("Guardian")))),
        ("no thief, ranger or warrior", Wish(unwanted=(THIEF, Who("Ranger"), Who("Warrior")))),
        ("no condi", Wish(unwanted=(Who(role="condi_dps"),))),
        ("sans alacrité", Wish(unwanted=(Who(role="alacrity"),))),
        ("no condi reaper", Wish("Necromancer", elite="Reaper", unwanted=(Who(role="condi_dps"),))),
        ("not a condi reaper", Wish(unwanted=(Who("Necromancer", "Reaper", "condi_dps"),))),
        ("no condi, power druid", Wish("Ranger", "dps", elite="Druid", unwanted=(Who(role="condi_dps"),))),
        ("a support that is not a healer", Wish(role="boon_support", unwanted=(Who(role="healer"),))),
        ("necro but no pvp", Wish("Necromancer", unwanted_modes=("pvp",))),
        ("tanky LI necro", Wish("Necromancer", qualities=("sturdy", "easy"))),
        ("begginer", Wish(qualities=("easy",))),
        ("facile pour un débutant", Wish(qualities=("easy",))),
        ("open world solo", Wish(mode="pve", qualities=("solo",))),
    ],
)  # fmt: skip
def test_words_are_read_wherever_they_stand(text: str, wish: Wish) -> None:
    assert read_words(text, Wish(), packaged()) == WordsRead(wish)


def test_what_is_not_heeded_is_said_back() -> None:
    read = read_words("fluffy druid or tempest for 5 friends, not tanky", Wish(), packaged())
    assert read.wish == Wish("Ranger", elite="Druid")
    assert read.left == (
        "Not understood: fluffy, 5, friends, not tanky.",
        "More than one build can be, so left out: tempest.",
    )


def test_fields_win_over_words() -> None:
    typed = Wish("Guardian", "healer", "pvp", None, "Firebrand")
    assert read_words("condi reaper for wvw zerg", typed, packaged()) == WordsRead(typed)
    assert read_words("zerg", Wish(mode="wvw", style="roaming"), packaged()).wish == Wish(mode="wvw", style="roaming")


def test_what_must_not_be_comes_only_where_nothing_else_is() -> None:
    wish = Wish(role="healer", unwanted=(Who(role="alacrity"), THIEF))
    healer, other, thief = (
        candidate("healer", role="healer_alacrity"), candidate("other", role="dps"),
        candidate("thief", profession="Thief", role="healer"),
    )  # fmt: skip
    assert order(wish, healer, other, thief)[0] == "other"
    (fit,) = best_fit(wish, [other])
    assert "It has nothing of what you did not want: alacrity, Thief." in fit.reasons
    (fit,) = best_fit(wish, [healer])
    assert "You did not want alacrity, and the library has nothing else that fits." in fit.given_up


def test_qualities_and_further_roles_choose_among_what_fits() -> None:
    hard, easy = candidate("hard", skills=31, sturdiness=0.5), candidate("easy", skills=11)
    assert order(Wish(qualities=("easy",)), hard, easy)[0] == "easy"
    assert order(Wish(qualities=("sturdy",)), hard, easy)[0] == "hard"
    both = candidate("both", role="healer", secondary_roles=("stability_support",))
    assert order(Wish(role="healer", also=("stability_support",)), candidate("one", role="healer"), both)[0] == "both"


def test_every_profession_and_elite_specialization_is_read() -> None:
    catalogue = packaged()
    for profession in catalogue.professions.values():
        assert read_words(f"a {profession.name} please", Wish(), catalogue).wish == Wish(profession.name)
    for specialization in catalogue.specializations.values():
        if specialization.elite:
            read = read_words(specialization.name.upper(), Wish(), catalogue)
            assert read == WordsRead(Wish(specialization.profession, elite=specialization.name))


@settings(deadline=None)
@hypothesis.given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    read = read_words(text, Wish(), packaged())
    assert all(read.unread)
    assert len(read.left) == bool(read.unread) + bool(read.beside)


# --- gear ------------------------------------------------------------------------------------------
def worn(prefix: str, *slots: str, **changes: Any) -> BuildSpec:
    document = minimal(game_mode="wvw", gear=dict.fromkeys(slots or (*ARMOR_SLOTS, *TRINKET_SLOTS), prefix), **changes)
    return parse_build(document, packaged()).spec


def test_gear_comes_whole_from_the_donor() -> None:
    source = parse_build(firebrand(benchmark={"dps": 1, "source": "x"}, enrichment=None), packaged()).spec
    donor = worn(
        "Berserker's",
        rune="Scholar",
        sigils=[["Force", "Air"]],
        relic="Relic of the Thief",
        food="Bowl of Sweet and Spicy Butternut Squash Soup",
        infusions={"power": 18},
        jade_bot_core=True,
    )
    moved = regear(source, donor, packaged())
    assert {piece.prefix for piece in moved.gear.values()} == {"Berserker's"}
    assert [*moved.gear] == [*ARMOR_SLOTS, *TRINKET_SLOTS, "weapon_1_main", "weapon_1_off", "weapon_2_main"]
    assert (moved.rune, moved.relic, moved.food, moved.infusions) == (
        donor.rune,
        donor.relic,
        donor.food,
        {"power": 18},
    )
    assert moved.sigils == (donor.sigils[0], donor.sigils[0])
    assert (moved.benchmark_dps, moved.benchmark_source, moved.damage_profile) == (None, "", None)
    assert moved.jade_bot_core is True
    for kept in ("profession", "specializations", "skills", "weapon_sets", "template_code"):
        assert getattr(moved, kept) == getattr(source, kept)


def test_weapon_slots_follow_the_weapons() -> None:
    donor = replace(
        worn("Berserker's", *ARMOR_SLOTS, *TRINKET_SLOTS),
        weapon_sets=(WeaponSet("Staff"),),
        gear={
            "coat": GearPiece("Marauder"),
            "weapon_1_main": GearPiece("Marauder", infusions=("+5 power", "+5 power")),
            "weapon_2_main": GearPiece("Dragon's"),
        },
    )
    spec = replace(worn("Minstrel's"), weapon_sets=(WeaponSet("Mace", "Shield"),))
    moved = regear(spec, donor, packaged())
    assert [slot for slot in moved.gear if slot.startswith("weapon")] == ["weapon_1_main", "weapon_1_off"]
    assert moved.gear["weapon_1_main"] == GearPiece("Marauder", infusions=("+5 power",))
    assert moved.gear["weapon_1_off"] == GearPiece("Marauder")
    assert "ring_1" not in moved.gear


def test_what_a_donor_lacks_is_filled_by_its_own_kind() -> None:
    donor = replace(worn("Berserker's", "helm"), gear={"helm": GearPiece("Dragon's"), "ring_1": GearPiece("Captain's")})
    moved = regear(worn("Minstrel's"), donor, packaged())
    assert {moved.gear[slot].prefix for slot in ARMOR_SLOTS} == {"Dragon's"}
    assert {moved.gear[slot].prefix for slot in TRINKET_SLOTS} == {"Captain's"}


def test_runes_by_piece_push_out_the_rune_of_the_source() -> None:
    donor = replace(worn("Berserker's"), gear={"helm": GearPiece("Berserker's", upgrade=24836)})
    assert regear(worn("Minstrel's", rune="Monk"), donor, packaged()).rune is None
    assert regear(worn("Minstrel's", rune="Monk"), worn("Berserker's"), packaged()).rune == 24842


def test_a_pvp_build_loses_its_amulet_with_new_gear() -> None:
    source = replace(BuildSpec("x", "Guardian", "pve"), pvp_amulet=4)
    assert regear(source, worn("Berserker's"), packaged()).pvp_amulet is None


def test_pvp_leaves_rune_sigils_and_relic() -> None:
    source = parse_build(firebrand(), packaged()).spec
    bare = without_gear(source)
    assert (bare.game_mode, bare.wvw_style, bare.gear, bare.infusions, bare.food) == ("pvp", None, {}, {}, None)
    assert (bare.rune, bare.sigils, bare.relic) == (source.rune, source.sigils, source.relic)
    assert parse_build(plain_json(bare), packaged()).spec == bare


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("Berserker's", "power"), ("Dire", "condition_damage"), ("Cleric's", "healing_power")],
)
def test_gear_has_a_kind(prefix: str, kind: str) -> None:
    assert gear_kind(worn(prefix), packaged()) == kind
    assert gear_kind(BuildSpec("x", "Guardian"), packaged()) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@hypothesis.given(build_documents(), build_documents())
def test_new_gear_is_of_the_donor_or_the_source_and_makes_a_valid_build(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    catalogue = packaged()
    source = replace(parse_build(first, catalogue).spec, game_mode="pve", wvw_style=None)
    donor = parse_build(second, catalogue).spec
    moved = regear(source, donor, catalogue)
    assert {piece.prefix for piece in moved.gear.values()} <= {piece.prefix for piece in donor.gear.values()}
    assert {piece.upgrade for piece in moved.gear.values()} <= {None, *(p.upgrade for p in donor.gear.values())}
    assert {s for sigils in moved.sigils for s in sigils} <= {s for x in (source, donor) for y in x.sigils for s in y}
    assert moved.rune in (source.rune, donor.rune)
    assert moved.relic in (source.relic, donor.relic)
    assert (moved.food, moved.utility, moved.infusions) == (donor.food, donor.utility, donor.infusions)
    assert parse_build(plain_json(moved), catalogue).spec == moved
    assert parse_build(plain_json(without_gear(source)), catalogue).spec == without_gear(source)
