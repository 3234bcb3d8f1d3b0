"""What the commander may have done, each carried out by the engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ai_agents.agents.analyst import thing_sentences
from ai_agents.agents.answer import BY_ENGINE
from ai_agents.agents.base import Asker
from ai_agents.agents.facts import claims_of, gives_json, measured, name_of
from ai_agents.agents.recommender import summary
from ai_agents.agents.teams import score_sentences
from ai_agents.agents.texts import say
from ai_agents.grounding import Prose, told
from builds.catalogue import current_catalogue
from builds.engine.improve import score as build_score
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.presentation.facts import fact_sheet
from builds.recommend import Wish, read_words, wish_from
from builds.services.improve import answer_json, improve_build
from builds.services.recommend import Recommendation, recommend
from builds.spec import BuildSpec, build_json
from builds.spec.compare import differences
from gw2optimizer.errors import InvalidInput
from teams.compare import compare_teams
from teams.coverage import coverage
from teams.score import score
from teams.services.advice import analyse_team, optimise, optimised_json, propose
from teams.spec import TeamSpec, team_json

SECONDS = 1.5
"""Of any search: somebody waits for the reply."""
CHANGES = 2
"""Players of a team that one "improve" may change."""
ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the conversation is about. others: to compare with."""

    message: str
    user: Asker
    language: str
    build: BuildSpec | None = None
    team: TeamSpec | None = None
    other_build: BuildSpec | None = None
    other_team: TeamSpec | None = None

    @property
    def catalogue(self) -> Catalogue:
        return current_catalogue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """ANY leaves open. thing: such as "trait:567", "build" or "team". place: number of a place of the team, from 1."""

    profession: str = ANY
    role: str = ANY
    game_mode: str = ANY
    thing: str = ANY
    place: str = ANY

    def as_json(self) -> dict[str, str]:
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) != ANY}


@dataclass(frozen=True, slots=True)
class Done:
    """card: the engine's result, JSON. before, after: `build/1` or `team/1`, for undo and save; None where nothing is
    changed. prose: of the engine."""

    card: dict[str, Any]
    prose: Prose
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None

    def as_json(self, action: str) -> dict[str, Any]:
        return {"kind": action, **self.card, "prose": self.prose.as_json(), "before": self.before, "after": self.after}


def _open(value: str) -> str:
    return "" if value == ANY else value


# --- Builds --------------------------------------------------------------------------------------
def wish_of(scene: Scene, given: Arguments) -> Wish:
    """What the player's words say; the arguments fill what they leave open."""
    wish = read_words(scene.message, Wish(), scene.catalogue).wish
    more = wish_from(
        scene.catalogue,
        profession=_open(given.profession),
        role=_open(given.role),
        game_mode=_open(given.game_mode),
    )
    mine = wish.profession
    if not mine and wish.elite and wish.elite != "core":
        mine = scene.catalogue.find("specialization", wish.elite).profession
    return replace(wish, profession=mine or more.profession, role=wish.role or more.role, mode=wish.mode or more.mode)


def _recommend(scene: Scene, given: Arguments) -> Done:
    wish = wish_of(scene, given)
    if wish == Wish():
        raise InvalidInput(say("ask", scene.language))
    found = recommend(wish)
    answer = found.as_json(scene.catalogue)
    before = None if scene.build is None else build_json(scene.build, scene.catalogue)
    return Done(
        _of_build(answer, found, scene), summary(found.spec, scene.catalogue, scene.language), before, answer["build"]
    )


def _of_build(answer: dict[str, Any], found: Recommendation, scene: Scene) -> dict[str, Any]:
    return answer | {
        "gives": gives_json(measured(found.spec, scene.catalogue), scene.language),
        "claims": claims_of(found.spec, scene.catalogue),
    }


