"""How much damage a build does as it is dressed, by the same numbers as the gear that is searched for it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from builds.engine.attributes import checked_boons
from builds.engine.gear.names import DAMAGING_CONDITIONS, SCHEMA
from builds.engine.gear.problem import parse_problem
from builds.engine.gear.reference import evaluate
from builds.engine.optimise.estimate import estimated_profile
from builds.engine.optimise.problem import Circumstances, body_of, piece_points, searched_slots
from builds.engine.optimise.search import USUAL_BOONS
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec, DamageProfile


@dataclass(frozen=True, slots=True)
class Damage:
    """Per second, to a target of 2597 armor. source: of the profile."""

    strikes: float
    conditions: float
    source: str

    @property
    def total(self) -> float:
        return self.strikes + self.conditions


def damage_of(
    build: BuildSpec,
    catalogue: Catalogue,
    *,
    boons: Mapping[str, float] = USUAL_BOONS,
    switches: frozenset[int] = frozenset(),
    profile: DamageProfile | None = None,
) -> Damage:
    """In the build's own mode, with weapon set 1 in hand; an empty slot gives nothing. profile: estimated where None.
    Raises InvalidInput for a build of PvP, whose attributes are not in the data."""
    now = Circumstances(build.game_mode, checked_boons(boons), switches)
    known = profile or estimated_profile(build, catalogue, now.mode)
    scenario = body_of(build, catalogue, now, known).scenario
    points: Counter[str] = Counter()
    for slot in searched_slots(build):
        if (piece := build.gear.get(slot)) and piece.prefix:
            points.update(piece_points(build, catalogue, slot, piece.prefix, wvw=now.balance == "wvw"))
    document = {
        "schema": SCHEMA,
        "profession": build.profession,
        "objective": "damage",
        "skill_attack_rate": known.skill_attack_rate,
        "slots": [{"slot": "all", "options": [{"prefix": "worn", "attributes": dict(points)}]}],
        "variants": [{"name": "own", "scenarios": [scenario]}],
    }
    problem = parse_problem(document)
    scores = evaluate(problem, problem.variants[0], [0]).scores
    conditions = sum(scores[f"{name}_dps"] for name in DAMAGING_CONDITIONS)
    return Damage(scores["damage"] - conditions, conditions, known.source)
