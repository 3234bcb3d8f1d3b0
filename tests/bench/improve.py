"""Whether `improve` finds its way back: `make bench-improve`, `python -m tests.bench.improve`.

Three traits, two skills (of a revenant: the legends), and all prefixes of each fresh, complete library build are drawn
anew, and `improve` is asked for the build's role and mode. Counted is the share that regains the score of the published
build, which the search never sees: it is given other library builds of the specialization, and never the build itself
nor one that is played alike. `--far` is harder: no build of the same specialization and role is lent that differs in
fewer than NEAR choices, and what is found is compared with the published build itself, choice by choice, and its
estimated damage with the benchmark. `--yardsticks` prints what the parts of roles.toml are measured by instead;
`--claims` what `improve` says that it gains on the published builds as they are."""

# ruff: noqa: T201 -- a bench prints

import argparse
import random
import statistics
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from builds.engine.gear import warm
from builds.engine.improve import improve, options, score
from builds.engine.improve.fitting import with_legends, with_skill, with_trait
from builds.engine.improve.judge import Judge
from builds.engine.improve.locks import SKILLS
from builds.engine.improve.seeds import nearest
from builds.engine.optimise.damage import damage_of
from builds.gamedata import Catalogue, load_packaged
from builds.library.records import LibraryRecord, packaged_records
from builds.recommend.better import searched
from builds.spec.model import TRINKET_SLOTS, BuildSpec
from builds.spec.template import with_code

TRAITS, CHANGED_SKILLS = 3, 2
WORN = 12
"""Pieces with a prefix, below which a build does not count as complete."""
NEAR = 8
"""Of nine traits, five skills and two weapon sets: a build that differs in fewer is a near neighbour."""


def complete(record: LibraryRecord) -> bool:
    build = record.spec
    return (
        not record.stale
        and bool(build.role)
        and all(line is not None and all(line.traits) for line in build.specializations)
        and all(build.skills.ids)
        and bool(build.weapon_sets)
        and sum(piece.prefix is not None for piece in build.gear.values()) >= WORN
    )


def scrambled(build: BuildSpec, catalogue: Catalogue, chance: random.Random) -> BuildSpec:
    places = chance.sample([(line, tier) for line in range(3) for tier in range(3)], TRAITS)
    for index, tier in places:
        line = build.specializations[index]
        assert line is not None
        others = [t for t in catalogue.specializations[line.specialization].choices(tier + 1) if t != line.traits[tier]]
        build = with_trait(build, index, tier, chance.choice(others))
    if build.profession == "Revenant":
        known = options.legends(build, catalogue)
        pairs = [(one, two) for one in known for two in known if one != two and (one, two) != build.legends_land]
        build = with_legends(build, chance.choice(pairs), catalogue)
    else:
        for place in chance.sample(SKILLS, CHANGED_SKILLS):
            known_skills = options.skills(build, options.SLOT_OF_PLACE[place], catalogue)
            unused = [id_ for id_ in known_skills if id_ not in build.skills.ids]
            build = with_skill(build, place, chance.choice(unused))
    trinkets = sorted(p.name for p in catalogue.prefixes.values() if p.trinket)
    worn = sorted(p.name for p in catalogue.prefixes.values() if p.armor_weapon)
    gear = {
        slot: replace(piece, prefix=chance.choice(trinkets if slot in TRINKET_SLOTS else worn))
        for slot, piece in build.gear.items()
    }
    return with_code(replace(build, gear=gear), catalogue)


@dataclass(frozen=True, slots=True)
class Row:
    """published, scrambled, regained: scores. seconds: by the clock; processor: what the search itself took of it, on a
    machine that has other work."""

    record: LibraryRecord
    published: float
    scrambled: float
    regained: float
    seconds: float
    processor: float
    evaluations: int

    @property
    def back(self) -> bool:
        return self.regained >= self.published - 1e-9


def row(record: LibraryRecord, records: Sequence[LibraryRecord], catalogue: Catalogue) -> Row:
    build = record.spec
    broken = scrambled(build, catalogue, random.Random(zlib.crc32(record.key.encode())))
    others = others_of(record, records, catalogue)
    began = time.process_time()
    found = improve(broken, catalogue, seeds=others)
    processor = time.process_time() - began
    published = score(build, catalogue).total
    assert found.before is not None
    return Row(record, published, found.before.total, found.after.total, found.seconds, processor, found.evaluations)


def others_of(record: LibraryRecord, records: Iterable[LibraryRecord], catalogue: Catalogue) -> list[BuildSpec]:
    """Without the build itself, and without those whose traits and skills are the same under another name."""
    build = record.spec
    others = [one.spec for one in records if one.key != record.key and not one.stale]
    unlike = [one for one in others if (one.specializations, one.skills) != (build.specializations, build.skills)]
    return nearest(build, unlike, catalogue)


