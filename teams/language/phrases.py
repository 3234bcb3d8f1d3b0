"""The smallest parts of the grammar: who is meant, and how many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builds.language.tokens import Lexeme
from teams.language.model import CORE, Who

END = Lexeme("end", "", "")
_SKIPPED = frozenset({"noise", "of"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """most: None for no limit. said: whether the text names a number."""

    least: int = 1
    most: int | None = 1
    said: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """whos: one of them. plural: more than one is meant though no number is said. to: where the reading ended."""

    whos: tuple[Who, ...]
    plural: bool
    to: int


class Cursor:
    """Lexemes with a place in them."""

    def __init__(self, lexemes: Sequence[Lexeme]) -> None:
        self.lexemes = lexemes

    def at(self, i: int) -> Lexeme:
        return self.lexemes[i] if 0 <= i < len(self.lexemes) else END

    def past_noise(self, i: int, *more: str) -> int:
        while self.at(i).kind in _SKIPPED or self.at(i).kind in more:
            i += 1
        return i

    # --- how many ----------------------------------------------------------------------------
    def quantity(self, i: int) -> tuple[Quantity, int] | None:
        """A number with its bounds, such as "at least 2", "2 to 3" or "2x"; None where there is none."""
        if self.at(i).kind == "between":
            one, two = self.at(i + 1), self.at(i + 3)
            if one.kind == two.kind == "number" and self.at(i + 2).kind == "and":
                return Quantity(min(one.value, two.value), max(one.value, two.value), True), i + 4
            return None
        bound = ""
        start = i
        while self.at(i).kind in ("at least", "at most", "exactly", "most") or (bound and self.at(i).kind in _SKIPPED):
            bound = (
                {"most": "at most"}.get(self.at(i).kind, self.at(i).kind) if self.at(i).kind not in _SKIPPED else bound
            )
            i += 1
        if self.at(i).kind != "number":
            return None
        if i > start and bound == "":
            return None
        number = self.at(i).value
        least, most = number, number
        i += 1
        between, upper = self.at(i), self.at(i + 1)
        if upper.kind == "number" and (between.kind in ("hyphen", "or") or between.folded in ("to", "a")):
            least, most, i = min(number, upper.value), max(number, upper.value), i + 2
        elif between.text == "+" and self.at(i + 1).kind not in ("number",):
            bound, i = "at least", i + 1
        if self.at(i).folded in ("x", "×"):
            i += 1
        if bound == "at least":
            return Quantity(least, None, True), i
        return Quantity(0 if bound == "at most" else least, most, True), i

    def count_after(self, i: int, quantity: Quantity) -> tuple[Quantity, int]:
        """What stands behind a name: "Firebrand x2", "Firebrand (2)", "2 Firebrands max"."""
        if self.at(i).folded in ("x", "×") and self.at(i + 1).kind == "number" and not quantity.said:
            return Quantity(self.at(i + 1).value, self.at(i + 1).value, True), i + 2
        if (self.at(i).kind, self.at(i + 1).kind, self.at(i + 2).kind) == ("open", "number", "close"):
            return Quantity(self.at(i + 1).value, self.at(i + 1).value, True), i + 3
        if quantity.said and self.at(i).kind in ("at least", "at most") and self.quantity(i) is None:
            least = self.at(i).kind == "at least"
            return Quantity(quantity.least if least else 0, None if least else quantity.most, True), i + 1
        if quantity.said and self.at(i).folded in ("max", "maximum", "maxi") and self._ends(i + 1):
            return Quantity(0, quantity.most, True), i + 1
        return quantity, i

    def _ends(self, i: int) -> bool:
        return self.at(i).kind in ("comma", "stop", "end", "and", "close", "each", "total")

    # --- who ---------------------------------------------------------------------------------
    def who(self, i: int, *, linked: bool = True) -> Named | None:
        """One player: a name, what he does, or both in either order. linked: whether "Druid as healer" is one."""
        who, plural, start = Who(), False, i
        core = False
        while True:
            lexeme = self.at(i)
            if lexeme.kind == "name" and (merged := _merged(who, lexeme.value)):
                who = merged
            elif lexeme.kind == "role" and not who.role:
                who = replace(who, role=lexeme.value)
            elif lexeme.kind == "core" and (who.profession or self._name_follows(i)):
                core = True
            elif lexeme.kind == "celestial" and not who.gear:
                who = replace(who, gear="Celestial")
            elif (role := self._linked_role(i)) and who.named and not who.role and linked:
                i = role
                continue
            elif self._role_in_brackets(i) and not who.role and who.named:
                who, i = replace(who, role=self.at(i + 1).value), i + 3
                continue
            else:
                break
            plural |= lexeme.plural
            i += 1
        if i == start or who == Who() or (who.gear and not who.named and not who.role):
            return None
        if core and who.profession and not who.elite:
            who = replace(who, elite=CORE)
        return Named((who,), plural, i)

    def whos(self, i: int, *, linked: bool = True) -> Named | None:
        """One player, or one of several: "a Druid or a Tempest"."""
        first = self.who(i, linked=linked)
        if first is None:
            return None
        found, plural, i = list(first.whos), first.plural, first.to
        while self.at(i).kind == "or":
            after = i + 1
            if self.at(after).kind == "number" and self.at(after).value == 1:
                after += 1
            other = self.who(self.past_noise(after), linked=linked)
            if other is None:
                break
            found, i = [*found, *other.whos], other.to
        return Named(tuple(dict.fromkeys(found)), plural, i)

    def _name_follows(self, i: int) -> bool:
        return self.at(i + 1).kind == "name" or (self.at(i + 1).kind == "role" and self.at(i + 2).kind == "name")

    def _linked_role(self, i: int) -> int | None:
        """Where the role of "as healer" stands."""
        if self.at(i).kind != "as":
            return None
        after = self.past_noise(i + 1)
        if self.at(after).kind == "number" and self.at(after).value == 1 and not self.at(after).folded.isdigit():
            after += 1
        one, two = self.at(after), self.at(after + 1)
        return after if one.kind == "role" and two.kind != "name" else None

    def _role_in_brackets(self, i: int) -> bool:
        return (self.at(i).kind, self.at(i + 1).kind, self.at(i + 2).kind) == ("open", "role", "close")


def _merged(who: Who, name: Who) -> Who | None:
    """A profession and a specialization of its own are one name; two other names are two players."""
    role, gear = who.role or name.role, who.gear or name.gear
    if who.role and name.role and who.role != name.role:
        return None
    if not who.profession:
        return Who(name.profession, name.elite, role, gear)
    if who.profession == name.profession and bool(who.elite) != bool(name.elite):
        return Who(who.profession, who.elite or name.elite, role, gear)
    return None
