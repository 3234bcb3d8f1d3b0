"""The hero panel of a build: `attributes`."""

from collections.abc import Mapping

from builds.engine import formulas
from builds.engine.attributes import gear
from builds.engine.attributes.boons import checked_boons
from builds.engine.attributes.ledger import Ledger
from builds.engine.attributes.model import AttributePanel
from builds.engine.attributes.names import PANEL
from builds.engine.attributes.readings import Balance, readings_of
from builds.engine.attributes.traits import add_traits, situation_of
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE, MODES
from builds.spec.model import BuildSpec
from gw2optimizer.errors import InvalidInput

BASE_CRITICAL_CHANCE = 0.05
BASE_CRITICAL_DAMAGE = 1.5
MIGHT_POINTS = 30
FURY: Mapping[Balance, float] = {"pve": 0.25, "wvw": 0.20, "pvp": 0.20}
NO_AMULETS = "PvP amulets are not in the data, so there is no panel for PvP."


def attributes(
    build: BuildSpec,
    catalogue: Catalogue,
    game_mode: str | None = None,
    boons: Mapping[str, float] | None = None,
    switches: frozenset[int] = frozenset(),
    *,
    weapon_set: int = 1,
) -> AttributePanel:
    """The panel out of combat, with one weapon set in hand. game_mode: the build's own where None. boons: name to
    stacks. switches: ids of the build's traits whose conditional effects count as met.
    Raises InvalidInput for a mode, boon, switch or weapon set that there is not, and for PvP without amulets."""
    mode = _checked_mode(game_mode or build.game_mode)
    chosen = checked_boons(boons)
    if weapon_set not in (1, 2):
        raise InvalidInput("This weapon set can't be used.", fields={"weapon_set": ["There are 1 and 2."]})
    balance: Balance = BALANCE_OF_MODE[mode]  # type: ignore[assignment]
    ledger = Ledger()
    _add_base(ledger, catalogue)
    conversions = []
    if balance == "pvp":
        _add_pvp_amulet(ledger, build, catalogue)
        gear.add_pvp_armor(ledger, build, catalogue, weapon_set)
    else:
        gear.add_gear(ledger, build, catalogue, weapon_set, wvw=balance == "wvw")
        gear.add_infusions(ledger, build, catalogue, weapon_set)
        gear.add_enrichment(ledger, build, catalogue)
        conversions = gear.add_consumables(ledger, build, catalogue)
    gear.add_runes(ledger, build, catalogue)
    gear.add_sigils(ledger, build, catalogue, weapon_set)
    _add_jade_bot(ledger, build, catalogue, balance)
    now = situation_of(build, catalogue, balance=balance, boons=chosen, switches=switches, weapon_set=weapon_set)
    if not any(build.specializations):
        ledger.missing.append("specializations")
    switched = add_traits(ledger, build, catalogue, now, readings_of(catalogue))
    for to, source, share, name in conversions:
        words = f"{name}, {share * 100:g} % of {source.replace('_', ' ')}"
        ledger.add(to, formulas.converted(ledger.pool.get(source, 0.0), share, "round"), words)
    _add_boons(ledger, chosen, balance)
    _add_derived(ledger, build)
    return AttributePanel(
        {name: ledger.attribute(name) for name in PANEL},
        switched,
        tuple(ledger.missing),
        tuple(ledger.notes),
        tuple(dict.fromkeys(ledger.unknown)),
        mode,
        weapon_set,
        chosen,
    )


def _checked_mode(mode: str) -> str:
    if mode not in MODES:
        message = f"There is no game mode “{mode[:40]}”. The modes are {', '.join(MODES)}."
        raise InvalidInput("This game mode can't be used.", fields={"mode": [message]})
    return mode


def _add_base(ledger: Ledger, catalogue: Catalogue) -> None:
    for attribute, points in catalogue.supplement["base_attributes"]["value"].items():
        ledger.add_to_pool(attribute, points, "Base")
    ledger.add("critical_chance", BASE_CRITICAL_CHANCE, "Base")
    ledger.add("critical_damage", BASE_CRITICAL_DAMAGE, "Base")


def _add_pvp_amulet(ledger: Ledger, build: BuildSpec, catalogue: Catalogue) -> None:
    if not catalogue.amulets:
        raise InvalidInput(NO_AMULETS)
    if build.pvp_amulet is None:
        ledger.missing.append("pvp_amulet")
        return
    amulet = ledger.find(catalogue.amulets, build.pvp_amulet, "amulet")
    if amulet is None:
        return
    for attribute, points in amulet.attributes.items():
        ledger.add_to_pool(attribute, points, amulet.name)


def _add_jade_bot(ledger: Ledger, build: BuildSpec, catalogue: Catalogue, balance: Balance) -> None:
    if not build.jade_bot_core:
        return
    if balance != "pve":
        ledger.note("The jade bot core counts in PvE only.")
        return
    for attribute, points in catalogue.supplement["jade_bot_core"]["value"].items():
        ledger.add_to_pool(attribute, points, "Jade bot core")


def _add_boons(ledger: Ledger, boons: Mapping[str, int], balance: Balance) -> None:
    """Source: the boons' descriptions. Boons feed no conversion."""
    if stacks := boons.get("might"):
        for attribute in ("power", "condition_damage"):
            ledger.add(attribute, MIGHT_POINTS * stacks, f"{stacks} × might")
    if "fury" in boons:
        ledger.add("critical_chance", FURY[balance], "Fury")


def _add_derived(ledger: Ledger, build: BuildSpec) -> None:
    total = ledger.sum
    ledger.add("critical_chance", formulas.critical_chance(total("precision")), "Precision")
    ledger.add("critical_damage", formulas.critical_damage(total("ferocity")), "Ferocity")
    ledger.add("boon_duration", formulas.duration(total("concentration")), "Concentration")
    ledger.add("condition_duration", formulas.duration(total("expertise")), "Expertise")
    ledger.add("health", formulas.HEALTH_WITHOUT_VITALITY[build.profession], build.profession)
    ledger.add("health", formulas.health_of_vitality(total("vitality")), "Vitality")
    before = total("health")
    for part in ledger.parts.get("maximum_health", ()):
        ledger.add("health", before * part.amount, part.source, trait=part.trait)
    ledger.add("armor", total("toughness"), "Toughness")
    power, chance = total("power"), total("critical_chance")
    ledger.add("effective_power", power, "Power")
    more = formulas.effective_power(power, chance, total("critical_damage")) - power
    ledger.add("effective_power", more, "Critical strikes")
    health = total("health")
    ledger.add("effective_health", health, "Health")
    ledger.add("effective_health", formulas.effective_health(health, total("armor")) - health, "Armor")
    for name in ("boon_duration", "condition_duration", "critical_chance"):
        if total(name) > 1 + 1e-9:
            ledger.note(f"{name.replace('_', ' ').capitalize()} above 100 % has no effect.")
