"""What a commander asks for, as a value that can be shown, edited and composed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import MODES, WVW_STYLES
from builds.language.who import CORE as CORE
from builds.language.who import DAMAGE as DAMAGE
from builds.language.who import Who as Who
from builds.spec.model import ROLES
from gw2optimizer.errors import InvalidInput

GROUP_SIZE = 5
MOST_PLAYERS = 50
WISHED_ROLES = (DAMAGE, *ROLES)
OBJECTIVES = (
    "stability", "healing", "cleanse", "strip", "damage", "boons", "quickness", "alacrity", "might", "control",
    "barrier",
)  # fmt: skip
CHANGES = ("replace", "add", "remove", "set", "more", "less", "exclude", "resize")


@dataclass(frozen=True, slots=True)
class Want:
    """least to most players that are one of `who`. most: None for no limit."""

    who: tuple[Who, ...]
    least: int = 1
    most: int | None = 1

    @property
    def named(self) -> bool:
        return any(who.named for who in self.who)


@dataclass(frozen=True, slots=True)
class GroupWish:
    """count subgroups, each of `size` players, each with all of `wants`."""

    count: int
    size: int = GROUP_SIZE
    wants: tuple[Want, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """kind: of CHANGES. who: what it is about. by: of replace, what comes instead, () for anything else. count: None
    for all there are (of add, more and less: one). group: number of the subgroup from 1, None for any."""

    kind: str
    who: tuple[Who, ...] = ()
    by: tuple[Who, ...] = ()
    count: int | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True)
class TeamWish:
    """wants: of the whole team. A named want is exact: who fills the rest is none of it. filler: any of these, () for
    whoever is best. changes: to the team at hand, () for a team from nothing."""

    size: int = GROUP_SIZE
    groups: tuple[GroupWish, ...] = (GroupWish(1),)
    mode: str = ""
    style: str = ""
    wants: tuple[Want, ...] = ()
    excluded: tuple[Who, ...] = ()
    filler: tuple[Who, ...] = ()
    objectives: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "mode": self.mode or None,
            "style": self.style or None,
            "size": self.size,
            "groups": [
                {"count": group.count, "size": group.size, "wants": [_want_json(want) for want in group.wants]}
                for group in self.groups
            ],
            "wants": [_want_json(want) for want in self.wants],
            "excluded": _whos_json(self.excluded),
            "filler": _whos_json(self.filler),
            "objectives": list(self.objectives),
            "changes": [
                {
                    "kind": change.kind,
                    "who": _whos_json(change.who),
                    "by": _whos_json(change.by),
                    "count": change.count,
                    "group": change.group,
                }
                for change in self.changes
            ],
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """What contradicts itself or can't be. code: for programs; text: for the commander, in his language."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """language: en or fr. said_back: sentences that tell how it was read. unread: words without a meaning, in the
    order of the text. notes: what was taken for granted."""

    wish: TeamWish
    language: str
    said_back: tuple[str, ...]
    unread: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "wish": self.wish.as_json(),
            "language": self.language,
            "said_back": list(self.said_back),
            "unread": list(self.unread),
            "problems": [{"code": problem.code, "text": problem.text} for problem in self.problems],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Member:
    profession: str
    elite: str = CORE
    role: str = ""


@dataclass(frozen=True, slots=True)
class AtHand:
    """The team that a follow-up changes: its members, subgroup by subgroup."""

    groups: tuple[tuple[Member, ...], ...] = ()
    mode: str = ""
    style: str = ""

    @property
    def size(self) -> int:
        return sum(map(len, self.groups))

    def count(self, whos: tuple[Who, ...]) -> int:
        return sum(
            any(who.covers(member.profession, member.elite) and who.role in ("", member.role) for who in whos)
            for group in self.groups
            for member in group
        )


def at_hand(document: Mapping[str, Any], catalogue: Catalogue) -> AtHand:
    """document: `team/1`, checked by its own reader. Slots without a build count as nobody."""
    elites: dict[object, str] = {s.id: s.name for s in catalogue.specializations.values() if s.elite}
    elites |= {name: name for name in elites.values()}

    def elite_of(build: Mapping[str, Any]) -> str:
        for line in build.get("specializations") or ():
            given = (line or {}).get("specialization")
            given = given.get("id") if isinstance(given, Mapping) else given
            if name := elites.get(given):
                return name
        return CORE

    return AtHand(
        tuple(
            tuple(
                Member(build["profession"], elite_of(build), slot.get("role") or build.get("role") or "")
                for slot in group.get("slots", ())
                if isinstance(build := slot.get("build"), Mapping)
            )
            for group in document.get("groups", ())
        ),
        document.get("game_mode") or "",
        document.get("wvw_style") or "",
    )


@dataclass(slots=True)
class _Checked:
    """Reads an edited wish and gathers what is wrong with it."""

    catalogue: Catalogue
    errors: dict[str, list[str]] = field(default_factory=dict)

    def number(self, given: Any, path: str, least: int, most: int) -> int:
        if isinstance(given, int) and not isinstance(given, bool) and least <= given <= most:
            return given
        self.errors.setdefault(path, []).append(f"Give a whole number from {least} to {most}.")
        return least

    def one_of(self, given: Any, path: str, known: tuple[str, ...]) -> str:
        if given in (None, ""):
            return ""
        if given in known:
            return str(given)
        self.errors.setdefault(path, []).append("This is not one of " + ", ".join(known) + ".")
        return ""

    def name(self, given: Any, path: str, kind: str) -> str:
        if given in (None, ""):
            return ""
        try:
            return str(self.catalogue.find(kind, str(given)[:200]).name)
        except UnknownName as error:
            self.errors.setdefault(path, []).append(str(error))
            return ""

    def rows(self, given: Any, path: str, keys: frozenset[str]) -> list[Mapping[str, Any]]:
        rows = given if isinstance(given, list) else []
        if (given is not None and rows is not given) or len(rows) > MOST_PLAYERS:
            self.errors.setdefault(path, []).append(f"Give a list of at most {MOST_PLAYERS} objects.")
            return []
        good: list[Mapping[str, Any]] = []
        for i, row in enumerate(rows):
            if not isinstance(row, Mapping):
                self.errors.setdefault(f"{path}.{i}", []).append("This is not an object.")
            elif unknown := sorted(set(row) - keys):
                self.errors.setdefault(f"{path}.{i}.{unknown[0]}", []).append("There is no such field.")
            else:
                good.append(row)
        return good

    def whos(self, given: Any, path: str) -> tuple[Who, ...]:
        found = []
        for i, row in enumerate(self.rows(given, path, _WHO_KEYS)):
            where = f"{path}.{i}"
            core = row.get("elite") == CORE
            elite = CORE if core else self.name(row.get("elite"), f"{where}.elite", "specialization")
            profession = self.name(row.get("profession"), f"{where}.profession", "profession")
            if elite and not core:
                owner = self.catalogue.find("specialization", elite)
                if not owner.elite or profession not in ("", owner.profession):
                    self.errors.setdefault(f"{where}.elite", []).append(
                        f"{elite} is no elite specialization of this profession."
                    )
                profession = owner.profession
            found.append(
                Who(
                    profession,
                    elite,
                    self.one_of(row.get("role"), f"{where}.role", WISHED_ROLES),
                    self.name(row.get("gear"), f"{where}.gear", "prefix"),
                )
            )
        return tuple(found)

    def wants(self, given: Any, path: str) -> tuple[Want, ...]:
        found = []
        for i, row in enumerate(self.rows(given, path, frozenset({"who", "least", "most"}))):
            least = self.number(row.get("least", 1), f"{path}.{i}.least", 0, MOST_PLAYERS)
            most = row.get("most", least)
            if most is not None:
                most = self.number(most, f"{path}.{i}.most", least, MOST_PLAYERS)
            found.append(Want(self.whos(row.get("who"), f"{path}.{i}.who"), least, most))
        return tuple(found)


_WHO_KEYS = frozenset({"profession", "elite", "role", "gear"})
_WISH_KEYS = frozenset(
    ["mode", "style", "size", "groups", "wants", "excluded", "filler", "objectives", "changes"],
)  # fmt: skip


def wish_from_json(document: Any, catalogue: Catalogue) -> TeamWish:
    """The inverse of `TeamWish.as_json`, for an edited wish. Raises InvalidInput that names each wrong field."""
    read = _Checked(catalogue)
    if not isinstance(document, Mapping):
        raise InvalidInput("The wish is not an object.")
    for key in sorted(set(document) - _WISH_KEYS):
        read.errors[str(key)[:60]] = ["There is no such field."]
    groups = tuple(
        GroupWish(
            read.number(row.get("count", 1), f"groups.{i}.count", 1, MOST_PLAYERS),
            read.number(row.get("size", GROUP_SIZE), f"groups.{i}.size", 1, GROUP_SIZE),
            read.wants(row.get("wants"), f"groups.{i}.wants"),
        )
        for i, row in enumerate(read.rows(document.get("groups"), "groups", frozenset({"count", "size", "wants"})))
    )
    size = sum(group.count * group.size for group in groups)
    if not 1 <= size <= MOST_PLAYERS:
        read.errors.setdefault("groups", []).append(f"A team has 1 to {MOST_PLAYERS} players; this one has {size}.")
    elif document.get("size") not in (None, size):
        read.errors["size"] = [f"The subgroups hold {size} players."]
    given = document.get("objectives") or []
    objectives = given if isinstance(given, list) else [given]
    changes = tuple(
        Change(
            read.one_of(row.get("kind"), f"changes.{i}.kind", CHANGES) or CHANGES[0],
            read.whos(row.get("who"), f"changes.{i}.who"),
            read.whos(row.get("by"), f"changes.{i}.by"),
            *(
                None if row.get(name) is None else read.number(row[name], f"changes.{i}.{name}", 1, MOST_PLAYERS)
                for name in ("count", "group")
            ),
        )
        for i, row in enumerate(
            read.rows(document.get("changes"), "changes", frozenset({"kind", "who", "by", "count", "group"}))
        )
    )
    wish = TeamWish(
        size=size,
        groups=groups,
        mode=read.one_of(document.get("mode"), "mode", MODES),
        style=read.one_of(document.get("style"), "style", WVW_STYLES),
        wants=read.wants(document.get("wants"), "wants"),
        excluded=read.whos(document.get("excluded"), "excluded"),
        filler=read.whos(document.get("filler"), "filler"),
        objectives=tuple(
            found for i, one in enumerate(objectives[:20]) if (found := read.one_of(one, f"objectives.{i}", OBJECTIVES))
        ),
        changes=changes,
    )
    if read.errors:
        path, texts = next(iter(read.errors.items()))
        raise InvalidInput(f"{path}: {texts[0]}", fields=read.errors)
    return wish


def _who_json(who: Who) -> dict[str, str | None]:
    return {
        "profession": who.profession or None,
        "elite": who.elite or None,
        "role": who.role or None,
        "gear": who.gear or None,
    }


def _whos_json(whos: tuple[Who, ...]) -> list[dict[str, str | None]]:
    return [_who_json(who) for who in whos]


def _want_json(want: Want) -> dict[str, Any]:
    return {"who": _whos_json(want.who), "least": want.least, "most": want.most}
