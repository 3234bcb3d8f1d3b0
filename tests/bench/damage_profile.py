"""How near the estimated damage profile comes to measured damage: `python -m tests.bench.damage_profile`.

Library builds with a benchmark are dealt by the hash of their key: a third is kept out of the tuning of the two scales.
The error is of the damage in the build's own gear, with 25 might and fury, against the benchmark. The gear that the
estimate chooses is judged by tests.bench.published_profiles, and told here."""

import hashlib
import itertools
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace

from builds.engine.gear import optimize, parse_problem
from builds.engine.gear.names import SCHEMA
from builds.engine.optimise.estimate import CONDITION_SCALE, POWER_SCALE, estimated_profile
from builds.engine.optimise.problem import Circumstances, body_of, piece_points, searched_slots
from builds.gamedata import Catalogue, load_packaged
from builds.library.records import LibraryRecord, packaged_records
from builds.spec.model import BuildSpec, DamageProfile
from tests.bench.published_profiles import BOONS, judged

STEPS = [step / 20 for step in range(10, 101)]
LOSS = 0.02


@dataclass(frozen=True, slots=True)
class Measured:
    """power, condition: damage per second of the estimate, without the scales."""

    name: str
    benchmark: float
    power: float
    condition: float

    def error(self, power_scale: float, condition_scale: float) -> float:
        estimate = power_scale * self.power + condition_scale * self.condition
        return abs(estimate - self.benchmark) / self.benchmark


def kept_out(record: LibraryRecord) -> bool:
    return hashlib.sha256(record.key.encode()).digest()[-1] % 3 == 0


def damage(build: BuildSpec, catalogue: Catalogue, profile: DamageProfile) -> float:
    """In the build's own gear."""
    scenario = body_of(build, catalogue, Circumstances(build.game_mode, BOONS), profile).scenario
    for slot in searched_slots(build):
        piece = build.gear.get(slot)
        if piece is not None and piece.prefix:
            for name, points in piece_points(build, catalogue, slot, piece.prefix, wvw=False).items():
                scenario["base"][name] += points
    document = {
        "schema": SCHEMA,
        "profession": build.profession,
        "objective": "damage",
        "skill_attack_rate": profile.skill_attack_rate,
        "slots": [{"slot": "all", "options": [{"prefix": "own", "attributes": {}}]}],
        "variants": [{"name": "own", "scenarios": [scenario]}],
    }
    return optimize(parse_problem(document)).results[0].damage


def measured(record: LibraryRecord, catalogue: Catalogue) -> Measured:
    build = record.spec
    profile = estimated_profile(build, catalogue, build.game_mode)
    power = damage(build, catalogue, replace(profile, condition_coefficients={}))
    condition = damage(build, catalogue, replace(profile, power_coefficient=0.0))
    return Measured(build.name, build.benchmark_dps or 0.0, power / POWER_SCALE, condition / CONDITION_SCALE)


def median_error(rows: Iterable[Measured], power_scale: float, condition_scale: float) -> float:
    return statistics.median(row.error(power_scale, condition_scale) for row in rows)


def main() -> None:
    catalogue = load_packaged()
    records = [r for r in packaged_records() if r.spec.benchmark_dps and r.spec.gear]
    tuned = [measured(record, catalogue) for record in records if not kept_out(record)]
    kept = [measured(record, catalogue) for record in records if kept_out(record)]
    best = min(itertools.product(STEPS, STEPS), key=lambda scales: median_error(tuned, *scales))
    scales = (POWER_SCALE, CONDITION_SCALE)
    print(f"scales in use    power {scales[0]:.2f}, condition {scales[1]:.2f}")  # noqa: T201 -- a bench prints
    print(f"best for tuning  power {best[0]:.2f}, condition {best[1]:.2f}")  # noqa: T201
    for name, rows in (("tuning", tuned), ("kept out", kept)):
        print(f"{name:<9}{len(rows):>4} builds, median error {median_error(rows, *scales):.1%}")  # noqa: T201
    for row in sorted(kept, key=lambda row: -row.error(*scales))[:5]:
        print(f"  farthest: {row.name}, off by {row.error(*scales):.0%}")  # noqa: T201
    show_gear(catalogue)


def show_gear(catalogue: Catalogue) -> None:
    library = {record.key: record for record in packaged_records()}
    rows = judged(library, catalogue)
    groups = {
        "every pair": rows,
        "the same build": [row for row in rows if row.same],
        "kept out": [row for row in rows if kept_out(library[row.key])],
    }
    print(f"gear by the estimate: share that loses at most {LOSS:.0%} by the published profile")  # noqa: T201
    for name, group in groups.items():
        shares = (
            f"{offer} {sum(getattr(row, offer) <= LOSS for row in group) / len(group):.0%}"
            for offer in ("own", "usual", "every", "library")
        )
        print(f"  {name:<15}{len(group):>3} pairs: {', '.join(shares)}" if group else f"  {name}: none")  # noqa: T201
    for row in rows:
        if max(row.own, row.usual, row.every, row.library) > LOSS:
            told = f"own {row.own:.1%}, usual {row.usual:.1%}, every {row.every:.1%}, library {row.library:.1%}"
            print(f"  {row.case} loses: {told}")  # noqa: T201


if __name__ == "__main__":
    main()
