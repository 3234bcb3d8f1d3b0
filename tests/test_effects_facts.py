"""What one skill or trait gives and does, by mode."""

import itertools
from pathlib import Path
from typing import Any

import orjson
import pytest

from builds.engine.effects import combo, corruption, facts_of
from builds.engine.effects.model import EntityEffects
from builds.engine.effects.silent import PARTS
from builds.gamedata.fact_shapes import api_shape, label_of
from builds.gamedata.facts_by_mode import NOT_PVP, ONLY_WVW, SEVERAL, facts_in
from builds.gamedata.model import Skill, Trait
from gw2optimizer.errors import NotFound
from tests.specs import packaged

BALANCES = ("pve", "wvw", "pvp")


def skill(id_: int, mode: str = "pve", *traits: int) -> EntityEffects:
    return facts_of(packaged().skills[id_], mode, frozenset(traits))


def trait(id_: int, mode: str = "pve", *traits: int) -> EntityEffects:
    return facts_of(packaged().traits[id_], mode, frozenset(traits))


def seconds(effects: EntityEffects, name: str) -> list[float]:
    return [applied.seconds for applied in (*effects.boons, *effects.conditions) if applied.name == name]


def unknown(effects: EntityEffects) -> dict[str, tuple[str, ...]]:
    return {entry.effect: entry.candidates for entry in effects.unknown}


# --- The shared checks ---------------------------------------------------------------------------
def _checks(shared_dir: Path, *kinds: str) -> list[dict[str, Any]]:
    cases = orjson.loads((shared_dir / "cases" / "effect_checks.json").read_bytes())
    return [case for case in cases if case["kind"] in kinds]


def _entity(case: dict[str, Any]) -> Skill | Trait:
    table = packaged().skills if case["kind"] == "skill" else packaged().traits
    return table[case["api_id"]]


# What a check calls differently: the answer from (effects in its mode, effects in PvE, effects with a trait).
_SPECIAL = {
    "boon_count": lambda here, pve, entity: len(here["boons"]),
    "targets_with_trait_752": lambda here, pve, entity: facts_of(entity, "pve", frozenset({752})).targets,
    "pve_protection_seconds": lambda here, pve, entity: _of(pve, "Protection"),
    "stability_in_wvw": lambda here, pve, entity: _of(here, "Stability") is not None,
    "superspeed_seconds": lambda here, pve, entity: here["superspeed"],
    "boons_converted": lambda here, pve, entity: here["boons_corrupted"],
    "boons_converted_as_scourge": lambda here, pve, entity: facts_of(entity, "wvw", frozenset({2147})).boons_corrupted,
    "finisher": lambda here, pve, entity: here["finishers"][0]["finisher"],
    "barrier_initial": lambda here, pve, entity: here["barrier"][0]["amount"],
    "barrier_initial_pve": lambda here, pve, entity: pve["barrier"][0]["amount"],
    "internal_recharge": lambda here, pve, entity: here["recharge"],
    "pve_seconds": lambda here, pve, entity: pve["boons"][0]["seconds"],
    "quickness_in_wvw": lambda here, pve, entity: _of(here, "Quickness") is not None,
    "fury_in_wvw": lambda here, pve, entity: _of(here, "Fury") is not None,
    "alacrity_in_wvw": lambda here, pve, entity: _of(here, "Alacrity") is not None,
    "pve_quickness_seconds": lambda here, pve, entity: _of(pve, "Quickness"),
    "pve_alacrity_seconds_final": lambda here, pve, entity: _of(pve, "Alacrity"),
}


def _of(effects: dict[str, Any], name: str) -> float | None:
    """The longest of the boon, as an end of pulses is."""
    return max((boon["seconds"] for boon in effects["boons"] if boon["boon"] == name), default=None)


def _bare(effects: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: boon[name] for name in ("boon", "seconds", "stacks")} for boon in effects["boons"]]


def test_skills_and_traits_match_the_shared_checks(shared_dir: Path) -> None:
    wrong = []
    for case in _checks(shared_dir, "skill", "trait"):
        entity, expected = _entity(case), dict(case["expect"])
        traits = frozenset({expected.pop("with_trait")} if "with_trait" in expected else ())
        here = facts_of(entity, case["mode"], traits).as_json()
        pve = facts_of(entity, "pve").as_json()
        for name, value in expected.items():
            if name in {"adds", "changes"}:
                found = all(
                    any(boon["boon"] == want["boon"] and boon["seconds"] == want["seconds"] for boon in here["boons"])
                    for want in value
                )
                value = True
            elif name == "boons":
                found = _bare(here)
            else:
                found = _SPECIAL[name](here, pve, entity) if name in _SPECIAL else here[name]
            if found != value:
                wrong.append((case["id"], name, value, found))
    assert wrong == []


