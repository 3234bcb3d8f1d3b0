"""How the API's description tells what the serializers can't: `build/1` and the one body of errors."""

from typing import Any, Literal, override

from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema

from builds.spec.shapes import BenchmarkShape, DamageProfileShape, GearSlot, Mode, Rarity, Role, WvwStyle


def of(model: type[BaseModel]) -> Any:
    """drf-spectacular takes models where its types ask for serializers."""
    return model


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Named(Document):
    """A thing of the game; the name is null where the present game data no longer has it."""

    id: int | str
    name: str | None


class TraitLine(Document):
    """Adept, master and grandmaster trait; null where none is chosen."""

    specialization: Named
    traits: list[Named | None] = Field(min_length=3, max_length=3)


class SkillBar(Document):
    heal: Named | None
    utilities: list[Named | None] = Field(min_length=3, max_length=3)
    elite: Named | None


class WeaponSet(Document):
    main_hand: str | None
    off_hand: str | None


class GearPiece(Document):
    prefix: str | None
    rarity: Rarity
    infusions: list[str | Named] = []
    upgrade: Named | None = None


class LandAndWater(Document):
    land: list[Named | None] = []
    water: list[Named | None] = []


class Rotation(Document):
    opener: list[Named]
    loop: list[Named]


class BuildDocument(Document):
    """`build/1` as the API answers it: what is not chosen is left out."""

    schema_: Literal["build/1"] = Field(alias="schema")
    name: str
    profession: str
    game_mode: Mode
    wvw_style: WvwStyle | None = None
    role: Role | None = None
    secondary_roles: list[Role] = []
    specializations: list[TraitLine | None] = Field(default=[], max_length=3)
    skills: SkillBar | None = None
    water_skills: SkillBar | None = None
    weapon_sets: list[WeaponSet] = []
    water_weapons: list[WeaponSet] = []
    gear: dict[GearSlot, GearPiece] = {}
    pvp_amulet: Named | None = None
    rune: Named | None = None
    sigils: list[list[Named]] = []
    relic: Named | None = None
    food: Named | None = None
    utility: Named | None = None
    infusions: dict[str, int] = {}
    enrichment: Named | None = None
    jade_bot_core: bool = False
    pets: LandAndWater | None = None
    legends: LandAndWater | None = None
    skill_overrides: list[Named] = []
    damage_profile: DamageProfileShape | None = None
    rotation: Rotation | None = None
    benchmark: BenchmarkShape | None = None
    template_code: str = ""


class _Untitled(GenerateJsonSchema):
    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class ModelSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """In place of the package's own, which describes a request as if it were an answer: names and short forms that
    `build/1` takes would be missing."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    @override
    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str | None:
        # A model stands on its own in one answer and within another model in the next: both are the same component.
        set_override(self.target, "suppress_collision_warning", True)
        return str(self.target.__name__)

    @override
    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema: dict[str, Any] = self.target.model_json_schema(
            ref_template="#/components/schemas/{model}",
            schema_generator=_Untitled,
            mode="validation" if direction == "request" else "serialization",
        )
        if direction == "response":
            # Left out where it is empty, so never required.
            schema["required"] = [
                name
                for field, info in self.target.model_fields.items()
                if info.is_required() and (name := info.alias or field)
            ]
        for name, part in schema.pop("$defs", {}).items():
            kind = ResolvedComponent.SCHEMA
            component = ResolvedComponent(name=name, type=kind, object=name, schema=part)  # type: ignore[no-untyped-call]
            auto_schema.registry.register_on_missing(component)
        return schema


class ErrorDetail(Document):
    """code: for programs. message: for people, what is wrong and what to do. fields: path of an input field, such as
    `gear.helm.prefix`, to what is wrong with it. request_id: by which we find the request in our log."""

    code: str
    message: str
    fields: dict[str, list[str]] = {}
    request_id: str


class ErrorBody(Document):
    error: ErrorDetail


def errors(*statuses: int) -> dict[int, type[ErrorBody]]:
    """The answers of an operation beside its own: malformed (400), not logged in (401), forged or forbidden (403), not
    there or not yours (404), saved by somebody else (409), invalid (422), too often (429), out of reach (503)."""
    return dict.fromkeys(statuses, ErrorBody)
