"""The grammar of follow-ups: what is to become of the team at hand."""

from builds.language.words import INSTEAD, OBJECTIVE_OF_ROLE
from teams.language.draft import Draft
from teams.language.model import Change, Who
from teams.language.phrases import Cursor, Quantity


class ChangeReader:
    def __init__(self, cursor: Cursor, draft: Draft) -> None:
        self.cursor, self.draft = cursor, draft

    def read(self, i: int) -> int | None:
        """i: of the verb. Returns where the reading ended, None if nobody is named behind it."""
        kind = self.cursor.at(i).value
        if kind == "replace":
            return self._replace(i + 1)
        end: int | None = None
        at: int | None = i + 1
        while at is not None and (read := self._one(at)) is not None:
            whos, count, end = read
            end, group = self._group(end)
            self._note(kind, whos, count, group)
            joint = self.cursor.at(end).kind
            at = end + 1 if joint in ("and", "comma") else None
        return end

    def counted(self, i: int, quantity: Quantity, changing: bool) -> int | None:
        """ "2 more healers", i at "more"."""
        named = self.cursor.whos(self.cursor.past_noise(i + 1))
        if named is None or not changing:
            return None
        end, group = self._group(named.to)
        self._note(self.cursor.at(i).value, named.whos, quantity.least, group)
        return end

    def addition_after(self, i: int, whos: tuple[Who, ...], quantity: Quantity) -> bool:
        """ "deux soigneurs de plus": the number is of those who come."""
        at = self.cursor.past_noise(i)
        if not quantity.said or self.cursor.at(at).folded not in ("plus", "more", "en plus"):
            return False
        self._note("more", whos, quantity.least, None)
        return True

    def _note(self, kind: str, whos: tuple[Who, ...], count: int | None, group: int | None) -> None:
        objective = OBJECTIVE_OF_ROLE.get(whos[0].role) if not whos[0].named else None
        # "More stability" asks for more of it, from whomever.
        if kind == "more" and count is None and objective and objective not in self.draft.objectives:
            self.draft.objectives.append(objective)
        if kind in ("more", "less", "add") and count is None:
            count = 1
        self.draft.changes.append(Change(kind, whos, (), count, group))

    def _one(self, i: int, *, linked: bool = True) -> tuple[tuple[Who, ...], int | None, int] | None:
        """Who, how many (None for all of them), and where the reading ended."""
        i = self.cursor.past_noise(i)
        everyone = self.cursor.at(i).kind in ("all", "each")
        if everyone:
            i = self.cursor.past_noise(i + 1)
        quantity = Quantity()
        if (counted := self.cursor.quantity(i)) is not None:
            quantity, i = counted
        named = self.cursor.whos(self.cursor.past_noise(i), linked=linked)
        if named is None:
            return None
        if quantity.said:
            return named.whos, quantity.most if quantity.most is not None else quantity.least, named.to
        unnamed = not any(who.named for who in named.whos)
        return named.whos, None if everyone or named.plural or (unnamed and not everyone) else 1, named.to

    def _replace(self, i: int) -> int | None:
        gone = self._one(i, linked=False)
        if gone is None:
            return None
        whos, count, end = gone
        end, group = self._group(end)
        if count is None and not any(who.named for who in whos) and not self.cursor.at(end - 1).plural:
            count = 1
        at = self.cursor.past_noise(end) if self.cursor.at(end).folded not in INSTEAD else end
        by: tuple[Who, ...] = ()
        if self.cursor.at(at).folded in INSTEAD and (come := self._one(at + 1)) is not None:
            by, coming, end = come
            count = coming if coming is not None and count is None and coming > 1 else count
            end, said_group = self._group(end)
            group = group or said_group
        self.draft.changes.append(Change("replace", whos, by, count, group))
        return end

    def _group(self, i: int) -> tuple[int, int | None]:
        """ "in group 2" behind a change."""
        at = self.cursor.past_noise(i, "as", "to")
        one, two = self.cursor.at(at), self.cursor.at(at + 1)
        if one.kind == "groups" and two.kind == "number":
            return at + 2, two.value
        if one.kind == "ordinal" and two.kind == "groups":
            return at + 2, one.value
        return i, None
