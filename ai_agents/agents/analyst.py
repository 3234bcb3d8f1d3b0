"""A build, a skill or a trait explained: the data's own facts, in the model's words around them."""

import uuid
from collections.abc import Mapping
from typing import Any

from pydantic import Field, create_model, model_validator

from ai_agents.agents.answer import BY_ENGINE, BY_MODEL
from ai_agents.agents.base import FR, Agent, Asker, Brief, Choice, Inputs
from ai_agents.agents.facts import build_facts, claims_of, gives_json, measured
from ai_agents.agents.recommender import SAY, summary
from ai_agents.agents.texts import listed, say
from ai_agents.grounding import Offer, Prose, told
from builds.access import readable_build
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import BALANCE_OF_MODE, MODES, Skill, Trait
from builds.presentation.facts import fact_sheet
from builds.spec import BuildSpec, build_json, parse_build, with_code
from builds.spec.template import spec_from_code
from gw2optimizer.errors import InvalidInput

KINDS: Mapping[str, tuple[str, str]] = {"trait": ("trait", "aptitude"), "skill": ("skill", "compétence")}
MOST_FACTS = 14


class OfBuild(Inputs):
    """A build as `build/1`, template code or id; none of them where there is no build."""

    build: dict[str, Any] | None = None
    build_id: uuid.UUID | None = None
    template_code: str = Field(default="", max_length=400)

    @property
    def given(self) -> int:
        return sum((self.build is not None, self.build_id is not None, bool(self.template_code)))

    def value(self, user: Asker, catalogue: Catalogue) -> BuildSpec | None:
        """Raises NotFound and InvalidInput."""
        if self.build_id is not None:
            found = readable_build(user, self.build_id).value
        elif self.build is not None:
            found = parse_build(self.build, catalogue).spec
        elif self.template_code:
            found = spec_from_code(self.template_code, catalogue)
        else:
            return None
        return found if found.template_code else with_code(found, catalogue)


class AnalystInputs(OfBuild):
    """Exactly one of a build, `trait` and `skill`, these by id or name."""

    trait: int | str | None = None
    skill: int | str | None = None
    game_mode: str = "pve"

    @model_validator(mode="after")
    def _one(self) -> "AnalystInputs":
        if self.given + (self.trait is not None) + (self.skill is not None) != 1:
            raise ValueError("Give exactly one of `build`, `build_id`, `template_code`, `trait` and `skill`.")
        if self.game_mode not in MODES:
            raise ValueError(f"game_mode is one of {', '.join(MODES)}.")
        return self


class Analyst(Agent[AnalystInputs]):
    name = "analyst"
    version = "1"
    about = "A build, a skill or a trait explained."
    task = "Explain FACTS.subject to a player in a few sentences: what it does, and when that is useful."
    inputs = AnalystInputs

    def brief(self, inputs: AnalystInputs, user: Asker, language: str) -> Brief:
        catalogue = current_catalogue()
        build = inputs.value(user, catalogue)
        if build is not None:
            return _of_build(build, catalogue, language)
        kind, given = ("trait", inputs.trait) if inputs.trait is not None else ("skill", inputs.skill)
        try:
            thing = catalogue.find(kind, given if given is not None else "")
        except UnknownName as error:
            raise InvalidInput(str(error), fields={kind: [str(error)]}) from error
        return _of_thing(kind, thing, BALANCE_OF_MODE[inputs.game_mode], catalogue, language)


def _of_build(build: BuildSpec, catalogue: Catalogue, language: str) -> Brief:
    offer = Offer(catalogue, language)

    def result(prose: Prose, by: str) -> dict[str, Any]:
        return {
            "subject": {"kind": "build", "name": build.name},
            "build": build_json(build, catalogue),
            "template_code": build.template_code,
            "gives": gives_json(measured(build, catalogue), language),
            "claims": claims_of(build, catalogue),
            "prose": prose.as_json(),
            "answered_by": by,
        }

    return Brief(
        facts={"subject": build_facts(build, offer)},
        offer=offer,
        shape=create_model("Explained", __base__=Choice, say=SAY),
        carried_out=lambda choice, prose: result(prose, BY_MODEL),
        fallback=lambda: result(summary(build, catalogue, language), BY_ENGINE),
    )


def _of_thing(kind: str, thing: Trait | Skill, balance: str, catalogue: Catalogue, language: str) -> Brief:
    offer = Offer(catalogue, language)
    key = offer.thing(kind, thing.id)
    sheet = fact_sheet(kind, thing, balance, catalogue)
    rows = [{"name": fact.text, "figure": fact.value} for fact in sheet.facts[:MOST_FACTS]]
    name = catalogue.display_name(kind, thing.id, language)

    def result(prose: Prose, by: str) -> dict[str, Any]:
        return {
            "subject": {"kind": kind, "id": thing.id, "name": name},
            "gives": rows,
            "note": sheet.note,
            "prose": prose.as_json(),
            "answered_by": by,
        }

    return Brief(
        facts={
            "subject": key,
            "does": [
                offer.value(row["figure"], row["name"]) if row["figure"] else offer.named("effect", str(i), row["name"])
                for i, row in enumerate(rows)
            ],
        },
        offer=offer,
        shape=create_model("Explained", __base__=Choice, say=SAY),
        carried_out=lambda choice, prose: result(prose, BY_MODEL),
        fallback=lambda: result(told(thing_sentences(kind, thing, rows, catalogue, language)), BY_ENGINE),
    )


def thing_sentences(
    kind: str, thing: Trait | Skill, rows: list[dict[str, str]], catalogue: Catalogue, language: str
) -> list[str]:
    owner = thing.profession if isinstance(thing, Trait) else next(iter(thing.professions), "")
    profession = catalogue.display_name("profession", owner, language) if owner in catalogue.professions else "—"
    name = catalogue.display_name(kind, thing.id, language)
    first = say("is_a", language, name=name, kind=KINDS[kind][language == FR], profession=profession)
    return [first, say("facts", language, list=listed(rows, MOST_FACTS)) if rows else say("no_facts", language)]
