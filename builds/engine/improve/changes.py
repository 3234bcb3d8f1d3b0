"""From two builds to the changes between them, each worth what the second would lose without it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from builds.engine.improve.fitting import is_empty, skill_at, with_line, with_weapons
from builds.engine.improve.judge import Judge, Score, SpentError
from builds.engine.improve.locks import SKILLS
from builds.engine.improve.model import Change
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec, GearPiece, SkillBar, SpecLine, WeaponSet

TRIVIAL = 0.05
"""Points of the score: a change that brings less is not worth a player's while."""
TRIVIAL_TOGETHER = 0.3
MOST_MOVED = 4
_ITEMS = ("rune", "relic", "food", "utility", "infusions")
_KIND_OF = {"rune": "rune", "relic": "relic", "food": "food", "utility": "utility"}
_NOTHING = WeaponSet()


def aligned(build: BuildSpec, model: BuildSpec) -> BuildSpec:
    """The same build, with core lines and utility skills that the model has as well in the model's places."""
    lines = list(build.specializations)
    wanted = {line.specialization: i for i, line in enumerate(model.specializations[:2]) if line}
    first, second = lines[0], lines[1]
    if (first and wanted.get(first.specialization) == 1) or (second and wanted.get(second.specialization) == 0):
        lines[0], lines[1] = second, first
    build = replace(build, specializations=(lines[0], lines[1], lines[2]))
    if build.profession == "Revenant":
        return build
    own, theirs = build.skills.utilities, model.skills.utilities
    left = [skill for skill in own if skill is None or skill not in theirs]
    placed = [skill if skill is not None and skill in own else left.pop(0) if left else None for skill in theirs]
    bar = SkillBar(build.skills.heal, (placed[0], placed[1], placed[2]), build.skills.elite)
    return replace(build, skills=bar)


def changed_parts(before: BuildSpec, after: BuildSpec) -> list[str]:
    """As locks name them. Both are of one profession, the second one aligned with the first."""
    return list(_changed_parts(before, after))


def _changed_parts(before: BuildSpec, after: BuildSpec) -> Iterator[str]:
    for i, (old, new) in enumerate(zip(before.specializations, after.specializations, strict=True), start=1):
        if old is None or new is None or old.specialization != new.specialization:
            if old != new:
                yield f"traits.{i}"
        else:
            yield from (f"traits.{i}.{t + 1}" for t in range(3) if old.traits[t] != new.traits[t])
    if after.profession == "Revenant":
        if (before.legends_land, before.skills) != (after.legends_land, after.skills):
            yield "legends"
    else:
        pairs = zip(SKILLS, before.skills.ids, after.skills.ids, strict=True)
        yield from (f"skills.{place}" for place, old, new in pairs if old != new)
    if before.pets_land != after.pets_land:
        yield "pets"
    for number in range(1, max(len(before.weapon_sets), len(after.weapon_sets)) + 1):
        if _set(before, number) != _set(after, number):
            yield f"weapons.{number}"
    yield from (name for name in _ITEMS if getattr(before, name) != getattr(after, name))
    for number in range(1, max(len(before.sigils), len(after.sigils)) + 1):
        if before.sigils[number - 1 : number] != after.sigils[number - 1 : number]:
            yield f"sigils.{number}"
    for slot in after.gear:
        # A piece that a weapon brought goes with the weapon.
        brought = slot not in before.gear and slot.startswith("weapon_") and before.gear
        if not brought and _prefix(before, slot) != _prefix(after, slot):
            yield f"gear.{slot}"


def reverted(after: BuildSpec, before: BuildSpec, part: str, catalogue: Catalogue) -> BuildSpec:
    """The second build with this part of the first."""
    kind, _, rest = part.partition(".")
    match kind:
        case "traits":
            numbers = [int(number) - 1 for number in rest.split(".")]
            old, new = before.specializations[numbers[0]], after.specializations[numbers[0]]
            if old is None or new is None or len(numbers) == 1:
                lines: list[Any] = list(after.specializations)
                lines[numbers[0]] = old
                return replace(after, specializations=(lines[0], lines[1], lines[2]))
            traits = list(new.traits)
            traits[numbers[1]] = old.traits[numbers[1]]
            return with_line(after, numbers[0], SpecLine(new.specialization, (traits[0], traits[1], traits[2])))
        case "skills":
            ids = list(after.skills.ids)
            ids[SKILLS.index(rest)] = skill_at(before.skills, rest)
            return replace(after, skills=SkillBar(ids[0], (ids[1], ids[2], ids[3]), ids[4]))
        case "legends":
            return replace(after, legends_land=before.legends_land, skills=before.skills)
        case "pets":
            return replace(after, pets_land=before.pets_land)
        case "weapons":
            number = int(rest)
            sets = [*after.weapon_sets]
            sets[number - 1 : number] = before.weapon_sets[number - 1 : number]
            changed = with_weapons(after, tuple(sets), catalogue)
            return replace(changed, sigils=after.sigils) if before.sigils == after.sigils else changed
        case "sigils":
            index = int(rest) - 1
            sigils = [*after.sigils]
            sigils[index : index + 1] = before.sigils[index : index + 1]
            return replace(after, sigils=tuple(sigils))
        case "gear":
            piece = after.gear.get(rest)
            if piece is None:
                # Went with the weapon that it was.
                return after
            return replace(after, gear={**after.gear, rest: replace(piece, prefix=_prefix(before, rest))})
        case _:
            return replace(after, **{kind: getattr(before, kind)})


