"""Skills that take another's place. Charges of a mantra act as often as one returns; of the others (tomes, kits,
shrouds) no fact tells how long they are held, so that what they give to allies is only named."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.reading import facts_of
from builds.engine.effects.silent import MANTRA
from builds.engine.effects.turns import Use, skill_period
from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import key_of
from builds.gamedata.facts_by_mode import facts_in
from builds.gamedata.model import BALANCE_OF_MODE, Skill, Trait
from builds.spec.model import BuildSpec

HOW_OFTEN = "how often it is at hand is not known"
OVERLOAD = "Overload"
_NAMED = {
    "conditions_removed": "conditions removed", "conditions_converted": "conditions removed",
    "boons_removed": "boons stripped", "boons_corrupted": "boons stripped", "boons_stolen": "boons stripped",
}  # fmt: skip


def charges_of(
    uses: Sequence[Use], catalogue: Catalogue, mode: str, held: frozenset[int], given: Circumstances
) -> Iterator[Use]:
    """The charges of the mantras among `uses`. A charge returns after its count recharge; its own recharge of a second
    is only the least between two. Where no fact names the count recharge, how often is open."""
    for use in uses:
        charge = _flipped(use, catalogue)
        if charge is None or not _is_mantra(use):
            continue
        effects = facts_of(charge, mode, held)
        returns = effects.count_recharge or _longest_return(charge, mode, held)
        period = None
        if returns:
            timed = replace(effects, ammo=effects.ammo or 1, count_recharge=returns)
            period = skill_period(charge, timed, None, given)
        yield Use(charge, use.place, effects, period, f"a charge of {use.entity.name}")


def _longest_return(charge: Skill, mode: str, held: frozenset[int]) -> float | None:
    """Of several seconds of which the data does not say which are the mode's, so that a charge returns at least so
    often."""
    found = facts_in(charge, BALANCE_OF_MODE[mode], held)
    raws = [raw for entry in found.undecided for raw in entry.candidates if key_of(raw) == ("Time", "count recharge")]
    return max((float(raw["duration"]) for raw in raws), default=None)


def untold_forms(
    uses: Sequence[Use], build: BuildSpec, catalogue: Catalogue, mode: str
) -> Iterator[tuple[Use, Skill, str]]:
    """Each skill that can be had only in another's place and gives something to allies: the use of the first one, the
    skill, and what it gives."""
    held = frozenset(use.entity.id for use in uses if isinstance(use.entity, Trait))
    lines = {line.specialization for line in build.specializations if line}
    there = {use.entity.id for use in uses}
    told = set()
    for use in uses:
        for skill in _in_place_of(use, catalogue):
            if skill.id in there or skill.id in told or skill.name == use.entity.name:
                continue
            # An overload names no specialization; a tempest has it among the uses, nobody else has it at all.
            if skill.specialization not in {None, *lines} or OVERLOAD in skill.categories:
                continue
            told.add(skill.id)
            effects = facts_of(skill, mode, held)
            names = [boon.name for boon in effects.boons]
            names += [words for name, words in _NAMED.items() if getattr(effects, name)]
            for name in dict.fromkeys(names):
                yield use, skill, name


def _in_place_of(use: Use, catalogue: Catalogue) -> Iterator[Skill]:
    if isinstance(use.entity, Trait):
        granted = (skill.get("id") for skill in use.entity.details.get("skills", ()))
        yield from (catalogue.skills[id_] for id_ in granted if id_ in catalogue.skills)
        return
    if (use.entity.slot or "").startswith("Weapon_"):
        return
    details = use.entity.details
    flip: Iterable[int] = () if _is_mantra(use) else filter(None, (details.get("flip_skill"),))
    for id_ in (*flip, *details.get("bundle_skills", ()), *details.get("transform_skills", ())):
        if id_ in catalogue.skills:
            yield catalogue.skills[id_]


def _flipped(use: Use, catalogue: Catalogue) -> Skill | None:
    return catalogue.skills.get(use.entity.details.get("flip_skill") or 0) if isinstance(use.entity, Skill) else None


def _is_mantra(use: Use) -> bool:
    return isinstance(use.entity, Skill) and MANTRA in use.entity.categories
