"""What the pages draw of a build: from real builds of the packaged library, and from small ones made here."""

from dataclasses import replace

import pytest

from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.library.records import packaged_records
from builds.presentation import BuildView, build_view
from builds.presentation.facts import Fact, fact_sheet, item_sheet, read_fact
from builds.presentation.glyphs import SPECIALIZATIONS
from builds.presentation.model import Entry
from builds.spec.model import BuildSpec, GearPiece, SkillBar, SpecLine, WeaponSet
from builds.spec.parse import parse_build

HEAL_TEMPEST = BuildSpec(
    name="Heal Tempest",
    profession="Elementalist",
    game_mode="wvw",
    specializations=(SpecLine(17, (348, 364, None)), None, SpecLine(48, (1952, 1962, 1839))),
    skills=SkillBar(heal=5503, utilities=(5506, None, 5570), elite=None),
    weapon_sets=(WeaponSet("Dagger", "Focus"),),
)


@pytest.fixture
def catalogue() -> Catalogue:
    return current_catalogue()


def view_of(spec: BuildSpec, mode: str | None = None) -> BuildView:
    return build_view(spec, current_catalogue(), mode)


def entries(view: BuildView) -> list[Entry]:
    found: list[Entry | None] = []
    for line in view.lines:
        for tier in line.tiers if line else ():
            found += [tier.minor, *(major.trait for major in tier.majors), tier.stray]
    for bar in view.bars:
        found += [*bar.slots, *(skill for row in bar.weapons for skill in row.skills)]
    found += [entry for group in view.companions for entry in group.entries]
    found += [item.entry for item in view.kit]
    return [entry for entry in found if entry]


def test_every_build_of_the_library_is_drawn_whole(catalogue: Catalogue) -> None:
    drawn = 0
    for record in packaged_records():
        spec = parse_build(record.build, catalogue).spec
        view = build_view(spec, catalogue)
        shown = entries(view)
        assert [
            line.tiers[tier].chosen.id for line in view.lines if line for tier in range(3) if line.tiers[tier].chosen
        ] == [trait for line in spec.specializations if line for trait in line.traits if trait]
        assert [slot.id if slot else None for slot in view.bars[0].slots] == list(spec.skills.ids)
        assert sum(len(group.rows) for group in view.gear) == len(spec.gear)
        assert all(entry.known and entry.name for entry in shown)
        assert len({entry.uid for entry in shown}) == len(shown)
        drawn += 1
    assert drawn == 358


def test_a_chosen_trait_is_marked_and_the_path_leads_through_it() -> None:
    line = view_of(HEAL_TEMPEST).lines[0]
    assert line is not None
    adept = line.tiers[0]
    assert [(major.trait.id, major.chosen) for major in adept.majors] == [(348, True), (363, False), (360, False)]
    assert adept.path_in == "M0 66C10 66 10 22 20 22"
    assert adept.path_out == "M0 22C11 22 11 66 22 66"


def test_a_tier_without_a_trait_has_no_path() -> None:
    line = view_of(HEAL_TEMPEST).lines[0]
    assert line is not None
    assert (line.tiers[2].path_in, line.tiers[2].chosen) == ("", None)
    assert line.chosen_names == "Soothing Ice, Soothing Disruption, none"


def test_a_trait_of_another_tier_is_shown_beside_the_three() -> None:
    spec = replace(HEAL_TEMPEST, specializations=(SpecLine(17, (362, None, None)), None, None))
    line = view_of(spec).lines[0]
    assert line is not None
    assert not any(major.chosen for major in line.tiers[0].majors)
    assert line.tiers[0].stray is not None
    assert line.tiers[0].stray.id == 362


def test_unknown_ids_are_named_as_unknown() -> None:
    spec = replace(
        HEAL_TEMPEST,
        specializations=(SpecLine(9999, (1, None, None)), None, SpecLine(48, (999_999, None, None))),
        skills=SkillBar(heal=999_998),
        rune=999_997,
        pets_land=(999_996,),
        legends_land=("Legend99",),
    )
    view = view_of(spec)
    assert view.lines[0] is not None
    assert view.lines[2] is not None
    assert view.lines[0].name == "unknown specialization #9999"
    assert view.lines[2].tiers[0].chosen is not None
    assert view.lines[2].tiers[0].chosen.name == "unknown trait #999999"
    assert view.bars[0].slots[0] is not None
    assert view.bars[0].slots[0].name == "unknown skill #999998"
    assert view.kit[0].entry.name == "unknown rune #999997"
    names = [entry.name for group in view.companions for entry in group.entries if entry]
    assert names == ["unknown pet #999996", "unknown legend #Legend99"]


