"""Two teams beside each other: what each has more of. Plain Python, no Django."""

from collections.abc import Mapping
from typing import Any

from builds.gamedata import Catalogue
from teams.coverage import RATES, Cover, TeamCoverage, coverage
from teams.score import PartScore, TeamScore, score
from teams.spec import TeamSpec


def compare_teams(first: TeamSpec, second: TeamSpec, catalogue: Catalogue) -> dict[str, Any]:
    """Each is judged by the targets of its own mode and style, so that parts which only one of them has have null for
    the other. difference: second less first; null where one of them is."""
    covers = [coverage(team, catalogue) for team in (first, second)]
    told = [score(found) for found in covers]
    return {
        "first": _team(covers[0], told[0]),
        "second": _team(covers[1], told[1]),
        "parts": _parts(*told),
        "boons": [
            {"name": boon, **_both(_boons(covers[0].squad)[boon], _boons(covers[1].squad)[boon])}
            for boon in covers[0].squad.boons
        ],
        "rates": [
            {
                "name": name,
                "unit": unit,
                **_both(covers[0].squad.rates[name].number, covers[1].squad.rates[name].number),
            }
            for name, (_, unit) in RATES.items()
        ],
        "others": [
            {"name": name, **_both(getattr(covers[0].squad, name), getattr(covers[1].squad, name))}
            for name in ("damage", "power_share", "effective_health", "mobility")
        ],
    }


def _team(found: TeamCoverage, told: TeamScore) -> dict[str, Any]:
    return {
        "name": found.name,
        "game_mode": found.game_mode,
        "wvw_style": found.wvw_style,
        "players": found.squad.players,
        "score": round(told.total, 4),
        "grade": told.grade,
        "style": told.style,
    }


def _parts(first: TeamScore, second: TeamScore) -> list[dict[str, Any]]:
    theirs: list[Mapping[str, PartScore]] = [{part.name: part for part in one.parts} for one in (first, second)]
    return [
        {
            "name": name,
            "title": (theirs[0].get(name) or theirs[1][name]).title,
            **_both(*(side[name].points if name in side else None for side in theirs)),
        }
        for name in dict.fromkeys([*theirs[0], *theirs[1]])
    ]


def _boons(cover: Cover) -> dict[str, float]:
    return {name: boon.stacks for name, boon in cover.boons.items()}


def _both(first: float | None, second: float | None) -> dict[str, float | None]:
    known = first is not None and second is not None
    return {
        "first": _rounded(first),
        "second": _rounded(second),
        "difference": _rounded(second - first) if known else None,  # type: ignore[operator]
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
