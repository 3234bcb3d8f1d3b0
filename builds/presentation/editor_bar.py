"""What the editor draws of the skills, weapons and companions that its form names, and what it offers for a place."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from builds.editing import TYPED, bar_fields, shown_name
from builds.gamedata import Catalogue
from builds.presentation.build import IconResolver, entries_of, played_view
from builds.presentation.model import Entry, WeaponRow
from builds.presentation.options import (
    Options,
    legend_options,
    pet_options,
    skill_options,
    useful_items,
)
from builds.spec import BuildSpec

_Group = tuple[str, list[int | str]]
_KEYS = ("6", "7", "8", "9", "0")
_PLACES = ("heal skill", "first utility skill", "second utility skill", "third utility skill", "elite skill")
_KINDS = ("Heal", "Utility", "Utility", "Utility", "Elite")


@dataclass(frozen=True, slots=True)
class Place:
    """name: of its field in the form; label: what it is, within a sentence; entry: None for an empty one."""

    name: str
    label: str
    entry: Entry | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """stamp: another one where anything of it would be drawn differently."""

    skills: tuple[Place, ...]
    weapons: tuple[WeaponRow, ...]
    companions: tuple[Place, ...]
    stamp: str


@dataclass(frozen=True, slots=True)
class Offer:
    """value: what the field holds once it is chosen."""

    value: str
    entry: Entry
    chosen: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """groups: heading and what is beneath it."""

    groups: tuple[tuple[str, tuple[Offer, ...]], ...]
    none_chosen: bool


def stamp_of(spec: BuildSpec) -> str:
    drawn = (
        spec.game_mode,
        spec.specializations,
        spec.skills,
        spec.weapon_sets,
        spec.pets_land,
        spec.legends_land,
    )
    return f"{zlib.crc32(repr(drawn).encode()):08x}"


def drawn_bar(spec: BuildSpec, catalogue: Catalogue, *, icon: IconResolver) -> DrawnBar:
    bar, companions = played_view(spec, catalogue, icon=icon, prefix="bar")
    skills = zip(bar_fields("skills"), _PLACES, bar.slots, _KEYS, strict=True)
    return DrawnBar(
        tuple(Place(*place) for place in skills),
        bar.weapons,
        tuple(_companions(spec, [entry for group in companions for entry in group.entries])),
        stamp_of(spec),
    )


def _companions(spec: BuildSpec, entries: list[Entry | None]) -> Iterable[Place]:
    kind = {"Ranger": "pet", "Revenant": "legend"}.get(spec.profession)
    for i in range(2 if kind else 0):
        entry = entries[i] if i < len(entries) else None
        yield Place(f"{kind}s.land.{i}", f"{('first', 'second')[i]} {kind}", entry)


def offers_for(name: str, value: str, spec: BuildSpec, catalogue: Catalogue, *, icon: IconResolver) -> Offers | None:
    """name: of a field; value: what it holds. None where nothing is to be picked there."""
    found = _kind_and_ids(name, spec, catalogue)
    if found is None:
        return None
    kind, groups = found
    typed = kind not in ("skill", "pet", "legend")
    drawn: list[tuple[str, tuple[Offer, ...]]] = []
    for number, (title, ids) in enumerate(groups):
        entries = entries_of(kind, ids, spec, catalogue, icon=icon, prefix=f"offer-{number}")
        values = [shown_name(kind, int(id_), catalogue) or "" if typed else str(id_) for id_ in ids]
        offers = tuple(Offer(own, entry, own == value) for own, entry in zip(values, entries, strict=True))
        drawn.append((title, offers))
    return Offers(tuple(drawn), not value)


def _kind_and_ids(name: str, spec: BuildSpec, catalogue: Catalogue) -> tuple[str, list[_Group]] | None:
    profession = catalogue.professions[spec.profession]
    for bar in ("skills", "water_skills"):
        if name in bar_fields(bar):
            slot = _KINDS[bar_fields(bar).index(name)]
            return "skill", _usable_first(_ids(skill_options(profession, slot, catalogue)), spec, catalogue)
    head = name.partition(".")[0]
    if head == "pets":
        return "pet", _ids(pet_options(catalogue))
    if head == "legends":
        return "legend", [("", [id_ for _, choices in legend_options(catalogue) for id_, _ in choices])]
    kind = {"sigils": "sigil", "infusion_items": "infusion"}.get(head, name)
    if kind not in ("sigil", "infusion", *TYPED):
        return None
    items = sorted(useful_items(kind, catalogue), key=lambda item: str(item.name))
    return kind, [("", [item.id for item in items])]


def _ids(options: Options) -> list[_Group]:
    return [(title, [int(value) for value, _ in choices]) for title, choices in options]


def _usable_first(groups: list[_Group], spec: BuildSpec, catalogue: Catalogue) -> list[_Group]:
    """What another elite specialization brings comes last: it can be chosen only with that one."""
    own = {line.specialization for line in spec.specializations if line}
    elites = {line.name: line.id in own for line in catalogue.specializations.values() if line.elite}
    return sorted(groups, key=lambda group: (not elites.get(group[0], True), not elites.get(group[0], False)))
