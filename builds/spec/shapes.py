"""What `build/1` may look like before anyone asks whether its things exist."""

import difflib
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from builds.gamedata.model import MODES, WVW_STYLES
from builds.spec.model import GEAR_SLOTS, RARITIES, ROLES
from gw2optimizer.errors import InvalidInput

CONDITIONS = ("bleeding", "burning", "confusion", "poison", "torment")

MAX_ERRORS = 30
_MAX_SHOWN = 60  # characters of a key of the input in the path of an error


# They show nothing, or turn the writing around: two names could look alike, or one could scramble what stands after
# it. Marks of direction, joiners, separators, fillers, the blank of Braille, the byte order mark, tags.
_INVISIBLE = re.compile(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def is_readable(text: str, *, lines: bool = False) -> bool:
    """No control character and no half of one that needs two. lines: a text of its own, which may have breaks, tabs
    and what joins emoji or turns the writing; a name or a tag, which stands amid other words, may not."""
    return not _has_control(text, allowed="\n\r\t") if lines else not (_has_control(text) or _INVISIBLE.search(text))


def _has_control(text: str, *, allowed: str = "") -> bool:
    return any((ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000) and c not in allowed for c in text)


def _readable(text: str) -> str:
    if _has_control(text):
        raise ValueError("It holds a control character.")
    return text


def _visible(text: str) -> str:
    if found := _INVISIBLE.search(text):
        raise ValueError(f"It holds a character that can't be seen (U+{ord(found[0]):04X}). Leave it out.")
    return text


def _one_of(known: tuple[str, ...], *, exact: bool = False) -> Callable[[Any], str]:
    """exact: for keys of an object, two of which must not become one."""

    def check(value: Any) -> str:
        word = value.strip().lower().replace(" ", "_") if isinstance(value, str) and not exact else value
        if isinstance(word, str) and word in known:
            return word
        near = difflib.get_close_matches(word[:_MAX_SHOWN], known, n=1) if isinstance(word, str) else []
        meant = f" Did you mean “{near[0]}”?" if near else ""
        raise ValueError(f"This is not one of {', '.join(known[:-1])} or {known[-1]}.{meant}")

    return check


def _enum(known: tuple[str, ...]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(known)})


def _reference(value: Any) -> int | str:
    """An id, a name, or the output's {"id", "name"}, of which the id counts."""
    if isinstance(value, dict) and "id" in value and not set(value) - {"id", "name", "icon"}:
        value = value["id"]
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**32:
        return value
    if isinstance(value, str) and 0 < len(value) <= 200:
        return _readable(value)
    raise ValueError("Give an id or a name.")


Line = Annotated[str, Field(strict=True, max_length=200), AfterValidator(_readable), AfterValidator(_visible)]
Number = Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)]
Mode = Annotated[str, BeforeValidator(_one_of(MODES)), _enum(MODES)]
WvwStyle = Annotated[str, BeforeValidator(_one_of(WVW_STYLES)), _enum(WVW_STYLES)]
Role = Annotated[str, BeforeValidator(_one_of(ROLES)), _enum(ROLES)]
Rarity = Annotated[str, BeforeValidator(_one_of(RARITIES)), _enum(RARITIES)]
GearSlot = Annotated[str, BeforeValidator(_one_of(GEAR_SLOTS, exact=True)), _enum(GEAR_SLOTS)]
Condition = Annotated[str, BeforeValidator(_one_of(CONDITIONS, exact=True)), _enum(CONDITIONS)]


class NamedThing(TypedDict):
    id: int | str
    name: NotRequired[str | None]
    icon: NotRequired[str | None]


Ref = Annotated[int | str, PlainValidator(_reference, json_schema_input_type=int | str | NamedThing)]


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
    prefix: Ref | None = None
    rarity: Rarity = "ascended"
    infusions: Annotated[list[Ref], Field(max_length=3)] = []
    upgrade: Ref | None = None


def _bare_reference_is_prefix(value: Any) -> Any:
    bare = isinstance(value, str | int) or (isinstance(value, dict) and "id" in value)
    return {"prefix": value} if bare else value


Piece = Annotated[
    GearShape,
    BeforeValidator(_bare_reference_is_prefix, json_schema_input_type=int | str | NamedThing | GearShape),
]


class LandWater(Shape):
    land: Annotated[list[Ref | None], Field(max_length=2)] = []
    water: Annotated[list[Ref | None], Field(max_length=2)] = []


