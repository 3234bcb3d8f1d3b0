"""The best changes to a team: the engine finds and tries them, the model picks among them, the engine counts again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field, create_model

from ai_agents.agents.answer import BY_ENGINE, BY_MODEL
from ai_agents.agents.base import Agent, Asker, Brief, Choice, Rejected
from ai_agents.agents.recommender import SAY
from ai_agents.agents.synergy import best_mends
from ai_agents.agents.teams import OfTeam, score_facts, who_is
from ai_agents.agents.texts import say
from ai_agents.grounding import Offer, Prose, told
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from teams.compose.optimise import Optimised, Swap
from teams.coverage import coverage
from teams.language.model import OBJECTIVES
from teams.score import TeamScore, score
from teams.services.advice import MOST_SECONDS, USUAL_SECONDS, analyse_team, optimise, optimised_json
from teams.spec import MAX_PLAYERS, SlotSpec, TeamSpec

_PARTS: Mapping[str, tuple[str, ...]] = {
    "boons": ("quickness", "alacrity", "might", "fury", "protection", "resistance", "resolution", "vigor", "swiftness",
              "aegis", "regeneration"),
    "stability": ("stability", "stability_sources"),
}  # fmt: skip
"""Parts of the score that an objective is about, where they are not called as it is."""


class OptimizerInputs(OfTeam):
    """preserve: numbers of places that stay, from 1. seconds: of search at most."""

    max_changes: int = Field(ge=0, le=MAX_PLAYERS)
    objectives: list[Literal[OBJECTIVES]] = Field(default=[], max_length=len(OBJECTIVES))  # type: ignore[valid-type]
    preserve: list[int] = Field(default=[], max_length=MAX_PLAYERS)
    seed: int = Field(default=1, ge=0, lt=2**31)
    seconds: float = Field(default=USUAL_SECONDS, ge=0.1, le=MOST_SECONDS)


@dataclass(frozen=True, slots=True)
class Change:
    """A swap, and the score of the team with it alone."""

    swap: Swap
    alone: TeamScore


class Optimizer(Agent[OptimizerInputs]):
    name = "optimizer"
    version = "1"
    about = "The best team within a few changes of the one at hand."
    task = (
        "Choose from FACTS.changes those that serve FACTS.objectives best, at most as many as FACTS.at_most says, and "
        "not two for the same place. Say in a few sentences what they bring."
    )
    inputs = OptimizerInputs

    def brief(self, inputs: OptimizerInputs, user: Asker, language: str) -> Brief:
        catalogue = current_catalogue()
        team = inputs.value(user)
        found, library = optimise(
            team,
            user,
            max_changes=inputs.max_changes,
            preserve=inputs.preserve,
            seed=inputs.seed,
            seconds=inputs.seconds,
        )
        changes = _changes(team, found, inputs, user, catalogue)
        offer = Offer(catalogue, language)
        facts = score_facts(found.before, offer) | {
            "objectives": list(inputs.objectives),
            "at_most": inputs.max_changes,
            "changes": [_facts(key, change, found.before, offer, inputs.objectives) for key, change in changes.items()],
        }

        def result(made: Optimised, prose: Prose, by: str) -> dict[str, Any]:
            return optimised_json(made, library, catalogue) | {"prose": prose.as_json(), "answered_by": by}

        def carried_out(choice: Any, prose: Prose) -> dict[str, Any]:
            picked = [changes[key].swap for key in getattr(choice, "changes", [])]
            return result(applied(found, team, picked, catalogue), prose, BY_MODEL)

        return Brief(
            facts=facts,
            offer=offer,
            shape=_shape(changes, inputs.max_changes),
            carried_out=carried_out,
            fallback=lambda: result(found, told(_sentences(found, team, language)), BY_ENGINE),
        )


def _shape(changes: Mapping[str, Change], most: int) -> type[Choice]:
    if not changes or not most:
        return create_model("Changes", __base__=Choice, say=SAY)
    pick: Any = (list[Literal[tuple(changes)]], Field(min_length=1, max_length=min(most, len(changes))))  # type: ignore[misc]
    return create_model("Changes", __base__=Choice, changes=pick, say=SAY)


def _changes(
    team: TeamSpec, found: Optimised, inputs: OptimizerInputs, user: Asker, catalogue: Catalogue
) -> dict[str, Change]:
    """The composer's swaps, then what mends a weakness by itself; none of them touches a place that stays."""
    if not inputs.max_changes:
        return {}
    numbers = {place: number for number, (place, _) in enumerate(team.places(), start=1)}
    swaps = list(found.swaps)
    for mend in best_mends(analyse_team(team, user).mends).values():
        before = team.groups[mend.place.group].slots[mend.place.slot]
        swaps.append(Swap(mend.place, before, replace(before, build=mend.build)))
    kept = [swap for swap in swaps if numbers[swap.place] not in inputs.preserve and not swap.before.locked]
    alone = [Change(swap, score(coverage(with_swaps(team, [swap]), catalogue))) for swap in kept]
    return {f"s{number}": change for number, change in enumerate(alone, start=1)}


def with_swaps(team: TeamSpec, swaps: Sequence[Swap]) -> TeamSpec:
    groups = [list(group.slots) for group in team.groups]
    for swap in swaps:
        groups[swap.place.group][swap.place.slot] = swap.after
    done = tuple(replace(group, slots=tuple(slots)) for group, slots in zip(team.groups, groups, strict=True))
    return replace(team, groups=done)


def applied(found: Optimised, team: TeamSpec, swaps: Sequence[Swap], catalogue: Catalogue) -> Optimised:
    """The team with just these, counted again. Raises Rejected where it is worse than before."""
    if len({swap.place for swap in swaps}) != len(swaps):
        raise Rejected("changes: two are for the same place. Choose one of them.")
    changed = with_swaps(team, swaps)
    after = score(coverage(changed, catalogue))
    if after.total < found.before.total:
        raise Rejected("changes: together they lower the score. Choose others.")
    return replace(found, team=changed, swaps=tuple(swaps), after=after)


def _facts(key: str, change: Change, before: TeamScore, offer: Offer, objectives: Sequence[str]) -> dict[str, Any]:
    swap = change.swap
    raised = {
        part.name
        for part in change.alone.parts
        if any(part.name == old.name and part.value > old.value for old in before.parts)
    }
    return {
        "id": key,
        "place": str(swap.place),
        "takes": offer.named("new", key, _name(swap.after)),
        "instead_of": offer.named("old", key, _name(swap.before)),
        "score_with_it_alone": offer.value(f"{change.alone.total:.1f}", f"points with {_name(swap.after)}"),
        "serves": [one for one in objectives if raised & set(_PARTS.get(one, (one,)))],
    }


def _name(slot: SlotSpec) -> str:
    return slot.build.name if slot.build else "—"


def _sentences(found: Optimised, team: TeamSpec, language: str) -> list[str]:
    was, now = f"{found.before.total:.1f}", f"{found.after.total:.1f}"
    if not found.swaps:
        return [say("unswapped", language, was=was)]
    numbers = {place: number for number, (place, _) in enumerate(team.places(), start=1)}
    return [
        say("swapped", language, count=len(found.swaps), was=was, now=now),
        *(
            say(
                "swap",
                language,
                number=numbers[swap.place],
                after=_name(swap.after),
                before=who_is(team, swap.place.group, swap.place.slot) or "—",
            )
            for swap in found.swaps
        ),
    ]
