"""What must hold before a snapshot may be used. A sync that broke off, an API that answers with half of
itself, a field that changed its meaning: each is refused here, with a sentence for whoever ran the sync."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from builds.gamedata.catalogue import KINDS, Catalogue
from builds.gamedata.model import Profession, Skill, StatLine, Trait
from builds.gamedata.packaging import ATTRIBUTES
from builds.gamedata.snapshot import SnapshotError, catalogue_of

PROFESSION_CODES = {
    "Guardian": 1, "Warrior": 2, "Engineer": 3, "Ranger": 4, "Thief": 5, "Elementalist": 6, "Mesmer": 7,
    "Necromancer": 8, "Revenant": 9,
}  # fmt: skip
LANGUAGES = ("fr", "de", "es")

# The game has never taken one of these away, so fewer means that something is missing.
_LEAST = {
    "specialization": 81, "trait": 972, "skill": 2000, "prefix": 40, "rune": 80, "sigil": 60, "relic": 80,
    "infusion": 50, "food": 200, "utility": 50, "legend": 8, "pet": 50,
}  # fmt: skip
_LISTED = (
    "professions", "specializations", "traits", "skills", "prefixes", "upgrades", "consumables", "legends",
    "pets", "amulets",
)  # fmt: skip
_LEAST_PALETTES = {"Heal": 6, "Utility": 24, "Elite": 5}

ICON = re.compile(r"https://render\.guildwars2\.com/file/[0-9A-F]{40}/[0-9]{1,10}\.png")
_NAME = re.compile(r"[^\s<>\[\]{}|\x00-\x1f](?:[^<>\[\]{}|\x00-\x1f]{0,118}[^\s<>\[\]{}|\x00-\x1f])?")

# Twenty times what the game has today: a number beyond it was read from the wrong field.
_FACT_LIMIT = 100_000
_RECHARGE_LIMIT = 3_600
_PANEL_ATTRIBUTES = frozenset(ATTRIBUTES.values())


def plain_name(name: object) -> bool:
    """Text of 1 to 120 characters on one line, without markup or blanks around it."""
    return isinstance(name, str) and bool(_NAME.fullmatch(name))


def validate(document: Mapping[str, Any]) -> list[str]:
    """One sentence for each thing that is wrong; empty for a document that may be activated."""
    repeated = list(_repeated_ids(document))
    try:
        catalogue = catalogue_of(document)
    except SnapshotError as error:
        return [*repeated, str(error)]
    checks = (
        _sizes,
        _professions,
        _palettes,
        _specializations,
        _traits,
        _skills,
        _prefixes,
        _items,
        _legends,
    )
    try:
        return repeated + [problem for check in (*checks, _pets_and_amulets, _extras) for problem in check(catalogue)]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return [*repeated, f"The data has another shape than expected: {error!r}"]


def losses(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Kinds of which more than a tenth is gone: a patch does not do that, half an answer does."""
    problems = []
    for kind in (
        "specializations",
        "traits",
        "skills",
        "prefixes",
        "upgrades",
        "consumables",
        "legends",
        "pets",
    ):
        old, new = _ids(before[kind]), _ids(after[kind])
        gone = len(old - new)
        if gone * 10 > len(old):
            problems.append(f"{gone} of {len(old)} {kind} would be gone.")
    return problems


def _ids(rows: Iterable[Any]) -> set[str]:
    return {_id(row) for row in rows}


def _id(row: Any) -> str:
    if isinstance(row, dict):
        return str(row.get("id", row.get("name")))
    return str(row[0]) if isinstance(row, list) and row else repr(row)


def _repeated_ids(document: Mapping[str, Any]) -> Iterator[str]:
    for kind in _LISTED:
        rows = document.get(kind)
        if not isinstance(rows, list):
            yield f"The {kind} are missing."
            continue
        for id_, count in Counter(_id(row) for row in rows).items():
            if count > 1:
                yield f"{kind}: {id_} occurs {count} times."


def _sizes(catalogue: Catalogue) -> Iterator[str]:
    for kind, least in _LEAST.items():
        if (count := len(catalogue.table(kind))) < least:
            yield f"There are only {count} of kind {kind}; {least} is the least that a whole snapshot has."
    for kind in KINDS:
        for item in catalogue.table(kind).values():
            if not plain_name(item.name):
                yield f"{kind} {item.id} has no plain name: {str(item.name)[:60]!r}."
            icon = getattr(item, "icon", "")
            if icon and not ICON.fullmatch(icon):
                yield f"{kind} {item.id} has an icon that is not one of the game's: {str(icon)[:120]!r}."