class DamageProfileShape(Shape):
    power_coefficient: Number = 0
    power2_coefficient: Number = 0
    condition_coefficients: dict[Condition, Number] = {}
    skill_attack_rate: Number = 0
    source: Line = ""


class RotationShape(Shape):
    opener: Annotated[list[Ref], Field(max_length=200)] = []
    loop: Annotated[list[Ref], Field(max_length=400)] = []


class BenchmarkShape(Shape):
    dps: Number
    source: Line = ""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("This is empty.")
    return text.strip()


Name = Annotated[
    str,
    Field(strict=True, max_length=120),
    AfterValidator(_readable),
    AfterValidator(_visible),
    AfterValidator(_not_blank),
]


def _bare_list_is_land(value: Any) -> Any:
    return {"land": value} if isinstance(value, list) else value


LandFirst = Annotated[
    LandWater, BeforeValidator(_bare_list_is_land, json_schema_input_type=list[Ref | None] | LandWater)
]


class BuildShape(Shape):
    schema_: Annotated[Literal["build/1"], Field(alias="schema")] = "build/1"
    name: Name
    profession: Ref
    game_mode: Mode = "pve"
    wvw_style: WvwStyle | None = None
    role: Role | None = None
    secondary_roles: Annotated[list[Role], Field(max_length=5)] = []
    specializations: Annotated[list[SpecLineShape | None], Field(max_length=3)] | None = None
    skills: SkillsShape | None = None
    water_skills: SkillsShape | None = None
    weapon_sets: Annotated[list[WeaponSetShape], Field(max_length=2)] | None = None
    water_weapons: Annotated[list[WeaponSetShape], Field(max_length=2)] = []
    gear: dict[GearSlot, Piece | None] | None = None
    pvp_amulet: Ref | None = None
    rune: Ref | None = None
    sigils: Annotated[list[Annotated[list[Ref], Field(max_length=2)]], Field(max_length=2)] = []
    relic: Ref | None = None
    food: Ref | None = None
    utility: Ref | None = None
    infusions: dict[Line, Annotated[int, Field(strict=True, ge=0, le=100)]] = {}
    enrichment: Ref | None = None
    jade_bot_core: StrictBool = False
    pets: LandFirst | None = None
    legends: LandFirst | None = None
    skill_overrides: Annotated[list[Ref], Field(max_length=64)] | None = None
    damage_profile: DamageProfileShape | None = None
    rotation: RotationShape | None = None
    benchmark: BenchmarkShape | None = None
    template_code: Annotated[str, Field(strict=True, max_length=4096), AfterValidator(_readable)] | None = None


_SENTENCES = {
    "extra_forbidden": "There is no such field.",
    "missing": "This field is required.",
    "invalid_key": "The name of a field is text.",
    "too_long": "There are more than {max_length} entries.",
    "string_too_long": "This is longer than {max_length} characters.",
    "string_type": "This is not text.",
    "string_unicode": "It holds half of a character.",
    "int_type": "This is not a whole number.",
    "float_type": "This is not a number.",
    "bool_type": "This is neither true nor false.",
    "list_type": "This is not a list.",
    "dict_type": "This is not an object.",
    "model_type": "This is not an object.",
    "finite_number": "This is not a finite number.",
    "greater_than_equal": "This is less than {ge:g}.",
    "less_than_equal": "This is more than {le:g}.",
    "literal_error": "This is not build/1.",
}


def shape_errors(error: ValidationError) -> dict[str, list[str]]:
    """Path such as `gear.helm.prefix` or `skills.utilities.1` to sentences; of hundreds of errors the first ones."""
    fields: dict[str, list[str]] = {}
    for item in error.errors(include_url=False, include_input=False)[:MAX_ERRORS]:
        # A key that is wrong itself has this mark after it.
        parts = item["loc"][:-1] if item["loc"][-1:] == ("[key]",) else item["loc"]
        path = ".".join(str(part)[:_MAX_SHOWN] for part in parts)
        if item["type"] == "value_error":
            text = str(item["ctx"]["error"])
        else:
            text = _SENTENCES.get(item["type"], "This can't be read.").format(**item.get("ctx", {}))
        fields.setdefault(path or "build", []).append(text)
    return fields


_NAME: TypeAdapter[str] = TypeAdapter(Name)


def clean_name(text: object) -> str:
    """The name of a build by the rules of `build/1`. Raises InvalidInput."""
    try:
        return _NAME.validate_python(text)
    except ValidationError as error:
        texts = shape_errors(error)["build"]
        raise InvalidInput(f"name: {texts[0]}", fields={"name": texts}) from error
