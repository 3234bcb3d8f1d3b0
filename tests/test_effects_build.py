"""What a whole build gives and does."""

import copy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builds.engine.effects import assumptions, effects, effects_with_panel
from builds.engine.effects.build import BoonUptime, BuildEffects, heals_always, lasting, regeneration_healing
from builds.engine.effects.turns import Turn, in_turn
from builds.gamedata.model import MODES
from builds.gamedata.weapon_skills import weapon_keys
from builds.library.records import packaged_records
from builds.spec import BuildSpec, parse_build
from gw2optimizer.errors import InvalidInput
from tests.specs import firebrand, minimal, packaged


def spec(**changes: Any) -> BuildSpec:
    return parse_build(minimal(**changes), packaged()).spec


def of(build: BuildSpec, mode: str | None = None, **given: Any) -> BuildEffects:
    return effects(build, packaged(), mode, **given)


def boon(found: BuildEffects, name: str) -> BoonUptime:
    return next(one for one in found.boons if one.boon == name)


SHOUTS = {"skills": {"heal": None, "utilities": [9084, 9152, 9153], "elite": 29965}}


def test_uptime_is_uses_times_duration() -> None:
    """Feel My Wrath: 3 s of quickness each 30 s and a use; with 50 % boon duration 4.5 s."""
    found = of(spec(**SHOUTS))
    assert boon(found, "Quickness").uptime == pytest.approx(3 / 30.75)
    longer = boon(of(spec(**SHOUTS), boon_duration=0.5), "Quickness")
    assert (longer.uptime, longer.seconds) == (pytest.approx(4.5 / 30.75), 4.5)
    assert [source.source.name for source in longer.given_by] == ['"Feel My Wrath!"']
    assert longer.to == "allies"


def test_alacrity_and_quickness_shorten_the_period() -> None:
    """30 s x 0.8, and half a second in place of three quarters."""
    under_both = boon(of(spec(**SHOUTS), alacrity=True, quickness=True), "Quickness")
    assert under_both.given_by[0].source.period == pytest.approx(24.5)


def test_a_skill_with_charges_waits_for_the_charge() -> None:
    """Advance: 5 s between uses, a charge each 24 s, 20 s of aegis."""
    givers = {one.source.name: one for one in boon(of(spec(**SHOUTS)), "Aegis").given_by}
    assert givers['"Advance!"'].source.period == pytest.approx(24.75)
    assert givers['"Advance!"'].share == pytest.approx(20 / 24.75)
    # The virtue of the profession gives it, too.
    assert givers["Virtue of Courage"].share == pytest.approx(20 / 45.75)
    assert boon(of(spec(**SHOUTS)), "Aegis").uptime == 1


def test_stability_is_counted_in_stacks_and_in_applications() -> None:
    """Stand Your Ground: 5 stacks for 6 s each 24 s."""
    found = of(spec(**SHOUTS))
    assert boon(found, "Stability").stacks == pytest.approx(5 * 6 / 24.75)
    assert boon(found, "Stability").uptime == pytest.approx(6 / 24.75)
    assert found.stability_per_30_s == pytest.approx(30 / 24.75)
    assert [source.name for source in found.stun_breaks] == ['"Stand Your Ground!"', "Virtue of Courage"]


def test_pulses_give_their_boons_each() -> None:
    """Hallowed Ground names an interval of boons and 8 pulses of 2 s of stability."""
    found = of(spec(skills={"heal": None, "utilities": [9253, None, None], "elite": None}))
    assert boon(found, "Stability").given_by[0].applications == 8
    assert boon(found, "Stability").stacks == pytest.approx(8 * 2 / 36.75)


def test_wvw_takes_its_own_values() -> None:
    """Hold the Line: protection 6 s, in WvW 4 s; the build's own mode where none is asked for."""
    build = spec(**SHOUTS, game_mode="wvw")
    assert of(build).game_mode == "wvw"
    assert boon(of(build), "Protection").seconds == 4
    assert boon(of(build, "raids"), "Protection").seconds == 6


def test_what_has_no_period_or_needs_something_is_listed_and_not_counted() -> None:
    """Swift Scholar acts with each tome, of which nothing says how often it is opened."""
    scholar = spec(specializations=[None, None, {"specialization": "Firebrand", "traits": [None] * 3}])
    quickness = boon(of(scholar, boon_duration=0.2), "Quickness")
    assert (quickness.uptime, quickness.counted) == (0, False)
    assert quickness.given_by[0].not_counted == "how often is not known"
    assert quickness.assumed == pytest.approx(assumptions.OPEN_UPTIME * 1.2)
    evoker = next(r.build for r in packaged_records() if r.build["profession"] == "Elementalist")
    reasons = {
        s.not_counted for b in of(parse_build(evoker, packaged()).spec).boons for s in b.given_by if s.share == 0
    }
    assert any(reason.startswith("only with ") or reason == "how often is not known" for reason in reasons)


