"""How many skills a build asks to press, and how sturdy its gear is: what "easy" and "tanky" are measured by."""

from builds.engine.effects.equipped import equipped_skills
from builds.gamedata import Catalogue
from builds.recommend.fit import FEW_SKILLS, MANY_SKILLS
from builds.recommend.regear import worn_multipliers
from builds.recommend.wish import EASY, SOLO, STURDY, Wish
from builds.spec.model import BuildSpec

_FEW = 17
"""The median of the library's builds is 17."""
_STURDY = 0.25


def skills_to_press(spec: BuildSpec, catalogue: Catalogue) -> int:
    """Of weapons, bar and profession; 0 where no weapons are given, for then most of them are not known."""
    if not any(held.names for held in spec.weapon_sets):
        return 0
    return len({skill.id for skill, _, _ in equipped_skills(spec, catalogue)})


def sturdiness(spec: BuildSpec, catalogue: Catalogue) -> float:
    """Share of the gear's points in toughness and vitality, 0 to 1; a prefix counts once a piece."""
    hardy = every = 0.0
    for attribute, multiplier in worn_multipliers(spec, catalogue):
        every += multiplier
        hardy += multiplier if attribute in ("toughness", "vitality") else 0.0
    return hardy / every if every else 0.0


def quality_words(wish: Wish, spec: BuildSpec, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Of the finished build: what it has of the qualities, and what it lacks."""
    reasons: list[str] = []
    given_up: list[str] = []
    if EASY in wish.qualities:
        pressed = skills_to_press(spec, catalogue)
        told = f"It has {pressed} skills to press; builds have {FEW_SKILLS} to {MANY_SKILLS}."
        if not pressed:
            told = "How easy it is can't be told: its weapons are not given."
        (reasons if 0 < pressed <= _FEW else given_up).append(told)
    if {STURDY, SOLO} & set(wish.qualities) and spec.gear:
        share = sturdiness(spec, catalogue)
        told = f"{100 * share:.0f} % of its gear's points are toughness and vitality."
        (reasons if share >= _STURDY else given_up).append(told)
    return reasons, given_up
