"""Hard control and what it takes off a defiance bar.

Source of the points: the wiki's page "Defiance bar", checked against the mode values of the snapshot: of 201 skills
and traits with both, 131 agree to the point or to the API's whole seconds."""

import math
import re
from collections.abc import Sequence
from typing import Any

from builds.engine.effects.model import Control
from builds.gamedata.fact_shapes import Raw

PER_SECOND = 100
# Knockback, pull and launch count the same however far they throw.
FIXED = {"Knockback": 150, "Pull": 150, "Launch": 232}
# Conditions that wear a bar down, points for each second.
SOFT_PER_SECOND = {
    "Fear": 100, "Taunt": 100, "Immobile": 50, "Slow": 50, "Chilled": 33, "Weakness": 20, "Crippled": 15,
}  # fmt: skip

_TIMED = re.compile(r"\b(daze|stun|knockdown|float|sink)\b", re.IGNORECASE)
_MOVED = re.compile(r"\b(knockback|pushback|launch)\b", re.IGNORECASE)
_NOT_CONTROL = re.compile(r"self-stun|interval|recharge|chance|break stun|per charge", re.IGNORECASE)
_PULLS = frozenset({"pull", "base pull", "pull distance"})


def timed_defiance(seconds: float) -> int:
    """Of a stun, daze, knockdown, float or sink: what lasts less than a second counts as one."""
    return round(PER_SECOND * max(seconds, 1.0))


def soft_defiance(condition: str, seconds: float) -> float:
    """Over the whole duration of one stack; 0 for conditions that leave a bar alone."""
    return SOFT_PER_SECOND.get(condition, 0) * seconds


def read_control(raw: Raw) -> Control | None:
    """raw: a fact in the API's shapes; None for one that is no control."""
    text = str(raw.get("text") or "")
    kind = raw.get("type")
    if _NOT_CONTROL.search(text):
        return None
    if kind in {"Buff", "PrefixedBuff"} and raw.get("status") in {"Daze", "Stun"}:
        seconds = float(raw.get("duration") or 0)
        return Control(str(raw["status"]), seconds, None, timed_defiance(seconds), _when(raw))
    if kind in {"Time", "Duration"}:
        return _timed(text, float(raw.get("duration") or 0))
    if kind in {"Distance", "Radius"} and (found := _MOVED.search(text)):
        effect = "Launch" if found[1].lower() == "launch" else "Knockback"
        return Control(effect, None, int(raw.get("distance") or 0), FIXED[effect], _part(text, found[1]))
    if kind == "Number" and text.casefold() in _PULLS:
        return Control("Pull", None, int(raw.get("value") or 0), FIXED["Pull"])
    return None


def _timed(text: str, seconds: float) -> Control | None:
    if text == "Jade Duration":  # Jade Winds names its stun after its look
        return Control("Stun", seconds, None, timed_defiance(seconds))
    found = _TIMED.search(text)
    if found is None:
        return None
    return Control(found[1].capitalize(), seconds, None, timed_defiance(seconds), _part(text, found[1]))


def _part(text: str, word: str) -> str:
    """ "Level 2 stun" is one part of a skill, "Stun" and "Knockback Distance" are all there is."""
    rest = text.casefold().replace(word.casefold(), "").strip()
    return "" if rest in {"", "distance", "duration", "time"} else text


def _when(raw: Raw) -> str:
    return str((raw.get("prefix") or {}).get("status") or "")


def total(controls: Sequence[Control]) -> int:
    """Of what happens always, and with it the strongest of the parts that exclude each other or need something."""
    always = sum(control.defiance for control in controls if not control.when)
    return always or max((control.defiance for control in controls), default=0)


def in_whole_seconds(defiance: float, seconds: float) -> bool:
    """Whether the bar's loss in WvW says the API's seconds more exactly; the API rounds half up."""
    exact = defiance / PER_SECOND
    return exact >= 1 and exact != seconds and math.floor(exact + 0.5) == seconds


def lasting(control: Control, defiance: float) -> Control:
    """The same effect with the length that a bar's loss shows."""
    return Control(control.effect, defiance / PER_SECOND, control.distance, round(defiance), control.when)


def told_for_wvw(shaped: Sequence[Raw]) -> list[float]:
    """shaped: facts of a split. Each "Defiance break" in points."""
    found: list[Any] = [raw.get("value") for raw in shaped if str(raw.get("text")).casefold() == "defiance break"]
    return [float(value) for value in found if value]
