"""Shapes of the API of teams: what a body may hold, and what of a team an answer shows."""

from typing import Any, override

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from builds.api.schema import of
from builds.api.serializers import (
    BuildInput,
    Choice,
    NameOrNull,
    OrNull,
    PageQuery,
    Seen,
    Strict,
    Text,
    Whole,
)
from builds.catalogue import current_catalogue
from builds.gamedata.model import MODES, WVW_STYLES
from builds.spec import ROLES
from teams.api.documents import SlotOfTeam, TeamDocument, TeamShape
from teams.api.slots_json import slots_json
from teams.models import Team, TeamRevision
from teams.models.team import GRADES
from teams.pagination import TEAM_ORDERS
from teams.services.scores import present_version
from teams.spec import team_json

# --- What comes in -------------------------------------------------------------------------------
# No docstrings here: they would stand in the description of the API.


@extend_schema_field(of(TeamShape))
class TeamInput(serializers.Field[Any, Any, Any, Any]):
    default_error_messages = {"invalid": "This is not an object."}

    @override
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return dict(data)

    @override
    def to_representation(self, value: Any) -> Any:
        return value


class OwnTeamsQuery(PageQuery):
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Words that name, specializations or mode hold."
    )
    mode = Choice(required=False, allow_blank=True, choices=MODES)
    style = Choice(  # type: ignore[assignment]  # a field that is called so, not the class's own
        required=False, allow_blank=True, choices=WVW_STYLES
    )
    size = serializers.IntegerField(required=False, min_value=1, max_value=50)
    grade = serializers.ChoiceField(required=False, allow_blank=True, choices=GRADES)


class TeamsQuery(OwnTeamsQuery):
    order = Choice(required=False, choices=tuple(TEAM_ORDERS), default="newest")


class _Beside(Strict):
    visibility = Choice(required=False, choices=Team.Visibility.values)
    notes = Text(required=False, allow_blank=True, max_length=10_000)


class NewTeam(_Beside):
    """Either `team`, or `name` and `size` for one of empty places."""

    team = TeamInput(required=False)
    name = Text(required=False, max_length=120)
    game_mode = Choice(required=False, choices=MODES)
    wvw_style = Choice(required=False, choices=WVW_STYLES)
    size = Whole(required=False, help_text="1 to 50.")

    @override
    def validate(self, attrs: Any) -> Any:
        if ("team" in attrs) == ("size" in attrs):
            raise serializers.ValidationError("Give either `team`, or `name` and `size`.")
        if "size" in attrs and "name" not in attrs:
            raise serializers.ValidationError({"name": ["This field is required."]})
        return attrs


class TeamChange(_Beside, Seen):
    team = TeamInput(required=False, help_text="Takes the place of the whole value.")
    name = Text(required=False, max_length=120)
    game_mode = Choice(required=False, choices=MODES)
    wvw_style = Choice(required=False, allow_blank=True, choices=WVW_STYLES)


class SlotFields(Seen):
    build = BuildInput(required=False, allow_null=True, help_text="null empties the place.")
    build_id = serializers.UUIDField(required=False, help_text="A build that you may see; it is copied in.")
    code = Text(required=False, trim_whitespace=False, help_text="A build template code, such as [&DQ...].")
    player = Text(required=False, allow_null=True, allow_blank=True, max_length=200)
    role = Choice(required=False, allow_null=True, choices=ROLES)
    priority = Whole(required=False, min_value=1, max_value=5, help_text="1 is given up last.")
    locked = serializers.BooleanField(required=False, help_text="Left alone by what suggests changes.")

    @override
    def validate(self, attrs: Any) -> Any:
        if len({"build", "build_id", "code"} & set(attrs)) > 1:
            raise serializers.ValidationError("Give only one of `build`, `build_id` and `code`.")
        return attrs


class NewSlot(SlotFields):
    subgroup = Whole(min_value=1, max_value=50, help_text="From 1; the number after the last is a new one.")


class SlotMove(Seen):
    subgroup = Whole(min_value=1, max_value=50)
    place = Whole(
        required=False, min_value=1, max_value=5, help_text="The two change places; the end of the subgroup if absent."
    )


class CompareQuery(Strict):
    other = serializers.UUIDField(help_text="Another team that you may see.")


class ExportQuery(Strict):
    format = Choice(required=False, choices=("json", "csv", "text"), default="json")


