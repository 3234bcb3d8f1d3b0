"""From a wish and candidates to a team: the program built, solved, and read back."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from builds.gamedata import Catalogue
from builds.spec import BuildSpec, with_code
from gw2optimizer.errors import InvalidInput
from teams.compose.candidates import Candidate, Option, options_of
from teams.compose.demands import Frame, frame_of, role_played
from teams.compose.loosening import loosen
from teams.compose.players import Cast, Casting, Playing, add_players
from teams.compose.program import Builder, Choice, Program, Slack
from teams.compose.report import choice_notes, gear_notes, relaxed_sentences
from teams.compose.seating import Seating, left_out, why_missing
from teams.compose.shortlist import shortlist
from teams.compose.solver import FEASIBLE, INFEASIBLE, OPTIMAL, UNKNOWN, Solution, solve
from teams.compose.start import bounded, start_with
from teams.coverage import PlayerEffects, player_effects
from teams.language.model import DAMAGE, TeamWish, Who
from teams.language.say import EN, mode_words
from teams.spec import GroupSpec, SlotSpec, TeamSpec, team_json

LARGEST_PROVEN = 10
"""Players up to which the search goes on to a proof; above, it ends within GAP of the bound."""
GAP = 0.005
MOST_SECONDS = 120.0
LARGEST_IN_PVE = 10
# Roles that only make sense against players of other servers.
_WVW_ROLES = frozenset({"strip", "stability_support", "cleanse"})
_ORDER = (
    "stability_support", "healer", "healer_quickness", "healer_alacrity", "tank", "boon_support", "quickness",
    "alacrity", "cleanse", "strip", "utility", "hybrid", "dps", "condi_dps", "",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """One open place, filled. group: from 0. key: of the candidate. fit: 0.4 to 1, how well the build is made for the
    role. player, gladness: of a roster, where there is one."""

    group: int
    key: str
    build: BuildSpec
    specialization: str
    role: str
    fit: float
    player: str | None = None
    gladness: int | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """status: optimal (proven, of the builds considered), feasible (within `gap` of the bound), or unknown
    (nothing found in the time). relaxed: what of the wish is not kept, in the order in which it was given up; () for a
    wish kept in whole. considered: builds that were measured, of `candidates`. seating: of a roster's players."""

    team: TeamSpec
    chosen: tuple[Chosen, ...]
    status: str
    objective: float
    bound: float
    gap: float
    seconds: float
    relaxed: tuple[str, ...]
    notes: tuple[str, ...]
    considered: int
    candidates: int
    seating: Seating | None = None

    @property
    def proven(self) -> bool:
        return self.status == OPTIMAL

    def as_json(self, catalogue: Catalogue) -> dict[str, Any]:
        """`team/1`, with each slot's profession, specialization, build_name and template_code beside its build, and how
        it was found in `composition`."""
        document = team_json(self.team, catalogue)
        for group, printed in zip(self.team.groups, document["groups"], strict=True):
            for slot, told in zip(group.slots, printed["slots"], strict=True):
                told |= slot_facts(slot.build, catalogue)
        roster = {"roster": self.seating.as_json()} if self.seating else {}
        return (
            document
            | roster
            | {
                "composition": {
                    "status": self.status,
                    "objective": round(self.objective, 4),
                    "bound": round(self.bound, 4),
                    "gap": round(self.gap, 6),
                    "seconds": round(self.seconds, 3),
                    "considered": self.considered,
                    "candidates": self.candidates,
                },
                "relaxed": list(self.relaxed),
                "notes": [*self.relaxed, *self.notes],
            }
        )


def slot_facts(build: BuildSpec | None, catalogue: Catalogue) -> dict[str, str | None]:
    if build is None:
        return dict.fromkeys(("profession", "specialization", "build_name", "template_code"))
    line = build.specializations[2]
    known = catalogue.specializations.get(line.specialization) if line else None
    return {
        "profession": build.profession,
        "specialization": known.name if known and known.elite else build.profession,
        "build_name": build.name,
        "template_code": build.template_code or with_code(build, catalogue).template_code,
    }


def compose(
    wish: TeamWish,
    candidates: Sequence[Candidate],
    catalogue: Catalogue,
    *,
    seed: int = 1,
    budget: float = 10.0,
    language: str = EN,
    playing: Playing | None = None,
) -> Composition:
    """The best team that keeps the wish, of these builds. budget: seconds of search; what is proven by then stands in
    the result. playing: the players who are to stand in it; without them anybody may play anything.
    The same arguments give the same team unless the time ends the search.
    Raises InvalidInput for no candidates and for a budget out of range."""
    mode, assumed = _mode_of(wish, language)
    frame = frame_of(wish, mode)
    found = search(
        frame, wish.excluded, candidates, catalogue, mode, seed=seed, budget=budget, language=language, playing=playing
    )
    groups = []
    for number, group in enumerate(frame.places):
        slots = [slot for slot in found.slots if slot.group == number]
        slots.sort(key=lambda chosen: (_ORDER.index(chosen.role), chosen.specialization, chosen.key))
        empty = group.size - len(slots)
        groups.append(GroupSpec((*(slot_of(one) for one in slots), *(SlotSpec() for _ in range(empty)))))
    team = TeamSpec(_team_name(wish, mode), mode, wish.style or None if mode == "wvw" else None, tuple(groups))
    return found.composition(team, assumed)


