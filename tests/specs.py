"""Builds that exist in the game, for tests: drawn from the whole catalogue, as a player could make them."""

from typing import Any

from hypothesis import strategies as st

from builds.gamedata.model import MODES, WVW_STYLES, Profession
from builds.spec.model import ARMOR_SLOTS, ATTRIBUTES, ROLES, TRINKET_SLOTS, WEAPON_SLOTS
from builds.spec.rules import INFUSION_SLOTS, skills_of_slot
from tests.packaged import packaged


def minimal(**changes: Any) -> dict[str, Any]:
    return {"name": "Test", "profession": "Guardian", **changes}


def firebrand(**changes: Any) -> dict[str, Any]:
    """A whole build, in names."""
    return {
        "schema": "build/1",
        "name": "Firebrand",
        "profession": "Guardian",
        "game_mode": "fractals",
        "role": "healer_quickness",
        "secondary_roles": ["stability_support"],
        "specializations": [
            {"specialization": "Radiance", "traits": [None, None, None]},
            {"specialization": "Honor", "traits": [None, None, None]},
            {"specialization": "Firebrand", "traits": [None, None, None]},
        ],
        "skills": {
            "heal": "Mantra of Solace",
            "utilities": ["Mantra of Potence", "Bane Signet", None],
            "elite": "Feel My Wrath!",
        },
        "weapon_sets": [{"main_hand": "Axe", "off_hand": "Shield"}, {"main_hand": "Staff", "off_hand": None}],
        "gear": dict.fromkeys((*ARMOR_SLOTS, *TRINKET_SLOTS), "Minstrel's"),
        "rune": "Superior Rune of the Monk",
        "sigils": [["Superior Sigil of Transference"], ["Superior Sigil of Energy", "Superior Sigil of Concentration"]],
        "relic": "Relic of Karakosa",
        "infusions": {"healing_power": 18},
        **changes,
    }


def _ids(kind: str) -> Any:
    return st.sampled_from(sorted(packaged().table(kind)))


def _maybe(strategy: Any) -> Any:
    return st.none() | strategy


def _specializations(profession: Profession) -> Any:
    every = [packaged().specializations[id_] for id_ in profession.specializations]
    core = [s.id for s in every if not s.elite]

    def line(id_: int | None) -> Any:
        if id_ is None:
            return st.none()
        specialization = packaged().specializations[id_]
        tiers = (_maybe(st.sampled_from(specialization.choices(tier))) for tier in (1, 2, 3))
        return st.fixed_dictionaries({"specialization": st.just(id_), "traits": st.tuples(*tiers).map(list)})

    return (
        st.tuples(st.permutations([*core, None, None]), st.sampled_from([s.id for s in every]))
        .map(lambda drawn: [*drawn[0][:2], drawn[1] if drawn[1] not in drawn[0][:2] else None])
        .flatmap(lambda ids: st.tuples(*(line(id_) for id_ in ids)).map(list))
    )


def _bar(profession: Profession, elite: int | None, legend: str | None) -> Any:
    catalogue = packaged()
    fitting: dict[str, list[int]] = {}
    for slot in ("Heal", "Utility", "Elite"):
        if profession.id == "Revenant":
            fitting[slot] = list(skills_of_slot(catalogue.legends[legend], slot)) if legend else []
            continue
        skills = [
            catalogue.skills[id_] for id_ in sorted({*profession.skills_by_palette.values()} & {*catalogue.skills})
        ]
        fitting[slot] = [
            s.id
            for s in skills
            if s.slot == slot
            and (s.specialization in (None, elite) or not catalogue.specializations[s.specialization].elite)
        ]
    one = {slot: _maybe(st.sampled_from(ids)) if ids else st.none() for slot, ids in fitting.items()}
    utilities = st.lists(one["Utility"], max_size=3).map(
        lambda ids: [id_ if id_ not in ids[:i] else None for i, id_ in enumerate(ids)]
    )
    return st.fixed_dictionaries({}, optional={"heal": one["Heal"], "utilities": utilities, "elite": one["Elite"]})


def _weapon_set(profession: Profession, *, land: bool) -> Any:
    fitting = [w for w in profession.weapons.values() if (w.land if land else "Aquatic" in w.hands)]
    main = [w.type for w in fitting if w.hands & {"Mainhand", "TwoHand"}]
    off = [w.type for w in fitting if "Offhand" in w.hands]
    two = {w.type for w in fitting if "TwoHand" in w.hands}
    return st.tuples(_maybe(st.sampled_from(main)), _maybe(st.sampled_from(off)) if off else st.none()).map(
        lambda drawn: {"main_hand": drawn[0], "off_hand": None if drawn[0] in two else drawn[1]}
    )


