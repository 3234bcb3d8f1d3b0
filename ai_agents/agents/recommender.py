"""A build for a wish: the engine finds those that come near, the model chooses one of them and says why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, create_model, field_validator

from ai_agents.agents.answer import BY_ENGINE, BY_MODEL
from ai_agents.agents.base import Agent, Asker, Brief, Choice, Inputs
from ai_agents.agents.facts import build_facts, claims_of, gives_json, measured, name_of
from ai_agents.agents.texts import listed, role_word, say
from ai_agents.grounding import Offer, Prose, told
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.models import Build
from builds.recommend import WordsRead
from builds.recommend.fit import role_closeness
from builds.services.recommend import ROLE_INCLUDED, Recommendation, recommend
from builds.services.wishes import read_wish
from builds.spec import BuildSpec, build_json, with_code
from builds.spec.template import specialization_name

MOST_OTHERS = 3
_WORDS = 4
SAY: Any = (list[str], Field(min_length=1, max_length=_WORDS))


class RecommenderInputs(Inputs):
    """As of the route `recommend-build`: what is empty is open."""

    profession: str = Field(default="", max_length=200)
    role: str = Field(default="", max_length=200)
    game_mode: str = Field(default="", max_length=200)
    wvw_style: str = Field(default="", max_length=200)
    elite_specialization: str = Field(default="", max_length=200)
    context: str = Field(default="", max_length=500)

    @field_validator("*", mode="before")
    @classmethod
    def _open(cls, value: Any) -> Any:
        return "" if value is None else value


@dataclass(frozen=True, slots=True)
class Offered:
    """A build that may be chosen. row: of the library, that it comes from. answer: as `Recommendation.as_json`."""

    spec: BuildSpec
    row: Build
    answer: Callable[[], dict[str, Any]]


class Recommender(Agent[RecommenderInputs]):
    name = "recommender"
    version = "1"
    about = "A build for a profession, a role and a game mode, with the reasons."
    task = (
        "Choose the build of FACTS.candidates that comes nearest to what the player wishes, and say in a few "
        "sentences why it is a good choice and how it is played. Where nothing speaks for another, choose the first."
    )
    inputs = RecommenderInputs

    def brief(self, inputs: RecommenderInputs, user: Asker, language: str) -> Brief:
        catalogue = current_catalogue()
        read = read_wish(**inputs.model_dump())
        found = recommend(read.wish)
        offered = candidates_of(found, read, catalogue)
        offer = Offer(catalogue, language)
        facts = {
            "wish": {
                "role": read.wish.role or "",
                "game_mode": read.wish.mode or "",
                "easy": list(read.wish.qualities),
            },
            "candidates": [
                {
                    "id": key,
                    "build": offer.named("build", key, name_of(one.spec, catalogue)),
                    **build_facts(one.spec, offer, things=key == _key(0)),
                }
                for key, one in offered.items()
            ],
        }

        def answer(key: str, prose: Prose, by: str) -> dict[str, Any]:
            return _result(key, offered, prose, by, language, catalogue)

        pick: Any = (Literal[tuple(offered)], ...)
        return Brief(
            facts=facts,
            offer=offer,
            shape=create_model("Recommended", __base__=Choice, pick=pick, say=SAY),
            carried_out=lambda choice, prose: answer(choice.pick, prose, BY_MODEL),
            fallback=lambda: answer(_key(0), summary(offered[_key(0)].spec, catalogue, language), BY_ENGINE),
            typed={"context": inputs.context},
        )


def _key(number: int) -> str:
    return f"c{number + 1}"


def candidates_of(found: Recommendation, read: WordsRead, catalogue: Catalogue) -> dict[str, Offered]:
    """The engine's own choice first; then published builds that keep the wish as they are."""

    def own() -> dict[str, Any]:
        answer = found.as_json(catalogue)
        answer["given_up"] += read.left
        return answer

    offered = [Offered(found.spec, found.source, own)]
    for row in found.others:
        spec = with_code(row.value, catalogue)
        if _keeps(spec, row, found.spec) and len(offered) <= MOST_OTHERS:
            offered.append(Offered(spec, row, _published(spec, row, read, catalogue)))
    return {_key(number): one for number, one in enumerate(offered)}


def _keeps(spec: BuildSpec, row: Build, best: BuildSpec) -> bool:
    alike = BALANCE_OF_MODE[spec.game_mode] == BALANCE_OF_MODE[best.game_mode] and spec.profession == best.profession
    return (
        alike and bool(spec.weapon_sets) and role_closeness(best.role, row.role, spec.secondary_roles) >= ROLE_INCLUDED
    )


def _published(spec: BuildSpec, row: Build, read: WordsRead, catalogue: Catalogue) -> Callable[[], dict[str, Any]]:
    def answer() -> dict[str, Any]:
        own = Recommendation(
            spec=spec,
            source=row,
            reasons=(f"It is “{row.name}” as published, for {specialization_name(spec, catalogue)}.",),
            given_up=(),
            others=(),
        )
        told = own.as_json(catalogue)
        told["given_up"] += read.left
        return told

    return answer


def _result(
    key: str, offered: dict[str, Offered], prose: Prose, by: str, language: str, catalogue: Catalogue
) -> dict[str, Any]:
    one = offered[key]
    return one.answer() | {
        "answered_by": by,
        "prose": prose.as_json(),
        "gives": gives_json(measured(one.spec, catalogue), language),
        "claims": claims_of(one.spec, catalogue),
        "alternatives": [
            {"id": other, "build": build_json(it.spec, catalogue), "template_code": it.spec.template_code}
            for other, it in offered.items()
            if other != key
        ],
    }


def summary(build: BuildSpec, catalogue: Catalogue, language: str) -> Prose:
    """The engine's own words about a build."""
    found = measured(build, catalogue)
    profession = catalogue.display_name("profession", build.profession, language)
    role = role_word(build.role, language) or "—"
    gives = gives_json(found, language)
    boons, numbers = gives[: len(found.boons)], gives[len(found.boons) :]
    texts = [say("plays", language, name=name_of(build, catalogue), role=role, profession=profession)]
    texts += [say("gives", language, list=listed(boons))] if boons else []
    texts += [say("does", language, list=listed(numbers))] if numbers else []
    texts += _unsure(build, catalogue, language)
    return told(texts)


def _unsure(build: BuildSpec, catalogue: Catalogue, language: str) -> Sequence[str]:
    return [
        say("unsure", language, role=role_word(claim["role"], language))
        for claim in claims_of(build, catalogue)[:1]
        if claim["confirmed"] is False
    ]
