"""How well a team fits together: `score`, and the smallest changes that would mend it: `mends`. Plain Python, no
Django."""

from teams.score.analysis import Analysis, analyse
from teams.score.mends import EVALUATIONS, mends
from teams.score.model import Mend, PartScore, TeamScore
from teams.score.score import ENGINE_VERSION, score
from teams.score.targets import STYLES, packaged_targets, style_of

__all__ = [
    "ENGINE_VERSION",
    "EVALUATIONS",
    "STYLES",
    "Analysis",
    "Mend",
    "PartScore",
    "TeamScore",
    "analyse",
    "mends",
    "packaged_targets",
    "score",
    "style_of",
]
