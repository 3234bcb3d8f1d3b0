"""The grammar of a wish: one pass over the lexemes, with the scope in which a name stands."""

from collections.abc import Callable

from builds.language.tokens import Lexeme
from builds.language.words import OBJECTIVE_OF_ROLE
from teams.language.changes import ChangeReader
from teams.language.draft import Draft, Phrase
from teams.language.model import GROUP_SIZE, Want, Who
from teams.language.phrases import Cursor, Quantity

_SIZE_WORDS = frozenset({"team", "squad", "mode"})
_BREAKS = frozenset({"stop", "colon"})
_EXCEPTIONS = frozenset({"except", "sauf", "hors"})
_QUIET = frozenset(
    ["noise", "of", "as", "and", "or", "to", "comma", "open", "close", "hyphen", "with", "total", "possible", "team",
     "exactly", "all", "colon", "stop", "core", "celestial", "ordinal", "players", "at least", "at most",
     "groups", "between"]
)  # fmt: skip


class Parser:
    """text's lexemes in, `draft` out. changing: whether there is a team for follow-ups to change."""

    def __init__(self, lexemes: list[Lexeme], *, mode: str, changing: bool) -> None:
        self.cursor = Cursor(lexemes)
        self.draft = Draft(mode=mode)
        self.given_mode = mode
        self.changing = changing
        self.changes = ChangeReader(self.cursor, self.draft)
        self.excluding = False
        # Where names go: the list of the present scope, and those since the last boundary, for a later "each".
        self.scope: list[Want] = self.draft.whole
        self.run: list[Want] = []
        self.after_who = False

    def read(self) -> Draft:
        i = 0
        while i < len(self.cursor.lexemes):
            after_who, self.after_who = self.after_who, False
            i = self._step(i, after_who)
        self.draft.understood |= self._anything()
        return self.draft

    def _anything(self) -> bool:
        draft = self.draft
        return bool(
            draft.size is not None or draft.phrases or draft.every or draft.numbered or draft.whole or draft.excluded
            or draft.filler or draft.objectives or draft.changes or draft.squad or draft.style
            or (draft.mode and draft.mode != self.given_mode) or draft.fill_asked
        )  # fmt: skip

    def _step(self, i: int, after_who: bool) -> int:
        lexeme = self.cursor.at(i)
        if (end := self._numbered_group(i)) is not None:
            return end
        readers: dict[str, Callable[[int], int]] = {
            "change": self._change, "not": self._not, "fill": self._fill, "mode": self._mode, "squad": self._squad,
            "groups": self._groups, "objective": self._objective, "most": self._most,
        }  # fmt: skip
        if lexeme.kind == "each":
            return self._each(i, after_who)
        if after_who and self._per_group(i):
            return self._each(i + 1, after_who)
        if (counted := self.cursor.quantity(i)) is not None:
            return self._counted(i, *counted)
        if reader := readers.get(lexeme.kind):
            return reader(i)
        if lexeme.kind in ("all", "exactly") and self._everybody(i):
            return self._fill(i)
        if lexeme.kind in ("name", "role", "core", "celestial") and (end := self._who(i, Quantity())) is not None:
            return end
        if lexeme.kind == "unknown":
            self.draft.unread.append(lexeme.text)
        elif lexeme.kind == "stop":
            self._to_whole()
        elif lexeme.kind == "with":
            self.excluding = False
        elif lexeme.kind == "colon":
            self.run = []
        elif lexeme.kind == "total":
            self._total(after_who)
        elif lexeme.kind in ("comma", "and"):
            self.after_who = False
        elif lexeme.kind not in _QUIET:
            self.draft.unread.append(lexeme.text)
        return i + 1

    def _to_whole(self) -> None:
        self.scope, self.run, self.excluding = self.draft.whole, [], False

    def _total(self, after_who: bool) -> None:
        """ "3 Firebrands in total" is of the whole team, within a subgroup's list, too."""
        if not after_who or not self.run:
            self._to_whole()
        elif self.scope is not self.draft.whole:
            want = self.run.pop()
            self.scope.remove(want)
            self.draft.whole.append(want)

    # --- groups and sizes --------------------------------------------------------------------
    def _counted(self, i: int, quantity: Quantity, to: int) -> int:
        number = quantity.most if quantity.most is not None else quantity.least
        after = self.cursor.past_noise(to)
        follows = self.cursor.at(after)
        if follows.kind == "change" and follows.value in ("more", "less"):
            return self.changes.counted(after, quantity, self.changing) or after + 1
        if follows.kind == "groups":
            return self._group_count(after + 1, number)
        if follows.kind == "players":
            return self._players(after + 1, number)
        if follows.kind in ("name", "role", "core", "celestial"):
            end = self._who(after, quantity)
            if end is not None:
                return end
        # "a team", "une équipe": no size.
        counts = number != 1 or self.cursor.at(i).folded.isdigit()
        before = self._before(i)
        if counts and (follows.kind in _SIZE_WORDS or before in _SIZE_WORDS):
            return self._team_size(to, number)
        if i == 0 and follows.kind in ("comma", "stop", "colon", "with", "end", "not", "fill"):
            return self._team_size(to, number)
        if counts:
            self.draft.unread.append(self.cursor.at(i).text)
        return to

    def _before(self, i: int) -> str:
        i -= 1
        while self.cursor.at(i).kind in ("noise", "of", "as", "to"):
            i -= 1
        return self.cursor.at(i).kind

    def _group_count(self, i: int, number: int) -> int:
        phrase = Phrase(number)
        self.draft.phrases.append(phrase)
        self.run, self.excluding = [], False
        self.scope = self.draft.whole
        after = self.cursor.past_noise(i)
        if self.cursor.at(i).kind in ("noise", "of") and self.cursor.at(after).kind == "number":
            phrase.size = self.cursor.at(after).value
            after += 1
            if self.cursor.at(after).kind == "players":
                after += 1
            i = after
        if number == 1 and (phrase.size or 0) > GROUP_SIZE:
            # "a guild group of 20" is the team.
            self.draft.phrases.remove(phrase)
            return self._team_size(i, phrase.size or 0)
        return self._opens(i, phrase.wants)

    def _opens(self, i: int, wants: list[Want]) -> int:
        """Whether what comes next is what the groups hold."""
        after = self.cursor.past_noise(i)
        if self.cursor.at(after).kind == "comma" and self.cursor.at(after + 1).kind in ("with", "each"):
            after += 1
        opened = False
        while self.cursor.at(after).kind in ("with", "colon", "each"):
            opened, after = True, self.cursor.past_noise(after + 1)
        if not opened:
            return i
        self.scope = wants
        return after

    def _players(self, i: int, number: int) -> int:
        after = self.cursor.past_noise(i)
        if self.cursor.at(after).kind == "each":
            self.draft.group_size = number
            return after + 1
        return self._team_size(i, number)

    def _team_size(self, i: int, number: int) -> int:
        self.draft.size = number
        self.run, self.excluding = [], False
        return i

    def _groups(self, i: int) -> int:
        """ "groups of 5" without their number."""
        after = self.cursor.past_noise(i + 1)
        if after > i + 1 and self.cursor.at(after).kind == "number":
            number = self.cursor.at(after).value
            if number > GROUP_SIZE and not self.cursor.at(i).folded.endswith("s"):
                return self._team_size(after + 1, number)
            self.draft.group_size = number
            after += 1
            i = after - 1 + (self.cursor.at(after).kind == "players")
        return self._opens(i + 1, self.draft.every)

    def _numbered_group(self, i: int) -> int | None:
        """ "group 2:", "in the second group"."""
        one, two = self.cursor.at(i), self.cursor.at(i + 1)
        if one.kind == "groups" and two.kind == "number" and two.folded.isdigit():
            number = two.value
        elif one.kind == "ordinal" and two.kind == "groups":
            number = one.value
        else:
            return None
        self._to_whole()
        self.scope = self.draft.numbered.setdefault(number, [])
        return i + 2

    def _per_group(self, i: int) -> bool:
        """ "one stab a group"."""
        article, groups, after = self.cursor.at(i), self.cursor.at(i + 1), self.cursor.at(i + 2)
        return article.folded in ("a", "an") and groups.kind == "groups" and after.kind not in ("of", "with", "noise")

    def _each(self, i: int, after_who: bool) -> int:
        after = self.cursor.past_noise(i + 1, "with", "colon")
        opened = any(self.cursor.at(j).kind in ("with", "colon") for j in range(i + 1, after))
        if after_who or not (opened or self._who_begins(after)):
            for want in self._fitting_run():
                self.scope.remove(want)
                self.draft.every.append(want)
            self._close_run()
            return i + 1
        self.run, self.excluding = [], False
        self.scope = self.draft.every
        return after

    def _fitting_run(self) -> list[Want]:
        """The last names that fit into one subgroup: "12 Firebrands, one stab and one heal each" is not 12 in each."""
        fitting: list[Want] = []
        for want in reversed(self.run):
            if sum(one.least for one in fitting) + want.least > GROUP_SIZE and fitting:
                break
            fitting.insert(0, want)
        return fitting

    def _close_run(self) -> None:
        self.run = []
        if self.scope is self.draft.every:
            self.scope = self.draft.whole

    def _who_begins(self, i: int) -> bool:
        if (counted := self.cursor.quantity(i)) is not None:
            i = self.cursor.past_noise(counted[1])
        return self.cursor.who(i) is not None

    # --- who -----------------------------------------------------------------------------------
    def _who(self, i: int, quantity: Quantity) -> int | None:
        if self.excluding and not quantity.said:
            return self._exclude(i)
        named = self.cursor.whos(i)
        if named is None:
            return None
        self.excluding = False
        quantity, end = self.cursor.count_after(named.to, quantity)
        if self.changing and self.changes.addition_after(end, named.whos, quantity):
            return self.cursor.past_noise(end) + 1
        if quantity.said and quantity.most == 0:
            self.draft.excluded += named.whos
            return end
        want = Want(named.whos, quantity.least, quantity.most)
        if not quantity.said and named.plural:
            want = Want(named.whos, 1, None)
        self.scope.append(want)
        self.run.append(want)
        self.after_who = True
        return end

    def _not(self, i: int) -> int:
        after = self.cursor.past_noise(i + 1, "all", "as")
        if self.cursor.at(after).kind == "change":
            return i + 1
        if self.excluding and self.cursor.at(i).folded in _EXCEPTIONS and (spared := self.cursor.who(after)):
            # "no necromancers except Reapers": a wish can't say that, and must not say the opposite.
            self.draft.unread += [self.cursor.at(j).text for j in range(i, spared.to)]
            return spared.to
        self.excluding = True
        self.run = []
        # "no", "not a", "not a single".
        while self.cursor.at(after).kind == "number" and self.cursor.at(after).value == 1:
            after = self.cursor.past_noise(after + 1)
        return self._exclude(after) or i + 1

    def _exclude(self, i: int) -> int | None:
        named = self.cursor.who(i)
        if named is None:
            return None
        self.draft.excluded += named.whos
        return named.to

    def _fill(self, i: int) -> int:
        self.draft.fill_asked = True
        self._to_whole()
        after = self.cursor.past_noise(
            i + 1, "with", "as", "colon", "fill", "players", "all", "only", "exactly", "team"
        )
        found: list[Who] = []
        while (named := self.cursor.whos(after)) is not None:
            found += named.whos
            i, after = named.to - 1, named.to
            if self.cursor.at(after).kind not in ("and", "comma"):
                break
            after = self.cursor.past_noise(after + 1)
        self.draft.filler += found
        return i + 1

    def _everybody(self, i: int) -> bool:
        """ "all dps", "only Firebrands"."""
        if self.excluding or self.changing:
            return False
        return self.cursor.who(self.cursor.past_noise(i + 1)) is not None

    # --- the rest ------------------------------------------------------------------------------
    def _mode(self, i: int) -> int:
        mode, style = self.cursor.at(i).value
        if self.given_mode and self.given_mode != mode:
            self.draft.other_mode = self.cursor.at(i).text
        elif not self.draft.mode or self.draft.mode == mode:
            self.draft.mode = mode
            self.draft.style = style or self.draft.style
        else:
            self.draft.other_mode = self.cursor.at(i).text
        return i + 1

    def _squad(self, i: int) -> int:
        self.draft.squad = True
        return i + 1

    def _objective(self, i: int) -> int:
        self._aim(self.cursor.at(i).value)
        return i + 1

    def _aim(self, objective: str) -> None:
        if objective not in self.draft.objectives:
            self.draft.objectives.append(objective)

    def _most(self, i: int) -> int:
        """ "max stability and cleanse": what the best of is asked for."""
        after = self.cursor.past_noise(i + 1, "possible", "most", "as")
        while self.cursor.at(after).kind in ("role", "objective"):
            lexeme = self.cursor.at(after)
            if lexeme.kind == "role" and lexeme.value not in OBJECTIVE_OF_ROLE:
                break
            self._aim(lexeme.value if lexeme.kind == "objective" else OBJECTIVE_OF_ROLE[lexeme.value])
            i = after
            joint = self.cursor.past_noise(after + 1, "possible")
            after = self.cursor.past_noise(joint + 1, "most")
            if self.cursor.at(joint).kind != "and":
                break
        return i + 1

    def _change(self, i: int) -> int:
        lexeme = self.cursor.at(i)
        self._to_whole()
        if self.changing or lexeme.value == "replace":
            return self.changes.read(i) or i + 1
        if lexeme.value == "remove":
            self.excluding = True
        if lexeme.value in ("more", "less"):
            return self._most(i) if lexeme.value == "more" else self._not(i)
        return i + 1
