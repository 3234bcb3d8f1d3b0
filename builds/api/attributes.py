"""The attribute panel of a build."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.access import readable_build
from builds.api.schema import Document, errors
from builds.api.serializers import Choice, Strict, asked
from builds.catalogue import current_catalogue
from builds.engine.attributes import attributes, parse_boons
from builds.gamedata.model import MODES
from gw2optimizer.errors import InvalidInput


class PanelPart(Document):
    """amount: in the unit of the attribute."""

    source: str
    amount: float


class PanelAttribute(Document):
    """Points; chances and durations as fractions, 0.5576 for 55.76 %. The parts add up to the value."""

    value: float
    parts: list[PanelPart]


class PanelUnknown(Document):
    """An effect that may touch the panel and that the game data don't tell enough about; it is not counted."""

    source: str
    attribute: str | None
    reason: str


class PanelSwitch(Document):
    """A conditional effect of the build's traits. on: whether it counts here. share_of: the attribute of which `amount`
    is the share, for a conversion. amount: null where the game data don't tell it for this mode."""

    trait: int
    name: str
    attribute: str
    amount: float | None
    share_of: str | None
    condition: str
    on: bool


class AttributePanelDocument(Document):
    """panel: by attribute, such as power or critical_chance. missing: paths of the build that the panel lacks."""

    panel: dict[str, PanelAttribute]
    missing: list[str]
    notes: list[str]
    unknown: list[PanelUnknown]
    switches: list[PanelSwitch]
    game_mode: str
    weapon_set: int
    boons: dict[str, int]


class PanelQuery(Strict):
    mode = Choice(required=False, allow_blank=True, choices=MODES, help_text="The build's own if absent.")
    boons = serializers.CharField(
        required=False, allow_blank=True, max_length=300, help_text="Such as might=25,fury; a boon alone is on."
    )
    weapon_set = serializers.IntegerField(required=False, min_value=1, max_value=2, default=1)
    switches = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text="Ids of traits whose conditional effects count, such as 320,223.",
    )

    def validate_boons(self, value: str) -> dict[str, int]:
        try:
            return parse_boons(value)
        except InvalidInput as error:
            raise serializers.ValidationError(error.fields["boons"]) from error

    def validate_switches(self, value: str) -> frozenset[int]:
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            raise serializers.ValidationError("These are not ids of traits with commas between.")
        return frozenset(map(int, parts))


class BuildAttributes(APIView):
    @extend_schema(
        operation_id="builds_attributes",
        summary="The attribute panel of a build, each number with its parts",
        description="Out of combat, or under the given boons. There is no panel for PvP while the game data hold no "
        "PvP amulets.",
        parameters=[PanelQuery],
        responses={200: AttributePanelDocument, **errors(404, 422)},
    )
    def get(self, request: Request, build_id: uuid.UUID) -> Response:
        query = asked(PanelQuery, request)
        build = readable_build(request.user, build_id)
        panel = attributes(
            build.value,
            current_catalogue(),
            query.get("mode") or None,
            query.get("boons"),
            query.get("switches") or frozenset(),
            weapon_set=query["weapon_set"],
        )
        return Response(panel.as_json())
