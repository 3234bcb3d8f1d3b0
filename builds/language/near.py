"""Typing errors: the one known word that a mistyped one can stand for."""

from collections import defaultdict
from collections.abc import Iterable

SHORTEST = 5
TWO_FROM = 8
"""Letters from which on two errors are forgiven; below, one."""
MOST_LOOKED_UP = 80
"""Different unknown words of a text; a text with more isn't one of misspelt words."""

# Words in their own right that stand one or two letters from a word of the vocabulary.
_WORDS = frozenset(
    [
        "conduct", "head", "header", "heater", "leader", "mechanic", "mechanics", "ranged", "range", "reader", "reaped",
        "relevant", "weaker", "weaves", "wearer", "played", "plays", "playing", "source", "groups", "groupie", "chaque",
        "strong", "stable", "street", "string", "stripe", "specific", "special", "spectra", "support", "tempted",
        "reserve", "heavy", "harbor", "evoked", "retire", "person", "parent", "minute", "weather", "damaged", "healed",
        "renegotiate", "virtual", "guarding", "removed", "replaced", "teammate", "temple", "missing", "minion",
        "mission",
        "missions", "maximal", "composer", "everything", "another", "anything", "someone", "nothing", "heralded",
        "reaction", "position", "condition", "conditions", "stability", "mobility", "scorer", "scouts", "scout",
        "commander", "commandant", "equipment", "equiper", "ensemble", "semble", "quatre", "contre", "contenu",
    ]
)  # fmt: skip


def distance(one: str, other: str, most: int) -> int:
    """Letters put in, left out, changed, or swapped with their neighbour; most + 1 for anything above `most`.
    Source: optimal string alignment."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


class Nearby:
    """words: word to what it means. Two words of one meaning don't compete."""

    def __init__(self, words: Iterable[tuple[str, object]]) -> None:
        self._by_letter: dict[str, list[tuple[str, object]]] = defaultdict(list)
        for word, meaning in words:
            if len(word) >= SHORTEST:
                self._by_letter[word[0]].append((word, meaning))

    def find(self, word: str) -> str | None:
        """The nearest word, which begins alike; None where there is none, or two that mean different things are
        equally near."""
        if not SHORTEST <= len(word) <= 24 or word in _WORDS:
            return None
        most = 2 if len(word) >= TWO_FROM else 1
        best, found = most + 1, dict[object, str]()
        for known, meaning in self._by_letter.get(word[0], ()):
            apart = distance(word, known, most)
            if apart < best:
                best, found = apart, {}
            if apart == best and best <= most:
                found.setdefault(meaning, known)
        return next(iter(found.values())) if len(found) == 1 else None
