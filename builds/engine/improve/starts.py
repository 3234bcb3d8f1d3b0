"""Where a search begins when no build is given, and how a build is made one of the mode and role in question."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from builds.engine.improve import options
from builds.engine.improve.adopt import first_line
from builds.engine.improve.fitting import with_armed_slots, with_legends
from builds.engine.improve.roles import Role
from builds.gamedata import Catalogue
from builds.spec.model import (
    ARMOR_SLOTS,
    MAX_INFUSIONS,
    TRINKET_SLOTS,
    BuildSpec,
    GearPiece,
    SkillBar,
    SpecLine,
    WeaponSet,
)

INFUSIONS = 18
"""Of a two-handed weapon or a pair, as published builds count them."""


def played_in(build: BuildSpec, mode: str, role: str) -> BuildSpec:
    """The build as one of this mode and role; without what the mode has no place for."""
    if build.role != role:
        build = replace(build, role=role, secondary_roles=tuple(one for one in build.secondary_roles if one != role))
    if build.game_mode == mode:
        return build
    moved = replace(build, game_mode=mode, wvw_style=None)
    if mode == "pvp":
        return replace(moved, gear={}, food=None, utility=None, infusions={}, enrichment=None, jade_bot_core=False)
    return replace(moved, pvp_amulet=None, jade_bot_core=moved.jade_bot_core and mode != "wvw")


def unmeasured(build: BuildSpec) -> BuildSpec:
    """Without what was measured before a change, and without a code that says something else."""
    return replace(
        build, damage_profile=None, benchmark_dps=None, benchmark_source="", opener=(), loop=(), template_code=""
    )


def dressed_start(build: BuildSpec, role: Role, catalogue: Catalogue) -> BuildSpec:
    """With what the build lacks filled from the role's kit. In PvP only rune, sigils and relic are worn."""
    kit = role.kit

    def named(kind: str, name: str) -> int:
        return int(catalogue.find(kind, name).id)

    by_piece = any(piece.upgrade for piece in build.gear.values())
    pair = tuple(named("sigil", name) for name in kit.sigils)
    dressed = replace(
        build,
        rune=build.rune if build.rune or by_piece else named("rune", kit.rune),
        relic=build.relic or named("relic", kit.relic),
        sigils=tuple(sigils or pair for sigils in build.sigils) or (pair,) * len(build.weapon_sets),
    )
    if build.game_mode == "pvp":
        return dressed
    slots = (*ARMOR_SLOTS, *TRINKET_SLOTS)
    gear = {slot: GearPiece(role.gear[0]) for slot in slots} | dict(build.gear)
    by_slot = any(piece.infusions for piece in gear.values())
    dressed = replace(
        dressed,
        food=build.food or named("food", kit.food),
        utility=build.utility or named("utility", kit.utility),
        gear=gear,
        infusions=build.infusions if build.infusions or by_slot else {kit.infusion: min(INFUSIONS, MAX_INFUSIONS)},
    )
    return with_armed_slots(dressed, catalogue)


def of_sources(sources: Sequence[BuildSpec], role: Role, mode: str, catalogue: Catalogue) -> Iterator[BuildSpec]:
    for source in sources:
        if all(source.specializations) and any(source.skills.ids):
            yield dressed_start(unmeasured(played_in(source, mode, role.name)), role, catalogue)


def made(profession: str, role: Role, mode: str, catalogue: Catalogue) -> Iterator[BuildSpec]:
    """A whole build of each elite specialization and of none, with the first of everything: a search changes it."""
    core = options.core_lines(profession, catalogue)
    for third in (*options.elite_lines(profession, catalogue), core[2]):
        lines = [first_line(id_, catalogue) for id_ in (core[0], core[1], third)]
        yield dressed_start(_filled(profession, (lines[0], lines[1], lines[2]), role, mode, catalogue), role, catalogue)


def _filled(
    profession: str, lines: tuple[SpecLine, SpecLine, SpecLine], role: Role, mode: str, catalogue: Catalogue
) -> BuildSpec:
    name = catalogue.specializations[lines[2].specialization]
    title = name.name if name.elite else profession
    build = BuildSpec(
        f"{title}, {role.name.replace('_', ' ')}", profession, mode, role=role.name, specializations=lines
    )
    if profession == "Revenant":
        first, second = options.legends(build, catalogue)[:2]
        build = with_legends(build, (first, second), catalogue)
    else:
        heal, utilities, elite = (options.skills(build, slot, catalogue) for slot in ("Heal", "Utility", "Elite"))
        build = replace(build, skills=SkillBar(heal[0], (utilities[0], utilities[1], utilities[2]), elite[0]))
    if profession == "Ranger":
        build = replace(build, pets_land=tuple(sorted(catalogue.pets)[:2]))
    sets: list[WeaponSet] = []
    used: Counter[str] = Counter()
    for held in options.weapon_sets(profession, catalogue):
        if len(sets) < options.set_count(build, catalogue) and not used.keys() & set(held.names):
            sets.append(held)
            used.update(held.names)
    return replace(build, weapon_sets=tuple(sets))
