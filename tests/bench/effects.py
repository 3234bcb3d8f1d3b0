"""What effects know and what they leave open: `make bench-effects`, `python -m tests.bench.effects`.

The boon of its role that each fresh library build shows, and how much of the catalogue's facts is open in each mode.
Ends with status 1 where fewer builds show the boon of their role than did before."""

# ruff: noqa: T201 -- a bench prints

import itertools
import statistics
import sys
from collections import Counter

from builds.engine.effects import effects_with_panel, facts_of
from builds.engine.effects.rates import ROLE_BOONS
from builds.gamedata import load_packaged
from builds.gamedata.fact_shapes import BOONS
from builds.gamedata.model import Skill, Trait
from builds.library.records import packaged_records
from builds.spec import parse_build

LEAST = {"Quickness": 45, "Alacrity": 42}
"""Fresh builds of such a role that show it from sources whose rate is known."""


def main() -> int:
    catalogue = load_packaged()
    shown: dict[str, list[float]] = {boon: [] for boon in LEAST}
    silent: list[str] = []
    for record in packaged_records():
        build = parse_build(record.build, catalogue).spec
        promised = ROLE_BOONS.get(build.role or "")
        if record.stale or promised not in shown:
            continue
        found = next((one for one in effects_with_panel(build, catalogue).boons if one.boon == promised), None)
        shown[promised].append(found.uptime if found else 0.0)
        if not found or not found.uptime:
            silent.append(f"{promised}: {build.name}{', how often is not known' if found else ', in no fact'}")
    for boon, uptimes in shown.items():
        known = [uptime for uptime in uptimes if uptime]
        print(
            f"{boon}: {len(known)} of {len(uptimes)} builds of such a role show it, {min(known):.0%} to "
            f"{max(known):.0%} of the time, half of them {statistics.median(known):.0%} and more"
        )
    print("without: " + ("; ".join(silent) or "none"))
    for mode in ("pve", "wvw", "pvp"):
        told: Counter[str] = Counter()
        for entity in itertools.chain[Skill | Trait](catalogue.skills.values(), catalogue.traits.values()):
            effects = facts_of(entity, mode)
            told["boons"] += bool(effects.boons)
            named = [entry for entry in effects.unknown if entry.effect.partition(",")[0] in BOONS]
            told["open"] += bool(named)
        print(f"{mode}: {told['boons']} skills and traits give boons, {told['open']} name some whose size is open")
    return 0 if all(sum(map(bool, shown[boon])) >= least for boon, least in LEAST.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
