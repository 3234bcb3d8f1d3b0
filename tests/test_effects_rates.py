"""How often traits, charges and facets act, and that everything counts them alike."""

from typing import Any

import pytest

from builds.engine.effects import assumptions, effects, effects_with_panel
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.build import PROMISED, BoonSource, BoonUptime, BuildEffects, lasting
from builds.engine.effects.equipped import uses_of
from builds.engine.effects.events import Events
from builds.engine.effects.floor import SOURCE
from builds.engine.effects.rates import NOTHING_DOES, ROLE_BOONS
from builds.engine.effects.triggers import triggers
from builds.engine.improve.measure import given_by
from builds.library.records import packaged_records
from builds.spec import BuildSpec, parse_build
from teams.coverage.model import OPEN
from teams.coverage.player import read_player
from tests.specs import minimal, packaged

pytestmark = pytest.mark.once


def spec(profession: str, *lines: tuple[str, list[int | None]], **changes: Any) -> BuildSpec:
    chosen: list[Any] = [{"specialization": name, "traits": traits} for name, traits in lines]
    specializations = [*[None] * (3 - len(chosen)), *chosen]
    return parse_build(minimal(profession=profession, specializations=specializations, **changes), packaged()).spec


def of(build: BuildSpec, mode: str | None = None, **given: Any) -> BuildEffects:
    return effects(build, packaged(), mode, **given)


def boon(found: BuildEffects, name: str) -> BoonUptime | None:
    return next((one for one in found.boons if one.boon == name), None)


def sources(found: BuildEffects, name: str, giver: str) -> list[BoonSource]:
    one = boon(found, name)
    return [source for source in one.given_by if source.source.name == giver] if one else []


def test_trait_acts_with_each_use_of_the_skills_that_set_it_off() -> None:
    """Feverish Pulse: 6 s of alacrity with each chant, of 8, 15 and 25 s; none in WvW."""
    paragon = spec("Warrior", ("Paragon", [None, None, 2369]))
    (pulse,) = sources(of(paragon), "Alacrity", "Feverish Pulse")
    assert pulse.share == pytest.approx(6 * (1 / 8.75 + 1 / 15.75 + 1 / 25.75))
    assert set(pulse.source.rate.split(", ")) == {"Chant of Action", "Chant of Recuperation", "Chant of Freedom"}
    assert boon(of(paragon, "wvw"), "Alacrity") is None


def test_parts_of_a_trait_are_set_off_by_different_things() -> None:
    """Lucid Singularity: 1 s with each of four pulses of an overload, 5 s at its end; an overload each 10 s."""
    tempest = spec("Elementalist", ("Tempest", [None, None, 2033]), weapon_sets=[{"main_hand": "Staff"}])
    shares = [source.share for source in sources(of(tempest), "Alacrity", "Lucid Singularity")]
    assert shares == pytest.approx([5 / 10, 4 * 1 / 10])


def test_overloads_are_named_for_tempests_alone() -> None:
    """The data names no specialization that an overload needs."""
    evoker = spec("Elementalist", ("Evoker", [None, None, None]), weapon_sets=[{"main_hand": "Staff"}])
    assert not [u.source.name for u in of(evoker).unknown if u.source.name.startswith("Overload")]


def test_trait_that_nothing_sets_off_gives_nothing_and_says_so() -> None:
    """Hunter's Premonition needs traps."""
    bare = spec("Guardian", ("Dragonhunter", [1898, None, None]))
    trapper = spec(
        "Guardian", ("Dragonhunter", [1898, None, None]), skills={"heal": None, "utilities": [29786, None, None]}
    )
    assert sources(of(bare), "Aegis", "Hunter's Premonition") == []
    assert [u.reason for u in of(bare).unknown if u.source.id == 1898] == [NOTHING_DOES]
    assert "aegis" not in given_by(bare, packaged(), "pve", quickness=False, alacrity=False).open
    (trap,) = sources(of(trapper), "Aegis", "Hunter's Premonition")
    assert trap.source.rate == packaged().skills[29786].name


