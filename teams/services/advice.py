"""What the engine says of a team, and proposes: analysis, the best within a few changes, a team from a wish. Nothing
is written; who likes a proposal saves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from gw2optimizer.errors import InvalidInput
from teams.compose import Composition, Optimised, change_team, compose, optimize_team, slot_facts
from teams.coverage import coverage
from teams.language import Reading, TeamWish, read_command, wish_from_json
from teams.language.say import EN, said_back
from teams.score import EVALUATIONS, Analysis, analyse, score
from teams.services.candidates import Library, library_for
from teams.spec import Place, TeamSpec, plain_team_json, team_json

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

USUAL_SECONDS = 5.0
MOST_SECONDS = 10.0
# Of a reading: nothing can be composed then.
FATAL = frozenset({"nothing", "no_team"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A composed team, how the wish was read, and which of its builds are whose copies."""

    composition: Composition
    reading: Reading
    library: Library
    team: TeamSpec | None
    """The team at hand, of a follow-up."""

    def sources(self) -> dict[tuple[int, int], Any]:
        """For `create_team` and `update_team`."""
        return self.library.sources_in(self.composition.team, self.team)

    def as_json(self, catalogue: Catalogue) -> dict[str, Any]:
        """As `composed_json`, with the id of the build that was copied in each slot, null where none was."""
        document = composed_json(self.composition, self.reading, catalogue)
        sources = self.sources()
        for i, group in enumerate(document["groups"]):
            for j, slot in enumerate(group["slots"]):
                source = sources.get((i, j))
                slot["build_id"] = str(source.build_id) if source else None
        return document


def analyse_team(team: TeamSpec, user: "User | AnonymousUser", *, mends: bool = True) -> Analysis:
    """mends: whether changes are tried, which takes seconds for a full squad."""
    catalogue = current_catalogue()
    if not mends:
        return analyse(team, catalogue, evaluations=0)
    return analyse(team, catalogue, library_for(user).of_mode(team.game_mode), evaluations=EVALUATIONS)


def optimise(
    team: TeamSpec,
    user: "User | AnonymousUser",
    *,
    max_changes: int,
    preserve: Sequence[int] = (),
    seed: int = 1,
    seconds: float = USUAL_SECONDS,
) -> tuple[Optimised, Library]:
    """preserve: numbers of places, from 1, that stay. Raises InvalidInput for numbers out of range."""
    library = library_for(user)
    found = optimize_team(
        team,
        max_changes,
        library.candidates,
        current_catalogue(),
        preserve=_places(team, preserve),
        seed=seed,
        budget=seconds,
    )
    return found, library


def optimised_json(found: Optimised, library: Library, catalogue: Catalogue) -> dict[str, Any]:
    """As `Optimised.as_json`, each swap with its number from 1, the new build's facts and the id of the build that it
    is a copy of; and the team as `team/1`."""
    numbers = {place: number for number, (place, _) in enumerate(found.team.places(), start=1)}
    told = found.as_json()
    for swap, entry in zip(found.swaps, told["swaps"], strict=True):
        source = library.source_of(swap.after.build)
        facts = slot_facts(swap.after.build, catalogue)
        entry |= {
            "number": numbers[swap.place],
            "specialization": facts["specialization"],
            "template_code": facts["template_code"],
            "role": swap.after.role,
            "build_id": str(source.build_id) if source else None,
        }
    return told | {"team": team_json(found.team, catalogue)}


def propose(
    user: "User | AnonymousUser",
    *,
    message: str = "",
    wish: Mapping[str, Any] | None = None,
    mode: str | None = None,
    team: TeamSpec | None = None,
    language: str | None = None,
    seed: int = 1,
    seconds: float = USUAL_SECONDS,
    **options: Any,
) -> Proposal:
    """From words, or from a wish that was read before and edited. team: at hand; what changes it keeps who is not
    concerned. options: for the composer. Raises InvalidInput for what can't be read at all and for impossible sizes."""
    catalogue = current_catalogue()
    reading = _reading(message, wish, mode, team, language, catalogue)
    fatal = [problem.text for problem in reading.problems if problem.code in FATAL]
    if fatal:
        raise InvalidInput(fatal[0], fields={"message": fatal})
    library = library_for(user)
    common: dict[str, Any] = {"seed": seed, "budget": seconds, "language": reading.language, **options}
    if team is not None and _follows_up(reading.wish):
        found = change_team(team, reading.wish, library.candidates, catalogue, **common)
        return Proposal(found, reading, library, team)
    return Proposal(compose(reading.wish, library.candidates, catalogue, **common), reading, library, None)


def _reading(
    message: str,
    wish: Mapping[str, Any] | None,
    mode: str | None,
    team: TeamSpec | None,
    language: str | None,
    catalogue: Catalogue,
) -> Reading:
    if wish is None:
        at_hand = None if team is None else plain_team_json(team)
        return read_command(message, catalogue, mode=mode, team=at_hand, language=language)
    read = wish_from_json(wish, catalogue)
    if read.changes and team is None:
        raise InvalidInput("The wish changes a team: give that team.", fields={"team": ["This is missing."]})
    tongue = language or EN
    return Reading(read, tongue, tuple(said_back(read, tongue)))


def _follows_up(wish: TeamWish) -> bool:
    """A wish that lays nothing out is about the team at hand."""
    return bool(wish.changes) or not (wish.wants or wish.filler or any(group.wants for group in wish.groups))


def composed_json(found: Composition, reading: Reading, catalogue: Catalogue) -> dict[str, Any]:
    """`team/1` with score, grade, parts, notes and reading on top."""
    told = score(coverage(found.team, catalogue)).as_json()
    document = found.as_json(catalogue)
    document["notes"] = [
        *(problem.text for problem in reading.problems), *reading.notes, *document["notes"], *told["notes"]
    ]  # fmt: skip
    return document | {
        "score": told["total"],
        "grade": told["grade"],
        "parts": told["parts"],
        "reading": reading.as_json(),
    }


def _places(team: TeamSpec, numbers: Sequence[int]) -> list[Place]:
    places = [place for place, _ in team.places()]
    wrong = [number for number in numbers if not 1 <= number <= len(places)]
    if wrong:
        text = f"This team has the places 1 to {len(places)}, and no {wrong[0]}."
        raise InvalidInput(text, fields={"preserve": [text]})
    return [places[number - 1] for number in numbers]
