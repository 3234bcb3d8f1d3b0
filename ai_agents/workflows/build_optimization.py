"""A build for a wish, its gear, how it fits into the team at hand, and what else could be played."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ai_agents.agents.facts import claims_of, gives_json, measured
from ai_agents.agents.recommender import RecommenderInputs
from ai_agents.workflows.steps import Asking, Step, Workflow
from builds.catalogue import current_catalogue
from builds.engine.improve import score
from builds.services.improve import answer_json, improve_build
from builds.spec import BuildSpec, build_json, parse_build
from gw2optimizer.errors import InvalidInput
from teams.access import readable_team
from teams.services.given import given_team
from teams.spec import GROUP_SIZE, MAX_PLAYERS, GroupSpec, Place, SlotSpec, TeamSpec, plain_team_json

PLAYED = (
    "traits", "skills", "legends", "pets", "weapons", "rune", "sigils", "relic", "food", "utility", "infusions",
)  # fmt: skip
SECONDS = 3.0


class BuildOptimizationInputs(RecommenderInputs):
    """team or team_id: the team that the build is for, where there is one."""

    team: dict[str, Any] | None = None
    team_id: uuid.UUID | None = None


def _value(document: Mapping[str, Any]) -> BuildSpec:
    return parse_build(document, current_catalogue()).spec


def _wish(asking: Asking) -> dict[str, Any]:
    wish: dict[str, Any] = asking.inputs.model_dump(exclude={"team", "team_id"})
    return wish


def _gear(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    build = _value(given["build"])
    found = improve_build(build, role=build.role or "dps", locks=PLAYED, seconds=SECONDS)
    return answer_json(found, current_catalogue())


def _as_it_is(asking: Asking) -> dict[str, Any]:
    """The build in the gear that it was recommended in."""
    own = asking.outputs["recommend"]
    return {"build": own["build"], "template_code": own["template_code"], "changes": []}


def _team_with(asking: Asking) -> dict[str, Any]:
    """The team with the build in its first empty place, else in one more; {} without a team."""
    inputs: BuildOptimizationInputs = asking.inputs
    if inputs.team is None and inputs.team_id is None:
        return {}
    if inputs.team_id is not None:
        team = readable_team(asking.user, inputs.team_id).value
    else:
        team = given_team(inputs.team or {}, asking.user, current_catalogue())[0]
    return {"team": plain_team_json(joined(team, _value(asking.outputs["recommend"]["build"]))), "mends": False}


def joined(team: TeamSpec, build: BuildSpec) -> TeamSpec:
    """Raises InvalidInput for a full squad."""
    for place, slot in team.places():
        if slot.build is None and not slot.locked:
            return team.with_build(place, build)
    if team.size >= MAX_PLAYERS:
        raise InvalidInput(f"The team has {MAX_PLAYERS} players already.")
    groups = list(team.groups)
    if not groups or len(groups[-1].slots) >= GROUP_SIZE:
        groups.append(GroupSpec())
    groups[-1] = GroupSpec((*groups[-1].slots, SlotSpec()))
    place = Place(len(groups) - 1, len(groups[-1].slots) - 1)
    return replace(team, groups=tuple(groups)).with_build(place, build)


def _synergy(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    return asking.ask("synergy", given) if given else {}


def _choices(asking: Asking) -> dict[str, Any]:
    """The builds to set beside each other: as recommended, in other gear, and other published ones."""
    own, gear = asking.outputs["recommend"], asking.outputs["gear"]
    found = [("recommended", own["build"])]
    if gear["changes"]:
        found.append(("other gear", gear["build"]))
    found += [(one["id"], one["build"]) for one in own.get("alternatives", ())]
    return {"builds": [{"id": name, "build": build} for name, build in found]}


def _variants(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    catalogue = current_catalogue()
    rows = []
    for one in given["builds"]:
        build = _value(one["build"])
        role = build.role or "dps"
        rows.append(
            {
                "id": one["id"],
                "build": build_json(build, catalogue),
                "template_code": build.template_code,
                "role": role,
                "score": round(score(build, catalogue, role=role).total, 2),
                "gives": gives_json(measured(build, catalogue), asking.language),
                "claims": claims_of(build, catalogue),
            }
        )
    return {"variants": rows}


class BuildOptimization(Workflow[BuildOptimizationInputs]):
    name = "build-optimization"
    version = "1"
    about = "A build for a wish, its gear, its place in the team, and variants."
    inputs = BuildOptimizationInputs
    steps = (
        Step(name="recommend", asked=_wish, done=lambda asking, given: asking.ask("recommender", given)),
        Step(
            name="gear",
            needs=("recommend",),
            asked=lambda asking: {"build": asking.outputs["recommend"]["build"]},
            done=_gear,
            instead=_as_it_is,
        ),
        Step(name="synergy", needs=("recommend",), asked=_team_with, done=_synergy, instead=lambda asking: {}),
        Step(
            name="variants",
            needs=("recommend", "gear"),
            asked=_choices,
            done=_variants,
            instead=lambda asking: {"variants": []},
        ),
    )

    def result(self, outputs: Mapping[str, dict[str, Any]], language: str) -> dict[str, Any]:
        """The recommendation, with the gear that was found, the score of the team with it, and the variants."""
        return {
            **outputs["recommend"],
            "gear": outputs["gear"],
            "synergy": outputs["synergy"] or None,
            "variants": outputs["variants"]["variants"],
        }
