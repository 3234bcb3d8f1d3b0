"""Skills that take another's place. Charges of a mantra act as often as one returns; of the others (tomes, kits,
shrouds, overloads) no fact tells how long they are held, so that what they give to allies is only named."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from builds.engine.effects import facts_of
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.equipped import Use, skill_period
from builds.gamedata import Catalogue
from builds.gamedata.model import Skill, Trait
from builds.spec import BuildSpec

_MANTRA = "Mantra"
_NAMED = {
    "conditions_removed": "conditions removed", "conditions_converted": "conditions removed",
    "boons_removed": "boons stripped", "boons_corrupted": "boons stripped", "boons_stolen": "boons stripped",
}  # fmt: skip


def charges_of(uses: Sequence[Use], catalogue: Catalogue, mode: str, given: Circumstances) -> Iterator[Use]:
    """The charges of the mantras among `uses`. A charge returns after its count recharge; its own recharge of a second
    is only the least between two."""
    held = _traits(uses)
    for use in uses:
        charge = _flipped(use, catalogue)
        if charge is None or not _is_mantra(use):
            continue
        effects = facts_of(charge, mode, held)
        if effects.count_recharge:
            period = skill_period(charge, replace(effects, ammo=effects.ammo or 1), None, given)
            yield Use(charge, use.place, effects, period)


def untold_forms(
    uses: Sequence[Use], build: BuildSpec, catalogue: Catalogue, mode: str
) -> Iterator[tuple[str, str, str]]:
    """Each skill that can be had only in another's place and gives something to allies: its name with the first one's,
    what it gives, and why it does not count."""
    held = _traits(uses)
    lines = {line.specialization for line in build.specializations if line}
    there = {use.entity.id for use in uses}
    told = set()
    for use in uses:
        for skill in _in_place_of(use, catalogue):
            if skill.id in there or skill.id in told or skill.name == use.entity.name:
                continue
            if skill.specialization not in {None, *lines}:
                continue
            told.add(skill.id)
            effects = facts_of(skill, mode, held)
            names = [boon.name for boon in effects.boons]
            names += [words for name, words in _NAMED.items() if getattr(effects, name)]
            for name in dict.fromkeys(names):
                yield f"{skill.name} (of {use.entity.name})", name, "how often it is at hand is not known"


def _in_place_of(use: Use, catalogue: Catalogue) -> Iterator[Skill]:
    if isinstance(use.entity, Trait) or (use.entity.slot or "").startswith("Weapon_"):
        return
    details = use.entity.details
    flip: Iterable[int] = () if _is_mantra(use) else filter(None, (details.get("flip_skill"),))
    for id_ in (*flip, *details.get("bundle_skills", ()), *details.get("transform_skills", ())):
        if id_ in catalogue.skills:
            yield catalogue.skills[id_]


def _flipped(use: Use, catalogue: Catalogue) -> Skill | None:
    return catalogue.skills.get(use.entity.details.get("flip_skill") or 0) if isinstance(use.entity, Skill) else None


def _is_mantra(use: Use) -> bool:
    return isinstance(use.entity, Skill) and _MANTRA in use.entity.categories


def _traits(uses: Iterable[Use]) -> frozenset[int]:
    return frozenset(use.entity.id for use in uses if isinstance(use.entity, Trait))
