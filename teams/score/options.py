"""The small changes of one player's build that could bear on a part of the score: one sigil, one trait, one skill. Each
keeps to the rules of the game, and comes with its template code."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from builds.engine.effects import EntityEffects, facts_of
from builds.engine.effects.equipped import traits_of
from builds.engine.improve import options
from builds.engine.improve.fitting import with_skill, with_trait
from builds.engine.improve.locks import SKILLS
from builds.gamedata import Catalogue
from builds.gamedata.model import Upgrade
from builds.spec import BuildSpec, with_code
from teams.score.targets import BOON, WITHOUT_BEST, Part

SIGIL, TRAIT, SKILL, BUILD = "sigil", "trait", "skill", "build"
KINDS = (SIGIL, TRAIT, SKILL, BUILD)
"""From the smallest change to the greatest."""
_LABELS = {"damage": ("Damage", "Strike Damage", "Condition Damage"), "boon": ("Boon Duration",)}
_FIELDS = {
    "cleanses_per_second": ("conditions_removed", "conditions_converted", "conditions_transferred"),
    "strips_per_second": ("boons_removed", "boons_corrupted", "boons_stolen"),
    "healing_per_second": ("healing",),
    "barrier_per_second": ("barrier",),
    "superspeed": ("superspeed",),
    "defiance_per_30_s": ("defiance",),
    "stun_breaks": ("stun_break",),
    "reflects": ("reflects_missiles",),
    "movement_skills": ("evade", "finishers"),
    "pulls": ("cc",),
}
"""Of a rate, what a skill or trait must have to bear on it; whether it does is then measured."""


@dataclass(frozen=True, slots=True)
class Option:
    """build: changed. before, after: in the catalogue's words."""

    kind: str
    build: BuildSpec
    before: str
    after: str


def small_changes(build: BuildSpec, part: Part, catalogue: Catalogue, mode: str) -> Iterator[Option]:
    """In a fixed order, the smallest kind first."""
    yield from _sigils(build, part, catalogue)
    if part.measure in (BOON, WITHOUT_BEST) or part.of in _FIELDS:
        yield from _traits(build, part, catalogue, mode)
        yield from _skills(build, part, catalogue, mode)


def bears_on(effects: EntityEffects, part: Part) -> bool:
    if part.measure in (BOON, WITHOUT_BEST):
        return any(boon.name == part.of for boon in effects.boons)
    return any(getattr(effects, field) for field in _FIELDS.get(part.of, ()))


def _sigils(build: BuildSpec, part: Part, catalogue: Catalogue) -> Iterator[Option]:
    labels = _LABELS.get("boon" if part.measure == BOON else part.measure, ())
    fitting = [sigil for _, sigil in sorted(catalogue.sigils.items()) if _has(sigil, labels)]
    worn = build.sigils[0] if build.sigils else ()
    if not worn:
        return
    for sigil in (one for one in fitting if one.id not in worn):
        for place, old in enumerate(worn):
            pair = (*worn[:place], sigil.id, *worn[place + 1 :])
            changed = replace(build, sigils=(pair, *build.sigils[1:]))
            yield Option(SIGIL, changed, _name(catalogue.sigils.get(old)), sigil.name)


def _has(sigil: Upgrade, labels: tuple[str, ...]) -> bool:
    """Without sigils against one kind of foe, whose bonus in general is the same as another's."""
    told = [str(bonus.get("label")) for bonus in sigil.bonuses]
    return bool(labels) and any(label in labels for label in told) and all("vs." not in label for label in told)


def _traits(build: BuildSpec, part: Part, catalogue: Catalogue, mode: str) -> Iterator[Option]:
    held = frozenset(trait.id for trait in traits_of(build, catalogue))
    for index, line in enumerate(build.specializations):
        known = catalogue.specializations.get(line.specialization) if line else None
        if line is None or known is None:
            continue
        for tier, chosen in enumerate(line.traits):
            for id_ in known.choices(tier + 1):
                trait = catalogue.traits.get(id_)
                if trait is None or id_ == chosen or not bears_on(facts_of(trait, mode, held | {id_}), part):
                    continue
                changed = _coded(with_trait(build, index, tier, id_), catalogue)
                yield Option(TRAIT, changed, _name(catalogue.traits.get(chosen or 0)), trait.name)


def _skills(build: BuildSpec, part: Part, catalogue: Catalogue, mode: str) -> Iterator[Option]:
    held = frozenset(trait.id for trait in traits_of(build, catalogue))
    for place in SKILLS:
        old = build.skills.ids[SKILLS.index(place)]
        for id_ in options.skills(build, options.SLOT_OF_PLACE[place], catalogue):
            skill = catalogue.skills[id_]
            # Also what it turns into, such as the charge of a mantra.
            forms = [skill, *filter(None, [catalogue.skills.get(skill.details.get("flip_skill") or 0)])]
            if id_ in build.skills.ids or not any(bears_on(facts_of(form, mode, held), part) for form in forms):
                continue
            changed = _coded(with_skill(build, place, id_), catalogue)
            yield Option(SKILL, changed, _name(catalogue.skills.get(old or 0)), skill.name)


def _coded(build: BuildSpec, catalogue: Catalogue) -> BuildSpec:
    return with_code(replace(build, template_code=""), catalogue)


def _name(thing: object) -> str:
    return str(getattr(thing, "name", "nothing"))
