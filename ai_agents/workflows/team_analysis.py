"""A team measured, judged, changed, and judged again."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from ai_agents.agents.teams import OfTeam
from ai_agents.workflows.steps import Asking, Step, Workflow
from builds.catalogue import current_catalogue
from teams.compare import compare_teams
from teams.coverage import coverage
from teams.language.model import OBJECTIVES
from teams.services.given import given_team
from teams.spec import TeamSpec, plain_team_json

CHANGES = 2


class TeamAnalysisInputs(OfTeam):
    max_changes: int = Field(default=CHANGES, ge=0, le=10)
    objectives: list[Literal[OBJECTIVES]] = Field(default=[], max_length=len(OBJECTIVES))  # type: ignore[valid-type]


def _team(asking: Asking) -> dict[str, Any]:
    """As the other steps are given it: with the ids of saved builds and teams already looked up."""
    inputs: TeamAnalysisInputs = asking.inputs
    return {"team": plain_team_json(inputs.value(asking.user))}


def _given(document: Mapping[str, Any], asking: Asking) -> TeamSpec:
    return given_team(document, asking.user, current_catalogue())[0]


def _coverage(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    return {"team": given["team"], "coverage": coverage(_given(given["team"], asking), current_catalogue()).as_json()}


def _measured(asking: Asking) -> dict[str, Any]:
    return {"team": asking.outputs["coverage"]["team"]}


def _changes(asking: Asking) -> dict[str, Any]:
    team = asking.outputs["coverage"]["team"]
    size = sum(len(group["slots"]) for group in team["groups"])
    most = min(asking.inputs.max_changes, size)
    return {"team": team, "max_changes": most, "objectives": list(asking.inputs.objectives)}


def _again(asking: Asking) -> dict[str, Any]:
    """Both teams: without a change the same twice."""
    before = asking.outputs["coverage"]["team"]
    return {"before": before, "after": asking.outputs["optimizer"].get("team") or before}


def _rescored(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    return compare_teams(_given(given["before"], asking), _given(given["after"], asking), current_catalogue())


class TeamAnalysis(Workflow[TeamAnalysisInputs]):
    name = "team-analysis"
    version = "1"
    about = "A team measured, judged, changed in a few places, and judged again."
    inputs = TeamAnalysisInputs
    steps = (
        Step(name="coverage", asked=_team, done=_coverage),
        Step(
            name="synergy",
            needs=("coverage",),
            asked=_measured,
            done=lambda asking, given: asking.ask("synergy", given),
            instead=lambda asking: {},
        ),
        Step(
            name="optimizer",
            needs=("coverage",),
            asked=_changes,
            done=lambda asking, given: asking.ask("optimizer", given),
            instead=lambda asking: {},
        ),
        Step(name="score", needs=("optimizer",), asked=_again, done=_rescored, instead=lambda asking: {}),
    )

    def result(self, outputs: Mapping[str, dict[str, Any]], language: str) -> dict[str, Any]:
        synergy, changed = outputs["synergy"], outputs["optimizer"]
        prose = [*synergy.get("prose", ()), *changed.get("prose", ())]
        return {
            "coverage": outputs["coverage"]["coverage"],
            "synergy": synergy or None,
            "optimisation": changed or None,
            "comparison": outputs["score"] or None,
            "prose": prose,
        }