@dataclass(frozen=True, slots=True)
class Found:
    """A search's outcome before it has become a team."""

    slots: tuple[Chosen, ...]
    solution: Solution
    relaxed: tuple[str, ...]
    notes: tuple[str, ...]
    considered: int
    candidates: int
    seating: Seating | None = None

    def composition(self, team: TeamSpec, notes: Sequence[str] = ()) -> Composition:
        return Composition(
            team, self.slots, self.solution.status, self.solution.objective, self.solution.bound, self.solution.gap,
            self.solution.seconds, self.relaxed, (*notes, *self.notes), self.considered, self.candidates,
            self.seating,
        )  # fmt: skip


def search(
    frame: Frame,
    excluded: Sequence[Who],
    candidates: Sequence[Candidate],
    catalogue: Catalogue,
    mode: str,
    *,
    seed: int,
    budget: float,
    language: str,
    playing: Playing | None = None,
) -> Found:
    """Fills the open places of the frame."""
    own = playing.own if playing else []
    if not candidates and not own:
        raise InvalidInput("There is no build to choose from.")
    if not 0.0 < budget <= MOST_SECONDS:
        raise InvalidInput("The time is out of range.", fields={"budget": [f"Give up to {MOST_SECONDS:g} seconds."]})
    listed = shortlist(candidates, frame, catalogue, mode, playing.named if playing else ())
    options = options_of([*own, *listed], catalogue, mode, excluded)
    cast = Cast(playing, options) if playing else None
    kept = [[player_effects(build, catalogue, mode) for build in place.kept] for place in frame.places]
    began = time.monotonic()
    gap = 0.0 if sum(place.size for place in frame.places) <= LARGEST_PROVEN else GAP
    open_to = cast.playable() if cast else options
    program, casting, solution = _solved(frame, open_to, mode, kept, cast, False, seed=seed, budget=budget, gap=gap)
    if solution.status == INFEASIBLE:
        program, casting, solution = _solved(frame, open_to, mode, kept, cast, True, seed=seed, budget=budget, gap=gap)
    solution = replace(solution, seconds=time.monotonic() - began)
    found = _read(program, solution, frame, mode, language, len(options), len(candidates) + len(own), casting)
    if cast is None:
        return found
    seating = _seating(found, program, cast, language)
    if found.relaxed:
        told = loosen(frame, cast, mode, seed=seed, budget=budget, language=language)
        seating = replace(seating, loosening=told)
        found = replace(found, notes=(told.text, *found.notes))
    return replace(found, seating=seating)


def _solved(
    frame: Frame,
    options: Sequence[Option],
    mode: str,
    kept: Sequence[Sequence[PlayerEffects]],
    cast: Cast | None,
    elastic: bool,
    *,
    seed: int,
    budget: float,
    gap: float,
) -> tuple[Program, Casting | None, Solution]:
    """gap: 0 for a search that goes on to a proof."""
    began = time.monotonic()
    head = None
    if cast and gap:
        head = start_with(frame, options, mode, cast, elastic=elastic, seed=seed, budget=budget, gap=gap)
        if head and head.solution.gap <= gap:
            return head.program, head.casting, replace(head.solution, status=FEASIBLE)
    builder = Builder(frame, options, mode, kept, elastic=elastic)
    program = builder.build()
    casting = add_players(program, cast, builder.players) if cast else None
    start = None
    if head and casting:
        start = head.values(program, casting)
    elif gap and not cast and not elastic:
        start = _uniform(frame, options, mode, program, seed=seed, budget=budget / 4)
    left = max(budget - (time.monotonic() - began), 0.1) if cast else budget
    solution = solve(program, seed=seed, budget=left, gap=gap, start=start)
    if head and solution.values:
        solution = bounded(solution, head.solution.bound)
    return program, casting, solution


def _seating(found: Found, program: Program, cast: Cast, language: str) -> Seating:
    names = {one.player for one in found.slots}
    seated = {i for i, player in enumerate(cast.players) if player.name in names}
    allowed = [column.option for column in program.columns if isinstance(column, Choice)]
    glad = [one.gladness for one in found.slots if one.gladness is not None]
    return Seating(
        len(cast.coming), len(seated), sum(glad) / len(glad) if glad else None,
        left_out(cast, seated, allowed, language), None,
    )  # fmt: skip


