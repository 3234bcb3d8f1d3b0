"""Build templates in ids of the catalogue, as a `BuildSpec` needs them, and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builds.chatlinks.build_template import (
    NO_SKILLS,
    BuildTemplate,
    Line,
    Palettes,
    extra_of_legends,
    extra_of_pets,
)
from builds.chatlinks.legends import (
    SLOT_PALETTES,
    UTILITY_PALETTES,
    legend_of_code,
    legend_with_skills,
    revenant_palette,
    revenant_skill,
)
from builds.gamedata import Catalogue
from builds.gamedata.model import Legend, Profession, Skill, Specialization
from builds.gamedata.names import with_article
from gw2optimizer.errors import InvalidInput

LineIds = tuple[int, Sequence[int | None]]

# Where build/1 holds what a template holds, for messages that name a field.
_SKILL_FIELDS = ("heal", "utilities.0", "utilities.1", "utilities.2", "elite")
_SLOT_NAMES = ("heal", "first utility", "second utility", "third utility", "elite")


@dataclass(frozen=True, slots=True)
class TemplateParts:
    """What a template says in ids that the catalogue has. profession: its id, such as Guardian.
    specializations: three of (id, trait ids or None) or None. land_skills, water_skills: heal, three
    utilities, elite. pets: two a place, legends: active and inactive; both empty if there are none.
    unknown: a sentence for each thing that the catalogue does not have, which therefore is missing here."""

    profession: str
    specializations: tuple[tuple[int, tuple[int | None, ...]] | None, ...]
    land_skills: tuple[int | None, ...]
    water_skills: tuple[int | None, ...]
    pets_land: tuple[int | None, ...]
    pets_water: tuple[int | None, ...]
    legends_land: tuple[str | None, ...]
    legends_water: tuple[str | None, ...]
    weapons: tuple[str, ...]
    skill_overrides: tuple[int, ...]
    unknown: tuple[str, ...]


def profession_of(template: BuildTemplate, catalogue: Catalogue) -> Profession:
    """Raises InvalidInput for a profession code that the catalogue does not have."""
    profession = catalogue.professions_by_code.get(template.profession)
    if profession is None:
        raise InvalidInput(f"Byte 1 (profession): there is no profession with code {template.profession}.")
    return profession


def palette_skill(profession: Profession, palette: int, legend: Legend | None, catalogue: Catalogue) -> Skill | None:
    """legend: the active one, which only a Revenant has."""
    if profession.id == "Revenant":
        return revenant_skill(palette, legend, catalogue)
    return catalogue.skill_by_palette(profession.id, palette)


def active_legend(codes: Sequence[int], catalogue: Catalogue) -> Legend | None:
    """codes: those of a place (land or water), the active one first; empty for others than Revenants."""
    return legend_of_code(codes[0], catalogue) if codes else None


# --- from a template -------------------------------------------------------------------------------
def parts_of(template: BuildTemplate, catalogue: Catalogue) -> TemplateParts:
    """Raises InvalidInput only for an unknown profession; all else that is unknown is told in `unknown`."""
    return _Reader(template, catalogue).parts()


class _Reader:
    def __init__(self, template: BuildTemplate, catalogue: Catalogue) -> None:
        self.template, self.catalogue = template, catalogue
        self.profession = profession_of(template, catalogue)
        self.unknown: list[str] = []

    def parts(self) -> TemplateParts:
        template = self.template
        return TemplateParts(
            profession=self.profession.id,
            specializations=tuple(
                self.line(place, line) for place, line in enumerate(template.specializations, start=1)
            ),
            land_skills=self.skills("land", template.land, template.legends_land),
            water_skills=self.skills("water", template.water, template.legends_water),
            pets_land=self.pets(template.pets_land),
            pets_water=self.pets(template.pets_water),
            legends_land=self.legends(template.legends_land),
            legends_water=self.legends(template.legends_water),
            weapons=self.weapons(),
            skill_overrides=self.overrides(),
            unknown=tuple(self.unknown),
        )

    def line(self, place: int, line: Line) -> tuple[int, tuple[int | None, ...]] | None:
        if line.id == 0:
            return None
        specialization = self.catalogue.specializations.get(line.id)
        if specialization is None:
            self.unknown.append(f"Specialization {place} has the id {line.id}, which the game data lacks.")
            return None
        if specialization.profession != self.profession.id:
            self.unknown.append(
                f"Specialization {place}, {specialization.name}, is not one of {with_article(self.profession.name)}."
            )
            return None
        return line.id, trait_ids(specialization, line.choices)

    def skills(self, where: str, palettes: Palettes, legends: Sequence[int]) -> tuple[int | None, ...]:
        legend = active_legend(legends, self.catalogue)
        found: list[int | None] = []
        for name, palette in zip(_SLOT_NAMES, palettes, strict=True):
            skill = palette_skill(self.profession, palette, legend, self.catalogue) if palette else None
            if palette and skill is None:
                self.unknown.append(
                    f"The {name} skill on {where} has the palette id {palette}, which the game data lacks."
                    if not legends or legend
                    else f"The {name} skill on {where} depends on a legend that is not given."
                )
            found.append(skill.id if skill else None)
        return tuple(found)

    def pets(self, ids: Sequence[int]) -> tuple[int | None, ...]:
        for pet in ids:
            if pet and pet not in self.catalogue.pets:
                self.unknown.append(f"There is a pet with the id {pet}, which the game data lacks.")
        known = tuple(pet if pet in self.catalogue.pets else None for pet in ids)
        return known if any(known) else ()

    def legends(self, codes: Sequence[int]) -> tuple[str | None, ...]:
        legends = [legend_of_code(code, self.catalogue) for code in codes]
        for code, legend in zip(codes, legends, strict=True):
            if code and legend is None:
                self.unknown.append(f"There is a legend with the code {code}, which the game data lacks.")
        return tuple(legend.id if legend else None for legend in legends) if any(legends) else ()

    def weapons(self) -> tuple[str, ...]:
        names = self.catalogue.weapon_names_by_code
        for code in self.template.weapons:
            if code not in names:
                self.unknown.append(f"There is a weapon with the type id {code}, which the game data lacks.")
        return tuple(names[code] for code in self.template.weapons if code in names)

    def overrides(self) -> tuple[int, ...]:
        skills = self.catalogue.skills
        for skill in self.template.skill_overrides:
            if skill not in skills:
                self.unknown.append(f"There is a skill override {skill}, which the game data lacks.")
        return tuple(skill for skill in self.template.skill_overrides if skill in skills)


def trait_ids(specialization: Specialization, choices: Sequence[int]) -> tuple[int | None, ...]:
    """choices: of three tiers, 0 for none and 1 to 3 top to bottom."""
    return tuple(
        specialization.choices(tier)[choice - 1] if choice else None for tier, choice in enumerate(choices, start=1)
    )


# --- to a template ---------------------------------------------------------------------------------
def make_template(
    catalogue: Catalogue,
    *,
    profession: str,
    specializations: Sequence[LineIds | None] = (None, None, None),
    land_skills: Sequence[int | None] = (None,) * 5,
    water_skills: Sequence[int | None] = (None,) * 5,
    pets_land: Sequence[int | None] = (),
    pets_water: Sequence[int | None] = (),
    legends_land: Sequence[str | None] = (),
    legends_water: Sequence[str | None] = (),
    weapons: Iterable[str] = (),
    skill_overrides: Sequence[int] = (),
) -> BuildTemplate:
    """profession: its id. Skills: ids of heal, three utilities, elite. Legends: ids, active then inactive;
    where a Revenant has skills and no active legend, the legend of the skills is meant. weapons: names of
    weapon types, each written once. Raises InvalidInput with fields of build/1 for what a template can't
    hold."""
    owner = catalogue.professions.get(profession)
    if owner is None:
        raise _refused("profession", f"There is no profession {profession}.")
    legends = _Legends(catalogue, owner)
    land = legends.pair(legends_land, land_skills, "legends.land")
    water = legends.pair(legends_water, water_skills, "legends.water")
    extra = bytes(16)
    if profession == "Ranger":
        extra = extra_of_pets(_two_pets(pets_land, "pets.land"), _two_pets(pets_water, "pets.water"))
    elif profession == "Revenant":
        extra = extra_of_legends(
            [x.code if x else 0 for x in land],
            [x.code if x else 0 for x in water],
            UTILITY_PALETTES if all(land) else (0, 0, 0),
            UTILITY_PALETTES if all(water) else (0, 0, 0),
        )
    lines = [*(_line(catalogue, place, line) for place, line in enumerate(specializations)), *[Line()] * 3]
    return BuildTemplate(
        profession=owner.code,
        specializations=(lines[0], lines[1], lines[2]),
        land=_palettes(catalogue, owner, land_skills, land[0], "skills"),
        water=_palettes(catalogue, owner, water_skills, water[0], "water_skills"),
        extra=extra,
        weapons=tuple(dict.fromkeys(_weapon(catalogue, place, name) for place, name in enumerate(weapons))),
        skill_overrides=tuple(skill_overrides),
    )


class _Legends:
    def __init__(self, catalogue: Catalogue, owner: Profession) -> None:
        self.catalogue, self.owner = catalogue, owner

    def pair(
        self, ids: Sequence[str | None], skills: Sequence[int | None], field: str
    ) -> tuple[Legend | None, Legend | None]:
        if self.owner.id != "Revenant":
            return None, None
        for place, id_ in enumerate(ids):
            if id_ is not None and (id_ not in self.catalogue.legends or place > 1):
                raise _refused(f"{field}.{place}", f"A build template can't hold the legend {id_} there.")
        active, inactive = [*(self.catalogue.legends.get(x or "") for x in ids), None, None][:2]
        if active is None:
            active = legend_with_skills({skill for skill in skills if skill}, self.catalogue)
        return active, inactive


def _two_pets(pets: Sequence[int | None], field: str) -> tuple[int, int]:
    for place, pet in enumerate(pets):
        if pet is not None and (place > 1 or not 0 <= pet <= 255):
            raise _refused(f"{field}.{place}", f"A build template can't hold the pet {pet} there.")
    first, second = [*(pet or 0 for pet in pets), 0, 0][:2]
    return first, second


def _line(catalogue: Catalogue, place: int, line: LineIds | None) -> Line:
    if line is None:
        return Line()
    id_, traits = line
    specialization = catalogue.specializations.get(id_)
    if specialization is None or place > 2 or id_ > 255:
        raise _refused(f"specializations.{place}", f"A build template can't hold the specialization {id_} there.")
    return Line(id_, trait_choices(catalogue, specialization, traits, f"specializations.{place}.traits"))


def trait_choices(
    catalogue: Catalogue, specialization: Specialization, traits: Sequence[int | None], field: str
) -> tuple[int, int, int]:
    """Inverse of `trait_ids`. Raises InvalidInput naming `field` and the place of a trait that is not of
    its tier."""
    found = [0, 0, 0]
    for place, trait in enumerate(traits):
        if trait is None:
            continue
        offered = specialization.choices(place + 1) if place < 3 else ()
        if trait not in offered:
            names = ", ".join(f"{catalogue.traits[x].name} ({x})" for x in offered)
            raise _refused(
                f"{field}.{place}",
                f"{specialization.name} does not offer the trait {trait} there"
                + (f"; it offers {names}." if names else "."),
            )
        found[place] = offered.index(trait) + 1
    return found[0], found[1], found[2]


def _palettes(
    catalogue: Catalogue, owner: Profession, skills: Sequence[int | None], legend: Legend | None, field: str
) -> Palettes:
    found = list(NO_SKILLS)
    for place, skill in enumerate(skills):
        if skill is None:
            continue
        palette = palette_of_skill(catalogue, owner, skill, legend) if place < 5 else None
        if palette is None:
            of_what = f"{owner.name} with {legend.name}" if legend else owner.name
            known = catalogue.skills.get(skill)
            name = f"{known.name} ({skill})" if known else f"skill {skill}"
            slot = _SKILL_FIELDS[place] if place < 5 else str(place)
            raise _refused(f"{field}.{slot}", f"A build template of {with_article(of_what)} can't hold {name}.")
        found[place] = palette
    return found[0], found[1], found[2], found[3], found[4]


def palette_of_skill(catalogue: Catalogue, owner: Profession, skill: int, legend: Legend | None) -> int | None:
    """legend: the active one. None for a skill that a template can't hold."""
    if owner.id == "Revenant" and (palette := revenant_palette(skill, legend)) is not None:
        return palette
    palette = catalogue.palette_of(owner.id, skill)
    # What a slot palette means without its legend is whatever the API last filled in.
    return None if owner.id == "Revenant" and palette in SLOT_PALETTES else palette


def _weapon(catalogue: Catalogue, place: int, name: str) -> int:
    weapon = catalogue.weapons.get(name)
    if weapon is None or weapon.code is None:
        raise _refused(f"weapons.{place}", f"A build template can't hold the weapon {name}.")
    return weapon.code


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, fields={field: [message]})
