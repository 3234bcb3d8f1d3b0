"""What a build gives and does, estimated."""

import uuid

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.access import readable_build
from builds.api.builds import computes
from builds.api.schema import Document, errors, of
from builds.api.serializers import Choice, Strict, asked
from builds.catalogue import current_catalogue
from builds.engine.effects import effects_with_panel
from builds.gamedata.model import MODES
from builds.spec.shapes import Mode


class EffectsQuery(Strict):
    mode = Choice(required=False, choices=MODES, help_text="The build's own, unless said.")
    quickness = serializers.BooleanField(required=False, default=False, help_text="Held all the time.")
    alacrity = serializers.BooleanField(required=False, default=False, help_text="Held all the time.")


class EffectSource(Document):
    """kind: skill, trait, or build where a role promises it. place: where it comes from. period: seconds from one use
    to the next, null where nothing says how often it happens. rate: what tells the period where it is not its own
    recharge: the skills that set a trait off."""

    kind: str
    id: int
    name: str
    place: str
    period: float | None
    rate: str


class BoonGiver(Document):
    """seconds: of one application, with the build's boon duration. applications: of one use. share: of the time, or
    average stacks; 0 where it is not counted, for the reason in `not_counted`."""

    source: EffectSource
    seconds: float
    stacks: int
    applications: int
    to: str
    share: float
    not_counted: str


class BoonOfBuild(Document):
    """uptime: fraction of the time, from sources whose rate is known. stacks: the average, of might and stability up to
    25. to: allies or unknown. assumed: share of the time that a score adds for sources whose rate is not known."""

    boon: str
    uptime: float = Field(ge=0, le=1)
    stacks: float = Field(ge=0, le=25)
    seconds: float
    to: str
    given_by: list[BoonGiver]
    assumed: float = Field(ge=0, le=1)


class ConditionOfBuild(Document):
    condition: str
    stacks: float
    seconds: float
    given_by: list[EffectSource]


class RemovalRate(Document):
    """per_use: of each source, in the order of given_by."""

    effect: str
    per_second: float
    per_use: list[float]
    given_by: list[EffectSource]


class HealingRate(Document):
    """at_least: the share of healing power is not known for all of it."""

    per_second: float
    at_least: bool
    given_by: list[EffectSource]


class EffectOfBuild(Document):
    effect: str
    seconds: float | None
    source: EffectSource


class UnknownEffect(Document):
    source: EffectSource
    effect: str
    reason: str
    candidates: list[str]


class EffectsDocument(Document):
    """An estimate; `assumptions` says in words what it takes for granted, `notes` what it had to do without. Nothing
    that is named in `unknown` is counted."""

    name: str
    game_mode: Mode
    boons: list[BoonOfBuild]
    conditions: list[ConditionOfBuild]
    counts: list[RemovalRate]
    stability_per_30_s: float
    defiance_per_30_s: float
    control: list[EffectOfBuild]
    stun_breaks: list[EffectSource]
    healing: HealingRate
    barrier: HealingRate
    regeneration_per_second: float
    combo_fields: list[EffectOfBuild]
    finishers: list[EffectOfBuild]
    others: list[EffectOfBuild]
    unknown: list[UnknownEffect]
    boon_duration: float
    healing_power: float
    assumptions: list[str]
    notes: list[str]


class EffectsOfBuild(APIView):
    @extend_schema(
        operation_id="builds_effects",
        summary="What a build gives and does, estimated",
        parameters=[EffectsQuery],
        responses={200: of(EffectsDocument), **errors(404, 422, 429)},
    )
    @computes(methods=("GET",))
    def get(self, request: Request, build_id: uuid.UUID) -> Response:
        query = asked(EffectsQuery, request)
        build = readable_build(request.user, build_id)
        found = effects_with_panel(
            build.value,
            current_catalogue(),
            query.get("mode"),
            quickness=query["quickness"],
            alacrity=query["alacrity"],
        )
        return Response(found.as_json())
