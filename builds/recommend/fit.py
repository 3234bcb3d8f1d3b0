"""How well a build of the library answers a wish, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from builds.gamedata.model import BALANCE_OF_MODE
from builds.gamedata.names import with_article
from builds.recommend.wish import Wish

# Shares of the whole; the specialization outweighs the rest together, since who names one wants to play it.
ELITE, ROLE, MODE, STYLE = 10.0, 5.0, 3.0, 1.0
# What is lost by a build that is stale, or published without its gear: more than a near mode, less than the role.
STALE = 2.0
INCOMPLETE = 1.0

_NEAR_ROLES = (
    {"dps", "condi_dps", "hybrid"},
    {"quickness", "healer_quickness", "boon_support"},
    {"alacrity", "healer_alacrity", "boon_support"},
    {"healer", "healer_quickness", "healer_alacrity", "cleanse", "tank"},
    {"stability_support", "boon_support", "quickness", "healer_quickness"},
    {"strip", "utility", "hybrid"},
    {"cleanse", "healer", "boon_support"},
    {"boon_support", "healer", "stability_support"},
)

# Who plays the second does the first as well.
_DOES_ALSO = {
    ("healer", "healer_quickness"), ("healer", "healer_alacrity"), ("quickness", "healer_quickness"),
    ("alacrity", "healer_alacrity"),
}  # fmt: skip

MODE_WORDS = {
    "pve": "PvE", "fractals": "fractals", "raids": "raids", "strikes": "strikes", "wvw": "WvW", "pvp": "PvP",
}  # fmt: skip
STYLE_WORDS = {"zerg": "zerg", "raid_guild": "raid guild", "roaming": "roaming"}


def role_words(role: str | None) -> str:
    return {None: "no role", "": "no role", "dps": "power damage", "condi_dps": "condition damage"}.get(
        role, (role or "").replace("_", " ")
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking needs of a library build; key: how the caller finds it again."""

    key: object
    name: str
    profession: str
    elite: str  # "" for core
    mode: str
    style: str
    role: str
    secondary_roles: tuple[str, ...]
    fresh: bool
    complete: bool
    as_of: datetime
    benchmark: float
    dated: bool = True  # False: the source gives no date and `as_of` is only a place in the order


@dataclass(frozen=True, slots=True)
class Fit:
    candidate: Candidate
    score: float
    reasons: tuple[str, ...]
    given_up: tuple[str, ...]


def best_fit(wish: Wish, candidates: Iterable[Candidate], limit: int = 1) -> list[Fit]:
    """The candidates nearest to the wish, best first. Among equals the fresh, complete, newest, best measured one."""

    def rank(candidate: Candidate) -> tuple[float, bool, bool, datetime, float, str]:
        return (
            round(fit_score(wish, candidate), 6), candidate.fresh, candidate.complete, candidate.as_of,
            candidate.benchmark, str(candidate.key),
        )  # fmt: skip

    ranked = sorted(candidates, key=rank, reverse=True)[:limit]
    return [Fit(c, fit_score(wish, c), *_explained(wish, c)) for c in ranked]


def fit_score(wish: Wish, candidate: Candidate) -> float:
    return (
        ELITE * _elite(wish, candidate)
        + ROLE * role_closeness(wish.role, candidate.role, candidate.secondary_roles)
        + MODE * mode_closeness(wish.mode, candidate.mode)
        + STYLE * (wish.style is None or wish.style == candidate.style)
        - STALE * (not candidate.fresh)
        - INCOMPLETE * (not candidate.complete)
    )


def _elite(wish: Wish, candidate: Candidate) -> float:
    if wish.elite is None:
        return 1.0
    return float(candidate.elite == ("" if wish.elite == "core" else wish.elite))


def role_closeness(wanted: str | None, role: str, secondary: Iterable[str] = ()) -> float:
    """1 for the role itself, 0.8 for a second role, 0.7 for a role that includes it, 0.4 for one of the same family,
    else 0."""
    if wanted is None or wanted == role:
        return 1.0
    if wanted in secondary:
        return 0.8
    if (wanted, role) in _DOES_ALSO:
        return 0.7
    return 0.4 if any({wanted, role} <= family for family in _NEAR_ROLES) else 0.0


def mode_closeness(wanted: str | None, mode: str) -> float:
    """1 for the mode itself, 0.85 where the game balances skills alike, 0.3 between PvE, WvW and PvP; a WvW build is
    nearer to PvP than a PvE one."""
    if wanted is None or wanted == mode:
        return 1.0
    if BALANCE_OF_MODE[wanted] == BALANCE_OF_MODE[mode]:
        return 0.85
    return 0.4 if {BALANCE_OF_MODE[wanted], BALANCE_OF_MODE[mode]} == {"wvw", "pvp"} else 0.3


def _explained(wish: Wish, candidate: Candidate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    reasons: list[str] = []
    given_up: list[str] = []
    who = candidate.elite or f"core {candidate.profession}"
    if wish.elite is not None:
        if _elite(wish, candidate):
            reasons.append(f"It is played as {who}, as you asked.")
        else:
            given_up.append(f"The library has no {wish.elite} build for this: it is {with_article(who)} build.")
    elif wish.profession:
        reasons.append(f"It is {with_article(who)} build, and you asked for {wish.profession}.")
    if wish.role:
        closeness = role_closeness(wish.role, candidate.role, candidate.secondary_roles)
        if closeness == 1:
            reasons.append(f"Its role is {role_words(wish.role)}.")
        elif closeness >= 0.8:
            reasons.append(f"{role_words(wish.role).capitalize()} is its second role.")
            given_up.append(f"Its first role is {role_words(candidate.role)}, not {role_words(wish.role)}.")
        elif closeness >= 0.7:
            reasons.append(f"Its role is {role_words(candidate.role)}, which includes {role_words(wish.role)}.")
        else:
            whose = f"no {wish.profession} build" if wish.profession else "no build"
            given_up.append(
                f"The library has {whose} whose role is {role_words(wish.role)}: "
                f"this one's is {role_words(candidate.role)}."
            )
    if wish.mode:
        if wish.mode == candidate.mode:
            reasons.append(f"It was published for {MODE_WORDS[wish.mode]}.")
        elif mode_closeness(wish.mode, candidate.mode) >= 0.8:
            given_up.append(
                f"It was published for {MODE_WORDS[candidate.mode]}, not {MODE_WORDS[wish.mode]}; "
                "skills and traits have the same values in both."
            )
        else:
            given_up.append(
                f"It was published for {MODE_WORDS[candidate.mode]}; skills and traits have other values in "
                f"{MODE_WORDS[wish.mode]}."
            )
    if wish.style and candidate.mode == "wvw":
        if wish.style == candidate.style:
            reasons.append(f"It is made for {STYLE_WORDS[wish.style]}.")
        elif candidate.style:
            given_up.append(f"It is made for {STYLE_WORDS[candidate.style]}, not {STYLE_WORDS[wish.style]}.")
    if not candidate.dated:
        given_up.append("Its source gives no date: the game may have changed since.")
    elif not candidate.fresh:
        given_up.append(f"It is of {candidate.as_of:%Y-%m-%d}: the game has changed since.")
    else:
        reasons.append(f"It is of {candidate.as_of:%Y-%m-%d}, and no later change of the game is known to break it.")
    return tuple(reasons), tuple(given_up)