def test_unknown_effects_are_named_and_not_counted() -> None:
    """Well of Corruption in PvE."""
    build = spec(profession="Necromancer", skills={"heal": None, "utilities": [10545, None, None], "elite": None})
    found = of(build, "pve")
    assert [(u.source.name, u.effect) for u in found.unknown if u.source.id == 10545] == [
        ("Well of Corruption", "Boons converted to conditions")
    ]
    assert [rate for rate in found.counts if rate.effect == "boons_corrupted"] == []
    in_wvw = next(rate for rate in of(build, "wvw").counts if rate.effect == "boons_corrupted")
    assert in_wvw.per_second == pytest.approx(6 / in_wvw.given_by[0].period)


def test_healing_counts_healing_power_where_its_share_is_known() -> None:
    """Well of Blood: 2936 + 1 x HP at once, 664 + 0.5 x HP for 5 s, each 25 s."""
    build = spec(profession="Necromancer", skills={"heal": 10527, "utilities": [None] * 3, "elite": None})
    assert of(build, healing_power=1000).healing.per_second == pytest.approx((3936 + 5 * 1164) / 25.75)
    assert of(build).regeneration_per_second == pytest.approx(boon(of(build), "Regeneration").uptime * 130)
    assert regeneration_healing(1000) == 255


@pytest.mark.parametrize(
    ("ready", "turn", "period"),
    [
        (12, None, 12),
        (12, Turn(10, 1), 12),
        (12, Turn(10, 2), 20),
        (21, Turn(10, 2), 40),
        (4, Turn(10, 2), 20 / 3),
        (5, Turn(10, 2), 10),
        (10, Turn(10, 2), 20),
        (30, Turn(5, 4), 40),
    ],
)
def test_turns_space_out_uses(ready: float, turn: Turn | None, period: float) -> None:
    assert in_turn(ready, turn) == pytest.approx(period)


def test_boons_are_stored_to_a_limit() -> None:
    assert lasting("Fury", 20, 1.0) == 30
    assert lasting("Swiftness", 20, 1.0) == 40


@pytest.mark.parametrize(
    ("label", "always"),
    [
        ("Healing", True),
        ("Health per Second", True),
        ("Healing per Condition", False),
        ("Level 2 Healing", False),
        ("Initial Self Heal", True),
        ("Heal if Endurance is Full", False),
    ],
)
def test_parts_of_a_heal_that_need_something_are_left_out(label: str, always: bool) -> None:
    assert heals_always(label) is always


def test_weapons_lie_on_their_keys() -> None:
    def on_keys(profession: str, main: str, off: str | None, *lines: int) -> list[tuple[int, str | None, str]]:
        found = weapon_keys(packaged(), profession, main, off, lines)
        return [(key.slot, key.attunement, key.skill.name) for key in found]

    assert [name for _, _, name in on_keys("Warrior", "Mace", "Mace")] == [
        "Mace Smash",
        "Counterblow",
        "Pommel Bash",
        "Crushing Blow",
        "Tremor",
    ]
    assert on_keys("Thief", "Sword", "Pistol")[2][2] == "Flawless Execution"
    assert on_keys("Thief", "Sword", None)[2][2] == "Stab"
    assert len(on_keys("Elementalist", "Staff", None)) == 20
    assert (3, "Fire", "Flame Burst") in on_keys("Elementalist", "Staff", None)


def test_legends_wait_for_their_energy() -> None:
    """Jade Winds: 10 s, but 35 energy of 5 a second, in turns of two legends."""
    build = spec(profession="Revenant", legends={"land": ["Legend2", "Legend3"]})
    jade = next(one for one in of(build).control if one.source.name == "Jade Winds")
    assert jade.source.place == "Legendary Assassin Stance"
    assert jade.source.period == pytest.approx(20)


def test_skill_of_a_legend_that_the_bar_shows_counts_once() -> None:
    legends = {"land": ["Legend2", "Legend3"]}
    bare = of(spec(profession="Revenant", legends=legends))
    elite = packaged().legends["Legend2"].elite
    shown = of(spec(profession="Revenant", legends=legends, skills={"elite": elite}))
    assert shown.control == bare.control
    assert shown.defiance_per_30_s == bare.defiance_per_30_s > 0


def test_the_panel_gives_boon_duration_and_healing_power() -> None:
    build = parse_build(firebrand(), packaged()).spec
    found = effects_with_panel(build, packaged())
    assert found.boon_duration > 0.2
    assert found.healing_power > 1000
    assert effects_with_panel(build, packaged(), "pvp").notes != ()


