"""Follow-ups: the team at hand, changed as asked and otherwise kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from builds.gamedata import Catalogue
from builds.recommend.fit import role_closeness
from gw2optimizer.errors import InvalidInput
from teams.compose.candidates import DOES_ALSO, Candidate, elite_of
from teams.compose.compose import Chosen, Composition, Found, search
from teams.compose.demands import Frame, Place, demands_of
from teams.compose.players import Playing
from teams.compose.solver import OPTIMAL, Solution
from teams.language.model import DAMAGE, GROUP_SIZE, MOST_PLAYERS, Change, TeamWish, Want, Who
from teams.language.say import EN, change_words
from teams.spec import GroupSpec, SlotSpec, TeamSpec

_DAMAGE_ROLES = ("dps", "condi_dps")


@dataclass(slots=True)
class _Spot:
    """A place of the team while it is being changed. wanted: who shall stand there, () for anybody; open: whether
    somebody is looked for. barred: who shall not."""

    slot: SlotSpec
    open: bool = False
    wanted: tuple[Who, ...] = ()
    barred: tuple[Who, ...] = ()


@dataclass(slots=True)
class _Changing:
    groups: list[list[_Spot]]
    catalogue: Catalogue
    language: str
    missed: list[str] = field(default_factory=list)

    def apply(self, change: Change) -> None:
        done = {
            "replace": self._replace, "add": self._add, "remove": self._remove, "exclude": self._exclude,
            "set": self._set, "more": self._more, "less": self._less, "resize": self._resize,
        }[change.kind](change)  # fmt: skip
        if not done:
            told = change_words(change, self.language)
            en = self.language == EN
            self.missed.append(f"Could not be done: {told}" if en else f"Impossible : {told}")

    # --- who is meant --------------------------------------------------------------------------
    def _is(self, spot: _Spot, whos: Iterable[Who]) -> bool:
        build = spot.slot.build
        if spot.open:
            return bool(spot.wanted) and set(spot.wanted) <= set(whos)
        if build is None:
            return False
        elite = elite_of(build, self.catalogue)
        role = spot.slot.role or build.role or ""
        return any(who.covers(build.profession, elite) and _plays(who.role, role) for who in whos)

    def _spots(self, group: int | None) -> list[_Spot]:
        """Who may be changed, those first that are given up first."""
        groups = self.groups if group is None else self.groups[group - 1 : group]
        spots = [spot for spots in groups for spot in spots if not spot.slot.locked]
        return sorted(spots, key=lambda spot: -spot.slot.priority)

    def _meant(self, change: Change) -> list[_Spot]:
        found = [spot for spot in self._spots(change.group) if self._is(spot, change.who)]
        return found if change.count is None else found[: change.count]

    # --- what is done --------------------------------------------------------------------------
    def _replace(self, change: Change) -> bool:
        meant = self._meant(change)
        for spot in meant:
            self._open(spot, change.by, () if change.by else change.who)
        return len(meant) >= (change.count or 1)

    def _open(self, spot: _Spot, wanted: tuple[Who, ...], barred: tuple[Who, ...] = ()) -> None:
        spot.open, spot.wanted, spot.barred = True, wanted, (*spot.barred, *barred)

    def _add(self, change: Change) -> bool:
        return all(self._new_spot(change.who, change.group) for _ in range(change.count or 1))

    def _new_spot(self, wanted: tuple[Who, ...], group: int | None = None) -> bool:
        if sum(map(len, self.groups)) >= MOST_PLAYERS or (group is not None and group > len(self.groups)):
            return False
        empty = [spot for spot in self._spots(group) if spot.slot.build is None and not spot.open]
        if empty:
            self._open(empty[0], wanted)
            return True
        room = [spots for spots in self.groups if len(spots) < GROUP_SIZE]
        if group is not None:
            room = [spots for spots in self.groups[group - 1 : group] if len(spots) < GROUP_SIZE]
            if not room:
                return False
        if not room:
            self.groups.append([])
            room = self.groups[-1:]
        room[0].append(_Spot(SlotSpec(), True, wanted))
        return True

    def _remove(self, change: Change) -> bool:
        meant = self._meant(change)
        for spot in meant:
            self._drop(spot)
        return len(meant) >= (change.count or 1)

    def _drop(self, gone: _Spot) -> None:
        for spots in self.groups:
            spots[:] = [spot for spot in spots if spot is not gone]

    def _exclude(self, change: Change) -> bool:
        for spot in self._spots(None):
            if self._is(spot, change.who):
                self._open(spot, (), change.who)
        return not any(self._is(spot, change.who) for spots in self.groups for spot in spots)

    def _set(self, change: Change) -> bool:
        here = [spot for spots in self.groups for spot in spots if self._is(spot, change.who)]
        wanted = change.count or 0
        if len(here) > wanted:
            return self._less(replace(change, count=len(here) - wanted))
        return len(here) == wanted or self._more(replace(change, count=wanted - len(here)))

    def _more(self, change: Change) -> bool:
        """In the place of those who deal damage, since a team of its size is what the commander has."""
        others = [spot for spot in self._spots(change.group) if not spot.open and not self._is(spot, change.who)]
        damage = [s for s in others if s.slot.build and (s.slot.role or s.slot.build.role) in _DAMAGE_ROLES]
        wants_damage = all(who.role in (DAMAGE, *_DAMAGE_ROLES) and not who.named for who in change.who)
        pool = others if wants_damage else damage
        for number in range(change.count or 1):
            if number < len(pool):
                self._open(pool[number], change.who)
            elif not self._new_spot(change.who, change.group):
                return False
        return True

    def _less(self, change: Change) -> bool:
        meant = self._meant(replace(change, count=change.count or 1))
        for spot in meant:
            self._open(spot, (), change.who)
        return len(meant) >= (change.count or 1)

    def _resize(self, change: Change) -> bool:
        wanted = change.count or 0
        while sum(map(len, self.groups)) < wanted and self._new_spot(()):
            pass
        spare = self._spots(None)[::-1]
        spare.sort(key=lambda spot: -spot.slot.priority)
        while sum(map(len, self.groups)) > wanted and spare:
            self._drop(spare.pop(0))
        return sum(map(len, self.groups)) == wanted


def _plays(wanted: str, role: str) -> bool:
    if not wanted:
        return True
    return role in _DAMAGE_ROLES if wanted == DAMAGE else bool(role) and role_closeness(wanted, role) >= DOES_ALSO


def change_team(
    team: TeamSpec,
    wish: TeamWish,
    candidates: Sequence[Candidate],
    catalogue: Catalogue,
    *,
    seed: int = 1,
    budget: float = 10.0,
    language: str = EN,
    playing: Playing | None = None,
) -> Composition:
    """The team after the wish's changes: who is not concerned keeps place, build and player; locked places are never
    touched, and of several who are meant those of the lowest priority go first. What could not be done is in `relaxed`.
    playing: who may take the places that are filled anew; who stays is not among them.
    Raises InvalidInput for a wish without changes and for what `compose` refuses."""
    if not wish.changes and not wish.objectives:
        raise InvalidInput("The wish changes nothing.")
    state = _Changing([[_Spot(slot) for slot in group.slots] for group in team.groups], catalogue, language)
    if not wish.changes:
        state.missed.append(
            "Nobody is changed for that: say who, or let the team be optimised."
            if language == EN
            else "Personne ne change pour cela : dites qui, ou faites optimiser l'équipe."
        )
    for change in wish.changes:
        state.apply(change)
    groups = [spots for spots in state.groups if spots]
    places, barred = [], list(wish.excluded)
    for spots in groups:
        opened = [spot for spot in spots if spot.open]
        wants = [Want(spot.wanted) for spot in opened if spot.wanted]
        kept = tuple(spot.slot.build for spot in spots if not spot.open and spot.slot.build is not None)
        places.append(Place(len(opened), demands_of(wants), kept))
        barred += [who for spot in opened for who in spot.barred]
    frame = Frame(tuple(places), demands_of(()), (), wish.objectives, team.wvw_style or "")
    mode = wish.mode or team.game_mode
    if playing is not None:
        stay = [spot.slot.player for spots in groups for spot in spots if not spot.open and spot.slot.build is not None]
        playing = replace(playing, seated=frozenset(name for name in stay if name))
    if any(place.size for place in places):
        found = search(
            frame,
            tuple(dict.fromkeys(barred)),
            candidates,
            catalogue,
            mode,
            seed=seed,
            budget=budget,
            language=language,
            playing=playing,
        )
    else:
        found = Found((), Solution(OPTIMAL), (), (), 0, len(candidates))
    found = replace(found, relaxed=(*state.missed, *found.relaxed))
    changed = tuple(
        GroupSpec(_filled(spots, [chosen for chosen in found.slots if chosen.group == number], playing))
        for number, spots in enumerate(groups)
    )
    return found.composition(replace(team, game_mode=mode, groups=changed))


def _filled(spots: Sequence[_Spot], chosen: Sequence[Chosen], playing: Playing | None) -> tuple[SlotSpec, ...]:
    """The chosen in the open places, each where he was asked for if he can be told."""
    left = list(chosen)
    done: dict[int, SlotSpec] = {}
    # Places with the narrowest wish first, so that those for anybody take who is left.
    for i in sorted((i for i, spot in enumerate(spots) if spot.open), key=lambda i: not spots[i].wanted):
        spot = spots[i]
        fitting = [one for one in left if not spot.wanted or any(_answers(one, who) for who in spot.wanted)] or left
        one = fitting[0] if fitting else None
        if one is not None:
            left.remove(one)
        done[i] = replace(spot.slot, build=one.build if one else None, role=one.role or None if one else None)
        if playing is not None:
            done[i] = replace(done[i], player=one.player if one else None)
    return tuple(done.get(i, spot.slot) for i, spot in enumerate(spots))


def _answers(one: Chosen, who: Who) -> bool:
    elite = one.specialization if one.specialization != one.build.profession else "core"
    return who.covers(one.build.profession, elite) and (not who.role or _plays(who.role, one.role))
