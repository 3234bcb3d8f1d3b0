"""What the places of a team ask for: the wish, sorted into what the program can count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from builds.spec import BuildSpec
from teams.compose.candidates import Option
from teams.language.model import TeamWish, Want, Who

NameSet = tuple[Who, ...]
"""Specializations and professions that are counted as one, without roles."""


@dataclass(slots=True)
class Named:
    """least to most players of the names, and among them so many in a role."""

    least: int = 0
    most: int | None = 0
    roles: dict[tuple[str, ...], int] = field(default_factory=dict)
    gear: str = ""


@dataclass(slots=True)
class Bounds:
    least: int
    most: int | None


@dataclass(slots=True)
class Demands:
    """Of one list of wants: those with a name by the names, those without by their roles."""

    named: dict[NameSet, Named]
    roles: dict[tuple[str, ...], Bounds]

    def name_set(self, option: Option) -> NameSet | None:
        """The entry that counts this build: a specialization's own before its profession's."""
        fitting = [names for names in self.named if any(w.covers(option.profession, option.elite) for w in names)]
        return min(
            fitting, key=lambda names: (not any(w.elite == option.elite for w in names), len(names)), default=None
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A subgroup: `size` open places beside those who stay."""

    size: int
    demands: Demands
    kept: tuple[BuildSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    places: tuple[Place, ...]
    whole: Demands
    filler: tuple[Who, ...]
    objectives: tuple[str, ...]
    style: str = ""


def frame_of(wish: TeamWish, mode: str) -> Frame:
    """mode: the one that holds. More than one subgroup in WvW is a zerg where nothing else is said."""
    places = [Place(group.size, demands_of(group.wants)) for group in wish.groups for _ in range(group.count)]
    style = wish.style or ("zerg" if len(places) > 1 else "") if mode == "wvw" else ""
    return Frame(tuple(places), demands_of(wish.wants), wish.filler, wish.objectives, style)


def demands_of(wants: Sequence[Want]) -> Demands:
    found = Demands({}, {})
    for want in wants:
        roles = tuple(dict.fromkeys(who.role for who in want.who))
        if not want.named:
            bounds = found.roles.setdefault(roles, Bounds(0, 0))
            bounds.least += want.least
            bounds.most = _plus(bounds.most, want.most)
            continue
        names = tuple(dict.fromkeys(Who(who.profession, who.elite) for who in want.who))
        named = found.named.setdefault(names, Named())
        named.least += want.least
        named.most = _plus(named.most, want.most)
        named.gear = named.gear or want.who[0].gear
        if all(roles):
            named.roles[roles] = named.roles.get(roles, 0) + want.least
    return found


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def role_played(option: Option, roles: Iterable[str]) -> str | None:
    """Of these, the one that the build is best made for."""
    fitting = [role for role in roles if role in option.plays]
    return max(fitting, key=lambda role: option.plays[role], default=None)