def test_combos_and_corruption_match_the_shared_checks(shared_dir: Path) -> None:
    for case in _checks(shared_dir, "combo"):
        expected = case["expect"]
        found = combo(expected["field"], expected["finisher"])
        assert (found.text.casefold(), found.max_targets) == (expected["effect"].casefold(), expected["max_targets"])
    for case in _checks(shared_dir, "corruption"):
        expected = case["expect"]
        found = corruption(expected["boon"])
        assert (found.condition, found.stacks, found.seconds) == (
            expected["condition"],
            expected["stacks"],
            expected["seconds"],
        )


# --- Own, checked by hand against the facts ------------------------------------------------------
def test_the_value_that_wvw_claims_is_not_pves() -> None:
    """Hold the Line lists 6 s and 4 s of protection."""
    assert seconds(skill(9152), "Protection") == [6]
    assert seconds(skill(9152, "wvw"), "Protection") == [4]


def test_pve_is_open_where_wvws_value_is_listed_first() -> None:
    """Null Field lists 3 and 6 pulses, 2 and 5 seconds; 3 and 2 are WvW's, and the others PvE's or PvP's."""
    assert (skill(10203, "wvw").pulses, skill(10203, "wvw").duration) == (3, 2)
    assert (skill(10203).pulses, skill(10203).duration) == (None, None)
    assert unknown(skill(10203))["Pulses"] == ("3", "6")
    assert (skill(10203).boons_removed, skill(10203).conditions_removed) == (1, 1)


def test_healing_that_the_api_gives_for_a_hit_is_read_from_the_modes_list() -> None:
    """Cone of Cold: 472 a hit and four hits in PvE, 354 in WvW; the lists have the sums and the coefficients."""
    assert [(h.amount, h.coefficient) for h in skill(5537).healing] == [(1888, 1.2)]
    assert [(h.amount, h.coefficient) for h in skill(5537, "wvw").healing] == [(1416, 0.8)]


def test_healing_that_only_the_lists_have_is_read_from_them() -> None:
    """Altered Chord: the API gives no amount."""
    assert [h.amount for h in trait(2441).healing] == [2610]
    assert [h.amount for h in trait(2441, "wvw").healing] == [1970]


def test_a_list_of_wvw_that_has_only_a_recharge_leaves_the_rest_alone() -> None:
    """Hallowed Ground: 36 s, in WvW 48 s."""
    assert (skill(9253).recharge, skill(9253, "wvw").recharge) == (36, 48)
    assert skill(9253, "wvw").boons == skill(9253).boons
    assert seconds(skill(9253, "wvw"), "Stability") == [2]


def test_what_only_wvws_list_has_is_unknown_elsewhere() -> None:
    """The API does not name Well of Corruption's corruption."""
    assert skill(10545, "wvw").boons_corrupted == 6
    assert skill(10545).boons_corrupted is None
    told = {entry.effect: entry for entry in skill(10545).unknown}
    assert told["Boons converted to conditions"].reason == ONLY_WVW
    assert told["Boons converted to conditions"].candidates == ("6",)


def test_two_values_without_a_mode_are_unknown_not_guessed() -> None:
    """Invigorating Torrents: 5 s, 3 s and 2 s of vigor, of which 2 s are WvW's."""
    assert seconds(trait(2015, "wvw"), "Vigor") == [2]
    assert seconds(trait(2015), "Vigor") == []
    assert unknown(trait(2015))["Vigor"] == ("5 s", "3 s")
    assert trait(2015).unknown[0].reason == SEVERAL


def test_pvp_takes_what_both_modes_share_and_leaves_the_rest_open() -> None:
    """Hold the Line: 6 s of protection, 4 s in WvW; 6 s of regeneration in both."""
    assert seconds(skill(9152, "pvp"), "Regeneration") == [6]
    assert seconds(skill(9152, "pvp"), "Protection") == []
    assert [(entry.effect, entry.reason) for entry in skill(9152, "pvp").unknown] == [("Protection", NOT_PVP)]


def test_pvp_keeps_the_parts_of_a_heal_apart() -> None:
    """Well of Eternity: 3230 at first, in WvW 2099; 3870 in the end, in WvW with another share of healing power."""
    assert unknown(skill(30305, "pvp")) == {"Initial Self Heal": ("3230", "2099")}
    assert [(h.label, h.amount, h.coefficient) for h in skill(30305, "pvp").healing] == [("Ending Heal", 3870, None)]