# --- far from all that is lent -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Far:
    """published, found: scores. traits, skills, prefixes: share of the published build's that the found one has.
    mended_traits, mended_skills: of those that were drawn anew, the share that came back. estimated, claimed: damage of
    the published build and of the found one by the estimate, over the benchmark; believed: as the score counts it; None
    without a benchmark."""

    record: LibraryRecord
    lent: int
    published: float
    found: float
    traits: float
    skills: float
    prefixes: float
    mended_traits: float
    mended_skills: float
    estimated: float | None
    claimed: float | None
    believed: float | None
    processor: float


def traits_of(build: BuildSpec) -> set[int | None]:
    return {trait for line in build.specializations if line for trait in line.traits}


def differing(one: BuildSpec, other: BuildSpec) -> int:
    """Choices of the first that the second lacks."""
    pairs = (
        (traits_of(one), traits_of(other)),
        (set(one.skills.ids), set(other.skills.ids)),
        (set(one.weapon_sets), set(other.weapon_sets)),
    )
    return sum(len(mine - theirs) for mine, theirs in pairs)


def far_others_of(record: LibraryRecord, records: Iterable[LibraryRecord], catalogue: Catalogue) -> list[BuildSpec]:
    build = record.spec

    def is_near(other: BuildSpec) -> bool:
        same = options.elite_of(other, catalogue) == options.elite_of(build, catalogue) and other.role == build.role
        return same and differing(build, other) < NEAR

    return [other for other in others_of(record, records, catalogue) if not is_near(other)]


def far_row(record: LibraryRecord, records: Sequence[LibraryRecord], catalogue: Catalogue) -> Far:
    build = record.spec
    broken = scrambled(build, catalogue, random.Random(zlib.crc32(record.key.encode())))
    lent = far_others_of(record, records, catalogue)
    began = time.process_time()
    result = improve(broken, catalogue, seeds=lent)
    processor = time.process_time() - began
    found = result.build
    lost_traits, lost_skills = (
        traits_of(build) - traits_of(broken),
        set(build.skills.ids) - set(broken.skills.ids),
    )
    worn = [slot for slot, piece in build.gear.items() if piece.prefix and slot in found.gear]
    benchmark = build.benchmark_dps
    judge = Judge(catalogue, build.role, build.game_mode)
    claimed = damage_of(found, catalogue).total if benchmark else 0.0
    return Far(
        record,
        len(lent),
        score(build, catalogue).total,
        result.after.total,
        len(traits_of(build) & traits_of(found)) / len(traits_of(build)),
        len(set(build.skills.ids) & set(found.skills.ids)) / len(set(build.skills.ids)),
        sum(found.gear[slot].prefix == build.gear[slot].prefix for slot in worn) / len(worn),
        len(lost_traits & traits_of(found)) / len(lost_traits),
        len(lost_skills & set(found.skills.ids)) / len(lost_skills) if lost_skills else 1.0,
        damage_of(build, catalogue).total / benchmark if benchmark else None,
        claimed / benchmark if benchmark else None,
        judge.parts["damage"].believed(claimed, judge.balance) / benchmark if benchmark else None,
        processor,
    )


def measure_far(records: Sequence[LibraryRecord], catalogue: Catalogue, most: int | None) -> None:
    rows = [far_row(record, records, catalogue) for record in sample(records, most)]
    by_role: dict[str, list[Far]] = defaultdict(list)
    for one in rows:
        by_role[one.record.spec.role or ""].append(one)
    print(
        f"{'role':<20}{'builds':>7}{'regain':>8}{'score':>7}{'traits':>8}{'skills':>8}{'prefixes':>10}"
        f"{'traits back':>13}{'skills back':>13}"
    )
    for role, of_role in [*sorted(by_role.items()), ("all", rows)]:
        ratio = statistics.median(one.found / one.published for one in of_role)
        shares = [
            statistics.mean(getattr(one, name) for one in of_role)
            for name in ("traits", "skills", "prefixes", "mended_traits", "mended_skills")
        ]
        back = sum(one.found >= one.published - 1e-9 for one in of_role) / len(of_role)
        told = "".join(f"{share:>{width}.0%}" for share, width in zip(shares, (8, 8, 10, 13, 13), strict=True))
        print(f"{role:<20}{len(of_role):>7}{back:>8.1%}{ratio:>7.2f}{told}")
    print(
        f"builds lent: median {statistics.median(one.lent for one in rows):g}, "
        f"none for {sum(not one.lent for one in rows)}"
    )
    for name, what in (
        ("estimated", "the published build by the estimate"),
        ("claimed", "what is found, by the estimate"),
        ("believed", "what is found, as the score counts it"),
    ):
        ratios = sorted(ratio for one in rows if (ratio := getattr(one, name)) is not None)
        places = [ratios[int(share * (len(ratios) - 1))] for share in (0.1, 0.5, 0.9, 1.0)]
        told = ", ".join(
            f"{place} {ratio:.2f}" for place, ratio in zip(("10 %", "50 %", "90 %", "most"), places, strict=True)
        )
        print(f"damage over benchmark, {what}: {told} ({len(ratios)} builds)")
    print(
        f"processor: median {statistics.median(one.processor for one in rows):.2f} s, "
        f"most {max(one.processor for one in rows):.2f} s"
    )


