"""Which sentences of a model may be shown. Everything is cut that is not certain to be harmless: a good sentence that
goes is a small loss, a name or a figure that stays is a lie."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ai_agents.grounding.names import names_of
from ai_agents.grounding.offer import Offer, Token
from ai_agents.grounding.words import CAPITALISED, STARTS, is_number_word
from builds.gamedata.names import plain

MOST_TEXT = 4_000
MOST_SENTENCES = 8
MOST_SENTENCE = 320
MOST_WORDS = 45
LONGEST_WORD = 22
LEAST_WORDS = 2
MOST_TOKENS = 6

_TOKEN = re.compile(r"\[\[([a-z_]{2,20}:[A-Za-z0-9'._ -]{1,60})\]\]")
_HOLE = "\ue000"
_LETTERS = "abcdefghijklmnopqrstuvwxyzàâäæçéèêëîïôöœùûüÿ"
_WORD = re.compile(rf"[{_LETTERS}{_LETTERS.upper()}{_HOLE}]+")
_PLAIN = re.compile(rf"[{_LETTERS}{_LETTERS.upper()}{_HOLE} ,;:.!?()'’…–—-]+")
"""Nothing else: no digit of any script, no markup, no link, no control or invisible character, no look-alike."""
# A sign within words, where a link or a glued token would be; apostrophes and hyphens are looked into as words.
_GLUED = re.compile(
    rf"[,;:.!?…)](?=[^\s,;:.!?…)])|(?<=[^\s(])\(|{_HOLE}(?=[^\s,;:.!?…)–—])|(?<=[^\s(–—'’]){_HOLE}|--|['’]{{2}}|\.\.|[!?]{{2}}"
)
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """parts: text, or the token that stands there."""

    parts: tuple[str | Token, ...]

    @property
    def text(self) -> str:
        return "".join(part.shown if isinstance(part, Token) else part for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "parts": [part.as_json() if isinstance(part, Token) else {"text": part} for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Prose:
    """cut: sentences that were left out."""

    sentences: tuple[Sentence, ...] = ()
    cut: int = 0

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    def as_json(self) -> list[dict[str, Any]]:
        return [sentence.as_json() for sentence in self.sentences]


def told(texts: Iterable[str]) -> Prose:
    """The engine's own sentences, which need no check."""
    return Prose(tuple(Sentence((text,)) for text in texts if text))


def ground(texts: Sequence[str], offer: Offer, language: str, *, prompt: str = "") -> Prose:
    """texts: of the model. Keeps the sentences that hold plain words and tokens on offer, and nothing else. prompt:
    what it was asked; a sentence of that, a player's own words among it, is no answer."""
    asked = plain(prompt)
    kept: list[Sentence] = []
    cut = 0
    for raw in _sentences(texts):
        sentence = _grounded(raw, offer, language)
        if sentence is None or len(kept) == MOST_SENTENCES or sentence in kept or plain(raw) in asked:
            cut += 1
        else:
            kept.append(sentence)
    return Prose(tuple(kept), cut)


def _sentences(texts: Sequence[str]) -> Iterator[str]:
    left = MOST_TEXT
    for text in texts:
        if len(text) > left:
            # Counted as one that goes: its end is not known.
            yield "\0"
            return
        left -= len(text)
        for part in _SENTENCES.split(text):
            if part.strip():
                yield part.strip(" ")


def _grounded(raw: str, offer: Offer, language: str) -> Sentence | None:
    # French sets spaces of other widths before its signs.
    text = unicodedata.normalize("NFC", raw).replace("\u00a0", " ").replace("\u202f", " ")
    if len(text) > MOST_SENTENCE or _HOLE in text:
        return None
    found = [offer.get(key) for key in _TOKEN.findall(text)]
    tokens = [token for token in found if token is not None]
    bare = _TOKEN.sub(_HOLE, text)
    if len(tokens) != len(found) or len(tokens) > MOST_TOKENS or not _is_plain(bare):
        return None
    words = _WORD.findall(bare)
    if not _are_ordinary(words, offer, language):
        return None
    pieces = bare.split(_HOLE)
    parts: list[str | Token] = []
    for piece, token in zip(pieces, [*tokens, None], strict=True):
        parts += [part for part in (piece, token) if part]
    return Sentence(tuple(parts))


def _is_plain(bare: str) -> bool:
    return _PLAIN.fullmatch(bare) is not None and _GLUED.search(bare) is None


def _are_ordinary(words: Sequence[str], offer: Offer, language: str) -> bool:
    prose = [word for word in words if word != _HOLE]
    if not LEAST_WORDS <= len(prose) <= MOST_WORDS or len(words) > MOST_WORDS:
        return False
    if any(len(word) > LONGEST_WORD or is_number_word(word) for word in prose):
        return False
    first = words[0]
    if first != _HOLE and plain(first) not in STARTS[language]:
        return False
    if any(word[1:] != word[1:].lower() for word in prose):
        return False
    if any(word != word.lower() and word not in CAPITALISED[language] for word in words[1:] if word != _HOLE):
        return False
    return not names_of(offer.catalogue).found_in(words, _HOLE)