def trimmed(after: BuildSpec, before: BuildSpec, judge: Judge, least: float = TRIVIAL) -> BuildSpec:
    """Without the changes that bring less than `least` points, the least first, and never below `before`; what was
    empty stays filled. Where no more may be judged, as far as it came."""
    total, floor = judge.total(after), judge.total(before)
    left = least * (TRIVIAL_TOGETHER / TRIVIAL)
    try:
        losses = {
            part: total - judge.total(_without(after, before, part, judge))
            for part in changed_parts(before, after)
            if not is_empty(before, part, judge.catalogue)
        }
        for part in sorted(losses, key=lambda part: (losses[part], part)):
            if losses[part] >= least:
                break
            kept = _without(after, before, part, judge)
            loss = total - judge.total(kept)
            if loss < least and loss <= left and total - loss >= floor:
                after, total, left = kept, total - loss, left - max(0.0, loss)
    except SpentError:
        pass
    return after


def _without(after: BuildSpec, before: BuildSpec, part: str, judge: Judge) -> BuildSpec:
    """`after` itself where the build would not be possible so."""
    kept = reverted(after, before, part, judge.catalogue)
    lines = [line.specialization for line in kept.specializations if line]
    skills = [skill for skill in kept.skills.ids if skill]
    return kept if len({*lines}) == len(lines) and len({*skills}) == len(skills) else after


def changes(before: BuildSpec, after: BuildSpec, judge: Judge) -> tuple[Change, ...]:
    """The most valuable first."""
    result = judge.score(after)
    alone: list[tuple[str, ...]] = []
    gear: dict[tuple[str | None, str | None], list[str]] = {}
    for part in changed_parts(before, after):
        if part.startswith("gear."):
            slot = part.removeprefix("gear.")
            gear.setdefault((_prefix(before, slot), _prefix(after, slot)), []).append(part)
        else:
            alone.append((part,))
    found = [_change(parts, before, after, judge, result) for parts in (*alone, *map(tuple, gear.values()))]
    return tuple(sorted(found, key=lambda change: (-change.gain, change.part, change.after or "")))


def _change(parts: tuple[str, ...], before: BuildSpec, after: BuildSpec, judge: Judge, result: Score) -> Change:
    """parts: one, or slots of the gear that change alike."""
    part, kept = parts[0], after
    for one in parts:
        kept = _without(kept, before, one, judge)
    without = judge.score(kept)
    numbers = {one.name: one for one in without.parts}
    moved = {one.name: one.contribution - numbers[one.name].contribution for one in result.parts}
    moved = {name: points for name, points in moved.items() if abs(points) >= 0.005}
    moved = dict(sorted(moved.items(), key=lambda one: -abs(one[1]))[:MOST_MOVED])
    told = [
        f"{one.title.lower()} {judge.readable(one.name, numbers[one.name].number)} to "
        f"{judge.readable(one.name, one.number)} {one.unit} ({moved[one.name]:+.1f} points)"
        for name in moved
        for one in result.parts
        if one.name == name
    ]
    why = f"{'; '.join(told)}." if told else "It changes nothing that is counted by itself, but goes with the others."
    old, new = _names(part, before, judge.catalogue), _names(part, after, judge.catalogue)
    if len(parts) > 1:
        slots = ", ".join(one.removeprefix("gear.").replace("_", " ") for one in parts)
        part, new = "gear", f"{new} ({slots})"
    return Change(part, old, new, result.total - without.total, moved, why[0].upper() + why[1:])


# --- names -----------------------------------------------------------------------------------------
def _names(part: str, build: BuildSpec, catalogue: Catalogue) -> str | None:
    kind, _, rest = part.partition(".")
    match kind:
        case "traits":
            return _trait_names(rest, build, catalogue)
        case "skills":
            return _name(catalogue, "skill", skill_at(build.skills, rest))
        case "legends":
            return _listed([_name(catalogue, "legend", id_) for id_ in build.legends_land])
        case "pets":
            return _listed([_name(catalogue, "pet", id_) for id_ in build.pets_land])
        case "weapons":
            return " / ".join(_set(build, int(rest)).names) or None
        case "sigils":
            ids = build.sigils[int(rest) - 1] if len(build.sigils) >= int(rest) else ()
            return _listed([_name(catalogue, "sigil", id_) for id_ in ids])
        case "gear":
            return _prefix(build, rest)
        case "infusions":
            return _listed([f"{count} {_infusion(key, catalogue)}" for key, count in build.infusions.items()])
        case _:
            return _name(catalogue, _KIND_OF[kind], getattr(build, kind))


def _trait_names(rest: str, build: BuildSpec, catalogue: Catalogue) -> str | None:
    numbers = [int(number) - 1 for number in rest.split(".")]
    line = build.specializations[numbers[0]]
    if line is None:
        return None
    names = [_name(catalogue, "trait", trait) for trait in line.traits]
    if len(numbers) == 2:
        return names[numbers[1]]
    return f"{_name(catalogue, 'specialization', line.specialization)} ({_listed(names)})"


def _name(catalogue: Catalogue, kind: str, id_: int | str | None) -> str | None:
    known = catalogue.table(kind).get(id_)
    return None if id_ is None else known.name if known else f"unknown ({id_})"


def _infusion(key: str | int, catalogue: Catalogue) -> str | None:
    return _name(catalogue, "infusion", key) if isinstance(key, int) else f"+5 {key.replace('_', ' ')}"


def _listed(names: list[str | None]) -> str | None:
    return ", ".join(name or "none" for name in names) or None


def _set(build: BuildSpec, number: int) -> WeaponSet:
    return build.weapon_sets[number - 1] if len(build.weapon_sets) >= number else _NOTHING


def _prefix(build: BuildSpec, slot: str) -> str | None:
    return build.gear.get(slot, GearPiece(None)).prefix