def test_an_elementalist_has_a_row_for_each_attunement() -> None:
    rows = view_of(HEAL_TEMPEST).bars[0].weapons
    assert [(row.label, row.note, row.again) for row in rows] == [
        ("Dagger and Focus", "Fire", False),
        ("Dagger and Focus", "Water", True),
        ("Dagger and Focus", "Air", True),
        ("Dagger and Focus", "Earth", True),
    ]
    assert [skill.name for skill in rows[1].skills if skill] == [
        "Vapor Blade", "Cone of Cold", "Frozen Burst", "Freezing Gust", "Comet",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("off_hand", "third"), [("Dagger", "Death Blossom"), ("Pistol", "Shadow Shot"), (None, "Twisting Fangs")]
)
def test_a_thief_s_third_skill_follows_the_off_hand(off_hand: str | None, third: str) -> None:
    spec = BuildSpec(name="x", profession="Thief", weapon_sets=(WeaponSet("Dagger", off_hand),))
    skills = view_of(spec).bars[0].weapons[0].skills
    assert skills[2] is not None
    assert skills[2].name == third
    assert (skills[3] is None) == (off_hand is None)


def test_a_spear_has_other_skills_under_water() -> None:
    spear = (WeaponSet("Spear", None),)
    view = view_of(BuildSpec(name="x", profession="Guardian", weapon_sets=spear, water_weapons=spear))
    firsts = [bar.weapons[0].skills[0] for bar in view.bars]
    assert [skill.name for skill in firsts if skill] == ["Daybreaking Slash", "Spear of Light"]


def test_the_elite_specialization_s_own_weapon_skill_wins() -> None:
    virtuoso = BuildSpec(
        name="x",
        profession="Mesmer",
        specializations=(None, None, SpecLine(66)),
        weapon_sets=(WeaponSet("Dagger", None),),
    )
    common = replace(virtuoso, specializations=(None, None, None))
    ids = [view_of(spec).bars[0].weapons[0].skills[1] for spec in (virtuoso, common)]
    assert [skill.id for skill in ids if skill] == [69311, 69311]


def test_gear_is_summed_up_and_says_its_rarity_once() -> None:
    gear = {"helm": GearPiece("Berserker's"), "coat": GearPiece("Assassin's"), "boots": GearPiece("Berserker's")}
    gear["ring_1"] = GearPiece("Berserker's", "exotic", ("+5 power", "+5 power", "+5 precision"))
    gear["ring_2"] = GearPiece("Berserker's")
    view = view_of(replace(HEAL_TEMPEST, gear=gear))
    assert view.summary == (("Berserker's", 4), ("Assassin's", 1))
    armor, trinkets = view.gear
    assert (armor.rarity, {row.rarity for row in armor.rows}) == ("ascended", {""})
    assert (trinkets.rarity, [row.rarity for row in trinkets.rows]) == ("", ["exotic", "ascended"])
    assert trinkets.rows[0].extras == ("+5 Power ×2", "+5 Precision")


def test_what_a_build_does_not_say_is_named() -> None:
    assert view_of(HEAL_TEMPEST).missing == (
        "Trait line 2 is not given", "Water has a tier without a trait", "A utility skill is not given",
        "The elite skill is not given", "Gear is not given", "Runes are not given", "Sigils are not given",
        "The relic is not given", "Food is not given", "The utility item is not given",
    )  # fmt: skip
    assert view_of(BuildSpec(name="x", profession="Thief", game_mode="pvp")).missing == (
        "Trait lines are not given", "Skills are not given", "Weapons are not given", "The amulet is not given",
        "Runes are not given", "Sigils are not given", "The relic is not given",
    )  # fmt: skip


def test_values_are_those_of_the_mode(catalogue: Catalogue) -> None:
    cone = catalogue.skills[5537]
    wvw, pve = (fact_sheet("skill", cone, balance, catalogue) for balance in ("wvw", "pve"))
    assert (wvw.note, wvw.unsure) == ("Values of WvW", False)
    assert Fact("Healing", "1,416 + 0.8 × healing power", "heart") in wvw.facts
    assert Fact("Healing", "1,888 + 1.2 × healing power", "heart") in pve.facts
    assert Fact("Damage (4 hits)", "× 0.6", "sword") in pve.facts


def test_pve_values_leave_out_those_that_hold_in_wvw_only(catalogue: Catalogue) -> None:
    discharge = next(trait for trait in catalogue.traits.values() if trait.name == "Electric Discharge")
    pve = fact_sheet("trait", discharge, "pve", catalogue)
    wvw = fact_sheet("trait", discharge, "wvw", catalogue)
    assert [fact.value for fact in pve.facts if "Vulnerability" in fact.text] == ["8 s"]
    assert [fact.value for fact in wvw.facts if "Vulnerability" in fact.text] == ["6 s"]
    assert [fact.value for fact in pve.facts if fact.text == "Damage"] == ["× 0.35"]
    assert [fact.value for fact in wvw.facts if fact.text == "Damage"] == ["× 0.05"]