def _professions(catalogue: Catalogue) -> Iterator[str]:
    codes = {profession.id: profession.code for profession in catalogue.professions.values()}
    if codes != PROFESSION_CODES:
        yield f"The professions or their codes are not the nine of the game: {codes}."
    for profession in catalogue.professions.values():
        name = profession.id
        if profession.armor_weight not in {"Light", "Medium", "Heavy"}:
            yield f"{name} has no known armor weight: {profession.armor_weight!r}."
        specs = [catalogue.specializations.get(id_) for id_ in profession.specializations]
        if any(spec is None or spec.profession != name for spec in specs):
            yield f"{name} lists a specialization that does not exist or belongs to another profession."
        elites = sum(1 for spec in specs if spec is not None and spec.elite)
        if len(specs) - elites != 5 or not elites:
            yield f"{name} has {len(specs) - elites} core and {elites} elite specializations, not 5 and some."
        yield from _weapons(catalogue, profession)
        if unknown := [id_ for id_ in profession.skills if id_ not in catalogue.skills]:
            yield f"{name} lists skills that are not in the data: {_some(unknown)}."


def _weapons(catalogue: Catalogue, profession: Profession) -> Iterator[str]:
    if len(profession.weapons) < 5:
        yield f"{profession.id} has only {len(profession.weapons)} weapons."
    for weapon in profession.weapons.values():
        where = f"{profession.id}'s {weapon.type}"
        if not weapon.hands or weapon.hands - {"Mainhand", "Offhand", "TwoHand", "Aquatic"}:
            yield f"{where} is held in no known hand: {sorted(weapon.hands)}."
        if not weapon.skills:
            yield f"{where} has no skills."
        if unknown := [s.skill for s in weapon.skills if s.skill not in catalogue.skills]:
            yield f"{where} has skills that are not in the data: {_some(unknown)}."
        if weapon.specialization is not None and weapon.specialization not in catalogue.specializations:
            yield f"{where} comes from specialization {weapon.specialization}, which is not in the data."


def _palettes(catalogue: Catalogue) -> Iterator[str]:
    for profession in catalogue.professions.values():
        slots: Counter[str | None] = Counter()
        for palette, id_ in profession.skills_by_palette.items():
            if not 0 < palette < 65_536:
                yield f"{profession.id} has the palette id {palette}, which no link can hold."
            skill = catalogue.skills.get(id_)
            if skill is None:
                yield f"{profession.id}'s palette {palette} leads to skill {id_}, which is not in the data."
            elif profession.id in skill.professions:
                slots[skill.slot] += 1
        # A Revenant's palettes are slots of the legend, so most of its skills have none.
        if profession.id != "Revenant":
            for slot, least in _LEAST_PALETTES.items():
                if slots[slot] < least:
                    yield f"{profession.id} has palettes for only {slots[slot]} skills of slot {slot}."


def _specializations(catalogue: Catalogue) -> Iterator[str]:
    for spec in catalogue.specializations.values():
        where = f"specialization {spec.id} ({spec.name})"
        if not 0 < spec.id < 256:
            yield f"{where} has an id that no link can hold."
        if spec.profession not in catalogue.professions or (
            spec.id not in catalogue.professions[spec.profession].specializations
        ):
            yield f"{where} is not one of {spec.profession}."
        if len(set(spec.minor_traits)) != 3 or len(set(spec.major_traits)) != 9:
            yield f"{where} does not have three minor and nine major traits."
            continue
        for tier in (1, 2, 3):
            for id_, slot in (
                (spec.minor_traits[tier - 1], "Minor"),
                *((t, "Major") for t in spec.choices(tier)),
            ):
                trait = catalogue.traits.get(id_)
                if trait is None:
                    yield f"{where} lists trait {id_}, which is not in the data."
                elif (trait.specialization, trait.tier, trait.slot) != (spec.id, tier, slot):
                    yield f"{where} lists trait {id_} as {slot} of tier {tier}, and the trait says otherwise."


def _traits(catalogue: Catalogue) -> Iterator[str]:
    for trait in catalogue.traits.values():
        spec = catalogue.specializations.get(trait.specialization)
        if spec is None or trait.id not in spec.minor_traits + spec.major_traits:
            yield f"trait {trait.id} ({trait.name}) is in no specialization."
        elif trait.profession != spec.profession:
            yield f"trait {trait.id} ({trait.name}) and its specialization belong to different professions."
        yield from _facts("trait", trait)


def _skills(catalogue: Catalogue) -> Iterator[str]:
    for skill in catalogue.skills.values():
        where = f"skill {skill.id} ({skill.name})"
        if unknown := set(skill.professions) - set(catalogue.professions):
            yield f"{where} belongs to professions that do not exist: {_some(sorted(unknown))}."
        if skill.specialization is not None and skill.specialization not in catalogue.specializations:
            yield f"{where} needs specialization {skill.specialization}, which is not in the data."
        if skill.recharge is not None and not _within(skill.recharge, 0, _RECHARGE_LIMIT):
            yield f"{where} has an impossible recharge of {skill.recharge!r} seconds."
        for profession, palette in skill.palette.items():
            if catalogue.professions[profession].skills_by_palette.get(palette) != skill.id:
                yield f"{where} names palette {palette} of {profession}, which leads elsewhere."
        yield from _facts("skill", skill)