def _improve(scene: Scene, given: Arguments) -> Done:
    if scene.build is None:
        return _improve_team(scene)
    role = _open(given.role) or scene.build.role or "dps"
    found = improve_build(scene.build, role=role, seconds=SECONDS)
    was, now = (f"{one.total:.0f}" if one else "—" for one in (found.before, found.after))
    texts = [say("improved" if found.changes else "kept", scene.language, was=was, now=now)]
    texts += [say("change", scene.language, after=c.after or "—", before=c.before or "—") for c in found.changes[:4]]
    answer = answer_json(found, scene.catalogue)
    return Done(answer, told(texts), build_json(scene.build, scene.catalogue), answer["build"])


def _explain(scene: Scene, given: Arguments) -> Done:
    kind, _, key = given.thing.partition(":")
    if key:
        return _explain_thing(scene, kind, int(key))
    if scene.build is not None:
        card = {
            "build": build_json(scene.build, scene.catalogue),
            "template_code": scene.build.template_code,
            "gives": gives_json(measured(scene.build, scene.catalogue), scene.language),
            "claims": claims_of(scene.build, scene.catalogue),
        }
        return Done(card, summary(scene.build, scene.catalogue, scene.language))
    return _analyse_team(scene)


def _explain_thing(scene: Scene, kind: str, id_: int) -> Done:
    thing = scene.catalogue.find(kind, id_)
    mode = scene.build.game_mode if scene.build else scene.team.game_mode if scene.team else "pve"
    sheet = fact_sheet(kind, thing, BALANCE_OF_MODE[mode], scene.catalogue)
    rows = [{"name": fact.text, "figure": fact.value} for fact in sheet.facts]
    subject = {"kind": kind, "id": id_, "name": scene.catalogue.display_name(kind, id_, scene.language)}
    texts = thing_sentences(kind, thing, rows, scene.catalogue, scene.language)
    return Done({"subject": subject, "gives": rows, "note": sheet.note}, told(texts))


# --- Teams ---------------------------------------------------------------------------------------
def _improve_team(scene: Scene) -> Done:
    team = _team(scene)
    found, library = optimise(team, scene.user, max_changes=min(CHANGES, team.size), seconds=SECONDS)
    was, now = f"{found.before.total:.1f}", f"{found.after.total:.1f}"
    key = "swapped" if found.swaps else "unswapped"
    card = optimised_json(found, library, scene.catalogue)
    texts = [say(key, scene.language, count=len(found.swaps), was=was, now=now)]
    return Done(card, told(texts), team_json(team, scene.catalogue), card["team"])


def _analyse(scene: Scene, given: Arguments) -> Done:
    return _explain(scene, Arguments()) if scene.team is None else _analyse_team(scene)


def _analyse_team(scene: Scene) -> Done:
    found = analyse_team(_team(scene), scene.user, mends=False)
    return Done(found.as_json(scene.catalogue), told(score_sentences(found.score, scene.language)))


def _compose(scene: Scene, given: Arguments) -> Done:
    return _proposed(scene, None, _wanted(given))


def _replace(scene: Scene, given: Arguments) -> Done:
    return _proposed(scene, _team(scene), _changed(scene, given))


def _proposed(scene: Scene, team: TeamSpec | None, instead: dict[str, Any] | None) -> Done:
    """By the player's words, else by the arguments where there is something in them."""
    try:
        found = propose(scene.user, message=scene.message, team=team, seconds=SECONDS)
    except InvalidInput:
        if instead is None:
            raise
        found = propose(scene.user, wish=instead, team=team, seconds=SECONDS, language=scene.language)
    answer = found.as_json(scene.catalogue)
    made = found.composition.team
    texts = [
        *found.reading.said_back,
        say("composed", scene.language, size=made.size, was=f"{answer['score']:.1f}"),
        *score_sentences(score(coverage(made, scene.catalogue)), scene.language)[1:],
    ]
    before = None if team is None else team_json(team, scene.catalogue)
    return Done(answer, told(texts), before, team_json(made, scene.catalogue))


def _who(given: Arguments) -> dict[str, str | None]:
    return {"profession": _open(given.profession) or None, "role": _open(given.role) or None}


