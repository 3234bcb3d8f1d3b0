"""How builds fit together: the engine measures and tries changes, the model says what stands out and which to make."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, create_model

from ai_agents.agents.answer import BY_ENGINE, BY_MODEL
from ai_agents.agents.base import Agent, Asker, Brief, Choice, Rejected
from ai_agents.agents.recommender import SAY
from ai_agents.agents.teams import OfTeam, members_facts, place_words, score_facts, score_sentences
from ai_agents.agents.texts import say
from ai_agents.grounding import Offer, Prose, told
from builds.catalogue import current_catalogue
from teams.score import Analysis, Mend
from teams.services.advice import analyse_team

MOST_SUGGESTED = 3
MOST_OFFERED = 8


class SynergyInputs(OfTeam):
    mends: bool = True


class Synergy(Agent[SynergyInputs]):
    name = "synergy"
    version = "1"
    about = "What a team of builds has and lacks, and which changes would mend it."
    task = (
        "Say what is strong and what is weak in the team of FACTS, and choose from FACTS.mends the ones that a "
        "commander should make first. Each of them was tried and raises the score."
    )
    inputs = SynergyInputs

    def brief(self, inputs: SynergyInputs, user: Asker, language: str) -> Brief:
        catalogue = current_catalogue()
        team = inputs.value(user)
        found = analyse_team(team, user, mends=inputs.mends)
        best = best_mends(found.mends)
        offer = Offer(catalogue, language)
        facts = score_facts(found.score, offer) | {
            "players": members_facts(team, catalogue, offer),
            "mends": [mend_facts(key, mend, offer) for key, mend in best.items()],
        }

        def result(keys: Sequence[str], prose: Prose, by: str) -> dict[str, Any]:
            told_by_engine = found.as_json(catalogue)
            chosen = [told_by_engine["mends"][found.mends.index(best[key])] for key in keys]
            return told_by_engine | {"suggestions": chosen, "prose": prose.as_json(), "answered_by": by}

        def carried_out(choice: Any, prose: Prose) -> dict[str, Any]:
            keys = getattr(choice, "mends", [])
            if len(set(keys)) != len(keys):
                raise Rejected("mends: name each only once.")
            return result(keys, prose, BY_MODEL)

        return Brief(
            facts=facts,
            offer=offer,
            shape=_shape(best),
            carried_out=carried_out,
            fallback=lambda: result(
                list(best)[:MOST_SUGGESTED], told(sentences(found, list(best.values()), language)), BY_ENGINE
            ),
        )


def _shape(best: dict[str, Mend]) -> type[Choice]:
    if not best:
        return create_model("Synergies", __base__=Choice, say=SAY)
    pick: Any = (list[Literal[tuple(best)]], Field(min_length=0, max_length=MOST_SUGGESTED))  # type: ignore[misc]
    return create_model("Synergies", __base__=Choice, mends=pick, say=SAY)


def best_mends(mends: Sequence[Mend]) -> dict[str, Mend]:
    """By key, those that raise the score most first; one of what is the same change for several weaknesses."""
    found: dict[tuple[object, ...], Mend] = {}
    for mend in sorted(mends, key=lambda one: -one.gain):
        found.setdefault((mend.place, mend.after), mend)
    return {f"m{number}": mend for number, mend in enumerate(list(found.values())[:MOST_OFFERED], start=1)}


def mend_facts(key: str, mend: Mend, offer: Offer) -> dict[str, Any]:
    return {
        "id": key,
        "part": f"part:{mend.part}",
        "who": offer.named("player", key, mend.player),
        "takes": offer.named("new", key, mend.after),
        "instead_of": offer.named("old", key, mend.before),
        "score": offer.value(f"{mend.score:.1f}", f"points with {mend.after}"),
    }


def mend_sentence(mend: Mend, before: float, language: str) -> str:
    return say(
        "mend",
        language,
        player=mend.player,
        place=place_words(mend.place.group, mend.place.slot, language),
        after=mend.after,
        before=mend.before,
        was=f"{before:.1f}",
        now=f"{mend.score:.1f}",
    )


def sentences(found: Analysis, best: Sequence[Mend], language: str) -> list[str]:
    return [
        *score_sentences(found.score, language),
        *(mend_sentence(mend, found.score.total, language) for mend in best[:MOST_SUGGESTED]),
    ]
