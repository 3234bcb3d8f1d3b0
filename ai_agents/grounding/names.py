"""Names of the game in a text, however they are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ai_agents.grounding.words import words_of
from builds.gamedata import KINDS, Catalogue
from builds.gamedata.fact_shapes import BOONS, CONDITIONS
from builds.gamedata.names import plain

# Things of the game that have no entry of their own in the catalogue.
_BESIDES = (
    *BOONS, *CONDITIONS, "superspeed", "stealth", "barrier", "celestial", "firebrand", "mightiness",
    # Conditions and boons as French clients call them.
    "pouvoir", "fureur", "celerite", "alacrite", "stabilite", "egide", "protection", "regeneration", "vigueur",
    "rapidite", "resistance", "resolution", "brulure", "saignement", "tourment", "empoisonnement", "vulnerabilite",
    "infirmite", "immobilisation", "frisson", "aveuglement", "lenteur",
)  # fmt: skip
ORDINARY = words_of(
    "advance anchor arms bound charge consume decoy defense discipline distress diversion domination empower "
    "empowered energize enrage escape evoke evolve expose feast feedback flee flow focus fortify growl guard harden "
    "honor improvisation inspiration inventions isolate jet journey kick leap locked maul mend mending mercy mirror "
    "opportunist outrage parry preparedness preservation pull punch purify rend repeater repose retribution return "
    "ride rise rush seethe shelter slam slice smash snarl spite strength strike strikes suffer swap tactics tools "
    "twister unload unravel vigilant withdraw whack zeal"
)
"""Words that everybody uses, and that are names of the game beside that. In lower case they are taken for words."""
_LEAST_LETTERS = 6
"""A shorter name of several words, such as "a e d", would be found where nobody meant it."""


@dataclass(frozen=True, slots=True)
class Names:
    """phrases: folded names by their first word."""

    phrases: dict[str, tuple[tuple[str, ...], ...]]

    def found_in(self, words: Sequence[str], hole: str = "") -> bool:
        """words: in order; hole: stands for what is a token already."""
        folded = [part for word in words for part in ([hole] if word == hole else plain(word).split())]
        return any(self._at(folded, i) for i in range(len(folded)))

    def _at(self, folded: Sequence[str], i: int) -> bool:
        word = folded[i]
        return any(
            tuple(folded[i : i + len(name)]) == name
            for start in {word, word.removesuffix("s")}
            for name in self._starting(start, word)
        )

    def _starting(self, start: str, word: str) -> Iterable[tuple[str, ...]]:
        for name in self.phrases.get(start, ()):
            # The plural of a name of one word is that name.
            yield (word,) if len(name) == 1 else name


@lru_cache(maxsize=2)
def _names(checksum: str, catalogue: Catalogue) -> Names:
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in (*_all(catalogue), *_BESIDES):
        words = tuple(plain(name).split())
        if not words or (len(words) == 1 and (words[0] in ORDINARY or words[0].isdigit())):
            continue
        if len(words) > 1 and len("".join(words)) < _LEAST_LETTERS:
            continue
        found.setdefault(words[0], set()).add(words)
    return Names({first: tuple(sorted(names)) for first, names in found.items()})


def _all(catalogue: Catalogue) -> Iterable[str]:
    for kind in KINDS:
        for thing in catalogue.table(kind).values():
            yield thing.name
            if kind in ("prefix", "pet") or thing.name.endswith("'s"):
                yield thing.name.removesuffix("'s").removeprefix("Juvenile ")
    for kinds in catalogue.names.values():
        for names in kinds.values():
            yield from names.values()


def names_of(catalogue: Catalogue) -> Names:
    return _names(catalogue.checksum, catalogue)
