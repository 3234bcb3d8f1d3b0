"""One turn of a conversation: the model, or the grammar, picks one of the named actions, and the engine does it."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, create_model

from ai_agents.agents.actions import ANY, Arguments, Scene, carried_out, possible
from ai_agents.agents.analyst import OfBuild
from ai_agents.agents.answer import BY_ENGINE, BY_MODEL
from ai_agents.agents.base import Agent, Asker, Brief, Choice, Rejected
from ai_agents.agents.facts import build_facts
from ai_agents.agents.recommender import SAY
from ai_agents.agents.teams import members_facts, score_facts
from ai_agents.agents.texts import say
from ai_agents.grounding import Offer, Prose, told
from builds.access import readable_build
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.model import MODES
from builds.gamedata.names import plain
from builds.recommend import Wish, read_words
from builds.spec.model import ROLES
from gw2optimizer.errors import DomainError
from teams.access import readable_team
from teams.coverage import coverage
from teams.language import LONGEST_TEXT, read_command
from teams.score import score
from teams.services.given import given_team
from teams.spec import plain_team_json

NOTHING = "nothing"
MOST_THINGS = 12
LONGEST_NAME = 6
"""Words of a name that is looked for in a message."""
_WORDS: dict[str, str] = {
    "explain": "explain explains what why mean means explique expliquer pourquoi quoi signifie",
    "compare": "compare versus vs difference comparer comparaison differences",
    "improve": "improve better optimise optimize upgrade ameliore ameliorer mieux optimiser",
    "analyse": "analyse analyze analysis synergy weak weakness weaknesses strength strengths rate analyser synergie "
    "faiblesse faiblesses force forces",
    "compose": "team squad group groups party composition comp players subgroups equipe escouade groupe groupes "
    "joueurs",
}


class CommanderInputs(OfBuild):
    """history: what the player said before, the oldest first."""

    message: str = Field(min_length=1, max_length=LONGEST_TEXT)
    team: dict[str, Any] | None = None
    team_id: uuid.UUID | None = None
    other_build_id: uuid.UUID | None = None
    other_team_id: uuid.UUID | None = None
    history: list[str] = Field(default=[], max_length=10)

    def scene(self, user: Asker, language: str) -> Scene:
        """Raises NotFound and InvalidInput."""
        catalogue = current_catalogue()
        team = None
        if self.team_id is not None:
            team = readable_team(user, self.team_id).value
        elif self.team is not None:
            team = given_team(self.team, user, catalogue)[0]
        other_build = None if self.other_build_id is None else readable_build(user, self.other_build_id).value
        other_team = None if self.other_team_id is None else readable_team(user, self.other_team_id).value
        return Scene(
            message=self.message,
            user=user,
            language=language,
            build=self.value(user, catalogue),
            team=team,
            other_build=other_build,
            other_team=other_team,
        )


@dataclass(frozen=True, slots=True)
class Read:
    """What the grammar makes of a message; action "" where it makes nothing of it."""

    action: str
    given: Arguments


class Commander(Agent[CommanderInputs]):
    name = "commander"
    version = "1"
    about = "A conversation about the build or the team at hand."
    task = (
        "A player talks with you about FACTS.at_hand. Choose the one action of FACTS.actions that does what "
        f'TYPED.message asks for, with its arguments; "{ANY}" leaves an argument open, and "{NOTHING}" is for a '
        "message that asks for none of them. The engine will do it and show the result, so that you only say in a "
        "sentence what is being done."
    )
    inputs = CommanderInputs
    max_tokens = 300

    def brief(self, inputs: CommanderInputs, user: Asker, language: str) -> Brief:
        scene = inputs.scene(user, language)
        offer = Offer(scene.catalogue, language)
        things = list(things_in(scene.message, scene.catalogue))
        facts = {"at_hand": _at_hand(scene, offer), "actions": [*possible(scene), NOTHING]}
        read = read_message(scene, things)
        for thing in things:
            kind, _, key = thing.partition(":")
            offer.thing(kind, int(key))

        def done(choice: Any, prose: Prose) -> dict[str, Any]:
            given = Arguments(**{name: getattr(choice, name) for name in Arguments.__slots__ if hasattr(choice, name)})
            if choice.action == NOTHING:
                if read.action:
                    raise Rejected(f'action: the message does ask for one, it seems: "{read.action}".')
                return reply("", given, None, prose, BY_MODEL)
            try:
                return reply(choice.action, given, carried_out(choice.action, scene, given), prose, BY_MODEL)
            except DomainError as error:
                raise Rejected("action: it can't be done with these arguments. Choose another.") from error

        return Brief(
            facts=facts,
            offer=offer,
            shape=_shape(scene, things),
            carried_out=done,
            fallback=lambda: by_grammar(scene, read),
            typed={"message": inputs.message, "before": "\n".join(text[:500] for text in inputs.history[-4:])},
        )


def reply(action: str, given: Arguments, card: dict[str, Any] | None, prose: Prose, answered_by: str) -> dict[str, Any]:
    return {
        "action": action or None,
        "arguments": given.as_json(),
        "card": card,
        "prose": prose.as_json(),
        "answered_by": answered_by,
    }


def by_grammar(scene: Scene, read: Read) -> dict[str, Any]:
    """The same turn without a model: what the engine says to what it did, or why it could not."""
    if not read.action:
        return reply("", read.given, None, told([say("ask", scene.language)]), BY_ENGINE)
    try:
        card = carried_out(read.action, scene, read.given)
    except DomainError as error:
        return reply(read.action, read.given, None, told([error.message]), BY_ENGINE)
    answer = reply(read.action, read.given, card, Prose(), BY_ENGINE)
    return answer | {"prose": card["prose"]}


def _shape(scene: Scene, things: list[str]) -> type[Choice]:
    places = [str(number) for number, _ in enumerate(scene.team.places(), start=1)] if scene.team else []
    subjects = [*(["build"] if scene.build else []), *(["team"] if scene.team else []), *things]

    def one_of(*options: str) -> Any:
        return (Literal[options], ...)

    return create_model(
        "Turn",
        __base__=Choice,
        action=one_of(*possible(scene), NOTHING),
        profession=one_of(ANY, *scene.catalogue.professions),
        role=one_of(ANY, *ROLES),
        game_mode=one_of(ANY, *MODES),
        thing=one_of(ANY, *subjects),
        place=one_of(ANY, *places),
        say=SAY,
    )


def _at_hand(scene: Scene, offer: Offer) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if scene.build is not None:
        found["build"] = build_facts(scene.build, offer)
    if scene.team is not None:
        found["team"] = score_facts(score(coverage(scene.team, scene.catalogue)), offer) | {
            "players": members_facts(scene.team, scene.catalogue, offer, most=scene.team.size)
        }
    return found


# --- The grammar ---------------------------------------------------------------------------------
def read_message(scene: Scene, things: list[str]) -> Read:
    words = set(plain(scene.message).split())
    asked = [action for action, known in _WORDS.items() if words & set(known.split())]
    can = possible(scene)
    if "explain" in asked and things:
        return Read("explain", Arguments(thing=things[0]))
    if scene.team is not None and _changes(scene):
        return Read("replace", Arguments())
    for action in ("compare", "improve", "analyse"):
        if action in asked and action in can:
            return Read(action, Arguments())
    # "Two of each" says as much of a team as the word.
    several = "compose" in asked or re.search(r"\b([2-9]|[1-4]\d|50)\b", scene.message) is not None
    if several and read_command(scene.message, scene.catalogue).said_back:
        return Read("compose", Arguments())
    if read_words(scene.message, Wish(), scene.catalogue).wish != Wish():
        return Read("recommend", Arguments())
    if things or ("explain" in asked and (scene.build or scene.team)):
        return Read("explain", Arguments(thing=things[0] if things else ANY))
    return Read("", Arguments())


def _changes(scene: Scene) -> bool:
    assert scene.team is not None
    try:
        return bool(read_command(scene.message, scene.catalogue, team=plain_team_json(scene.team)).wish.changes)
    except DomainError:
        return False


def things_in(message: str, catalogue: Catalogue) -> Iterator[str]:
    """Traits and skills that the message names, as "trait:567"; longer names first found win."""
    words = re.findall(r"[\w'’]+", message)[:200]
    found: dict[str, None] = {}
    i = 0
    while i < len(words) and len(found) < MOST_THINGS:
        length = next(
            (n for n in range(min(LONGEST_NAME, len(words) - i), 0, -1) if _thing(words[i : i + n], catalogue)), 0
        )
        if length:
            found[_thing(words[i : i + length], catalogue)] = None
        i += length or 1
    yield from found


def _thing(words: list[str], catalogue: Catalogue) -> str:
    """Of a single word only one that is written as a name."""
    text = " ".join(words)
    if len(words) == 1 and not text[:1].isupper():
        return ""
    for kind in ("trait", "skill"):
        exact = [one for one in catalogue.named(kind, text) if plain(one.name) == plain(text)]
        if exact:
            return f"{kind}:{exact[0].id}"
    return ""
