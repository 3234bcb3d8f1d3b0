"""Random gear problems, and the answer of plain enumeration to them."""

import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

from builds.engine.gear import GearProblem, names, parse_problem
from builds.engine.gear.reference import Evaluation, allowed, evaluate
from builds.gamedata import Catalogue
from builds.gamedata.model import Prefix

POINTS = names.POINT_ATTRIBUTES[:9]
SIZES = (63, 47, 141, 94, 157, 126, 110, 251, 5)
ARMOR = ("helm", "shoulders", "coat", "gloves", "leggings", "boots")
ITEMS = {
    **{slot: f"Armor:{slot.title()}" for slot in ARMOR},
    "amulet": "Trinket:Amulet",
    "ring_1": "Trinket:Ring",
    "ring_2": "Trinket:Ring",
    "accessory_1": "Trinket:Accessory",
    "accessory_2": "Trinket:Accessory",
    "back": "Back",
}
ONE_WEAPON = {"weapon": "Weapon:Staff"}
TWO_WEAPONS = {"weapon_1": "Weapon:Sword", "weapon_2": "Weapon:Sword"}


def points_of(prefix: Prefix, item: str, catalogue: Catalogue) -> dict[str, int]:
    """Of an ascended item, such as Armor:Helm."""
    line = prefix.trinket if item.startswith(("Trinket", "Back")) else prefix.armor_weapon
    assert line is not None
    adjustment = catalogue.item_slots["attribute_adjustment"]["Ascended"][item]
    return {name: round(adjustment * multiplier + value) for name, multiplier, value in line.attributes}


def real_slots(prefixes: Sequence[str], many: int, catalogue: Catalogue) -> list[dict[str, Any]]:
    """many: 13 with one weapon, 14 with two."""
    items = {**ITEMS, **(ONE_WEAPON if many == 13 else TWO_WEAPONS)}
    return [
        {
            "slot": slot,
            "options": [
                {"prefix": name, "attributes": points_of(catalogue.prefixes[name], item, catalogue)}
                for name in prefixes
            ],
        }
        for slot, item in items.items()
    ]


def _scenario(rng: random.Random) -> dict[str, Any]:
    def often(chance: float, **values: Any) -> dict[str, Any]:
        return {name: rng.choice(value) for name, value in values.items()} if rng.random() < chance else {}

    base = {
        **often(1, power=(1000, 1275, 1210.5), precision=(900, 1000, 1500), ferocity=(0, 300, 502.6)),
        **often(
            1, critical_chance=(0.05, 0.3, 0.7, 0), critical_damage=(1.5, 1.5, 1.5, 0.7), condition_damage=(0, 500)
        ),
        **often(1, toughness=(1000,), vitality=(1000,), armor=(967,), health=(1645, 9212), agony_resistance=(0, 162)),
        **often(0.5, expertise=(0, 120), concentration=(0, 225), healing_power=(0, 225)),
        **often(0.7, power_coefficient=(500, 3339)),
        **often(0.3, power2_coefficient=(743,), phantasm_critical_damage=(1.5,), phantasm_critical_chance=(0.2,)),
        **often(0.3, alternative_power=(100,), alternative_critical_chance=(0, -0.2)),
        **often(0.2, noncrit_power_coefficient=(235,), siphon_base_coefficient=(139.75,), siphon_coefficient=(0.155,)),
        **often(0.2, flat_dps=(1000,), quickness_duration=(0.25,)),
        **often(0.3, condition_duration=(0.2, 0.5), condition_duration_uncapped=(0, 0.089)),
        **often(0.4, boon_duration=(0.15,), maximum_health=(-0.25, 0.1), outgoing_healing=(0.3,)),
    }
    for condition in names.DAMAGING_CONDITIONS:
        base |= often(0.4, **{f"{condition}_coefficient": (rng.uniform(0, 20),)})
        base |= often(0.3, **{f"{condition}_duration": (0.2, 0.33, 0.9, 1.05)})
    multipliers = {name: rng.choice((1, 1.25, 1.9, 0.5)) for name in names.MULTIPLIERS if rng.random() < 0.4}
    return {
        "weight": rng.choice((1, 0.3, 0.5)),
        "base": base,
        "multipliers": multipliers,
        "bonuses": [[rng.choice(POINTS), rng.choice((750, 78, -50, 12.5))] for _ in range(rng.randint(0, 3))],
        "conversions": [_conversion(rng) for _ in range(rng.randint(0, 5))],
        "conversions_after_bonuses": [_late_conversion(rng) for _ in range(rng.choice((0, 0, 1, 2)))],
    }


