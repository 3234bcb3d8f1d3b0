"""How the words of the search box are read, and how well an entry of the library answers them. Plain Python: the
database only brings candidates, so that both kinds answer alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from builds.gamedata import Catalogue
from builds.gamedata.names import plain
from builds.language.lexicon import LONGEST, Meaning, lexicon_of
from builds.language.near import distance
from builds.library.entry import LEAST_LETTERS, MOST_LETTERS, mark

MOST_WORDS = 8
TWO_FROM = 8
"""Letters from which on two typing errors are forgiven; below, one."""
MOST_NEAR = 6
_LANGUAGES = ("en", "fr")
_DAMAGE = ("dps", "condi_dps")

# What a match is worth, 0 to 1.
WHOLE, MEANT, BEGINNING, WITHIN, NEAR, FAR = 1.0, 0.95, 0.8, 0.6, 0.5, 0.35
IN_NAME, IS_NAME = 0.3, 0.6


@dataclass(frozen=True, slots=True)
class Term:
    """typed: a word, or words that mean one thing together. meant: sets of marks of which an entry holds all of one.
    near: words that it may be mistyped for, with the errors it would take."""

    typed: str
    meant: tuple[tuple[str, ...], ...] = ()
    near: tuple[tuple[str, int], ...] = ()

    def needles(self, *, forgiving: bool) -> Iterator[tuple[str, ...]]:
        """Alternatives; an entry answers the term by holding all pieces of one of them. Each has three letters at
        least, which is what an index of trigrams finds."""
        yield (_findable(self.typed),)
        yield from self.meant
        if forgiving:
            yield from ((f" {word} ",) for word, _ in self.near)

    def worth(self, text: str) -> float:
        """text: an entry's. 0 to 1, 0 where it does not answer."""
        if f" {self.typed} " in text:
            return WHOLE
        if any(all(piece in text for piece in pieces) for pieces in self.meant):
            return MEANT
        if f" {self.typed}" in text:
            return BEGINNING
        if len(self.typed) >= 3 and self.typed in text:
            return WITHIN
        errors = min((errors for word, errors in self.near if f" {word} " in text), default=0)
        return {0: 0.0, 1: NEAR}.get(errors, FAR)


def terms_of(text: str, catalogue: Catalogue) -> list[Term]:
    """Words that say nothing are left out beside others that do."""
    words = plain(text).split()[:MOST_WORDS]
    terms: list[Term] = []
    noise: list[Term] = []
    while words:
        length, meanings = _longest(words, catalogue)
        typed, words = " ".join(words[:length]), words[length:]
        if meanings and all(meaning.kind == "noise" for meaning in meanings):
            noise.append(Term(typed))
        else:
            terms.append(Term(typed, _marks(meanings)))
    return terms or noise


def worth(terms: list[Term], text: str, name_key: str) -> float:
    """How well an entry answers, for an order of the best: 0 where it answers one of the terms not at all."""
    each = [term.worth(text) for term in terms]
    if not all(each):
        return 0.0
    typed = " ".join(term.typed for term in terms)
    bonus = IS_NAME if typed == name_key else IN_NAME if typed in name_key else 0.0
    return round(sum(each) / len(each) + bonus, 6)


def forgiven(term: Term, catalogue: Catalogue, similar: Callable[[str], list[str]]) -> Term:
    """With what the word may be mistyped for; one that has a meaning is taken at it. similar: words of published
    builds that share letters with it."""
    word = term.typed
    if term.meant or not (word.isalpha() and LEAST_LETTERS <= len(word) <= MOST_LETTERS):
        return term
    most = 2 if len(word) >= TWO_FROM else 1
    near = sorted(
        (errors, other) for other in similar(word) if other != word and (errors := distance(word, other, most)) <= most
    )
    lexicons = [lexicon_of(catalogue, language) for language in _LANGUAGES]
    meanings = [lexicon.table[known] for lexicon in lexicons if (known := lexicon.nearby.find(word))]
    return Term(word, _marks(meanings), tuple((other, errors) for errors, other in near[:MOST_NEAR]))


def trigrams(word: str) -> list[str]:
    padded = f" {word} "
    return sorted({padded[i : i + 3] for i in range(len(padded) - 2)})


def _findable(typed: str) -> str:
    return typed if len(typed) >= 3 else f" {typed}" if len(typed) == 2 else f" {typed} "


def _longest(words: list[str], catalogue: Catalogue) -> tuple[int, list[Meaning]]:
    """How many of the first words have a meaning together, and which, in either language; 1 and none where none."""
    tables = [lexicon_of(catalogue, language).table for language in _LANGUAGES]
    for length in range(min(LONGEST, len(words)), 0, -1):
        phrase = " ".join(words[:length])
        if meanings := [table[phrase] for table in tables if phrase in table]:
            return length, meanings
    return 1, []


def _marks(meanings: list[Meaning]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(marks for meaning in meanings for marks in _marks_of(meaning)))


def _marks_of(meaning: Meaning) -> Iterator[tuple[str, ...]]:
    if meaning.kind == "role":
        roles = _DAMAGE if meaning.value == "damage" else (meaning.value,)
        yield from ((mark("r", role),) for role in roles)
    elif meaning.kind == "mode":
        mode, style = meaning.value
        yield (*((mark("m", mode),) if mode else ()), *((mark("s", style),) if style else ()))
    elif meaning.kind == "name":
        who = meaning.value
        roles = _DAMAGE if who.role == "damage" else (who.role,)
        for role in roles:
            parts = (("p", who.profession), ("e", who.elite), ("r", role))
            if pieces := tuple(mark(kind, value) for kind, value in parts if value):
                yield pieces
