"""Where the players can't keep a wish in whole: the fewest of them who would have to do otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from builds.language.who import Who
from teams.compose.demands import Frame
from teams.compose.players import Cast, is_own
from teams.compose.program import INFINITE, OWN, Builder, Choice, Program
from teams.compose.solver import OPTIMAL, solve
from teams.language.say import EN, any_of

COME, LEARN, RECRUIT = "come", "learn", "recruit"
_PRICE = {COME: 1.0, LEARN: 1.01, RECRUIT: 1.02}
"""The fewest count; among as few, who only has to come is asked before who has to learn, and a new player last."""


@dataclass(frozen=True, slots=True)
class Step:
    """kind: come (an absent player), learn (one plays what is not on his list), recruit (a player more).
    player: None for a new one. group: number of the subgroup, from 1."""

    kind: str
    player: str | None
    plays: str
    group: int

    def words(self, language: str) -> str:
        if language == EN:
            return {
                COME: f"{self.player} came (as {self.plays})",
                LEARN: f"{self.player} played {self.plays}",
                RECRUIT: f"one more player came as {self.plays}",
            }[self.kind]
        return {
            COME: f"{self.player} venait ({self.plays})",
            LEARN: f"{self.player} jouait {self.plays}",
            RECRUIT: f"un joueur de plus venait ({self.plays})",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Loosening:
    """steps: () where no players at all could keep the wish. proven: whether fewer can't do."""

    steps: tuple[Step, ...]
    proven: bool
    text: str

    def as_json(self) -> dict[str, Any]:
        return {
            "steps": [
                {"kind": step.kind, "player": step.player, "plays": step.plays, "group": step.group}
                for step in self.steps
            ],
            "proven": self.proven,
            "text": self.text,
        }


def loosen(frame: Frame, cast: Cast, mode: str, *, seed: int, budget: float, language: str) -> Loosening:
    """cast: over all options, also those that nobody can play."""
    builder = Builder(frame, cast.options, mode, [[] for _ in frame.places], elastic=False)
    builder.credits = ()
    program = builder.build()
    program.cost = [0.0] * len(program.cost)
    search = _Search(program, cast)
    solution = solve(program, seed=seed, budget=budget, gap=0.0)
    if not solution.values:
        return Loosening((), solution.proven_empty, _hopeless(language))
    steps = tuple(search.steps(solution.values, frame, language))
    proven = solution.status == OPTIMAL
    return Loosening(steps, proven, _text(steps, proven, language))


