"""From a wish to a build of the library, made to fit. Plain Python, no Django."""

from builds.recommend.fit import Candidate, Fit, best_fit
from builds.recommend.regear import gear_kind, regear, without_gear
from builds.recommend.wish import Wish, read_words, wish_from

__all__ = ["Candidate", "Fit", "Wish", "best_fit", "gear_kind", "read_words", "regear", "wish_from", "without_gear"]