def _facts(kind: str, item: Trait | Skill) -> Iterator[str]:
    for fact in (
        *item.facts,
        *item.traited_facts,
        *(f for split in item.splits.values() for f in split["facts"]),
    ):
        for key, value in fact.items():
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            if numeric and not _within(value, -_FACT_LIMIT, _FACT_LIMIT):
                yield f"{kind} {item.id} ({item.name}) has a fact with an absurd {key}: {value!r}."
    for fact in item.traited_facts:
        # The game itself sometimes names the place after the last fact.
        if not _within(fact.get("overrides", 0), 0, 100):
            yield f"{kind} {item.id} ({item.name}) has a traited fact that overrides {fact['overrides']!r}."


def _prefixes(catalogue: Catalogue) -> Iterator[str]:
    for prefix in catalogue.prefixes.values():
        lines = [line for line in (prefix.armor_weapon, prefix.trinket) if line is not None]
        if not lines:
            yield f"prefix {prefix.name} is offered on no kind of item."
        for line in lines:
            yield from _stat_line(prefix.name, line)


def _stat_line(name: str, line: StatLine) -> Iterator[str]:
    if not line.attributes:
        yield f"prefix {name} gives nothing."
    for attribute, multiplier, value in line.attributes:
        if attribute not in _PANEL_ATTRIBUTES:
            yield f"prefix {name} gives an unknown attribute: {attribute!r}."
        if not _within(multiplier, 0, 1) or not _within(value, 0, 100) or multiplier + value <= 0:
            yield f"prefix {name} has impossible numbers for {attribute}: {multiplier!r} and {value!r}."


def _items(catalogue: Catalogue) -> Iterator[str]:
    for kind in ("rune", "sigil", "relic", "infusion", "enrichment", "food", "utility"):
        for item in catalogue.table(kind).values():
            for bonus in (*item.details.get("bonuses", ()), *item.details.get("attributes", ())):
                if "value" in bonus and not _within(bonus["value"], -_FACT_LIMIT, _FACT_LIMIT):
                    yield f"{kind} {item.id} ({item.name}) gives an absurd {bonus['value']!r}."


def _legends(catalogue: Catalogue) -> Iterator[str]:
    for code, count in Counter(legend.code for legend in catalogue.legends.values()).items():
        if count > 1 or not 0 < code < 256:
            yield f"The legend code {code} occurs {count} times or is not one byte."
    for legend in catalogue.legends.values():
        skills = (legend.swap, legend.heal, *legend.utilities, legend.elite)
        if len(legend.utilities) != 3:
            yield f"{legend.name} has {len(legend.utilities)} utilities; three are right."
        if unknown := [id_ for id_ in skills if id_ not in catalogue.skills]:
            yield f"{legend.name} has skills that are not in the data: {_some(unknown)}."


def _pets_and_amulets(catalogue: Catalogue) -> Iterator[str]:
    for pet in catalogue.pets.values():
        skills = ([] if pet.skill is None else [pet.skill]) + list(pet.beastmode)
        if unknown := [id_ for id_ in skills if id_ not in catalogue.skills]:
            yield f"{pet.name} has skills that are not in the data: {_some(unknown)}."
        if not 0 < pet.id < 256:
            yield f"{pet.name} has the id {pet.id}, which no link can hold."
    for amulet in catalogue.amulets.values():
        if not amulet.attributes:
            yield f"{amulet.name} gives nothing."
        for attribute, points in amulet.attributes.items():
            if attribute not in _PANEL_ATTRIBUTES or not _within(points, 1, 3_000):
                yield f"{amulet.name} gives an impossible {points!r} of {attribute!r}."


def _extras(catalogue: Catalogue) -> Iterator[str]:
    for rule in catalogue.trait_rules:
        if rule["trait"] not in catalogue.traits:
            yield f"A rule is about trait {rule['trait']}, which is not in the data."
    for language, kinds in catalogue.names.items():
        if language not in LANGUAGES:
            yield f"There are names in an unknown language: {language!r}."
        for kind, names in kinds.items():
            if kind not in KINDS:
                yield f"There are names of an unknown kind: {kind!r}."
            if bad := [id_ for id_, name in names.items() if not plain_name(name)]:
                yield f"Names of kind {kind} in {language} are not plain: {_some(bad)}."


def _within(value: object, least: float, most: float) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and least <= value <= most
    )


def _some(items: Iterable[object]) -> str:
    listed = [str(item) for item in items]
    return ", ".join(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")
