"""Which skills and traits of a build act, and how often at best."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from builds.engine.effects import assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.events import Events
from builds.engine.effects.floor import at_least
from builds.engine.effects.forms import OVERLOAD, charges_of
from builds.engine.effects.rates import trait_uses
from builds.engine.effects.reading import facts_of
from builds.engine.effects.triggers import Granted, triggers
from builds.engine.effects.turns import Turn, Use, skill_period
from builds.gamedata import Catalogue
from builds.gamedata.model import Skill, Trait
from builds.gamedata.weapon_skills import weapon_keys
from builds.spec.model import BuildSpec, SkillBar

TEMPEST, MECHANIST = "Tempest", "Mechanist"
# A thief's keys on which lies what was stolen.
_STOLEN = frozenset({("Thief", "Profession_2"), ("Thief", "Profession_3")})

__all__ = ["Turn", "Use", "equipped_skills", "skill_period", "traits_of", "uses_of"]


def traits_of(build: BuildSpec, catalogue: Catalogue) -> list[Trait]:
    """Chosen and minor ones, in the order of the lines; ids that the catalogue lacks are left out."""
    ids: list[int | None] = []
    for line in build.specializations:
        if line is None:
            continue
        specialization = catalogue.specializations.get(line.specialization)
        ids += [*(specialization.minor_traits if specialization else ()), *line.traits]
    return [catalogue.traits[id_] for id_ in dict.fromkeys(ids) if id_ in catalogue.traits]


def uses_of(build: BuildSpec, catalogue: Catalogue, mode: str, given: Circumstances) -> list[Use]:
    """mode: of gamedata.model.MODES."""
    traits = traits_of(build, catalogue)
    held = frozenset(trait.id for trait in traits)
    uses, seen = [], set()
    for skill, place, turn in equipped_skills(build, catalogue):
        if (skill.id, place) in seen:
            continue
        seen.add((skill.id, place))
        effects = at_least(skill, facts_of(skill, mode, held), mode, held)
        uses.append(Use(skill, place, effects, skill_period(skill, effects, turn, given)))
    uses += list(charges_of(uses, catalogue, mode, held, given))
    events = Events(build, catalogue, given, uses)
    uses += [use for granted in triggers().grants if (use := _granted(granted, held, events, mode))]
    rated = [(trait, at_least(trait, facts_of(trait, mode, held), mode, held)) for trait in traits]
    return [*uses, *trait_uses(rated, events)]


def _granted(granted: Granted, held: frozenset[int], events: Events, mode: str) -> Use | None:
    """A skill that a trait brings, with as many uses as it has charges each time."""
    skill = events.catalogue.skills.get(granted.skill)
    if skill is None or granted.trait not in held:
        return None
    effects, rate = facts_of(skill, mode, held), events.of(granted.on)
    period = 1.0 / rate.per_second / (effects.ammo or 1) if rate.per_second else None
    return Use(skill, "Stolen skill", effects, period, rate.words)


# --- Which skills --------------------------------------------------------------------------------
_Equipped = tuple[Skill, str, Turn | None]


def equipped_skills(build: BuildSpec, catalogue: Catalogue) -> Iterator[_Equipped]:
    """Skill, place and turn, on land; some skills come twice, such as those of both weapon sets."""
    by_turns = [*_legends(build, catalogue)]
    # A revenant's bar shows skills of the legends, which are at hand only in their legend's turn.
    shown = {skill.id for skill, _, _ in by_turns}
    found = (
        *(one for one in _bar(build.skills, catalogue) if one[0].id not in shown),
        *_toolbelt(build.skills, catalogue),
        *by_turns,
        *_weapons(build, catalogue),
        *_mechanics(build, catalogue),
        *_pets(build, catalogue),
    )
    yield from found


def _known(ids: Iterable[int | None], catalogue: Catalogue) -> Iterator[Skill]:
    return (catalogue.skills[id_] for id_ in ids if id_ in catalogue.skills)


def _bar(bar: SkillBar, catalogue: Catalogue) -> Iterator[_Equipped]:
    for place, ids in (("Heal", (bar.heal,)), ("Utility", bar.utilities), ("Elite", (bar.elite,))):
        for skill in _known(ids, catalogue):
            yield skill, place, None


def _toolbelt(bar: SkillBar, catalogue: Catalogue) -> Iterator[_Equipped]:
    belt = [skill.details.get("toolbelt_skill") for skill in _known(bar.ids, catalogue)]
    for skill in _known(belt, catalogue):
        yield skill, "Tool belt", None


def _legends(build: BuildSpec, catalogue: Catalogue) -> Iterator[_Equipped]:
    """Their skills make up a revenant's bar, whichever of them the bar shows."""
    legends = [catalogue.legends[id_] for id_ in build.legends_land if id_ in catalogue.legends]
    for legend in legends:
        turn = Turn(assumptions.LEGEND_SECONDS, len(legends))
        for skill in _known((legend.heal, *legend.utilities, legend.elite), catalogue):
            yield skill, legend.name, turn


def _lines(build: BuildSpec) -> set[int]:
    return {line.specialization for line in build.specializations if line}