def test_no_open_heal_mixes_named_parts() -> None:
    for entity, mode in itertools.product(_all(), BALANCES):
        for entry in facts_in(entity, mode).undecided:
            named = {label_of(raw) for raw in entry.candidates if raw.get("type") == "AttributeAdjust"}
            assert len(named - {"Healing", "Barrier"}) < 2, entity


def test_an_override_replaces_the_seconds_and_keeps_the_stacks() -> None:
    """Valiant Leap: 5 stacks of might for 8 s, in WvW for 6 s."""
    assert [(b.seconds, b.stacks) for b in skill(72002, "wvw").boons if b.name == "Might"] == [(6, 5)]
    assert [(b.seconds, b.stacks) for b in skill(72002).boons if b.name == "Might"] == [(8, 5)]


def test_sources_that_disagree_leave_wvw_open() -> None:
    """Chains of Light's immobilization: 2 s in one, left out in the other."""
    assert seconds(skill(9099), "Immobile") == [5]
    assert seconds(skill(9099, "wvw"), "Immobile") == []
    assert unknown(skill(9099, "wvw"))["Immobile"] == ("2 s",)


def test_a_trait_changes_the_fact_it_names() -> None:
    """Purging Flames with Master of Consecrations (617): 8 pulses in place of 6."""
    assert (skill(9187).pulses, skill(9187, "pve", 617).pulses) == (6, 8)
    with_trait = skill(14408, "wvw", 1484)
    assert seconds(with_trait, "Resistance") == [2]
    assert [boon.trait for boon in with_trait.boons if boon.name == "Resistance"] == [1484]


def test_a_trait_of_another_fact_adds() -> None:
    """Corrupt Boon with Master of Corruption (816) bleeds, and comes back sooner: 15 s to 10 s, in WvW 24 s to 16 s."""
    assert seconds(skill(10602, "pve", 816), "Bleeding") == [10]
    assert seconds(skill(10602), "Bleeding") == []
    assert (skill(10602).count_recharge, skill(10602, "pve", 816).count_recharge) == (15, 10)
    assert (skill(10602, "wvw").count_recharge, skill(10602, "wvw", 816).count_recharge) == (24, 16)


def test_control_of_pve_and_wvw() -> None:
    """Gravity Well pulls (150), knocks down for 2 s and floats for 1 s."""
    assert (skill(30359).defiance, skill(30359, "wvw").defiance, skill(30359, "pvp").defiance) == (450, 450, 450)
    # The API gives Jade Winds' stun another name.
    assert [(c.effect, c.seconds) for c in skill(28406).cc] == [("Stun", 3)]


def test_soft_control_is_counted_apart() -> None:
    """Call to Anguish: a pull, and 2 s of chill at 33 points a second."""
    assert (skill(27917).defiance, skill(27917).soft_defiance) == (150, 66)


def test_borrowed_facts_are_of_wvw_alone() -> None:
    """Brilliant Slam has no facts in the API; WvW's list stands in its place."""
    assert skill(76978, "wvw").defiance == 400
    assert skill(76978).defiance == 0
    assert [entry.effect for entry in skill(76978).unknown if entry.effect == "Control"] == ["Control"]


def test_healing_has_its_share_of_healing_power_where_that_is_known() -> None:
    """Well of Blood: 2936 and 664, coefficients 1 and 0.5; in WvW 4454 and 496 with 1 and 0.2."""
    assert [(h.label, h.amount, h.coefficient) for h in skill(10527).healing] == [
        ("Initial Self Heal", 2936, 1),
        ("Health per Second", 664, 0.5),
    ]
    assert [(h.label, h.amount, h.coefficient) for h in skill(10527, "wvw").healing] == [
        ("Initial Self Heal", 4454, 1),
        ("Health per Second", 496, 0.2),
    ]
    assert skill(30101).barrier[0].coefficient is None


def test_a_condition_without_duration_is_not_given() -> None:
    """Rocket Boots cure immobilization, cripple and chill."""
    boots = skill(5910)
    assert [c.name for c in boots.conditions if c.name in {"Immobile", "Crippled", "Chilled"}] == []
    assert "Immobile, named without a duration" in unknown(boots)


def test_targets_are_allies_only_where_nothing_harms() -> None:
    assert (skill(9084).targets_of, skill(9084).boons[0].to) == ("allies", "allies")
    assert skill(5671).targets_of == "unknown"
    assert skill(10236).boons[0].to == "unknown"


