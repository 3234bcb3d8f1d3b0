"""How well a build of the library answers a wish, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from builds.gamedata.model import BALANCE_OF_MODE
from builds.gamedata.names import with_article
from builds.language.who import CORE, DAMAGE, Who
from builds.recommend.wish import EASY, STURDY, Wish

# Shares of the whole; the specialization outweighs the rest together, since who names one wants to play it.
ELITE, ROLE, MODE, STYLE = 10.0, 5.0, 3.0, 1.0
# What is lost by a build that is stale, or published without its gear: more than a near mode, less than the role.
STALE = 2.0
INCOMPLETE = 1.0
# A further role, and each quality that is asked for: less than the first role, and than an old build loses.
ALSO, QUALITY = 1.9, 1.9
# Above all that a wish can gain: what must not be comes only where there is nothing else.
UNWANTED = 100.0
FEW_SKILLS, MANY_SKILLS = 10, 30
"""Skills to press: of the easiest builds of the library, and of those that change attunements."""
STURDIEST = 0.5
"""Share of the gear's points in toughness and vitality that the sturdiest builds of the library have."""

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

# What else a role that must not be stands for.
_REFUSED_TOO = {
    DAMAGE: {"dps", "condi_dps", "hybrid"},
    "healer": {"healer", "healer_quickness", "healer_alacrity"},
    "quickness": {"quickness", "healer_quickness"},
    "alacrity": {"alacrity", "healer_alacrity"},
}
_HEALS = _REFUSED_TOO["healer"]

MODE_WORDS = {
    "pve": "PvE", "fractals": "fractals", "raids": "raids", "strikes": "strikes", "wvw": "WvW", "pvp": "PvP",
}  # fmt: skip
STYLE_WORDS = {"zerg": "zerg", "raid_guild": "raid guild", "roaming": "roaming"}


_ROLE_WORDS = {DAMAGE: "damage", "dps": "power damage", "condi_dps": "condition damage"}


def role_words(role: str | None) -> str:
    return _ROLE_WORDS.get(role, role.replace("_", " ")) if role else "no role"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking needs of a library build; key: how the caller finds it again. skills: how many there are to press,
    0 where that is not known. sturdiness: share of its gear's points in toughness and vitality."""

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
    skills: int = 0
    sturdiness: float = 0.0


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
        + ALSO * _also(wish, candidate)
        + QUALITY * sum(_quality(quality, candidate) for quality in wish.qualities)
        - STALE * (not candidate.fresh)
        - INCOMPLETE * (not candidate.complete)
        - UNWANTED * len(refused(wish, candidate))
    )


def _also(wish: Wish, candidate: Candidate) -> float:
    """Share of the further roles that it plays."""
    return sum(_plays(role, candidate) for role in wish.also) / len(wish.also) if wish.also else 1.0


def _plays(role: str, candidate: Candidate) -> bool:
    return role_closeness(role, candidate.role, candidate.secondary_roles) >= 0.7


def _quality(quality: str, candidate: Candidate) -> float:
    """0 to 1."""
    if quality == EASY:
        easy = (MANY_SKILLS - candidate.skills) / (MANY_SKILLS - FEW_SKILLS) if candidate.skills else 0.0
        return min(1.0, max(0.0, easy))
    sturdy = min(1.0, candidate.sturdiness / STURDIEST)
    if quality == STURDY:
        return sturdy
    # Alone one does one's own damage, and nobody heals.
    return 0.5 * (candidate.role not in _HEALS) + 0.5 * sturdy


def refused(wish: Wish, candidate: Candidate) -> tuple[str, ...]:
    """In words what it must not be and is."""
    elite = candidate.elite or CORE
    found = [who_words(who) for who in wish.unwanted if who.covers(candidate.profession, elite) and _is(who, candidate)]
    return (*found, *(MODE_WORDS[mode] for mode in wish.unwanted_modes if mode == candidate.mode))


def _is(who: Who, candidate: Candidate) -> bool:
    return not who.role or bool(_REFUSED_TOO.get(who.role, {who.role}) & {candidate.role, *candidate.secondary_roles})


def who_words(who: Who) -> str:
    """Such as "condition damage Reaper"."""
    name = f"{CORE} {who.profession}".strip() if who.elite == CORE else who.elite or who.profession
    return " ".join(filter(None, (role_words(who.role) if who.role else "", name)))


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
    for role in wish.also:
        if _plays(role, candidate):
            reasons.append(f"{role_words(role).capitalize()} is among its roles, too.")
        else:
            given_up.append(f"{role_words(role).capitalize()} is none of its roles.")
    said = refused(wish, candidate)
    given_up += [f"You did not want {words}, and the library has nothing else that fits." for words in said]
    if not said and (wish.unwanted or wish.unwanted_modes):
        unwanted = [*map(who_words, wish.unwanted), *(MODE_WORDS[mode] for mode in wish.unwanted_modes)]
        reasons.append(f"It has nothing of what you did not want: {', '.join(unwanted)}.")
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