def _weapons(build: BuildSpec, catalogue: Catalogue) -> Iterator[_Equipped]:
    sets = [held for held in build.weapon_sets if held.names]
    for held in sets:
        keys = list(weapon_keys(catalogue, build.profession, held.main_hand, held.off_hand, _lines(build)))
        attunements = {key.attunement for key in keys}
        if attunements - {None}:
            turn = Turn(_attunement_seconds(build, catalogue), len(attunements))
        else:
            turn = Turn(assumptions.WEAPON_SET_SECONDS, len(sets))
        for key in keys:
            yield key.skill, ", ".join(filter(None, (key.weapon, key.attunement))), turn


def _mechanics(build: BuildSpec, catalogue: Catalogue) -> Iterator[_Equipped]:
    """Skills of the profession's own keys. A key on which several could lie, and nothing in the build says which,
    is left out."""
    profession = catalogue.professions.get(build.profession)
    lines = _lines(build)
    keys: dict[str, list[Skill]] = {}
    for skill in _known(profession.skills if profession else (), catalogue):
        if (skill.slot or "").startswith("Profession_") and skill.specialization in {None, *lines}:
            keys.setdefault(str(skill.slot), []).append(skill)
    merged = _merged(build, catalogue)
    beasts = {id_ for pet in catalogue.pets.values() for id_ in pet.beastmode}
    for key, skills in keys.items():
        if (build.profession, key) in _STOLEN:
            continue
        there = [skill for skill in skills if skill.id in merged or skill.id not in beasts]
        yield from ((skill, "Profession", turn) for skill, turn in _on_key(there, build))
    yield from _beside_keys(build, catalogue)


def _attunement_seconds(build: BuildSpec, catalogue: Catalogue) -> float:
    return assumptions.OVERLOAD_SECONDS if _has_line(build, catalogue, TEMPEST) else assumptions.ATTUNEMENT_SECONDS


def _has_line(build: BuildSpec, catalogue: Catalogue, name: str) -> bool:
    return any(
        id_ in catalogue.specializations and catalogue.specializations[id_].name == name for id_ in _lines(build)
    )


def _beside_keys(build: BuildSpec, catalogue: Catalogue) -> Iterator[_Equipped]:
    """Overloads lie on the key of the attunement in hand; a mech's commands, and the entries of forms, on keys on which
    several could lie."""
    lines = _lines(build)
    if _has_line(build, catalogue, TEMPEST):
        overloads = _overloads(catalogue)
        turn = Turn(assumptions.OVERLOAD_SECONDS, len(overloads))
        yield from ((skill, "Profession", turn) for skill in overloads)
    if _has_line(build, catalogue, MECHANIST):
        granted = [one.get("id") for trait in traits_of(build, catalogue) for one in trait.details.get("skills", ())]
        yield from ((skill, "Mech", None) for skill in _known(granted, catalogue) if skill.recharge)
    for skill in _entries(catalogue):
        if skill.specialization in lines and build.profession in skill.professions:
            yield skill, "Profession", None


@lru_cache(maxsize=4)
def _overloads(catalogue: Catalogue) -> tuple[Skill, ...]:
    return tuple(skill for skill in catalogue.skills.values() if OVERLOAD in skill.categories)


@lru_cache(maxsize=4)
def _entries(catalogue: Catalogue) -> tuple[Skill, ...]:
    """Of forms, on keys of which no other rule says what lies there."""
    names = {form.entry for form in triggers().forms}
    skills = (skill for skill in catalogue.skills.values() if skill.name in names)
    return tuple(skill for skill in skills if any((one, str(skill.slot)) in _STOLEN for one in skill.professions))


def _merged(build: BuildSpec, catalogue: Catalogue) -> set[int]:
    """Skills of the first pet that a soulbeast has while merged with it; of nobody else."""
    ids = {id_ for pet in build.pets_land[:1] if pet in catalogue.pets for id_ in catalogue.pets[pet].beastmode}
    needed = {skill.specialization for skill in _known(ids, catalogue)} - {None}
    return ids if needed & _lines(build) else set()


def _on_key(skills: list[Skill], build: BuildSpec) -> list[tuple[Skill, Turn | None]]:
    own = [skill for skill in skills if skill.specialization] or skills
    weapons = {held.main_hand for held in build.weapon_sets}
    fitting = [skill for skill in own if skill.weapon_type in {None, "None", *weapons}]
    # Copies of one skill (for land, for water, for a form) share its name.
    named = {(skill.name, skill.attunement): skill for skill in reversed(fitting)}
    found = sorted(named.values(), key=lambda skill: skill.id)
    attunements = {skill.attunement for skill in found}
    if len(found) == 1:
        return [(found[0], None)]
    if len(found) == len(attunements) and None not in attunements:
        return [(skill, Turn(assumptions.ATTUNEMENT_SECONDS, len(found))) for skill in found]
    by_weapon = {skill.weapon_type for skill in found}
    if len(by_weapon) == len(found) and not by_weapon & {None, "None"}:
        return [(skill, Turn(assumptions.WEAPON_SET_SECONDS, len(found))) for skill in found]
    return []


def _pets(build: BuildSpec, catalogue: Catalogue) -> Iterator[_Equipped]:
    pets = [catalogue.pets[id_] for id_ in build.pets_land if id_ in catalogue.pets]
    for pet in pets:
        for skill in _known((pet.skill,), catalogue):
            yield skill, pet.name, Turn(assumptions.WEAPON_SET_SECONDS, len(pets[: assumptions.PETS_IN_TURN]))
