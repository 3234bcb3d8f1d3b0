"""What each piece of gear gives, in a line."""

from collections import defaultdict
from dataclasses import replace

from builds.engine.attributes.gear import add_gear
from builds.engine.attributes.ledger import Ledger
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.presentation.facts import attribute_name
from builds.spec import BuildSpec

_FEW = 4


def gives(spec: BuildSpec, catalogue: Catalogue) -> dict[str, str]:
    """Slot to text, such as "63 power, 45 precision and ferocity"; slots without a piece are left out, and so is a
    weapon that the build has not in its hands. Nothing in PvP."""
    if spec.game_mode == "pvp":
        return {}
    found: dict[str, str] = {}
    for slot, piece in spec.gear.items():
        ledger = Ledger()
        number = 2 if slot.startswith("weapon_2") else 1
        alone = replace(spec, gear={slot: piece})
        add_gear(ledger, alone, catalogue, number, wvw=BALANCE_OF_MODE[spec.game_mode] == "wvw")
        if ledger.pool:
            found[slot] = _line(ledger.pool)
    return found


def _line(points: dict[str, float]) -> str:
    alike: defaultdict[float, list[str]] = defaultdict(list)
    for attribute, value in points.items():
        alike[value].append(attribute_name(attribute).lower())
    texts = []
    for value, names in sorted(alike.items(), reverse=True):
        words = f"each of {len(names)}" if len(names) > _FEW else " and ".join(names)
        texts.append(f"{value:.0f} {words}")
    return ", ".join(texts)
