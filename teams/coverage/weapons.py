"""From how far the weapons of a build strike."""

from collections.abc import Iterable

from builds.engine.effects.equipped import Use
from builds.gamedata.model import Skill
from teams.coverage import rules

_FIRST = "Weapon_1"


def reach_of_weapons(uses: Iterable[Use]) -> tuple[bool, bool]:
    """Whether a weapon set is ranged, and whether one is melee: by the range of its first skill, which melee skills
    name short or not at all."""
    ranges = [_range(use.entity) for use in uses if isinstance(use.entity, Skill) and use.entity.slot == _FIRST]
    return any(one >= rules.RANGED_FROM for one in ranges), any(one < rules.RANGED_FROM for one in ranges)


def _range(skill: Skill) -> float:
    named = [fact.get("value") for fact in skill.facts if fact.get("type") == "Range"]
    return max((float(value) for value in named if isinstance(value, int | float)), default=0.0)
