"""Coverage, score and mends of a team in one value: what the command, the API and the pages tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builds.gamedata import Catalogue
from builds.spec import BuildSpec, build_json
from teams.coverage import TeamCoverage, coverage
from teams.score.mends import EVALUATIONS, mends
from teams.score.model import Mend, TeamScore
from teams.score.score import score
from teams.spec import TeamSpec


@dataclass(frozen=True, slots=True)
class Analysis:
    coverage: TeamCoverage
    score: TeamScore
    mends: tuple[Mend, ...]

    def as_json(self, catalogue: Catalogue) -> dict[str, Any]:
        """score is the number; the changed builds of mends are `build/1` with names."""
        told = self.score.as_json()
        found = self.coverage.as_json()
        return {
            "name": found["name"],
            "game_mode": found["game_mode"],
            "wvw_style": found["wvw_style"],
            "size": found["size"],
            "score": told["total"],
            **{key: told[key] for key in ("grade", "style", "engine", "parts", "strengths", "weaknesses")},
            "notes": [*told["notes"], *found["notes"]],
            "mends": [{**one.as_json(), "build": build_json(one.build, catalogue)} for one in self.mends],
            "coverage": {key: found[key] for key in ("squad", "groups", "players", "unknown", "assumptions")},
        }


def analyse(
    team: TeamSpec, catalogue: Catalogue, candidates: Sequence[BuildSpec] = (), *, evaluations: int = EVALUATIONS
) -> Analysis:
    """candidates: builds that a player could take instead. evaluations: teams that mends may try; 0 for no mends."""
    found = coverage(team, catalogue)
    tried = mends(team, catalogue, candidates, evaluations=evaluations) if evaluations else ()
    return Analysis(found, score(found), tried)