def _wanted(given: Arguments) -> dict[str, Any] | None:
    who = _who(given)
    if not any(who.values()):
        return None
    wants = [{"who": [who], "least": 1, "most": None}]
    return {"mode": _open(given.game_mode) or None, "groups": [{"count": 1, "size": 5, "wants": wants}]}


def _changed(scene: Scene, given: Arguments) -> dict[str, Any] | None:
    who = _who(given)
    if given.place == ANY or not any(who.values()):
        return None
    team = _team(scene)
    place, slot = list(team.places())[int(given.place) - 1]
    if slot.build is None:
        return None
    gone = {"profession": slot.build.profession, "role": slot.role or slot.build.role}
    change = {"kind": "replace", "who": [gone], "by": [who], "count": 1, "group": place.group + 1}
    groups = [{"count": 1, "size": len(group.slots)} for group in team.groups]
    return {"mode": team.game_mode, "groups": groups, "changes": [change]}


def _team(scene: Scene) -> TeamSpec:
    if scene.team is None:
        raise InvalidInput(say("ask", scene.language))
    return scene.team


# --- Both ----------------------------------------------------------------------------------------
def _compare(scene: Scene, given: Arguments) -> Done:
    if scene.team is not None and scene.other_team is not None:
        card = compare_teams(scene.team, scene.other_team, scene.catalogue)
        first, second = card["first"], card["second"]
        was, now = f"{first['score']:.1f}", f"{second['score']:.1f}"
        text = say("compared", scene.language, first=first["name"], second=second["name"], was=was, now=now)
        return Done(card, told([text]))
    if scene.build is None:
        raise InvalidInput(say("ask", scene.language))
    return _compared(scene, scene.build, scene.other_build or _nearest(scene.build))


def _nearest(build: BuildSpec) -> BuildSpec:
    """What the engine would recommend in its place."""
    return recommend(Wish(profession=build.profession, role=build.role, mode=build.game_mode)).spec


def _compared(scene: Scene, build: BuildSpec, other: BuildSpec) -> Done:
    catalogue = scene.catalogue
    found = differences(build, other, catalogue)
    role = build.role or other.role or "dps"
    was, now = (build_score(one, catalogue, role=role, mode=build.game_mode) for one in (build, other))
    card = {
        "first": {"name": name_of(build, catalogue), "score": round(was.total, 4)},
        "second": {"name": name_of(other, catalogue), "score": round(now.total, 4)},
        "role": role,
        "differences": [{"place": one.place, "first": one.before, "second": one.after} for one in found],
    }
    texts = [
        say(
            "compared",
            scene.language,
            first=name_of(build, catalogue),
            second=name_of(other, catalogue),
            was=f"{was.total:.0f}",
            now=f"{now.total:.0f}",
        ),
        say("differs", scene.language, count=len(found)),
    ]
    return Done(card, told(texts), build_json(build, catalogue), build_json(other, catalogue))


ACTIONS: Mapping[str, Callable[[Scene, Arguments], Done]] = {
    "recommend": _recommend,
    "improve": _improve,
    "compose": _compose,
    "replace": _replace,
    "analyse": _analyse,
    "explain": _explain,
    "compare": _compare,
}


def possible(scene: Scene) -> Sequence[str]:
    """Actions that make sense with what is at hand."""
    at_hand = scene.build is not None or scene.team is not None
    comparable = scene.build is not None or (scene.team is not None and scene.other_team is not None)
    barred = {
        *(() if at_hand else ("improve", "analyse")),
        *(() if scene.team is not None else ("replace",)),
        *(() if comparable else ("compare",)),
    }
    return [name for name in ACTIONS if name not in barred]


def carried_out(action: str, scene: Scene, given: Arguments) -> dict[str, Any]:
    """Raises DomainError where the engine can't."""
    return ACTIONS[action](scene, given).as_json(action) | {"answered_by": BY_ENGINE}
