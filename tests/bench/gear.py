"""How long the gear optimiser takes to the proven optimum: `make bench-gear`. Bases are those of the solved problems
beside the checkout where they are, else of the tests' own ones. Ends with status 1 where a figure misses its target."""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builds.engine.gear import GearResult, optimize, parse_problem, warm
from builds.gamedata import Catalogue, load_packaged
from tests.gear import real_slots

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared" / "cases" / "gear_problems.json"
ROUNDS = 7
RANDOM_PROBLEMS = 200
ORDER = ("Berserker's", "Assassin's", "Viper's", "Diviner's", "Dragon's", "Seraph")
PREFIXES = ("Berserker's", "Assassin's", "Dragon's", "Marauder", "Diviner's", "Viper's")
TOUGH = ("Berserker's", "Nomad's", "Soldier's", "Sentinel's", "Minstrel's", "Wanderer's")
INFUSIONS = ("power", "precision", "condition_damage", "concentration")
FIRST_CALL = """
import json, re, sys, time
problem = json.loads(sys.stdin.read())
began = time.perf_counter()
from builds.engine.gear import optimize, parse_problem
loaded = time.perf_counter()
optimize(parse_problem(problem))
took = time.perf_counter() - loaded
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(1000 * (loaded - began), 1000 * took, int(peak[1]) / 1024)
"""

Document = dict[str, Any]


class Table:
    def __init__(self) -> None:
        self.missed = False

    def row(self, name: str, value: float, target: float | None, rest: str = "", unit: str = "ms") -> None:
        mark = ""
        if target is not None:
            mark = f"< {target:g}" + ("" if value < target else "  MISSED")
            self.missed |= value >= target
        print(f"{name:<52}{value:>10.2f} {unit:<3}{mark:<16}{rest}")  # noqa: T201 -- a bench prints

    def head(self, text: str) -> None:
        print(f"\n{text}")  # noqa: T201


def solved() -> list[Document]:
    path = SHARED if SHARED.exists() else ROOT / "tests" / "gear_problems.json"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def timed(document: Document) -> tuple[float, GearResult]:
    """Milliseconds from the decoded JSON to the answer, and the answer."""
    began = time.perf_counter()
    result = optimize(parse_problem(document))
    return 1000 * (time.perf_counter() - began), result


def typical(document: Document) -> tuple[float, GearResult]:
    measured = [timed(document) for _ in range(ROUNDS)]
    return statistics.median(spent for spent, _ in measured), measured[0][1]


def share(result: GearResult) -> str:
    return f"{result.combinations:>9.2g} combinations, {result.evaluated / result.combinations:.1e} of them scored"


def shaped(case: Document, prefixes: Sequence[str], slots: int, catalogue: Catalogue, **more: Any) -> Document:
    problem = {**case["problem"], "constraints": {}, "top": 1}
    return {**problem, "slots": real_slots(prefixes, slots, catalogue), **more}


def base_of(cases: list[Document], name: str) -> Document:
    """The case of that name, or the first one."""
    return next((case for case in cases if case["name"] == name), cases[0])


def with_infusions(document: Document, kinds: Sequence[str] = INFUSIONS) -> Document:
    options = [{"prefix": kind, "attributes": {kind: 5}} for kind in kinds]
    slots = [{"slot": f"infusion_{number}", "options": options} for number in range(18)]
    return {**document, "slots": [*document["slots"], *slots]}