def _uniform(
    frame: Frame, options: Sequence[Option], mode: str, program: Program, *, seed: int, budget: float
) -> dict[int, float] | None:
    """The best subgroup of its own, in each place: a good team to begin with where all subgroups ask for the same and
    the whole team for nothing, and found in a moment."""
    first = frame.places[0]
    if frame.whole.named or frame.whole.roles or any(place != first for place in frame.places) or first.kept:
        return None
    one = Builder(replace(frame, places=frame.places[:1]), options, mode, [[]], elastic=False).build()
    found = solve(one, seed=seed, budget=budget, gap=GAP)
    if found.status not in (OPTIMAL, FEASIBLE):
        return None
    chosen = {
        (id(column.option), column.roles): value
        for column, value in zip(one.columns, found.values, strict=True)
        if isinstance(column, Choice)
    }
    # All of them, for the solver fills in only what is left out; what of the score is reached follows from them.
    return {
        i: float(round(chosen.get((id(column.option), column.roles), 0.0)))
        for i, column in enumerate(program.columns)
        if isinstance(column, Choice)
    }


def _read(
    program: Program,
    solution: Solution,
    frame: Frame,
    mode: str,
    language: str,
    considered: int,
    candidates: int,
    casting: Casting | None = None,
) -> Found:
    choices: list[Choice] = []
    chosen: list[Chosen] = []
    slacks: list[tuple[Slack, int]] = []
    seated = casting.seated(program, solution.values) if casting and solution.values else {}
    for i, (column, value) in enumerate(zip(program.columns, solution.values, strict=False)):
        number = round(value)
        if isinstance(column, Choice):
            choices += [column] * number
            one = _chosen(column, mode)
            chosen += (
                [_played(one, casting.cast, player, column) for player in seated.get(i, ())]
                if casting
                else [one] * number
            )
        elif isinstance(column, Slack) and number:
            slacks.append((column, number))
    # What was given up is told in words; the numbers are those of the team that there is.
    paid = program.forgone(solution.values)
    solution = replace(solution, objective=solution.objective + paid, bound=solution.bound + paid)
    off_filler = sum(choice.off_filler for choice in choices)
    why = why_missing(casting.cast, language) if casting else None
    relaxed = relaxed_sentences(slacks, off_filler, frame.filler, language, why)
    notes = [
        *gear_notes([miss for choice in choices for miss in _other_gear(choice, frame)], language),
        *choice_notes(choices, mode, language),
    ]
    if solution.status == UNKNOWN:
        notes.append(
            "Nothing was found in the time given." if language == EN else "Rien n'a été trouvé dans le temps donné."
        )
    return Found(tuple(chosen), solution, tuple(relaxed), tuple(notes), considered, candidates)


def _played(one: Chosen, cast: Cast, player: int, choice: Choice) -> Chosen:
    glad = cast.glad[choice.option.candidate.key][player]
    return replace(one, player=cast.players[player].name, gladness=glad)


def chosen_from(program: Program, values: Sequence[float], mode: str) -> tuple[Chosen, ...]:
    return tuple(
        _chosen(column, mode)
        for column, value in zip(program.columns, values, strict=True)
        if isinstance(column, Choice)
        for _ in range(round(value))
    )


def _chosen(choice: Choice, mode: str) -> Chosen:
    option = choice.option
    build = option.candidate.build
    # A label that the engine doesn't bear out is nobody's role here.
    own = build.role if build.role in option.plays else ""
    role = role_played(option, choice.roles) or own or ""
    if role == DAMAGE:
        role = build.role if build.role in ("dps", "condi_dps", "hybrid") else "dps"
    # Food for one balance is none for another, but traits, skills and the code are the same.
    same = build.game_mode == mode
    worn = build if same else replace(build, game_mode=mode, wvw_style=None, jade_bot_core=False)
    return Chosen(choice.place, option.candidate.key, worn, option.specialization, role, option.plays.get(role, 1.0))


def slot_of(chosen: Chosen) -> SlotSpec:
    return SlotSpec(build=chosen.build, player=chosen.player, role=chosen.role or None)


def _other_gear(choice: Choice, frame: Frame) -> list[tuple[Option, str]]:
    found = []
    for demands in (frame.places[choice.place].demands, frame.whole):
        names = demands.name_set(choice.option)
        if names is not None and (gear := demands.named[names].gear) and not choice.option.wears(gear):
            found.append((choice.option, gear))
    return found


def _mode_of(wish: TeamWish, language: str) -> tuple[str, tuple[str, ...]]:
    """The wish's own, else by what is asked for."""
    if wish.mode:
        return wish.mode, ()
    wants = [*wish.wants, *(want for group in wish.groups for want in group.wants)]
    roles = {who.role for want in wants for who in want.who}
    mode = "wvw" if roles & _WVW_ROLES or wish.size > LARGEST_IN_PVE else "pve"
    named = mode_words(mode, language)
    if language == EN:
        return mode, (f"No game mode was named: composed for {named}.",)
    return mode, (f"Aucun mode n'est dit : composé pour le {named}.",)


def _team_name(wish: TeamWish, mode: str) -> str:
    names = {"pve": "PvE", "wvw": "WvW", "pvp": "PvP"}
    style = f" {wish.style.replace('_', ' ')}" if wish.style and mode == "wvw" else ""
    return f"{names.get(mode, mode.capitalize())}{style} team of {wish.size}"


__all__ = ["FEASIBLE", "OPTIMAL", "UNKNOWN", "Chosen", "Composition", "compose", "search", "slot_facts"]
