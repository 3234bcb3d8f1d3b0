"""From a wish to a build of the library, made to fit. Plain Python, no Django."""

from builds.recommend.better import Better, bettered
from builds.recommend.fit import Candidate, Fit, best_fit
from builds.recommend.regear import CONSUMED, PART_WORDS, completed, gear_kind, missing_parts, regear, without_gear
from builds.recommend.wish import Wish, wish_from
from builds.recommend.words import WordsRead, read_words

__all__ = [
    "CONSUMED",
    "PART_WORDS",
    "Better",
    "Candidate",
    "Fit",
    "Wish",
    "WordsRead",
    "best_fit",
    "bettered",
    "completed",
    "gear_kind",
    "missing_parts",
    "read_words",
    "regear",
    "wish_from",
    "without_gear",
]