def with_variants(document: Document, count: int) -> Document:
    """Rune x food x utility x sigil x relic, `count` of the 2,100."""
    runes = (
        {"power": 175, "ferocity": 100},
        {"precision": 175, "ferocity": 100},
        {"condition_damage": 175, "expertise": 100},
        {"power": 100, "concentration": 125},
        {"concentration": 175},
        {"vitality": 175},
        {"power": 175},
    )
    foods = ({"power": 100, "ferocity": 70}, {"precision": 100}, {"concentration": 100}, {"expertise": 100})
    utilities = (("power", "precision", "ferocity"), ("condition_damage", "precision", "expertise"), ("power", "power"))
    rates = (1.0, 1.05, 1.03, 1.07, 1.02)
    every = [(r, f, u, s, q) for r in range(7) for f in range(4) for u in range(3) for s in range(5) for q in range(5)]
    random.Random(3).shuffle(every)
    variants = []
    for rune, food, utility, sigil, relic in every[:count]:
        scenarios = json.loads(json.dumps(document["variants"][0]["scenarios"]))
        for scenario in scenarios:
            for given in (runes[rune], foods[food]):
                for name, points in given.items():
                    scenario["base"][name] = scenario["base"].get(name, 0) + points
            to, *sources = utilities[utility]
            scenario["conversions"].append([to, [[source, 0.03] for source in sources]])
            for name, rate in (("outgoing_strike_damage", sigil), ("outgoing_condition_damage", relic)):
                scenario["multipliers"][name] = scenario["multipliers"].get(name, 1) * rates[rate]
        variants.append({"name": f"{rune} {food} {utility} {sigil} {relic}", "scenarios": scenarios})
    return {**document, "variants": variants}


def bench_cases(table: Table, cases: list[Document]) -> None:
    measured = [(*typical(case["problem"]), case["name"]) for case in cases]
    slowest, result, name = max(measured, key=lambda row: row[0])
    table.head("The solved problems, with their five best results")
    table.row(f"{len(cases)} problems, in the middle", statistics.median(row[0] for row in measured), None)
    table.row("the slowest", slowest, 8, f"{share(result)}: {name}")


def bench_growth(table: Table, cases: list[Document], catalogue: Catalogue) -> None:
    case = base_of(cases, "Power Dragonhunter Virtues SP/GS")
    for slots in (13, 14):
        table.head(f"Growth: 2 to 6 prefixes in {slots} slots")
        for many in range(2, 7):
            spent, result = typical(shaped(case, ORDER[:many], slots, catalogue))
            target = 5 if (many, slots) == (4, 13) else None
            table.row(f"{many} prefixes, {slots} slots", spent, target, share(result))


def bench_kinds(table: Table, cases: list[Document], catalogue: Catalogue) -> None:
    table.head("Kinds of optimum: 6 prefixes in 14 slots")
    mixed = base_of(cases, "Power Troubadour")
    capped = json.loads(json.dumps(base_of(cases, "Power Dragonhunter Virtues SP/GS")))
    for variant in capped["problem"]["variants"]:
        for scenario in variant["scenarios"]:
            scenario["base"]["critical_chance"] = 0.4
    tight = {"constraints": {"min_boon_duration": 0.417}}
    for name, document in (
        ("mixed", shaped(mixed, PREFIXES, 14, catalogue)),
        ("at the critical cap", shaped(capped, PREFIXES, 14, catalogue)),
        ("tight boon minimum", shaped(capped, ORDER, 14, catalogue, **tight)),
        ("mixed, tight boon minimum", shaped(mixed, ORDER, 14, catalogue, **tight)),
    ):
        spent, result = typical(document)
        chance = result.results[0].attributes["critical_chance"]
        worn = len(set(result.results[0].prefixes))
        table.row(name, spent, 500, f"{share(result)}; {worn} prefixes worn, critical chance {chance:.3f}")


def bench_random(table: Table, cases: list[Document], catalogue: Catalogue) -> None:
    rng = random.Random(1)
    names = [prefix.name for prefix in catalogue.prefixes.values() if prefix.trinket and prefix.armor_weapon]
    spent, boxed, answers = [], [], []
    for _ in range(RANDOM_PROBLEMS):
        limit = {"min_boon_duration": round(rng.uniform(0, 0.7), 3)}
        document = shaped(rng.choice(cases), rng.sample(names, 6), 14, catalogue, constraints=limit)
        took, result = timed(document)
        spent.append(took)
        boxed.append(result.evaluated / result.combinations)
        answers.append(result.status)
    spent.sort()
    table.head(f"{RANDOM_PROBLEMS} random problems: 6 of {len(names)} prefixes, 14 slots, a random boon minimum")
    table.row("median", statistics.median(spent), 40, f"{answers.count('infeasible')} infeasible")
    table.row("nine of ten", spent[int(0.9 * len(spent))], None)
    table.row("worst", spent[-1], 500, f"scored at most {max(boxed):.1e} of the combinations")


