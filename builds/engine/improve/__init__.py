"""What a build is worth for a role, and a better one: `score`, `improve`. Plain Python, no Django."""

from builds.engine.improve.judge import PartScore, Score, score
from builds.engine.improve.locks import NAMES as LOCKS
from builds.engine.improve.model import Change, Improvement, score_json
from builds.engine.improve.search import EVALUATIONS, improve

__all__ = ["EVALUATIONS", "LOCKS", "Change", "Improvement", "PartScore", "Score", "improve", "score", "score_json"]