@pytest.mark.parametrize(
    ("status", "shape"),
    [
        ("Immobilize", ("Buff", "status", "Immobile")),
        ("might", ("Buff", "status", "Might")),
        ("Fire Aura (effect)", ("Buff", "status", "Fire Aura")),
        ("Barrier", ("AttributeAdjust", "value", 7)),
        ("Defiance break", ("Number", "value", 7)),
        ("Allied targets", ("Number", "value", 7)),
        ("Count recharge", ("Time", "duration", 7)),
        ("Damage increase", ("Percent", "percent", 7)),
        ("Tornado (effect)", ("Buff", "status", "Tornado")),
        ("Hearts", ("NoData", "text", "Hearts")),
    ],
)
def test_the_wikis_words_become_the_apis(status: str, shape: tuple[str, str, Any]) -> None:
    shaped = api_shape({"type": "Buff", "status": status, "text": status, "duration": 7, "apply_count": 1})
    assert (shaped["type"], shaped[shape[1]]) == (shape[0], shape[2])


def test_combos_and_corruption_refuse_what_is_none() -> None:
    for ask in (lambda: combo("Sand", "Blast"), lambda: combo("Fire", "Jump"), lambda: corruption("Bleeding")):
        with pytest.raises(NotFound):
            ask()
    assert combo("fire", "BLAST") == combo("Fire", "Blast")


# --- All of the catalogue ------------------------------------------------------------------------
def _all() -> itertools.chain[Skill | Trait]:
    return itertools.chain(packaged().skills.values(), packaged().traits.values())


def _identity(effects: EntityEffects) -> set[tuple[str, int | None]]:
    applied = (*effects.boons, *effects.conditions)
    return {(f"{one.name}, {one.when}".removesuffix(", "), one.trait) for one in applied}


@pytest.mark.parametrize("mode", BALANCES)
def test_every_skill_and_trait_has_a_result_and_nothing_is_both_counted_and_unknown(mode: str) -> None:
    for entity in _all():
        effects = facts_of(entity, mode)
        orjson.dumps(effects.as_json())
        assert not _identity(effects) & {(entry.effect, entry.trait) for entry in effects.unknown}, entity
        assert all(applied.seconds > 0 and applied.stacks > 0 for applied in (*effects.boons, *effects.conditions))
        if not entity.facts and not entity.splits:
            assert "everything" in unknown(effects), entity


@pytest.mark.parametrize("mode", BALANCES)
def test_nothing_reads_as_empty_but_what_speaks_of_damage_or_attributes(mode: str) -> None:
    for entity in _all():
        effects = facts_of(entity, mode)
        if any(getattr(effects, part) for part in PARTS):
            continue
        kinds = {raw.get("type") for raw in (*entity.facts, *(r for s in entity.splits.values() for r in s["facts"]))}
        assert kinds & {"Damage", "AttributeAdjust", "Percent", "BuffConversion", "AttributeConversion"}, entity


def test_what_stands_elsewhere_or_is_only_named_is_said_to_be_unknown() -> None:
    """Mantra of Liberation's effects stand with its charges; Draconic Echo and Facet of Nature name facets."""
    assert "40114" in skill(43357).unknown[0].reason
    assert "Facet of Light" in unknown(trait(1772))
    assert "Facet of Nature" in unknown(skill(29371))


def test_an_effect_that_a_skill_only_names_beside_others_is_unknown() -> None:
    """Mirror heals, and reflects by an effect of its own name; what a signet names the panel reads."""
    assert skill(10177).healing
    assert unknown(skill(10177)) == {"Mirror": ()}
    assert "Signet of Fire" not in unknown(skill(5542))


def test_a_trait_changes_only_the_facts_that_require_it() -> None:
    strange = frozenset(packaged().traits)
    for entity in _all():
        needed = frozenset(raw["requires_trait"] for raw in entity.traited_facts)
        for mode in BALANCES:
            assert facts_of(entity, mode, strange - needed) == facts_of(entity, mode)
            if not needed:
                continue
            with_all = facts_in(entity, mode, needed)
            kept = [fact for fact in with_all.facts if fact.trait is None]
            assert all(fact in facts_in(entity, mode).facts for fact in kept), entity


def test_each_mode_of_pve_reads_alike() -> None:
    for mode in ("fractals", "raids", "strikes"):
        assert skill(9152, mode) == skill(9152, "pve")
