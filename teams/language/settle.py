"""From what was gathered to one wish: sizes by default, one list a subgroup, and contradictions by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from teams.language.draft import Draft
from teams.language.model import (
    DAMAGE,
    GROUP_SIZE,
    MOST_PLAYERS,
    AtHand,
    Change,
    GroupWish,
    Problem,
    TeamWish,
    Want,
    Who,
)
from teams.language.say import any_of, mode_words, text_of, who_words

DEFAULT_SIZES = {"fractals": 5, "raids": 10, "strikes": 10, "pvp": 5}
MODE_LIMITS = {"fractals": 5, "raids": 10, "strikes": 10}


@dataclass(slots=True)
class Settler:
    draft: Draft
    language: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wish(self, team: AtHand | None) -> TeamWish:
        draft = self.draft
        if draft.squad and draft.mode in ("", "wvw"):
            draft.mode = "wvw"
        if draft.other_mode and draft.mode:
            mode = mode_words(draft.mode, self.language)
            self.notes.append(text_of("other_mode", self.language, word=draft.other_mode, mode=mode))
        if draft.changes and team is None:
            self._problem("no_team")
        if team is not None and self._changes_team(team):
            return self._follow_up(team)
        return self._new_team()

    def _problem(self, code: str, **parts: object) -> None:
        self.problems.append(Problem(code, text_of(code, self.language, **parts)))

    # --- a team from nothing -----------------------------------------------------------------
    def _new_team(self) -> TeamWish:
        draft = self.draft
        groups = self._groups()
        size = sum(group.count * group.size for group in groups)
        wish = TeamWish(
            size=size,
            groups=groups,
            mode=draft.mode,
            style=draft.style if draft.mode == "wvw" else "",
            wants=merged(draft.whole),
            excluded=tuple(dict.fromkeys(draft.excluded)),
            filler=tuple(dict.fromkeys(draft.filler)),
            objectives=tuple(draft.objectives),
            changes=tuple(draft.changes),
        )
        limit = MODE_LIMITS.get(wish.mode)
        if limit and size > limit:
            mode = mode_words(wish.mode, self.language)
            self.notes.append(text_of("mode_limit", self.language, mode=mode, most=limit))
        self._contradictions(wish)
        return wish

    def _groups(self) -> tuple[GroupWish, ...]:
        sizes = self._sizes()
        draft = self.draft
        lists: list[list[Want]] = [list(draft.every) for _ in sizes]
        at = 0
        for phrase in draft.phrases:
            for i in range(at, min(at + self._subgroups_of(phrase.count, phrase.size), len(sizes))):
                lists[i] = [*phrase.wants, *lists[i]]
            at += self._subgroups_of(phrase.count, phrase.size)
        for number, wants in sorted(draft.numbered.items()):
            if 1 <= number <= len(sizes):
                lists[number - 1] += wants
            elif wants:
                self._problem("group_number", number=number, size=len(sizes))
        found: list[GroupWish] = []
        for size, wants in zip(sizes, lists, strict=True):
            one = GroupWish(1, size, merged(wants))
            last = found[-1] if found else None
            if last and (last.size, last.wants) == (one.size, one.wants):
                found[-1] = GroupWish(last.count + 1, size, one.wants)
            else:
                found.append(one)
        return tuple(found)

    def _subgroups_of(self, count: int, size: int | None) -> int:
        size = size or self.draft.group_size or GROUP_SIZE
        return count if size <= GROUP_SIZE else -(-count * size // GROUP_SIZE)

    def _sizes(self) -> list[int]:
        """Players in each subgroup."""
        draft = self.draft
        for given in [draft.group_size, *(phrase.size for phrase in draft.phrases)]:
            if given is not None and not 1 <= given <= GROUP_SIZE:
                total = given * sum(phrase.count for phrase in draft.phrases) or given
                self._problem("group_size", number=given, total=min(total, MOST_PLAYERS))
        wanted = draft.size
        if wanted is not None and not 1 <= wanted <= MOST_PLAYERS:
            read = MOST_PLAYERS if wanted else GROUP_SIZE
            self._problem("size_range", most=MOST_PLAYERS, number=wanted, read=read)
            wanted = read
        if not draft.phrases:
            if wanted is None:
                wanted = self._default_size()
            return _split(wanted, min(draft.group_size or GROUP_SIZE, GROUP_SIZE) or GROUP_SIZE)
        stated = [size for phrase in draft.phrases for size in self._phrase_sizes(phrase.count, phrase.size)]
        total = sum(stated)
        open_size = draft.group_size is None and all(phrase.size is None for phrase in draft.phrases)
        if wanted is None:
            if 1 <= total <= MOST_PLAYERS:
                return stated
            read = min(max(total, 1), MOST_PLAYERS)
            self._problem("size_range", most=MOST_PLAYERS, number=total, read=read)
            return _split(read, GROUP_SIZE)
        if open_size and 0 < len(stated) <= wanted <= total:
            return _evenly(wanted, len(stated))
        if wanted < total or (wanted > total and open_size and len(draft.phrases) == 1 and not draft.phrases[0].wants):
            self._problem("sizes_differ", size=wanted, total=total, read=wanted)
            return _split(wanted, GROUP_SIZE)
        return [*stated, *_split(wanted - total, GROUP_SIZE)]

    def _phrase_sizes(self, count: int, size: int | None) -> list[int]:
        size = size or self.draft.group_size or GROUP_SIZE
        count = min(count, 1000)
        return [size] * count if size <= GROUP_SIZE else _split(min(count * size, 5000), GROUP_SIZE)

    def _default_size(self) -> int:
        draft = self.draft
        asked = sum(want.least for want in draft.whole)
        fills = bool(draft.fill_asked or draft.filler)
        per_group = sum(want.least for want in draft.every)
        room = max(asked + fills, per_group, GROUP_SIZE * max(draft.numbered, default=0), 1)
        usual = DEFAULT_SIZES.get(draft.mode, 0)
        if draft.mode == "wvw":
            large = draft.style == "zerg" or (draft.squad and not draft.style)
            usual = MOST_PLAYERS if large else GROUP_SIZE
        elif draft.squad and draft.mode in ("pve", ""):
            usual = 10
        size = min(max(usual, -(-room // GROUP_SIZE) * GROUP_SIZE), MOST_PLAYERS)
        self.notes.append(text_of("default_size", self.language, size=size))
        return size

    # --- contradictions --------------------------------------------------------------------------
    def _contradictions(self, wish: TeamWish) -> None:
        named = sum(want.least for want in wish.wants)
        if named > wish.size:
            self._problem("too_many", number=named, size=wish.size)
        for group in wish.groups:
            inside = sum(want.least for want in group.wants)
            if inside > group.size:
                self._problem("too_many_in_group", number=inside, size=group.size)
        for want in wish.wants:
            asked = sum(
                group.count * one.least for group in wish.groups for one in group.wants if set(one.who) <= set(want.who)
            )
            if want.most is not None and asked > want.most:
                who = any_of(want.who, self.language, 2)
                self._problem("totals_differ", who=who, most=want.most, number=asked)
        self._excluded(wish)

    def _excluded(self, wish: TeamWish) -> None:
        asked = [
            want.who for want in (*wish.wants, *(one for group in wish.groups for one in group.wants)) if want.least
        ]
        for whos in dict.fromkeys([*asked, *((who,) for who in wish.filler)]):
            by = [excluder(who, wish.excluded) for who in whos]
            if whos and all(by) and by[0] is not None:
                self._problem(
                    "excluded",
                    who=any_of(whos, self.language),
                    excluded=who_words(by[0], self.language, 2),
                )

    # --- follow-ups --------------------------------------------------------------------------------
    def _changes_team(self, team: AtHand) -> bool:
        """Text that lays out a team from nothing is a new wish, also where there is a team."""
        draft = self.draft
        if draft.changes:
            return True
        laid_out = bool(draft.phrases or draft.every or draft.numbered)
        return bool(team.groups) and not laid_out and (draft.size is None or not draft.whole) and not draft.fill_asked

    def _follow_up(self, team: AtHand) -> TeamWish:
        draft = self.draft
        changes = list(draft.changes)
        changes += [Change("exclude", (who,)) for who in dict.fromkeys(draft.excluded)]
        changes += [Change("set", want.who, count=want.least) for want in merged(draft.whole) if want.least]
        for want in merged(draft.whole):
            if not want.least and want.most is not None and (over := team.count(want.who) - want.most) > 0:
                changes.append(Change("less", want.who, count=over))
        if draft.size is not None:
            if 1 <= draft.size <= MOST_PLAYERS:
                changes.append(Change("resize", count=draft.size))
            else:
                self._problem("size_range", most=MOST_PLAYERS, number=draft.size, read=team.size)
        size = team.size
        for change in changes:
            size += self._possible(change, team)
        if size > MOST_PLAYERS:
            self._problem("full", number=size, most=MOST_PLAYERS)
        sizes = [len(group) for group in team.groups if group]
        return TeamWish(
            size=sum(sizes),
            groups=tuple(GroupWish(1, size) for size in sizes),
            mode=draft.mode or team.mode,
            style=draft.style or team.style,
            excluded=tuple(dict.fromkeys(draft.excluded)),
            objectives=tuple(draft.objectives),
            changes=tuple(changes),
        )

    def _possible(self, change: Change, team: AtHand) -> int:
        """By how much the team grows. Names what the team at hand does not have."""
        if change.group is not None and change.group > len(team.groups):
            self._problem("group_number", number=change.group, size=len(team.groups))
        if change.kind in ("replace", "remove"):
            here = team.count(change.who)
            if here < (change.count or 1):
                who = any_of(change.who, self.language, 2)
                self._problem("not_in_team", number=here, who=who, count=change.count or 1)
            return -min(here, change.count or here) if change.kind == "remove" else 0
        return change.count or 1 if change.kind == "add" else 0


def excluder(who: Who, excluded: Iterable[Who]) -> Who | None:
    """The exclusion under which nothing of `who` is left."""
    for no in excluded:
        if not no.covers(who.profession, who.elite):
            continue
        if not no.role or no.role == who.role or (no.role == DAMAGE and who.role in ("dps", "condi_dps")):
            return no
    return None


def merged(wants: Sequence[Want]) -> tuple[Want, ...]:
    """One entry for each that is asked for: "dps, dps" is two of them."""
    found: dict[tuple[Who, ...], Want] = {}
    for want in wants:
        if (last := found.get(want.who)) is None:
            found[want.who] = want
        else:
            most = None if last.most is None or want.most is None else last.most + want.most
            found[want.who] = Want(want.who, last.least + want.least, most)
    return tuple(found.values())


def _split(size: int, into: int) -> list[int]:
    return [into] * (size // into) + ([size % into] if size % into else [])


def _evenly(size: int, groups: int) -> list[int]:
    return [size // groups + (i < size % groups) for i in range(groups)]