def _conversion(rng: random.Random) -> list[Any]:
    usual = (*POINTS, "armor", "outgoing_healing", "critical_chance")
    to = rng.choice(usual if rng.random() < 0.9 else names.ATTRIBUTES)
    sources = []
    for _ in range(rng.randint(1, 2)):
        source = rng.choice((*POINTS, "agony_resistance", "armor") if rng.random() < 0.9 else names.ATTRIBUTES)
        share = rng.choice((0.03, 0.06, 0.1, 0.24, 0.13, 1.5))
        if to not in names.POINT_ATTRIBUTES:
            share *= 1e-4 if source in names.POINT_ATTRIBUTES else 0.01
        sources.append([source, share])
    return [to, sources]


def _late_conversion(rng: random.Random) -> list[Any]:
    kind = rng.random()
    if kind < 0.6:
        to = rng.choice(("bleeding_coefficient", "burning_coefficient"))
        return [to, [[rng.choice(names.CRITICAL_CHANCES), rng.choice((3.83, 4.25))]]]
    if kind < 0.8:
        return ["flat_dps", [["power", 0.1374]]]
    if kind < 0.9:
        return ["power", [["critical_chance", 120], ["vitality", 0.1]]]
    return [rng.choice(names.ATTRIBUTES), [[rng.choice(names.ATTRIBUTES), 0.01]]]


