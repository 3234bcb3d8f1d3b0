"""Between a BuildSpec and its build template code."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from builds.chatlinks import ChatLinkError, decode_build_template, encode_build_template
from builds.chatlinks.legends import legend_with_skills
from builds.chatlinks.parts import LineIds, TemplateParts, make_template, parts_of
from builds.gamedata import Catalogue
from builds.gamedata.model import Profession
from builds.gamedata.names import with_article
from builds.spec.model import BuildSpec, SkillBar, SpecLine, WeaponSet
from gw2optimizer.errors import InvalidInput

COMPANIONS = ("pets_land", "pets_water", "legends_land", "legends_water")
BARS = ("skills", "water_skills")
PLACES = ("heal", "utilities", "elite")
ALL_PARTS = frozenset(
    {
        "specializations", "skill_overrides", "weapon_sets", *COMPANIONS,
        *(f"{bar}.{place}" for bar in BARS for place in PLACES),
    }
)  # fmt: skip


def spec_from_code(code: str, catalogue: Catalogue, *, name: str = "", game_mode: str = "pve") -> BuildSpec:
    """What a code says and nothing more. An empty name becomes the specialization's.
    Raises ChatLinkError for a code that can't be read, InvalidInput for a profession that the data lacks."""
    parts = _read(code, catalogue)
    spec = BuildSpec(name=name, profession=parts.profession, game_mode=game_mode)
    spec, _ = complete_from_code(spec, code, catalogue, absent=ALL_PARTS)
    return replace(spec, name=name or specialization_name(spec, catalogue))


def specialization_name(spec: BuildSpec, catalogue: Catalogue) -> str:
    """The elite specialization's name, or the profession's for a core build."""
    line = spec.specializations[2]
    specialization = catalogue.specializations.get(line.specialization) if line else None
    return specialization.name if specialization and specialization.elite else spec.profession


def with_code(spec: BuildSpec, catalogue: Catalogue) -> BuildSpec:
    """The same build with a code made from its present content. A Revenant's skills without a legend bring the legend
    that they are of, since no code can hold them otherwise. Raises InvalidInput for what no code can hold."""
    if spec.profession == "Revenant":
        spec = replace(
            spec,
            legends_land=_implied_legends(spec.legends_land, spec.skills, catalogue),
            legends_water=_implied_legends(spec.legends_water, spec.water_skills or SkillBar(), catalogue),
        )
    lines: list[LineIds | None] = [
        (line.specialization, line.traits) if line else None for line in spec.specializations
    ]
    template = make_template(
        catalogue,
        profession=spec.profession,
        specializations=lines,
        land_skills=spec.skills.ids,
        water_skills=(spec.water_skills or SkillBar()).ids,
        pets_land=_two(spec.pets_land),
        pets_water=_two(spec.pets_water),
        legends_land=_two(spec.legends_land),
        legends_water=_two(spec.legends_water),
        weapons=[name for weapons in spec.weapon_sets for name in weapons.names],
        skill_overrides=list(spec.skill_overrides),
    )
    return replace(spec, template_code=encode_build_template(template))


def complete_from_code(
    spec: BuildSpec, code: str, catalogue: Catalogue, *, absent: frozenset[str]
) -> tuple[BuildSpec, list[str]]:
    """absent: of ALL_PARTS, what the code is to fill. The code is kept, to the byte, where it says what the build
    says (weapons aside: the game does not equip them from a code); else a new one takes its place.
    Returns the build and sentences for the player. Raises InvalidInput with `template_code` as its field."""
    try:
        parts = _read(code, catalogue)
    except (ChatLinkError, InvalidInput) as error:
        raise _refused(error.message) from error
    profession = catalogue.professions[spec.profession]
    if parts.profession != spec.profession:
        raise _refused(
            f"This code is for {with_article(parts.profession)}, the build is for {with_article(spec.profession)}."
        )
    found: dict[str, Any] = {
        "specializations": _lines(parts),
        "skill_overrides": tuple(parts.skill_overrides),
        "weapon_sets": weapon_sets_of(parts.weapons, profession),
        **{name: trimmed(getattr(parts, name)) for name in COMPANIONS},
    }
    bars = {"skills": _bar(parts.land_skills), "water_skills": _bar(parts.water_skills)}
    filled = {name: value for name, value in found.items() if name in absent}
    for name, bar in bars.items():
        given = getattr(spec, name) or SkillBar()
        filled[name] = SkillBar(*(getattr(bar if f"{name}.{place}" in absent else given, place) for place in PLACES))
    same = all(filled.get(name, getattr(spec, name)) == value for name, value in found.items() if name != "weapon_sets")
    same = same and all(filled[name] == bar for name, bar in bars.items())
    if filled["water_skills"] == SkillBar():
        filled["water_skills"] = None
    spec = replace(spec, template_code=_in_brackets(code), **filled)
    notes = list(parts.unknown)
    if not same:
        notes.append("The code said something else than the build: a new code was made from the build.")
        spec = with_code(spec, catalogue)
    return spec, notes


def trimmed(values: Sequence[Any]) -> tuple[Any, ...]:
    """An empty last place and no place are the same."""
    return tuple(values[: max((i for i, value in enumerate(values, start=1) if value), default=0)])


def weapon_sets_of(names: Iterable[str], profession: Profession) -> tuple[WeaponSet, ...]:
    """Weapons in the order of a code, dealt to at most two sets: a two-handed weapon is a set, a main hand takes
    the off hand that follows it."""
    sets: list[WeaponSet] = []
    for name in names:
        hands = profession.weapons[name].hands if name in profession.weapons else frozenset()
        last = sets[-1] if sets else None
        waiting = last is not None and last.off_hand is None and last.main_hand is not None
        takes_off = waiting and last is not None and "TwoHand" not in profession.weapons[str(last.main_hand)].hands
        if last is not None and takes_off and "Offhand" in hands:
            sets[-1] = replace(last, off_hand=name)
        elif hands & {"Mainhand", "TwoHand"}:
            sets.append(WeaponSet(name))
        elif "Offhand" in hands:
            sets.append(WeaponSet(None, name))
    return tuple(sets[:2])


def _refused(text: str) -> InvalidInput:
    return InvalidInput(text, fields={"template_code": [text]})


def _in_brackets(code: str) -> str:
    """The game takes a code only with its brackets; what stands between them is kept."""
    inner = code.strip().removeprefix("[").removeprefix("&").removesuffix("]")
    return f"[&{inner}]"


def _implied_legends(given: tuple[str | None, ...], skills: SkillBar, catalogue: Catalogue) -> tuple[str | None, ...]:
    active, inactive = _two(given)
    meant = None if active else legend_with_skills({skill for skill in skills.ids if skill}, catalogue)
    if meant is None:
        return given
    return trimmed((meant.id, inactive if inactive != meant.id else None))


def _read(code: str, catalogue: Catalogue) -> TemplateParts:
    return parts_of(decode_build_template(code), catalogue)


def _lines(parts: TemplateParts) -> Any:
    return tuple(line and SpecLine(line[0], (line[1][0], line[1][1], line[1][2])) for line in parts.specializations)


def _bar(skills: Sequence[int | None]) -> SkillBar:
    heal, first, second, third, elite = skills
    return SkillBar(heal, (first, second, third), elite)


def _two(values: Sequence[Any]) -> tuple[Any, Any]:
    first, second = [*values, None, None][:2]
    return first, second