class _Search:
    """Adds who plays what, with a price for each who would have to do otherwise."""

    def __init__(self, program: Program, cast: Cast) -> None:
        self.program, self.cast = program, cast
        self.choices: dict[int, list[int]] = defaultdict(list)
        vectors: dict[tuple[object, ...], int] = {}
        glad: dict[int, list[int]] = {}
        for i, column in enumerate(program.columns):
            if isinstance(column, Choice):
                option = column.option
                row = cast.glad[option.candidate.key]
                key = (option.profession, option.elite, is_own(option.candidate.key), *map(bool, row))
                self.choices[vectors.setdefault(key, len(vectors))].append(i)
                glad[vectors[key]] = row
        self.plays: dict[tuple[int, int], int] = {}  # (player, group) to column
        self.others: dict[int, int] = {}  # group to column: those who learn it or are recruited
        self.learns: dict[int, int] = {}
        self._players(glad)
        self._groups(glad)

    def _players(self, glad: dict[int, list[int]]) -> None:
        coming = set(self.cast.coming)
        for player in range(len(self.cast.players)):
            price = 0.0 if player in coming else -_PRICE[COME]
            for group, row in glad.items():
                if row[player]:
                    self.plays[player, group] = self.program.column(None, price, 1.0, integer=True)
            if player in coming:
                self.learns[player] = self.program.column(None, -_PRICE[LEARN], 1.0, integer=True)
            mine = [column for (one, _), column in self.plays.items() if one == player]
            mine += [self.learns[player]] if player in coming else []
            self.program.row(-INFINITE, 1.0, [(i, 1.0) for i in mine])

    def _groups(self, glad: dict[int, list[int]]) -> None:
        for group, columns in self.choices.items():
            players = [column for (_, one), column in self.plays.items() if one == group]
            terms = [*((i, 1.0) for i in columns), *((i, -1.0) for i in players)]
            choice = self.program.columns[columns[0]]
            if isinstance(choice, Choice) and not is_own(choice.option.candidate.key):
                self.others[group] = self.program.column(None, 0.0, 50.0, integer=True)
                terms.append((self.others[group], -1.0))
            self.program.row(0.0, 0.0, terms)
        self.recruits = self.program.column(None, -_PRICE[RECRUIT], 50.0, integer=True)
        supply = [*self.learns.values(), self.recruits]
        self.program.row(0.0, 0.0, [*((i, 1.0) for i in self.others.values()), *((i, -1.0) for i in supply)])

    # --- read back ------------------------------------------------------------------------------
    def steps(self, values: Sequence[float], frame: Frame, language: str) -> Iterable[Step]:
        learners = [player for player, column in self.learns.items() if round(values[column])]
        absent, open_to = set(self.cast.absent), list[Choice]()
        for group, columns in self.choices.items():
            stand = [choice for i in columns for choice in self._choices(i, values)]
            # Who is asked for by role or name is told first: that is what is missing.
            stand.sort(key=lambda choice: choice.roles == OWN)
            lacking = round(values[self.others[group]]) if group in self.others else 0
            open_to += stand[:lacking]
            for player in absent:
                if (column := self.plays.get((player, group))) is not None and round(values[column]):
                    choice = stand[lacking]
                    yield Step(COME, self._name(player), _wanted(choice, frame, language), choice.place + 1)
        for choice in open_to:
            # Who knows the profession learns more easily.
            near = [i for i in learners if any(w == choice.option.profession for w in self._professions(i))]
            chosen = next(iter(near or learners), None)
            if chosen is not None:
                learners.remove(chosen)
            kind, name = (RECRUIT, None) if chosen is None else (LEARN, self._name(chosen))
            yield Step(kind, name, _wanted(choice, frame, language), choice.place + 1)

    def _choices(self, column: int, values: Sequence[float]) -> list[Choice]:
        choice = self.program.columns[column]
        assert isinstance(choice, Choice)
        return [choice] * round(values[column])

    def _name(self, player: int) -> str:
        return self.cast.players[player].name

    def _professions(self, player: int) -> set[str]:
        plays = self.cast.players[player].plays
        return {play.build.profession if play.build else play.who.profession for play in plays}


def _wanted(choice: Choice, frame: Frame, language: str) -> str:
    """What the place asks for, not which build would fill it."""
    option = choice.option
    role = choice.roles[0] if choice.roles != OWN else ""
    for demands in (frame.places[choice.place].demands, frame.whole):
        if (names := demands.name_set(option)) is not None:
            return any_of([Who(name.profession, name.elite, role) for name in names], language)
    if choice.roles != OWN:
        return any_of([Who(role=role) for role in choice.roles], language)
    if frame.filler:
        return any_of(frame.filler, language)
    return any_of([Who(option.profession, option.elite)], language)


def _text(steps: Sequence[Step], proven: bool, language: str) -> str:
    listed = [step.words(language) for step in steps]
    if language == EN:
        more = "" if proven else " Fewer may do: the time ended before that was known."
        return f"The whole wish could be kept if {_joined(listed, 'and')}.{more}"
    more = "" if proven else " Moins suffirait peut-être : le temps a manqué pour le savoir."
    return f"Le souhait entier tiendrait si {_joined(listed, 'et')}.{more}"


def _joined(words: Sequence[str], and_: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {and_} {words[-1]}"


def _hopeless(language: str) -> str:
    if language == EN:
        return "No players could keep the whole wish: it contradicts itself, or no build does what it asks for."
    return "Aucun joueur ne permettrait de tenir tout le souhait : il se contredit, ou aucun build n'y répond."