def _slots(rng: random.Random) -> list[dict[str, Any]]:
    prefixes = {
        f"P{i}": {name: rng.choice((1, 0.7, 0.7, 0.55)) for name in rng.sample(POINTS, rng.randint(1, 4))}
        for i in range(rng.randint(1, 4))
    }
    sizes = [rng.choice(SIZES) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.6:
        sizes = [rng.choice(sizes) for _ in sizes]
    slots = []
    for place, size in enumerate(sizes):
        options = [
            {"prefix": prefix, "attributes": {name: round(3 * size * share) for name, share in shares.items()}}
            for prefix, shares in prefixes.items()
        ]
        if rng.random() < 0.3:
            rng.shuffle(options)
        slots.append({"slot": f"slot {place}", "options": options})
    if rng.random() < 0.2:
        foods = (
            {"condition_duration": 0.1},
            {"power": 100, "critical_chance": 0.05},
            {rng.choice(names.ATTRIBUTES): 0.2},
        )
        options = [{"prefix": f"food {i}", "attributes": food} for i, food in enumerate(foods)]
        slots.append({"slot": "food", "options": options})
    return slots


def random_document(seed: int) -> dict[str, Any]:
    """A small problem with everything that a problem may have; its limits lie where some choices meet them."""
    rng = random.Random(seed)
    document = {
        "schema": names.SCHEMA,
        "profession": rng.choice(("Mesmer", "Thief", "Guardian")),
        "objective": rng.choice(names.OBJECTIVES),
        "skill_attack_rate": rng.choice((0, 0.4)),
        "target_moving": rng.choice((0, 0.3, 1)),
        "tweaks": rng.choice(([], ["inferno_burning_damage"])),
        "slots": _slots(rng),
        "variants": [
            {"name": f"variant {i}", "scenarios": [_scenario(rng) for _ in range(rng.choice((1, 1, 2, 3)))]}
            for i in range(rng.choice((1, 1, 2, 3)))
        ],
        "top": rng.choice((1, 1, 2, 3, 5, 10)),
    }
    return {**document, "constraints": _limits(rng, enumerate_choices(parse_problem(document)))}


def tied_document(seed: int) -> dict[str, Any]:
    """A problem of many ties: options and variants that differ in nothing that counts, options nowhere better than
    others, and often a limit from above; a third has points that no sum of is exact."""
    rng = random.Random(seed)
    document = random_document(seed)
    document["objective"] = rng.choice(names.OBJECTIVES)
    grain = rng.choice((1, 0.5, 0.1))
    kinds = rng.sample(POINTS, rng.randint(1, 3))
    groups = [(rng.choice(SIZES), rng.choice((1, 2, 3))) for _ in range(rng.randint(1, 2))]
    document["slots"] = [
        {"slot": f"{size} {group} {place}", "options": _tied_options(random.Random(seed + group), kinds, size * grain)}
        for group, (size, many) in enumerate(groups)
        for place in range(many)
    ]
    variants = [variant["scenarios"] for variant in document["variants"][:2]]
    document["variants"] = [
        {"name": str(number), "scenarios": _dressed(rng, rng.choice(variants))} for number in range(rng.randint(1, 9))
    ]
    document["top"] = rng.choice((1, 2, 3, 10, 25))
    evaluations = enumerate_choices(parse_problem({**document, "constraints": {}}))
    limits = _limits(rng, evaluations)
    if rng.random() < 0.5:
        limits["max_toughness"] = max(0.0, rng.choice(evaluations).attributes["toughness"])
    return {**document, "constraints": limits}


def _tied_options(rng: random.Random, kinds: Sequence[str], size: float) -> list[dict[str, Any]]:
    """Of a few kinds of points, so that some are the same, and some nowhere better, whatever counts."""
    return [
        {"prefix": f"P{i}", "attributes": {name: rng.choice((1, 1, 2)) * size for name in rng.sample(kinds, many)}}
        for i, many in enumerate(rng.randint(1, len(kinds)) for _ in range(rng.randint(2, 4)))
    ]


def _dressed(rng: random.Random, scenarios: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """In a rune and a sigil."""
    name, points = rng.choice(POINTS), rng.choice((0, 175, 175.5))
    factor, times = rng.choice(names.MULTIPLIERS), rng.choice((1, 1.05))
    return [
        {
            **scenario,
            "base": {**scenario["base"], name: scenario["base"].get(name, 0) + points},
            "multipliers": {**scenario["multipliers"], factor: scenario["multipliers"].get(factor, 1) * times},
        }
        for scenario in scenarios
    ]


LIMITED: dict[str, Callable[[Evaluation], float]] = {
    "min_boon_duration": lambda e: e.attributes["boon_duration"],
    "min_quickness_duration": lambda e: e.attributes["boon_duration"] + e.attributes["quickness_duration"],
    "min_critical_chance": lambda e: e.attributes["critical_chance"],
    "min_outgoing_healing": lambda e: e.attributes["outgoing_healing"],
    "min_toughness": lambda e: e.attributes["toughness"],
    "max_toughness": lambda e: e.attributes["toughness"],
    "min_health": lambda e: e.attributes["health"],
    "min_healing_power": lambda e: e.attributes["healing_power"],
    "min_damage": lambda e: e.scores["damage"],
    "min_survivability": lambda e: e.scores["survivability"],
    "min_healing": lambda e: e.scores["healing"],
}


def _limits(rng: random.Random, evaluations: Sequence[Evaluation]) -> dict[str, float]:
    limits = {}
    for name in rng.sample(sorted(LIMITED), rng.choice((0, 1, 1, 2, 3))):
        limit = rng.choice([LIMITED[name](evaluation) for evaluation in evaluations])
        if rng.random() < 0.1:
            limit *= 1.3
        if 0 <= limit < 1e9:
            limits[name] = limit
    return limits


def enumerate_choices(problem: GearProblem) -> list[Evaluation]:
    """All choices; those that only exchange equal slots count as one."""
    alike: dict[Any, list[int]] = {}
    for place, slot in enumerate(problem.slots):
        offered = tuple(sorted((option.prefix, tuple(sorted(option.attributes.items()))) for option in slot.options))
        alike.setdefault(offered, []).append(place)
    evaluations = {}
    for number, variant in enumerate(problem.variants):
        for choice in itertools.product(*(range(len(slot.options)) for slot in problem.slots)):
            worn = [problem.slots[place].options[option].prefix for place, option in enumerate(choice)]
            key = (number, *(tuple(sorted(worn[place] for place in places)) for places in alike.values()))
            if key not in evaluations:
                evaluations[key] = evaluate(problem, variant, choice)
    return list(evaluations.values())


def enumerated_best(problem: GearProblem) -> list[float]:
    """The objectives of the best results, as many as the problem asks for."""
    values = [
        evaluation.scores[problem.objective]
        for evaluation in enumerate_choices(problem)
        if allowed(problem, evaluation)
    ]
    return sorted(values, reverse=True)[: problem.top]