@st.composite
def _gear(draw: Any) -> dict[str, Any]:
    catalogue = packaged()
    kinds = {
        "trinket": sorted(p.name for p in catalogue.prefixes.values() if p.trinket),
        "armor_weapon": sorted(p.name for p in catalogue.prefixes.values() if p.armor_weapon),
    }
    by_slot = draw(st.booleans())
    infusion = st.sampled_from([f"+5 {name}" for name in ATTRIBUTES]) | _ids("infusion")
    gear: dict[str, Any] = {}
    for slot in draw(st.sets(st.sampled_from(sorted(INFUSION_SLOTS)))):
        if slot in WEAPON_SLOTS and slot.endswith("off"):
            continue
        prefix = st.sampled_from(kinds["trinket" if slot in TRINKET_SLOTS else "armor_weapon"])
        piece: dict[str, Any] = {
            "prefix": draw(_maybe(prefix)),
            "rarity": draw(st.sampled_from(["exotic", "ascended", "legendary"])),
        }
        if by_slot:
            room = 1 if slot.endswith("_main") else INFUSION_SLOTS[slot]
            piece["infusions"] = draw(st.lists(infusion, max_size=room))
        if slot in ARMOR_SLOTS:
            piece["upgrade"] = draw(_maybe(_ids("rune")))
        gear[slot] = piece
    counts = {} if by_slot else draw(st.dictionaries(st.sampled_from(ATTRIBUTES), st.integers(0, 2), max_size=9))
    return {
        "gear": gear,
        "infusions": counts,
        "food": draw(_maybe(_ids("food"))),
        "utility": draw(_maybe(_ids("utility"))),
    }


_NUMBERS = st.floats(0, 1e6, allow_nan=False)
_LINES = st.text(st.characters(exclude_categories=["C"]), max_size=40)


@st.composite
def build_documents(draw: Any) -> dict[str, Any]:
    """`build/1` in ids, valid."""
    catalogue = packaged()
    profession = catalogue.professions[draw(st.sampled_from(sorted(catalogue.professions)))]
    lines = draw(_specializations(profession))
    elite = lines[2]["specialization"] if lines[2] else None
    mode = draw(st.sampled_from(MODES))
    document: dict[str, Any] = {
        "name": draw(_LINES.filter(lambda text: text.strip())),
        "profession": profession.id,
        "game_mode": mode,
        "role": draw(_maybe(st.sampled_from(ROLES))),
        "secondary_roles": draw(st.lists(st.sampled_from(ROLES), max_size=5)),
        "specializations": lines,
        "weapon_sets": draw(st.lists(_weapon_set(profession, land=True), max_size=2)),
        "water_weapons": draw(st.lists(_weapon_set(profession, land=False), max_size=2)),
        "rune": draw(_maybe(_ids("rune"))),
        "sigils": draw(st.lists(st.lists(_ids("sigil"), max_size=2), max_size=2)),
        "relic": draw(_maybe(_ids("relic"))),
        "jade_bot_core": draw(st.booleans()),
        "skill_overrides": draw(st.lists(_ids("skill"), max_size=3)),
        "rotation": draw(_maybe(st.fixed_dictionaries({"opener": st.lists(_ids("skill"), max_size=3)}))),
        "benchmark": draw(_maybe(st.fixed_dictionaries({"dps": _NUMBERS, "source": _LINES}))),
        "damage_profile": draw(
            _maybe(
                st.fixed_dictionaries(
                    {"power_coefficient": _NUMBERS, "condition_coefficients": st.just({"burning": 2.24})},
                )
            )
        ),
    }
    if mode == "wvw":
        document["wvw_style"] = draw(_maybe(st.sampled_from(WVW_STYLES)))
    if mode != "pvp":
        document |= draw(_gear())
    legends: dict[str, list[str | None]] = {"land": [], "water": []}
    if profession.id == "Revenant":
        fitting = sorted(x.id for x in catalogue.legends.values() if x.specialization in (None, elite))
        for side in legends:
            legends[side] = list(draw(st.permutations([*fitting, None]))[: draw(st.integers(0, 2))])
        document["legends"] = {side: ids for side, ids in legends.items() if draw(st.booleans()) or any(ids)}
    if profession.id == "Ranger":
        document["pets"] = {side: draw(st.lists(_maybe(_ids("pet")), max_size=2)) for side in ("land", "water")}
    for name, side in (("skills", "land"), ("water_skills", "water")):
        document[name] = draw(_bar(profession, elite, next(iter(legends[side]), None)))
    return document
