"""What one build gives and does, in the terms of a team. Kept for builds that come again: most changes of a team leave
all but one of its builds as they are."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import orjson

from builds.engine.attributes import AttributePanel, attributes
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.build import regeneration_healing
from builds.engine.effects.equipped import Use, uses_of
from builds.engine.effects.forms import HOW_OFTEN, untold_forms
from builds.engine.effects.rates import ROLE_BOONS
from builds.engine.effects.silent import CHARGES
from builds.engine.optimise.damage import Damage, damage_of
from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import BOONS
from builds.spec import BuildSpec, plain_json
from gw2optimizer.errors import InvalidInput
from teams.coverage import rules
from teams.coverage.combos import PlayerCombos, combos_of
from teams.coverage.gifts import boon_gifts, rate_gifts
from teams.coverage.model import OPEN, Gift
from teams.coverage.weapons import reach_of_weapons

KEPT = 4096
"""Builds whose effects are kept: some kilobytes each, and more than any library and its variants need."""
_REACH_FACTS = frozenset({"Targets", "Radius", "Interval", "Duration", "Pulse", "Pulses"})
_WHOM = "the data does not say whom it reaches: it counts for its giver alone"


@dataclass(frozen=True, slots=True)
class Doubt:
    """An effect that counts nowhere, or not for allies."""

    source: str
    effect: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlayerEffects:
    """boons: by name. rates: by rules.RATES. regeneration: points a second of the boon while it is held. damage: None
    where the build's attributes are not known."""

    build: str
    profession: str
    specialization: str
    boons: Mapping[str, tuple[Gift, ...]]
    rates: Mapping[str, tuple[Gift, ...]]
    regeneration: float
    combos: PlayerCombos
    ranged: bool
    melee: bool
    damage: Damage | None
    effective_health: float | None
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]


def read_player(build: BuildSpec, catalogue: Catalogue, mode: str) -> PlayerEffects:
    """mode: of gamedata.model.MODES, the team's."""
    build = replace(build, game_mode=mode, wvw_style=None)
    given, panel, notes = _circumstances(build, catalogue)
    uses = uses_of(build, catalogue, mode, given)
    boons = boon_gifts(uses, given)
    combos = combos_of(uses)
    ranged, melee = reach_of_weapons(uses)
    doubts = [
        *_unknown(uses),
        *_for_its_giver(boons),
        *(
            Doubt(f"{skill.name} (of {use.entity.name})", effect, HOW_OFTEN)
            for use, skill, effect in untold_forms(uses, build, catalogue, mode)
        ),
        *(Doubt(name, f"{field} field", "how long or how often is not known") for name, field in combos.untold),
        *_missing_for_role(build, boons),
    ]
    return PlayerEffects(
        build=build.name,
        profession=build.profession,
        specialization=specialization_of(build, catalogue),
        boons=boons,
        rates=rate_gifts(uses, boons, given),
        regeneration=regeneration_healing(given.healing_power),
        combos=combos,
        ranged=ranged,
        melee=melee,
        damage=None if panel is None else damage_of(build, catalogue),
        effective_health=None if panel is None else panel["effective_health"],
        doubts=tuple(dict.fromkeys(doubts)),
        notes=tuple(notes),
    )


def specialization_of(build: BuildSpec, catalogue: Catalogue) -> str:
    """The elite one, the profession's name for a core build."""
    line = build.specializations[2]
    known = catalogue.specializations.get(line.specialization) if line else None
    return known.name if known and known.elite else build.profession


def _circumstances(build: BuildSpec, catalogue: Catalogue) -> tuple[Circumstances, AttributePanel | None, list[str]]:
    together = build.game_mode in rules.GROUP_MODES
    try:
        panel = attributes(build, catalogue)
    except InvalidInput as error:  # the panel of PvP needs amulets, which the data may lack
        note = f"{error.message} Boon duration, healing power and damage count as nothing."
        return Circumstances(quickness=together, alacrity=together), None, [note]
    notes = ["Gear is not given in whole, so that its numbers are lower bounds."] if panel.missing else []
    durations = {boon: panel.attributes.get(f"{boon.lower()}_duration") for boon in BOONS}
    of_boon = {boon: duration.value for boon, duration in durations.items() if duration}
    return Circumstances(panel["boon_duration"], panel["healing_power"], together, together, of_boon), panel, notes


# --- What is not told ----------------------------------------------------------------------------
def _unknown(uses: Iterable[Use]) -> Iterator[Doubt]:
    for use in uses:
        for entry in use.effects.unknown:
            if entry.effect not in _REACH_FACTS and entry.effect != CHARGES:
                yield Doubt(use.entity.name, entry.effect, entry.reason)


def _for_its_giver(boons: Mapping[str, tuple[Gift, ...]]) -> Iterator[Doubt]:
    for boon, gifts in boons.items():
        for gift in gifts:
            if gift.reach == rules.SELF:
                yield Doubt(gift.origin.name, boon, _WHOM)
            elif gift.basis == OPEN and not gift.amount:
                yield Doubt(gift.origin.name, boon, gift.why)


def _missing_for_role(build: BuildSpec, boons: Mapping[str, tuple[Gift, ...]]) -> Iterator[Doubt]:
    """A published build may live by what no fact tells; a label alone gives nothing."""
    for role in filter(None, (build.role, *build.secondary_roles)):
        boon = ROLE_BOONS.get(role)
        if boon and not any(gift.amount and gift.reach != rules.SELF for gift in boons.get(boon, ())):
            yield Doubt(build.name, boon, "its role promises it, and no skill or trait in the data gives it to allies")


# --- Kept ----------------------------------------------------------------------------------------
class _Kept:
    """By build value, the least recently used go first. Another catalogue empties it, so that an old one can go."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.mark: object = None
        self.found: OrderedDict[bytes, PlayerEffects] = OrderedDict()

    def get(self, build: BuildSpec, catalogue: Catalogue, mode: str) -> PlayerEffects:
        key = orjson.dumps([mode, plain_json(build)])
        mark = catalogue.checksum or catalogue
        with self.lock:
            if mark != self.mark:
                self.found.clear()
                self.mark = mark
            if key in self.found:
                self.found.move_to_end(key)
                return self.found[key]
        made = read_player(build, catalogue, mode)
        with self.lock:
            if mark == self.mark:
                self.found[key] = made
                if len(self.found) > KEPT:
                    self.found.popitem(last=False)
        return made

    def forget(self) -> None:
        with self.lock:
            self.found.clear()


_kept = _Kept()


def player_effects(build: BuildSpec, catalogue: Catalogue, mode: str) -> PlayerEffects:
    """As `read_player`, remembered."""
    return _kept.get(build, catalogue, mode)


def forget() -> None:
    """For what measures how long a first look takes."""
    _kept.forget()
