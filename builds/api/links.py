"""Chat links, there and back."""

from typing import Any, Literal

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from pydantic import Field
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.api.builds import computes
from builds.api.schema import Document, errors, of
from builds.api.serializers import ChatLink, checked
from builds.catalogue import current_catalogue
from builds.chatlinks import decode_link, encode_link
from builds.chatlinks.describe import describe_link, link_from_description
from gw2optimizer.errors import InvalidInput

BUILD = "build"


class TemplateLine(Document):
    """id: 0 for none."""

    id: int
    name: str | None
    elite: bool
    traits: list[int | None] = Field(min_length=3, max_length=3)


class TemplateSkill(Document):
    palette: int
    id: int | None
    name: str | None


class TemplateBar(Document):
    heal: TemplateSkill | None
    utilities: list[TemplateSkill | None] = Field(min_length=3, max_length=3)
    elite: TemplateSkill | None


class TemplateBars(Document):
    land: TemplateBar
    water: TemplateBar


class CodesByPlace(Document):
    land: list[int]
    water: list[int]


class TemplateLink(Document):
    """A build template. rest: hexadecimal, bytes that no other field tells."""

    kind: Literal["build"]
    profession: str
    specializations: list[TemplateLine] = Field(min_length=3, max_length=3)
    skills: TemplateBars
    pets: CodesByPlace
    legends: CodesByPlace
    inactive_utilities: CodesByPlace
    weapons: list[str | int]
    skill_overrides: list[int]
    byte_length: int
    rest: str


class ItemLinkContent(Document):
    kind: Literal["item"]
    type: Literal["item"]
    id: int
    name: str | None
    count: int
    skin: int | None
    upgrades: list[int | None] = Field(min_length=2, max_length=2)
    spare: int
    rest: str


class SkillOrTraitLinkContent(Document):
    kind: Literal["skill", "trait"]
    type: Literal["skill", "trait"]
    id: int
    name: str | None
    rest: str


class EncodedLink(Document):
    code: str


class DecodeLink(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="chatlinks_decode",
        summary="What a chat link says: a build template, an item, a skill or a trait",
        request=ChatLink,
        responses={
            200: PolymorphicProxySerializer(
                "AnyLink",
                [of(TemplateLink), of(ItemLinkContent), of(SkillOrTraitLinkContent)],
                resource_type_field_name=None,
            ),
            **errors(400, 403, 422, 429),
        },
    )
    @computes()
    def post(self, request: Request) -> Response:
        link = decode_link(checked(ChatLink, request.data)["code"])
        description = describe_link(link, current_catalogue())
        return Response({"kind": description.get("type", BUILD), **description})


class EncodeLink(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="chatlinks_encode",
        summary="The chat link of what decode answers, to the byte",
        description="Of a build template all but `profession` may be left out.",
        request=OpenApiTypes.OBJECT,
        responses={200: EncodedLink, **errors(400, 403, 422, 429)},
    )
    @computes()
    def post(self, request: Request) -> Response:
        description: dict[str, Any] = dict(request.data)
        kind = description.pop("kind", None)
        if kind not in (None, description.get("type", BUILD)):
            text = "This says something else than `type`; leave one of the two out."
            if "type" in description:
                raise InvalidInput("This describes no chat link.", fields={"kind": [text]})
            description["type"] = kind
        return Response({"code": encode_link(link_from_description(description, current_catalogue()))})
