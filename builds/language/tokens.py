"""From a text to lexemes: words and signs with a meaning, longest phrases first."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from builds.language import words
from builds.language.lexicon import LONGEST, Lexicon, Meaning
from builds.language.near import MOST_LOOKED_UP

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[,;:.!?()+/&\n|•×-]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
_SIGNS = {
    ",": "comma", "/": "comma", "|": "comma", "•": "comma", "\n": "comma", ";": "stop", ".": "stop", "!": "stop",
    "?": "stop", ":": "colon", "(": "open", ")": "close", "+": "and", "&": "and", "-": "hyphen", "×": "noise",
}  # fmt: skip
_LARGEST = 9999


@dataclass(frozen=True, slots=True)
class Lexeme:
    """kind, value: as in Meaning; besides comma, stop, colon, open, close, hyphen, and unknown. text: as typed."""

    kind: str
    text: str
    folded: str
    value: Any = None
    plural: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    folded: str


def _tokens(text: str) -> list[_Token]:
    found = _TOKEN.findall(unicodedata.normalize("NFKC", text))
    return [_Token(token, _fold(token)) for token in found]


def _fold(token: str) -> str:
    decomposed = unicodedata.normalize("NFKD", token.casefold().translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def language_of(text: str) -> str:
    """en or fr, by the words that only one of the two has; en where they are even."""
    french = english = 0
    for token in _tokens(text):
        french += token.folded in words.FRENCH_SIGNS
        english += token.folded in words.ENGLISH_SIGNS
    return "fr" if french > english else "en"


def lexemes(text: str, lexicon: Lexicon) -> list[Lexeme]:
    tokens = _tokens(text)
    guesses: dict[str, str | None] = {}
    found: list[Lexeme] = []
    i = 0
    while i < len(tokens):
        length, lexeme = _at(tokens, i, lexicon, guesses)
        found.append(lexeme)
        i += length
    return _joined(found)


def _at(tokens: list[_Token], i: int, lexicon: Lexicon, guesses: dict[str, str | None]) -> tuple[int, Lexeme]:
    token = tokens[i]
    if token.folded.isascii() and token.folded.isdigit():
        return 1, Lexeme("number", token.text, token.folded, _number(token.folded))
    if kind := _SIGNS.get(token.text):
        return 1, Lexeme(kind, token.text, token.text)
    for length in range(min(LONGEST, len(tokens) - i), 0, -1):
        part = tokens[i : i + length]
        phrase = " ".join(one.folded for one in part)
        if meaning := lexicon.table.get(phrase):
            return length, _lexeme(meaning, part)
        # A hyphen within a name, as in "sous-groupe" or "Brise-sort".
        if length >= 3 and (meaning := lexicon.table.get(" ".join(one.folded for one in part if one.text != "-"))):
            return length, _lexeme(meaning, part)
    guess = _guess(token.folded, lexicon, guesses)
    if guess is not None:
        return 1, _lexeme(lexicon.table[guess], [token])
    return 1, Lexeme("unknown", token.text, token.folded)


def _number(digits: str) -> int:
    """Above any size that a team can have the exact number says no more."""
    said = digits.lstrip("0")
    return int(said or "0") if len(said) <= len(str(_LARGEST)) else _LARGEST


def _lexeme(meaning: Meaning, part: list[_Token]) -> Lexeme:
    folded = " ".join(one.folded for one in part)
    return Lexeme(meaning.kind, " ".join(one.text for one in part), folded, meaning.value, meaning.plural)


def _guess(word: str, lexicon: Lexicon, guesses: dict[str, str | None]) -> str | None:
    if word not in guesses:
        guesses[word] = lexicon.nearby.find(word) if len(guesses) < MOST_LOOKED_UP else None
    return guesses[word]


def _joined(found: list[Lexeme]) -> list[Lexeme]:
    """Numbers of two words ("twenty five", "vingt et un") as one; hyphens that part nothing left out."""
    joined: list[Lexeme] = []
    i = 0
    while i < len(found):
        lexeme = found[i]
        if lexeme.kind == "number" and not lexeme.folded.isdigit() and lexeme.value in words.TENS:
            ahead = [one for one in found[i + 1 : i + 4] if one.kind not in ("hyphen",)]
            unit = next((one for one in ahead[:2] if one.kind != "and"), None)
            if unit and unit.kind == "number" and not unit.folded.isdigit() and unit.value < 10 and _unit(lexeme, unit):
                joined.append(Lexeme("number", f"{lexeme.text} {unit.text}", "", lexeme.value + unit.value))
                i = found.index(unit, i + 1) + 1
                continue
        between_numbers = (
            joined and joined[-1].kind == "number" and i + 1 < len(found) and found[i + 1].kind == "number"
        )
        if lexeme.kind != "hyphen" or between_numbers:
            joined.append(lexeme)
        i += 1
    return joined


def _unit(ten: Lexeme, unit: Lexeme) -> bool:
    """Whether the second belongs to the first: "vingt et un", not "twenty and a"."""
    return unit.folded not in words.ARTICLES or (unit.folded in ("un", "une") and ten.folded in ("vingt", "trente"))