def test_swaps_and_attunements_have_their_turns() -> None:
    """Invoker's Rage: 5 s with each of the legends' turns. Rock Solid: 3 s each fourth attunement."""
    revenant = spec("Revenant", ("Invocation", [None] * 3), legends={"land": ["Legend2", "Legend3"]})
    assert sources(of(revenant), "Fury", "Invoker's Rage")[0].share == pytest.approx(5 / 10)
    element = spec("Elementalist", ("Earth", [None, 281, None]), weapon_sets=[{"main_hand": "Staff"}])
    assert sources(of(element), "Stability", "Rock Solid")[0].share == pytest.approx(3 / 20)


def test_what_needs_a_skill_comes_with_that_skill() -> None:
    """Shadestep gives alacrity with Grasping Shadows, which is used once after each entry into the shroud, of 8 s."""
    specter = spec("Thief", ("Specter", [None, None, 2289]))
    (step,) = sources(of(specter), "Alacrity", "Shadestep")
    assert step.share == pytest.approx(5 / 8.75)
    assert "Grasping Shadows" in step.source.rate


def test_facets_act_each_interval_of_their_legends_turn() -> None:
    """Facet of Light: 4 s of regeneration each 3 s, half of the time."""
    herald = spec("Revenant", ("Herald", [None] * 3), legends={"land": ["Legend1", "Legend2"]})
    (light,) = sources(of(herald), "Regeneration", "Facet of Light")
    assert light.source.period == 6
    assert light.share == pytest.approx(4 / 6)


def test_charges_of_a_mantra_count_as_often_as_one_returns() -> None:
    """Portent of Freedom: 25 s; Potent Haste: 10 or 12 s in PvE, of which the longer counts."""
    skills = {"heal": None, "utilities": [40915, None, None], "elite": 43357}
    firebrand = spec("Guardian", ("Firebrand", [None] * 3), skills=skills)
    (portent,) = sources(of(firebrand, "wvw"), "Stability", "Portent of Freedom")
    assert (portent.source.period, portent.seconds) == (25.75, 3)
    (haste,) = sources(of(firebrand), "Quickness", "Potent Haste")
    assert haste.share == pytest.approx(3 / 12.75)


def test_a_trait_brings_a_skill() -> None:
    """Fire for Effect: Steal Time, two charges of 5 s of quickness with each mark, of 25 s."""
    deadeye = spec("Thief", ("Deadeye", [None, None, 2146]))
    assert boon(of(spec("Thief", ("Deadeye", [None] * 3))), "Quickness") is None
    (steal,) = sources(of(deadeye), "Quickness", "Steal Time")
    assert steal.to == "allies"
    assert steal.share == pytest.approx(2 * 5 / 25.75)


def test_pve_gives_at_least_what_only_wvws_list_tells() -> None:
    """Elixir of Anguish: the API names no boon, the list of WvW 4 s of quickness."""
    skills = {"heal": None, "utilities": [62662, None, None], "elite": None}
    harbinger = spec("Necromancer", ("Harbinger", [None] * 3), skills=skills)
    (elixir,) = sources(of(harbinger), "Quickness", "Elixir of Anguish")
    assert elixir.share == pytest.approx(4 / 25.75)
    uses = uses_of(harbinger, packaged(), "pve", Circumstances())
    assert {one.source for use in uses if use.entity.id == 62662 for one in use.effects.boons} == {SOURCE}


def test_of_several_lengths_without_a_mode_the_least_counts() -> None:
    """Crisis Zone: 6 s and 5 s of alacrity, of which WvW has neither. Daring Dragon: 10 s and 3 s."""
    mechanist = of(spec("Engineer", ("Mechanist", [None, 2276, None])))
    assert [source.seconds for source in sources(mechanist, "Alacrity", "Crisis Zone")] == [5]
    assert "Longer Alacrity" in {entry.effect for entry in mechanist.unknown if entry.source.id == 63293}
    bladesworn = of(spec("Warrior", ("Bladesworn", [None, None, 2245])))
    assert [source.seconds for source in sources(bladesworn, "Alacrity", "Daring Dragon")] == [3]


