"""What `build/1` may look like before anyone asks whether its things exist."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    ValidationError,
)

from builds.gamedata.model import MODES, WVW_STYLES
from builds.spec.model import GEAR_SLOTS, RARITIES, ROLES

CONDITIONS = ("bleeding", "burning", "confusion", "poison", "torment")


def _readable(text: str) -> str:
    if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise ValueError("holds a control character")
    return text


def _reference(value: Any) -> int | str:
    """An id, a name, or the output's {"id", "name"}, of which the id counts."""
    if isinstance(value, dict) and "id" in value and not set(value) - {"id", "name", "icon"}:
        value = value["id"]
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**32:
        return value
    if isinstance(value, str) and 0 < len(value) <= 200:
        return _readable(value)
    raise ValueError("Give an id or a name.")


Line = Annotated[str, Field(max_length=200), AfterValidator(_readable)]
Number = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Ref = Annotated[int | str, PlainValidator(_reference)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SpecLineShape(Shape):
    specialization: Ref
    traits: Annotated[list[Ref | None], Field(max_length=3)] = []


class SkillsShape(Shape):
    heal: Ref | None = None
    utilities: Annotated[list[Ref | None], Field(max_length=3)] | None = None
    elite: Ref | None = None


class WeaponSetShape(Shape):
    main_hand: Ref | None = None
    off_hand: Ref | None = None


class GearShape(Shape):
    prefix: Line | None = None
    rarity: Literal[RARITIES] = "ascended"
    infusions: Annotated[list[Ref], Field(max_length=3)] = []
    upgrade: Ref | None = None


def _bare_text_is_prefix(value: Any) -> Any:
    return {"prefix": value} if isinstance(value, str) else value


Piece = Annotated[GearShape, BeforeValidator(_bare_text_is_prefix)]


class LandWater(Shape):
    land: Annotated[list[Ref | None], Field(max_length=2)] = []
    water: Annotated[list[Ref | None], Field(max_length=2)] = []


class DamageProfileShape(Shape):
    power_coefficient: Number = 0
    power2_coefficient: Number = 0
    condition_coefficients: dict[Literal[CONDITIONS], Number] = {}
    skill_attack_rate: Number = 0
    source: Line = ""


class RotationShape(Shape):
    opener: Annotated[list[Ref], Field(max_length=200)] = []
    loop: Annotated[list[Ref], Field(max_length=400)] = []


class BenchmarkShape(Shape):
    dps: Number
    source: Line = ""


def _bare_list_is_land(value: Any) -> Any:
    return {"land": value} if isinstance(value, list) else value


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


class BuildShape(Shape):
    schema_: Annotated[Literal["build/1"], Field(alias="schema")] = "build/1"
    name: Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_readable)]
    profession: Ref
    game_mode: Annotated[Literal[MODES], BeforeValidator(_lower)] = "pve"
    wvw_style: Annotated[Literal[WVW_STYLES], BeforeValidator(_lower)] | None = None
    role: Annotated[Literal[ROLES], BeforeValidator(_lower)] | None = None
    secondary_roles: Annotated[list[Literal[ROLES]], Field(max_length=5)] = []
    specializations: Annotated[list[SpecLineShape | None], Field(max_length=3)] | None = None
    skills: SkillsShape | None = None
    water_skills: SkillsShape | None = None
    weapon_sets: Annotated[list[WeaponSetShape], Field(max_length=2)] | None = None
    water_weapons: Annotated[list[WeaponSetShape], Field(max_length=2)] = []
    gear: dict[Literal[GEAR_SLOTS], Piece | None] | None = None
    pvp_amulet: Ref | None = None
    rune: Ref | None = None
    sigils: Annotated[list[Annotated[list[Ref], Field(max_length=2)]], Field(max_length=2)] = []
    relic: Ref | None = None
    food: Ref | None = None
    utility: Ref | None = None
    infusions: dict[Line, Annotated[int, Field(strict=True, ge=0, le=100)]] = {}
    enrichment: Ref | None = None
    jade_bot_core: StrictBool = False
    pets: Annotated[LandWater, BeforeValidator(_bare_list_is_land)] | None = None
    legends: Annotated[LandWater, BeforeValidator(_bare_list_is_land)] | None = None
    skill_overrides: Annotated[list[Ref], Field(max_length=64)] | None = None
    damage_profile: DamageProfileShape | None = None
    rotation: RotationShape | None = None
    benchmark: BenchmarkShape | None = None
    template_code: Annotated[str, Field(max_length=4096), AfterValidator(_readable)] | None = None


_SENTENCES = {
    "extra_forbidden": "There is no such field.",
    "missing": "This field is required.",
    "too_long": "Too many entries.",
    "string_too_short": "This is empty.",
    "string_type": "This is not text.",
    "int_type": "This is not a whole number.",
    "int_from_float": "This is not a whole number.",
    "float_type": "This is not a number.",
    "bool_type": "This is neither true nor false.",
    "list_type": "This is not a list.",
    "dict_type": "This is not an object.",
    "model_type": "This is not an object.",
    "finite_number": "This is not a finite number.",
}


def shape_errors(error: ValidationError) -> dict[str, list[str]]:
    """Path such as `gear.helm.prefix` or `skills.utilities.1` to sentences."""
    fields: dict[str, list[str]] = {}
    for item in error.errors(include_url=False, include_context=True):
        path = ".".join(str(part) for part in item["loc"] if part != "[key]")
        text = _SENTENCES.get(item["type"]) or item["msg"].removeprefix("Value error, ")
        if item["type"] == "literal_error":
            text = "This is not one of " + str(item["ctx"]["expected"]).replace("'", "") + "."
        if item["type"] == "string_too_long":
            text = f"This is longer than {item['ctx']['max_length']} characters."
        fields.setdefault(path or "build", []).append(text[:1].upper() + text[1:])
    return fields
