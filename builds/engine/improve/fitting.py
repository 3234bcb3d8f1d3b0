"""One part of a build put in another's place, with all that has to follow it."""

from collections.abc import Mapping
from dataclasses import replace

from builds.engine.improve.locks import SKILLS
from builds.gamedata import Catalogue
from builds.gamedata.model import Profession
from builds.spec.model import BuildSpec, GearPiece, SkillBar, SpecLine, WeaponSet
from builds.spec.rules import hands_of, infusion_slots


def with_line(build: BuildSpec, index: int, line: SpecLine) -> BuildSpec:
    lines = list(build.specializations)
    lines[index] = line
    return replace(build, specializations=(lines[0], lines[1], lines[2]))


def with_trait(build: BuildSpec, index: int, tier: int, trait: int) -> BuildSpec:
    """tier: from 0. The line must be there."""
    line = build.specializations[index]
    assert line is not None
    traits = list(line.traits)
    traits[tier] = trait
    return with_line(build, index, replace(line, traits=(traits[0], traits[1], traits[2])))


def skill_at(bar: SkillBar, place: str) -> int | None:
    return bar.ids[SKILLS.index(place)]


def with_skill(build: BuildSpec, place: str, skill: int) -> BuildSpec:
    """Where the bar has the skill in another place, the two change places."""
    ids = list(build.skills.ids)
    index = SKILLS.index(place)
    if skill in ids:
        ids[ids.index(skill)] = ids[index]
    ids[index] = skill
    return replace(build, skills=SkillBar(ids[0], (ids[1], ids[2], ids[3]), ids[4]))


def with_legends(build: BuildSpec, legends: tuple[str, ...], catalogue: Catalogue) -> BuildSpec:
    """The bar is that of the first. Of Alliance stances, only one side is on the bar."""
    active = catalogue.legends[legends[0]]
    first, second, third = active.utilities[:3]
    return replace(build, legends_land=legends, skills=SkillBar(active.heal, (first, second, third), active.elite))


def with_weapons(build: BuildSpec, sets: tuple[WeaponSet, ...], catalogue: Catalogue) -> BuildSpec:
    """Weapon slots of the gear follow: a hand that was empty takes the prefix of the other one or of the coat, and
    infusions stay as far as there is room. A set that stays keeps its gear as it is, empty slots too."""
    changed = replace(build, weapon_sets=sets)
    pairs = enumerate(zip(build.weapon_sets, sets, strict=False), start=1)
    kept = tuple(f"weapon_{number}_" for number, (old, new) in pairs if old == new)
    gear = {
        slot: piece for slot, piece in build.gear.items() if not slot.startswith("weapon_") or slot.startswith(kept)
    }
    if build.gear:
        for number, held in enumerate(sets, start=1):
            if f"weapon_{number}_" not in kept:
                gear |= _pieces(changed, build.gear, number, held, catalogue.professions[build.profession])
    return replace(changed, gear=gear, sigils=sigils_with(build, len(sets)))


def with_armed_slots(build: BuildSpec, catalogue: Catalogue) -> BuildSpec:
    """Each weapon that is held has a piece of gear."""
    profession = catalogue.professions[build.profession]
    gear = {slot: piece for slot, piece in build.gear.items() if not slot.startswith("weapon_")}
    for number, held in enumerate(build.weapon_sets, start=1):
        gear |= _pieces(build, build.gear, number, held, profession)
    return replace(build, gear=gear)


def sigils_with(build: BuildSpec, count: int) -> tuple[tuple[int, ...], ...]:
    """Of the build with so many weapon sets: a new set has those of the last one, one that goes takes its own away."""
    if count < len(build.weapon_sets):
        return build.sigils[:count]
    return build.sigils + build.sigils[-1:] * (count - len(build.sigils))


def _pieces(
    build: BuildSpec, worn: Mapping[str, GearPiece], number: int, held: WeaponSet, profession: Profession
) -> dict[str, GearPiece]:
    main, off = f"weapon_{number}_main", f"weapon_{number}_off"
    model = worn.get(main) or worn.get(off) or worn.get("weapon_1_main") or worn.get("coat")
    if model is None:
        return {}
    model = replace(model, upgrade=None)
    had = [*(worn[main].infusions if main in worn else ()), *(worn[off].infusions if off in worn else ())]
    pieces = {}
    for slot, name in ((main, held.main_hand), (off, held.off_hand)):
        if name:
            room = infusion_slots(build, slot, profession)
            pieces[slot] = replace(worn.get(slot, model), infusions=tuple(had[:room]))
            had = had[room:]
    return pieces


def is_whole(held: WeaponSet, profession: Profession) -> bool:
    """Whether no hand is empty."""
    return bool(held.main_hand) and (bool(held.off_hand) or "TwoHand" in hands_of(profession, held.main_hand))


def is_empty(build: BuildSpec, part: str, catalogue: Catalogue) -> bool:
    """part: as locks call it. Whether the build has nothing there, or of legends, pets and weapons not all."""
    kind, _, rest = part.partition(".")
    match kind:
        case "traits":
            numbers = [int(number) - 1 for number in rest.split(".")]
            line = build.specializations[numbers[0]]
            return line is None or (len(numbers) == 2 and line.traits[numbers[1]] is None)
        case "skills":
            return skill_at(build.skills, rest) is None
        case "legends":
            return len(build.legends_land) < 2
        case "pets":
            return len(build.pets_land) < 2 or not all(build.pets_land)
        case "weapons":
            held = build.weapon_sets[int(rest) - 1 : int(rest)]
            return not held or not is_whole(held[0], catalogue.professions[build.profession])
        case "sigils":
            return not any(build.sigils[int(rest) - 1 : int(rest)])
        case "gear":
            return build.gear.get(rest, GearPiece(None)).prefix is None
        case "rune":
            return build.rune is None and not any(piece.upgrade for piece in build.gear.values())
        case _:
            return not getattr(build, kind)
