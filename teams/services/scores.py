"""The score of a team as its row keeps it, and making it anew when the engine or the game data have moved on."""

import time
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from teams.coverage import coverage
from teams.models import Team
from teams.score import ENGINE_VERSION, TeamScore, score
from teams.spec import TeamSpec

log = structlog.get_logger(__name__)

BATCH = 20
REFRESH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Judged:
    synergy_score: float
    grade: str
    engine_version: str

    def fields(self) -> dict[str, Any]:
        return {
            "synergy_score": self.synergy_score,
            "grade": self.grade,
            "engine_version": self.engine_version,
        }


def present_version(catalogue: Catalogue) -> str:
    """Of formula, targets and game data: where one changes, every stored score is old."""
    return f"{ENGINE_VERSION}/{catalogue.game_build}"


def judged(team: TeamSpec, catalogue: Catalogue) -> Judged:
    return of_score(score(coverage(team, catalogue)), catalogue)


def of_score(told: TeamScore, catalogue: Catalogue) -> Judged:
    return Judged(round(told.total, 2), told.grade, present_version(catalogue))


def refresh_scores(*, seconds: float = REFRESH_SECONDS) -> int:
    """Judges teams again whose score is of another engine, for about so long; returns how many are done. A team that is
    saved meanwhile has been judged by that."""
    catalogue = current_catalogue()
    old = Team.objects.filter(~Q(engine_version=present_version(catalogue))).order_by("engine_version", "id")
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        teams = list(old.with_slots()[:BATCH])
        for team in teams:
            store_score(team=team, found=judged(team.value, catalogue))
        done += len(teams)
        if len(teams) < BATCH:
            break
    if done:
        log.info("team_scores_refreshed", teams=done)
    return done


@transaction.atomic
def store_score(*, team: Team, found: Judged) -> None:
    """Neither a new version nor a new date: nobody has changed the team."""
    Team.objects.filter(pk=team.pk, version=team.version).update(**found.fields())