# --- What goes out -------------------------------------------------------------------------------
# Only of what `TeamQuerySet.for_list` reads.
class TeamSummary(serializers.ModelSerializer[Team]):
    wvw_style = OrNull(Team._meta.get_field("wvw_style").choices)
    owner = serializers.CharField(source="owner.username", read_only=True)
    makeup = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(allow_null=True)),
        read_only=True,
        help_text="The specializations, subgroup by subgroup; null for an empty place.",
    )
    score_is_old = serializers.SerializerMethodField(
        help_text="The engine or the game data have changed since; it will be made anew."
    )
    source_label = NameOrNull(read_only=True, allow_null=True, help_text="Of a copy: what it was copied from.")

    class Meta:
        model = Team
        fields = (
            "id", "name", "game_mode", "wvw_style", "size", "filled", "makeup", "synergy_score", "grade",
            "score_is_old", "owner", "source_label", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    @cached_property
    def request(self) -> Request:
        return self.context["request"]  # type: ignore[no-any-return]

    @cached_property
    def present_version(self) -> str:
        return present_version(current_catalogue())

    def get_score_is_old(self, team: Team) -> bool:
        return bool(team.engine_version != self.present_version)


class OwnTeamSummary(TeamSummary):
    class Meta(TeamSummary.Meta):
        fields = read_only_fields = (  # type: ignore[assignment]
            *TeamSummary.Meta.fields, "visibility", "hidden_at", "hidden_reason",
        )  # fmt: skip


class TeamDetail(TeamSummary):
    slots = serializers.SerializerMethodField()
    team = serializers.SerializerMethodField()

    class Meta(TeamSummary.Meta):
        fields = read_only_fields = (  # type: ignore[assignment]
            *TeamSummary.Meta.fields, "notes", "version", "engine_version", "created_at", "slots", "team",
        )  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"$ref": f"#/components/schemas/{SlotOfTeam.__name__}"}})
    def get_slots(self, team: Team) -> list[dict[str, Any]]:
        return slots_json(team, self.request.user, current_catalogue())

    @extend_schema_field(of(TeamDocument))
    def get_team(self, team: Team) -> dict[str, Any]:
        return team_json(team.value, current_catalogue())


class OwnTeam(TeamDetail):
    share_url = serializers.SerializerMethodField(
        help_text="Opens an unlisted team; null while it is private, or hidden by a moderator."
    )

    class Meta(TeamDetail.Meta):
        fields = read_only_fields = (  # type: ignore[assignment]
            *TeamDetail.Meta.fields, "visibility", "share_url", "hidden_at", "hidden_reason",
        )  # fmt: skip

    def get_share_url(self, team: Team) -> str | None:
        if team.visibility == Team.Visibility.PRIVATE or team.is_hidden:
            return None
        return self.request.build_absolute_uri(team.get_share_url())


class SavedTeam(OwnTeam):
    # What was changed or left out on the way; `notes` are the owner's own words.
    remarks = serializers.SerializerMethodField(help_text="What was changed or left out on the way.")

    class Meta(OwnTeam.Meta):
        fields = read_only_fields = (*OwnTeam.Meta.fields, "remarks")  # type: ignore[assignment]

    def get_remarks(self, team: Team) -> list[str]:
        return list(self.context.get("remarks", ()))


class TeamRevisionSummary(serializers.ModelSerializer[TeamRevision]):
    author = serializers.CharField(
        source="author.username", read_only=True, allow_null=True, default=None, help_text="Null: the account is gone."
    )

    class Meta:
        model = TeamRevision
        fields = read_only_fields = ("number", "name", "note", "synergy_score", "author", "created_at")


class TeamRevisionDetail(TeamRevisionSummary):
    team = serializers.SerializerMethodField()

    class Meta(TeamRevisionSummary.Meta):
        fields = read_only_fields = (*TeamRevisionSummary.Meta.fields, "notes", "team")  # type: ignore[assignment]

    @extend_schema_field(of(TeamDocument))
    def get_team(self, revision: TeamRevision) -> dict[str, Any]:
        return team_json(revision.value, current_catalogue())


class _Page(serializers.Serializer[Any]):
    next = serializers.URLField(read_only=True, allow_null=True, help_text="The next page; null on the last one.")


class TeamPage(_Page):
    items = TeamSummary(many=True, read_only=True)


class OwnTeamPage(_Page):
    items = OwnTeamSummary(many=True, read_only=True)


class TeamRevisionPage(_Page):
    items = TeamRevisionSummary(many=True, read_only=True)