def bench_variants(table: Table, cases: list[Document], catalogue: Catalogue) -> None:
    case = base_of(cases, "Quickness Power Firebrand")
    table.head("Prefixes x infusions x rune, sigil, relic, food and utility")
    infused = with_infusions(shaped(case, ORDER[:4], 14, catalogue))
    for name, document, target in (
        ("4 prefixes, 18 infusions", infused, None),
        ("4 prefixes, 18 infusions, 84 variants", with_variants(infused, 84), 120),
        ("4 prefixes, 18 infusions, 2,000 variants", with_variants(infused, 2000), 2000),
    ):
        spent, result = typical(document)
        table.row(name, spent, target, share(result))


def bench_ties(table: Table, cases: list[Document], catalogue: Catalogue) -> None:
    """Much on offer does nothing for the objective, so that thousands of choices are worth the same."""
    table.head("The ten best of 6 prefixes in 14 slots x 18 infusions x 400 variants, with many ties")
    shape = shaped(base_of(cases, "Quickness Power Firebrand"), TOUGH, 14, catalogue, top=10)
    for objective, limits, kinds in (
        ("survivability", {"min_health": 18000}, INFUSIONS),
        ("survivability", {"min_boon_duration": 0.5}, INFUSIONS),
        ("healing", {"min_health": 18000}, INFUSIONS),
        ("damage", {"max_toughness": 1500}, ("healing_power", "concentration", "vitality", "toughness")),
    ):
        wish = {"objective": objective, "constraints": limits}
        spent, result = typical(with_variants({**with_infusions(shape, kinds), **wish}, 400))
        name = ", ".join((objective, *(f"{limit} {value}" for limit, value in limits.items())))
        table.row(name, spent, 2000, share(result))


def in_new_process(document: Document) -> list[float]:
    """Milliseconds to import the optimiser, milliseconds of the first call, and megabytes at the peak."""
    answer = subprocess.run(
        [sys.executable, "-c", FIRST_CALL],
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return [float(number) for number in answer.stdout.split()]


def bench_process(table: Table, cases: list[Document], catalogue: Catalogue) -> None:
    table.head("A new process, the cache filled")
    small = base_of(cases, "Quickness Power Firebrand")["problem"]
    loads, calls, empty = zip(*(in_new_process(small) for _ in range(5)), strict=True)
    large = shaped(base_of(cases, "Hybrid FB Virtues"), ORDER, 14, catalogue, top=10)
    infused = with_variants(with_infusions(shaped(base_of(cases, "Hybrid FB Virtues"), ORDER, 14, catalogue)), 84)
    table.row("import, with numba and numpy", statistics.median(loads), None, "by the server when it starts")
    table.row("first call", statistics.median(calls), 300)
    table.row("memory at the peak, small problem", max(empty), 200, "most of it numba's own", unit="MB")
    table.row("memory at the peak, 6 prefixes, 14 slots", in_new_process(large)[2], 200, unit="MB")
    table.row("the same, 18 infusions, 84 variants", in_new_process(infused)[2], 200, unit="MB")


def main() -> int:
    warm()
    cases = solved()
    catalogue = load_packaged()
    table = Table()
    bench_cases(table, cases)
    bench_growth(table, cases, catalogue)
    bench_kinds(table, cases, catalogue)
    bench_random(table, cases, catalogue)
    bench_variants(table, cases, catalogue)
    bench_ties(table, cases, catalogue)
    bench_process(table, cases, catalogue)
    return int(table.missed)


if __name__ == "__main__":
    sys.exit(main())