def test_a_percentage_of_a_mode_is_no_duration(catalogue: Catalogue) -> None:
    discharge = next(trait for trait in catalogue.traits.values() if trait.name == "Electric Discharge")
    wvw = fact_sheet("trait", discharge, "wvw", catalogue)
    assert [fact.value for fact in wvw.facts if fact.text == "Critical Damage Increase"] == ["100 %"]


def test_values_that_can_t_be_told_apart_say_so(catalogue: Catalogue) -> None:
    shielding = next(trait for trait in catalogue.traits.values() if trait.name == "Elemental Shielding")
    sheet = fact_sheet("trait", shielding, "pve", catalogue)
    assert sheet.unsure
    assert sheet.note == "The game's data does not say which of these values hold in which mode"


def test_facts_that_a_trait_adds_name_the_trait(catalogue: Catalogue) -> None:
    glyph = catalogue.skills[5506]
    assert 229 in {raw["requires_trait"] for raw in glyph.traited_facts}
    without = fact_sheet("skill", glyph, "pve", catalogue)
    with_it = fact_sheet("skill", glyph, "pve", catalogue, {229})
    name = catalogue.traits[229].name
    assert not any(name in fact.text for fact in without.facts)
    assert Fact(f"Fire Attunement: Might, by {name}", "20 s", "biceps-flexed") in with_it.facts


def test_changed_since_the_values_were_gathered_is_marked(catalogue: Catalogue) -> None:
    catalogue = catalogue.__class__.__new__(catalogue.__class__)
    catalogue.__dict__ |= current_catalogue().__dict__ | {"unverified": frozenset({"trait:348"})}
    sheet = fact_sheet("trait", catalogue.traits[348], "wvw", catalogue)
    assert sheet.unsure
    assert sheet.note == "The game has changed this since the values of modes were gathered"


@pytest.mark.parametrize(
    ("raw", "text", "value"),
    [
        ({"type": "Buff", "status": "Might", "duration": 10, "apply_count": 3}, "Might ×3", "10 s"),
        ({"type": "AttributeAdjust", "target": "CritDamage", "value": 180}, "Ferocity", "+180"),
        ({"type": "BuffConversion", "source": "Precision", "target": "CritDamage", "percent": 7},
         "Precision to Ferocity", "7 %"),
        ({"type": "ComboFinisher", "finisher_type": "Blast", "percent": 20}, "Combo finisher", "Blast, 20 %"),
        ({"type": "StunBreak", "text": "StunBreak", "value": True}, "Breaks stuns", ""),
        ({"type": "Time", "text": "Defiance break", "duration": 150}, "Defiance break", "150"),
        ({"percent": 21, "text": "Life Force Cost"}, "Life Force Cost", "21 %"),
    ],
)  # fmt: skip
def test_a_fact_is_put_in_words(raw: dict[str, object], text: str, value: str) -> None:
    fact = read_fact(raw)
    assert fact is not None
    assert (fact.text, fact.value) == (text, value)


@pytest.mark.parametrize("raw", [{}, {"type": "BuffArray"}, {"type": "NoData"}, {"type": "Buff"}])
def test_a_fact_that_says_nothing_is_left_out(raw: dict[str, object]) -> None:
    assert read_fact(raw) is None


def test_items_say_what_they_give(catalogue: Catalogue) -> None:
    rune = item_sheet(catalogue.find("rune", "Superior Rune of the Afflicted"))
    assert rune.facts[0] == Fact("Condition damage", "+25", "chevrons-up")
    strength = item_sheet(catalogue.find("sigil", "Superior Sigil of Strength"))
    assert [(fact.text, fact.value) for fact in strength.facts] == [
        ("On a critical hit", ""), ("Might", "10 s"), ("Recharge", "1 s"),
    ]  # fmt: skip


def test_every_specialization_has_a_symbol(catalogue: Catalogue) -> None:
    assert set(SPECIALIZATIONS) == {line.name for line in catalogue.specializations.values()}


def test_a_stored_icon_takes_the_place_of_the_drawing(catalogue: Catalogue) -> None:
    asked: list[str] = []

    def resolve(address: str) -> str | None:
        asked.append(address)
        return "/icons/x.png" if address == catalogue.traits[348].icon else None

    view = build_view(HEAL_TEMPEST, catalogue, icon=resolve)
    assert view.lines[0] is not None
    first, second = (view.lines[0].tiers[0].majors[index].trait.tile for index in (0, 1))
    assert (first.icon, second.icon) == ("/icons/x.png", None)
    assert catalogue.skills[5503].icon in asked
