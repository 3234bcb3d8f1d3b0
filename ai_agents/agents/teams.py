"""The team that a question is about: given, saved, or made of builds."""

import uuid
from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from ai_agents.agents.base import Asker, Inputs
from ai_agents.agents.texts import figure, say
from ai_agents.grounding import Offer
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from teams.access import readable_team
from teams.score import PartScore, TeamScore
from teams.services.given import given_team
from teams.spec import GROUP_SIZE, MAX_PLAYERS, TeamSpec

LEAST_BUILDS = 2


class OfTeam(Inputs):
    """Exactly one of `team` (team/1), `team_id` and `builds` (build/1 of each player, five to a subgroup)."""

    team: dict[str, Any] | None = None
    team_id: uuid.UUID | None = None
    builds: list[dict[str, Any]] | None = Field(default=None, min_length=LEAST_BUILDS, max_length=MAX_PLAYERS)
    game_mode: str | None = Field(default=None, max_length=20)

    @model_validator(mode="after")
    def _one(self) -> "OfTeam":
        if sum(given is not None for given in (self.team, self.team_id, self.builds)) != 1:
            raise ValueError("Give exactly one of `team`, `team_id` and `builds`.")
        return self

    def value(self, user: Asker) -> TeamSpec:
        """Raises NotFound and InvalidInput."""
        if self.team_id is not None:
            return readable_team(user, self.team_id).value
        document = self.team if self.team is not None else _team_of(self.builds or [], self.game_mode)
        return given_team(document, user, current_catalogue())[0]


def _team_of(builds: list[dict[str, Any]], mode: str | None) -> dict[str, Any]:
    mode = mode or next((str(build["game_mode"]) for build in builds if build.get("game_mode")), "pve")
    slots = [{"build": build} for build in builds]
    groups = [{"slots": slots[i : i + GROUP_SIZE]} for i in range(0, len(slots), GROUP_SIZE)]
    return {"schema": "team/1", "name": "Team", "game_mode": mode, "groups": groups}


def score_facts(found: TeamScore, offer: Offer) -> dict[str, Any]:
    """The score, and its parts as tokens with what each is worth."""

    def part(one: PartScore) -> dict[str, Any]:
        return {
            "part": offer.named("part", one.name, one.title),
            "has": offer.value(_amount(one.number, one.unit), f"{one.title}, {one.unit}"),
            "of_what_is_wanted": "enough" if one.value >= 0.95 else "nearly" if one.value >= 0.8 else "too little",
        }

    strong, weak = extremes(found)
    return {
        "score": offer.value(f"{found.total:.1f}", "points of the team"),
        "grade": found.grade,
        "strong": [part(one) for one in strong],
        "weak": [part(one) for one in weak],
    }


def extremes(found: TeamScore, most: int = 5) -> tuple[list[PartScore], list[PartScore]]:
    strong = sorted((part for part in found.parts if part.value >= 0.95), key=lambda part: -part.weight)
    weak = sorted((part for part in found.parts if part.value < 0.8), key=lambda part: -part.lost)
    return strong[:most], weak[:most]


def score_sentences(found: TeamScore, language: str) -> list[str]:
    strong, weak = extremes(found)
    texts = [say("score", language, total=f"{found.total:.1f}", grade=found.grade)]
    if strong:
        texts.append(say("strong", language, list=", ".join(map(_shown, strong))))
    texts.append(say("weak", language, list=", ".join(map(_shown, weak))) if weak else say("even", language))
    return texts


def _shown(part: PartScore) -> str:
    return f"{part.title} {_amount(part.number, part.unit)} / {_amount(part.target, part.unit)}"


def _amount(number: float, unit: str) -> str:
    return figure("share" if unit.startswith("of the") else "", number)


def who_is(team: TeamSpec, group: int, slot: int) -> str:
    """The player's name, else the build's."""
    one = team.groups[group].slots[slot]
    return one.player or (one.build.name if one.build else "")


def place_words(group: int, slot: int, language: str) -> str:
    return say("place", language, group=group + 1, slot=slot + 1)


def members_facts(team: TeamSpec, catalogue: Catalogue, offer: Offer, most: int = 10) -> list[Mapping[str, str]]:
    """Who is in it; of a squad the first ones."""
    found: list[Mapping[str, str]] = []
    for place, one in list(team.places())[:most]:
        if one.build is None:
            continue
        line = one.build.specializations[2]
        found.append(
            {
                "group": f"group {place.group + 1}",
                "specialization": offer.thing("specialization", line.specialization) if line else "",
                "role": one.role or one.build.role or "",
            }
        )
    return found