def test_a_rune_of_one_boon_lengthens_that_boon_alone() -> None:
    build = spec(**SHOUTS)
    found = of(build, boon_duration=0.2, of_boon={"Fury": 0.25})
    assert boon(found, "Fury").seconds == pytest.approx(10 * 1.45)
    assert boon(found, "Quickness").seconds == pytest.approx(3 * 1.2)
    # The rune: +10 % of all boons and 20 % beside it of quickness, all of it told by the panel.
    with_rune = effects_with_panel(spec(**SHOUTS, rune="Superior Rune of the Firebrand"), packaged())
    assert boon(with_rune, "Fury").seconds == pytest.approx(10 * (1 + with_rune.boon_duration))
    assert boon(with_rune, "Quickness").seconds == pytest.approx(3 * (1 + with_rune.boon_duration + 0.3))


def test_keys_of_the_profession_hold_what_the_build_puts_there() -> None:
    def places(**changes: Any) -> set[str]:
        found = of(spec(**changes))
        every = (*found.others, *found.control, *found.combo_fields, *found.finishers)
        sources = [*(does.source for does in every), *(s for rate in found.counts for s in rate.given_by)]
        sources += [s.source for one in found.boons for s in one.given_by]
        return {source.name for source in sources if source.place == "Profession"}

    assert "Virtue of Courage" in places()
    # What a thief steals and what a soulbeast merges with are of the moment and of the pet.
    assert places(profession="Thief") <= {"Steal"}
    assert places(profession="Ranger", pets={"land": [39, 1]}) == set()
    soulbeast = [None, None, {"specialization": "Soulbeast", "traits": [None] * 3}]
    merged = places(profession="Ranger", pets={"land": [39, 1]}, specializations=soulbeast)
    names = {packaged().skills[id_].name for id_ in packaged().pets[39].beastmode if id_ in packaged().skills}
    assert merged
    assert merged <= names | {"Eternal Bond", "Beastmode", "Leave Beastmode"}
    # A burst belongs to the weapon in hand.
    assert "Skull Crack" in places(profession="Warrior", weapon_sets=[{"main_hand": "Mace", "off_hand": None}])
    assert "Skull Crack" not in places(profession="Warrior", weapon_sets=[{"main_hand": "Axe", "off_hand": None}])


def test_what_the_game_has_changed_since_is_named() -> None:
    newer = copy.copy(packaged())
    newer.unverified = frozenset({"skill:9153", "trait:1"})
    found = effects(spec(**SHOUTS), newer)
    assert [note.partition(": ")[2] for note in found.notes] == ['"Stand Your Ground!".']
    assert of(spec(**SHOUTS)).notes == ()


@pytest.mark.parametrize(
    ("mode", "numbers"),
    [
        ("arena", {}),
        (None, {"boon_duration": float("nan")}),
        (None, {"boon_duration": -0.1}),
        (None, {"healing_power": 1e308}),
        (None, {"healing_power": float("inf")}),
    ],
)
def test_impossible_numbers_and_modes_are_refused(mode: str | None, numbers: dict[str, float]) -> None:
    with pytest.raises(InvalidInput) as told:
        of(spec(), mode, **numbers)
    assert told.value.fields


@pytest.mark.long
def test_every_build_of_the_library_has_effects_in_every_mode() -> None:
    for record in packaged_records():
        build = parse_build(record.build, packaged()).spec
        for mode in MODES:
            found = effects_with_panel(build, packaged(), mode, alacrity=True, quickness=True)
            told = orjson.loads(orjson.dumps(found.as_json()))
            assert told["assumptions"]
            for one in found.boons:
                assert 0 <= one.uptime <= 1
                assert 0 <= one.stacks <= (25 if one.boon in assumptions.INTENSITY_BOONS else 1)
            unknown = {(u.source.kind, u.source.id, u.effect) for u in found.unknown}
            counted = {(s.source.kind, s.source.id, one.boon) for one in found.boons for s in one.given_by if s.share}
            # A trait may add to what the base leaves open, and then says so by its id.
            for kind, id_, name in unknown & counted:
                table = packaged().skills if kind == "skill" else packaged().traits
                assert table[id_].traited_facts, name


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 2000), st.booleans())
def test_more_of_an_attribute_never_gives_less(low: float, high: float, healing: float, quick: bool) -> None:
    low, high = sorted((low, high))
    build = parse_build(firebrand(), packaged()).spec
    less = of(build, boon_duration=low, healing_power=healing)
    more = of(build, boon_duration=high, healing_power=healing + 100, quickness=quick)
    for one in less.boons:
        assert boon(more, one.boon).uptime >= one.uptime - 1e-12
    assert more.healing.per_second >= less.healing.per_second
