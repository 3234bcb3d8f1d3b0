"""The best gear of a build: what may be asked, and what the answer holds."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field
from rest_framework import serializers

from builds.api.schema import Document
from builds.api.serializers import Choice, Strict
from builds.engine.gear.names import CONSTRAINTS
from builds.engine.optimise import OBJECTIVES, GearChoices
from builds.engine.optimise.choices import MOST_INFUSED, MOST_OFFERED, MOST_PREFIXES
from builds.gamedata import Catalogue
from builds.gamedata.catalogue import UnknownName
from builds.gamedata.model import MODES
from builds.gear_wish import GearWish
from builds.spec.model import ATTRIBUTES, MAX_INFUSIONS, DamageProfile
from builds.spec.shapes import Mode
from gw2optimizer.errors import InvalidInput


class Names(serializers.ListField):
    """Ids or names."""

    child = serializers.CharField(max_length=100)

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(required=False, max_length=most, **options)


class Numbers(serializers.DictField):
    child = serializers.FloatField()


class GivenProfile(Strict):
    power_coefficient = serializers.FloatField(required=False, default=0.0, min_value=0, max_value=1e6)
    power2_coefficient = serializers.FloatField(required=False, default=0.0, min_value=0, max_value=1e6)
    condition_coefficients = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=1e6), required=False, default=dict
    )
    skill_attack_rate = serializers.FloatField(required=False, default=0.0, min_value=0, max_value=1000)


class OptimiseWish(Strict):
    objective = Choice(required=False, choices=OBJECTIVES, default="damage")
    prefixes = Names(MOST_PREFIXES, help_text="By the objective if absent.")
    runes = Names(MOST_OFFERED, help_text="To choose from; the build's own if absent. So are the others.")
    sigils = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(max_length=100), min_length=1, max_length=2),
        required=False,
        max_length=MOST_OFFERED,
        help_text="Pairs for weapon set 1.",
    )
    relics = Names(MOST_OFFERED, help_text="Ranked where their facts tell what they do to the objective.")
    foods = Names(MOST_OFFERED)
    utilities = Names(MOST_OFFERED)
    infusions = serializers.ListField(
        child=Choice(choices=ATTRIBUTES), required=False, max_length=MOST_INFUSED, help_text="Attributes on offer."
    )
    infusion_count = serializers.IntegerField(required=False, min_value=1, max_value=MAX_INFUSIONS, default=18)
    keep_second_set = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Whether the weapons of set 2 keep their prefixes; else they follow set 1.",
    )
    constraints = Numbers(required=False, help_text=f"By name: {', '.join(CONSTRAINTS)}.")
    weights = Numbers(required=False, help_text="Of the objective weighted: damage, healing, survivability.")
    mode = Choice(required=False, choices=MODES, help_text="The build's own if absent.")
    boons = Numbers(required=False, help_text="Stacks by name; 25 might and fury if absent.")
    switches = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=20,
        help_text="Ids of traits whose conditional effects count.",
    )  # fmt: skip
    profile = GivenProfile(required=False, help_text="The build's own if absent, else an estimate.")


class OptimisedUpgrades(Document):
    """infusions: counts of +5 by attribute; null where the build keeps its own."""

    rune: int | None
    sigils: list[int]
    relic: int | None
    food: int | None
    utility: int | None
    infusions: dict[str, int] | None


class OptimisedSlot(Document):
    """worth: what the objective loses if only this slot keeps what it has; null where it has nothing, and for weapon
    set 2, which is not judged."""

    slot: str
    before: str | None
    after: str
    worth: float | None


class OptimisedGear(Document):
    """gear: slot to prefix. objective: what was made best; gain: of it, as a share of the present gear's. panel:
    attribute to value, under the boons of the answer."""

    gear: dict[str, str]
    upgrades: OptimisedUpgrades
    objective: float
    damage: float
    survivability: float
    healing: float
    gain: float | None
    changes: list[OptimisedSlot]
    panel: dict[str, float]


class JudgedProfile(Document):
    power_coefficient: float
    power2_coefficient: float
    condition_coefficients: dict[str, float]
    skill_attack_rate: float
    source: str


class GearOptimisation(Document):
    """status: optimal and infeasible are proven; cancelled means that the search was stopped or its time used up, and
    the results are the best so far. sensitivity: what 5 more points of an attribute add to the best objective. unknown:
    effects that the game data don't tell enough about to be counted."""

    status: str = Field(pattern="^(optimal|infeasible|cancelled)$")
    objective: str
    game_mode: Mode
    boons: dict[str, int]
    constraints: dict[str, float]
    prefixes: list[str]
    profile: JudgedProfile | None
    present: OptimisedGear | None
    results: list[OptimisedGear]
    sensitivity: dict[str, float]
    combinations: int
    evaluated: int
    seconds: float
    notes: list[str]
    unknown: list[str]


def gear_wish(wish: Mapping[str, Any], catalogue: Catalogue) -> GearWish:
    """wish: as OptimiseWish checks it. Raises InvalidInput for names that there are not."""
    return GearWish(
        objective=wish["objective"],
        constraints=wish.get("constraints", {}),
        weights=wish.get("weights", {}),
        choices=_choices(wish, catalogue),
        mode=wish.get("mode"),
        boons=wish.get("boons"),
        switches=tuple(wish.get("switches", ())),
        profile=DamageProfile(**wish["profile"], source="given") if "profile" in wish else None,
    )


def _choices(wish: Mapping[str, Any], catalogue: Catalogue) -> GearChoices:
    def ids(field: str, kind: str) -> tuple[Any, ...]:
        return tuple(_found(catalogue, field, kind, name) for name in wish.get(field, ()))

    return GearChoices(
        prefixes=ids("prefixes", "prefix"),
        runes=ids("runes", "rune"),
        sigils=tuple(
            tuple(_found(catalogue, "sigils", "sigil", name) for name in pair) for pair in wish.get("sigils", ())
        ),
        relics=ids("relics", "relic"),
        foods=ids("foods", "food"),
        utilities=ids("utilities", "utility"),
        infusions=tuple(wish.get("infusions", ())),
        infusion_count=wish["infusion_count"],
        keep_second_set=wish["keep_second_set"],
    )


def _found(catalogue: Catalogue, field: str, kind: str, name: str) -> Any:
    try:
        return catalogue.find(kind, name).id
    except UnknownName as error:
        raise InvalidInput(str(error), fields={field: [str(error)]}) from error