def sample(records: Sequence[LibraryRecord], most: int | None) -> list[LibraryRecord]:
    chosen = [record for record in records if complete(record)]
    return random.Random(1).sample(chosen, min(most, len(chosen))) if most else chosen


def measure(records: Sequence[LibraryRecord], catalogue: Catalogue, most: int | None) -> None:
    rows = [row(record, records, catalogue) for record in sample(records, most)]
    by_role: dict[str, list[Row]] = defaultdict(list)
    for one in rows:
        by_role[one.record.spec.role or ""].append(one)
    print(
        f"{'role':<20}{'builds':>7}{'regain':>8}{'published':>11}{'scrambled':>11}{'improved':>10}{'seconds':>9}{'processor':>11}"
    )
    for role, of_role in [*sorted(by_role.items()), ("all", rows)]:
        median = {
            name: statistics.median(getattr(one, name) for one in of_role)
            for name in ("published", "scrambled", "regained", "seconds", "processor")
        }
        print(
            f"{role:<20}{len(of_role):>7}{sum(one.back for one in of_role) / len(of_role):>8.1%}"
            f"{median['published']:>11.1f}{median['scrambled']:>11.1f}{median['regained']:>10.1f}{median['seconds']:>9.2f}"
            f"{median['processor']:>11.2f}"
        )
    worst = max(rows, key=lambda one: one.processor)
    slowest = max(one.seconds for one in rows)
    print(
        f"worst {slowest:.2f} s by the clock, {worst.processor:.2f} s of processor time ({worst.record.spec.name}, "
        f"{worst.evaluations} builds judged)"
    )
    for one in rows:
        if not one.back:
            print(f"  not regained: {one.record.spec.name}, {one.published:.1f} -> {one.regained:.1f}")


def claims(records: Sequence[LibraryRecord], catalogue: Catalogue, most: int | None) -> None:
    """Published builds are near their best in truth, so what is claimed to be gained on them is mostly error. As
    recommendations search."""
    gains = []
    for record in sample(records, most):
        build = record.spec
        found = searched(build, others_of(record, records, catalogue), catalogue, build.role or "")
        assert found.before is not None
        gains.append(found.gain / found.before.total)
    gains.sort()
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        print(f"claimed gain, {share:.0%} of the builds below: {gains[int(share * len(gains))]:.1%}")


def yardsticks(records: Sequence[LibraryRecord], catalogue: Catalogue) -> None:
    measured: dict[tuple[str, str], list[float]] = defaultdict(list)
    for record in records:
        if complete(record):
            judge = Judge(catalogue, record.spec.role, record.spec.game_mode)
            numbers = judge.numbers(record.spec)
            for name in judge.weights:
                measured[name, judge.balance].append(numbers[name])
    for (name, balance), numbers_of in sorted(measured.items()):
        numbers_of.sort()
        quarters = [numbers_of[int(share * len(numbers_of))] for share in (0.25, 0.5, 0.75)]
        told = "".join(f"{number:>12.2f}" for number in quarters)
        print(f"{name:<16}{balance:<5}{len(numbers_of):>5} builds{told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yardsticks", action="store_true")
    parser.add_argument("--claims", action="store_true")
    parser.add_argument("--far", action="store_true")
    parser.add_argument("--most", type=int, default=None, help="so many builds only")
    options_given = parser.parse_args()
    catalogue, records = load_packaged(), packaged_records()
    if options_given.yardsticks:
        yardsticks(records, catalogue)
        return
    warm()
    if options_given.claims:
        claims(records, catalogue, options_given.most)
    elif options_given.far:
        measure_far(records, catalogue, options_given.most)
    else:
        measure(records, catalogue, options_given.most)


if __name__ == "__main__":
    main()
