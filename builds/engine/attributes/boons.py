"""Boons that are on: from a text or a mapping to whole stacks."""

import math
from collections.abc import Mapping

from builds.engine.attributes.names import BOONS, STACKING
from gw2optimizer.errors import InvalidInput


def parse_boons(text: str) -> dict[str, int]:
    """text: "might=25,fury"; a boon without a number is on. Raises InvalidInput that names the part."""
    given: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, amount = (piece.strip() for piece in part.partition("="))
        if name.lower() in given:
            raise _wrong(f"{name} stands here twice.")
        try:
            given[name.lower()] = float(amount) if "=" in part else STACKING.get(name.lower(), 1)
        except ValueError:
            raise _wrong(f"“{amount[:20]}” is no number of stacks of {name}.") from None
    return checked_boons(given)


def checked_boons(boons: Mapping[str, float] | None) -> dict[str, int]:
    """boons: name to stacks; 0 is off, and so is False. Raises InvalidInput for an unknown boon and for stacks
    that the game does not have."""
    found: dict[str, int] = {}
    for name, stacks in (boons or {}).items():
        if name not in BOONS:
            raise _wrong(f"There is no boon “{str(name)[:40]}”. The boons are {', '.join(BOONS)}.")
        most = STACKING.get(name, 1)
        if not isinstance(stacks, int | float) or not math.isfinite(stacks) or stacks != int(stacks):
            raise _wrong(f"The stacks of {name} are a whole number.")
        if not 0 <= stacks <= most:
            raise _wrong(f"{name.capitalize()} has 0 to {most} stacks, not {stacks:g}.")
        if stacks:
            found[name] = int(stacks)
    return found


def _wrong(message: str) -> InvalidInput:
    return InvalidInput("These boons can't be used.", fields={"boons": [message]})