def test_a_role_boon_that_no_source_gives_is_named() -> None:
    told = [(u.source.kind, u.effect) for u in of(spec("Warrior", role="alacrity")).unknown if u.reason == PROMISED]
    assert told == [("build", "Alacrity")]


def test_skills_of_forms_are_named() -> None:
    """What an elixir gun gives is not counted."""
    kits = spec("Engineer", skills={"heal": None, "utilities": [5933, None, None], "elite": None})
    assert "Super Elixir" in {entry.source.name for entry in of(kits).unknown}


# --- The table -----------------------------------------------------------------------------------
def test_each_line_is_about_a_trait_that_gives_something_and_an_event_that_is_known() -> None:
    build = spec("Guardian")
    events = Events(build, packaged(), Circumstances(), uses_of(build, packaged(), "pve", Circumstances()))
    for trait, lines in triggers().by_trait.items():
        named = {str(raw.get("status")) for raw in packaged().traits[trait].facts}
        for line in lines:
            assert line.boons <= named, packaged().traits[trait].name
            assert events.of(line.on).per_second >= 0
    for granted in triggers().grants:
        assert granted.trait in packaged().traits
        assert granted.skill in packaged().skills
    names = {skill.name for skill in packaged().skills.values()}
    assert all({form.entry, *form.skills} <= names for form in triggers().forms)
    assert all(events.named(name).per_second >= 0 for name in triggers().aliases)


# --- The library ---------------------------------------------------------------------------------
def _fresh() -> list[BuildSpec]:
    return [parse_build(record.build, packaged()).spec for record in packaged_records() if not record.stale]


def test_published_builds_show_the_boon_of_their_role() -> None:
    """All quickness builds, and all alacrity builds but those whose alacrity the data does not time."""
    silent: dict[str, list[str]] = {"Quickness": [], "Alacrity": []}
    number = dict.fromkeys(silent, 0)
    for build in _fresh():
        promised = ROLE_BOONS.get(build.role or "")
        if promised not in silent:
            continue
        found = of(build)
        number[promised] += 1
        given = boon(found, promised)
        if given is None or not given.uptime:
            silent[promised].append(build.name)
            assert (given and given.assumed) or PROMISED in {entry.reason for entry in found.unknown}
    assert number == {"Quickness": 45, "Alacrity": 44}
    assert silent["Quickness"] == []
    assert len(silent["Alacrity"]) <= 2


def test_teams_and_recommendations_count_what_effects_count() -> None:
    for build in _fresh()[::6]:
        mode = build.game_mode if build.game_mode in {"pve", "wvw"} else "pve"
        player = read_player(build, packaged(), mode)
        for one in effects_with_panel(build, packaged(), mode).boons:
            known = sum(gift.amount for gift in player.boons[one.boon] if gift.basis != OPEN)
            assert known == pytest.approx(sum(source.share for source in one.given_by)), (build.name, one.boon)
            assumed = max((gift.amount for gift in player.boons[one.boon] if gift.basis == OPEN), default=0.0)
            if one.assumed:
                assert assumed == pytest.approx(one.assumed)
        bare = of(build, mode)
        given = given_by(build, packaged(), mode, quickness=False, alacrity=False)
        for one in bare.boons:
            streams = given.boons.get(one.boon.lower(), ())
            total = sum(stream.stacks * lasting(one.boon, stream.seconds, 0.0) for stream in streams)
            assert total == pytest.approx(sum(source.share for source in one.given_by)), one.boon


def test_assumptions_name_what_a_score_adds() -> None:
    words = " ".join(assumptions.in_words(Circumstances()))
    assert f"{assumptions.OPEN_UPTIME:.0%}" in words
    assert assumptions.open_uptime("Might", 0.5) == 0
    assert assumptions.open_uptime("Fury", 0.5) == 1
