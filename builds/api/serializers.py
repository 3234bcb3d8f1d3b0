"""Shapes of the API: what a body may hold, and what of a build an answer shows. Rules of the game are not here: they
are `builds.spec`'s."""

from collections.abc import Mapping
from typing import Any, override

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from builds.api.schema import BuildDocument, of
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import MODES
from builds.gamedata.names import plain
from builds.models import Build, BuildRevision
from builds.services.builds import MAX_TAG_LENGTH, MAX_TAGS
from builds.spec import ROLES, ParsedBuild, build_json, parse_build, spec_from_code
from builds.spec.shapes import BuildShape
from gw2optimizer.errors import InvalidInput
from gw2optimizer.serializers import Choice as Choice
from gw2optimizer.serializers import Nothing as Nothing
from gw2optimizer.serializers import Strict as Strict
from gw2optimizer.serializers import Text as Text
from gw2optimizer.serializers import Whole as Whole
from gw2optimizer.serializers import asked as asked
from gw2optimizer.serializers import checked as checked

# --- What comes in -------------------------------------------------------------------------------
# No docstrings here: they would stand in the description of the API.


@extend_schema_field(of(BuildShape))
class BuildInput(serializers.Field[Any, Any, Any, Any]):
    default_error_messages = {"invalid": "This is not an object."}

    @override
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return dict(data)

    @override
    def to_representation(self, value: Any) -> Any:
        return value


class PageQuery(Strict):
    cursor = serializers.CharField(required=False, allow_blank=True, help_text="From `next` of the page before.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100, default=20)


class OwnQuery(PageQuery):
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Words that name, profession, role or tags hold."
    )
    profession = serializers.CharField(required=False, allow_blank=True, max_length=200)
    elite = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text='An elite specialization, or "core" for none.'
    )
    mode = Choice(required=False, allow_blank=True, choices=MODES)
    role = Choice(required=False, allow_blank=True, choices=ROLES)

    def validate_profession(self, value: str) -> str:
        return _found("profession", value).name if value else ""

    def validate_elite(self, value: str) -> str:
        if not value or plain(value) == "core":
            return plain(value)
        specialization = _found("specialization", value)
        if not specialization.elite:
            raise serializers.ValidationError(f"{specialization.name} is a core specialization, not an elite one.")
        return str(specialization.name)


class LibraryQuery(OwnQuery):
    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="Words of a name or tag, or what means a specialization, profession, role or game mode in English or "
        "French. Typing errors are forgiven. At most the 1,000 newest that answer are ranked.",
    )
    order = Choice(
        required=False,
        choices=("best", "newest", "name"),
        help_text="By default the best match, or the newest where `q` is empty.",
    )


def _found(kind: str, name: str) -> Any:
    try:
        return current_catalogue().find(kind, name)
    except UnknownName as error:
        raise serializers.ValidationError(str(error)) from error


class ChatLink(Strict):
    code = Text(trim_whitespace=False, help_text="Such as [&DQ...].")


class BuildSource(Strict):
    """Either `build` or `code`; what is given beside it wins over what stands in it."""

    build = BuildInput(required=False)
    code = Text(required=False, trim_whitespace=False, help_text="A build template code, such as [&DQ...].")
    name = Text(required=False, max_length=120)
    game_mode = Choice(required=False, choices=MODES)
    role = Choice(required=False, choices=ROLES)

    @override
    def validate(self, attrs: Any) -> Any:
        if ("build" in attrs) == ("code" in attrs):
            raise serializers.ValidationError("Give either `build` or `code`.")
        return attrs


def parsed_source(data: Mapping[str, Any], catalogue: Catalogue) -> ParsedBuild:
    """data: as BuildSource checks it. Raises MalformedInput for a broken code, InvalidInput for what is no build."""
    given = {name: data[name] for name in ("name", "game_mode", "role") if name in data}
    if "build" in data:
        return parse_build({**data["build"], **given}, catalogue)
    outline = spec_from_code(data["code"], catalogue)
    least = {"name": outline.name, "profession": outline.profession}
    return parse_build({**least, **given, "template_code": data["code"]}, catalogue)


# What a build has beside its value.
class _Beside(Strict):
    visibility = Choice(required=False, choices=Build.Visibility.values)
    description = Text(required=False, allow_blank=True, max_length=10_000)
    difficulty = Whole(required=False, allow_null=True, min_value=1, max_value=5)
    tags = serializers.ListField(child=Text(max_length=MAX_TAG_LENGTH), required=False, max_length=MAX_TAGS)


class NewBuild(_Beside, BuildSource):
    pass


class Seen(Strict):
    version = Whole(
        required=False,
        min_value=1,
        help_text="The version you saw: where the build has another one by now, nothing is written. `If-Match` does "
        "the same.",
    )


class BuildChange(_Beside, Seen):
    build = BuildInput(required=False, help_text="Takes the place of the whole value.")
    name = Text(required=False, max_length=120)


def seen_version(request: Request, given: int | None) -> int | None:
    """Of the body or of If-Match, which holds an ETag of ours. Raises InvalidInput for one that is none, or where the
    two disagree."""
    header = request.headers.get("If-Match", "").strip()
    if header in {"", "*"}:
        return given
    number = header.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        text = 'If-Match has to be the ETag of the build, such as "3".'
        raise InvalidInput(text, fields={"If-Match": [text]})
    if given not in (None, int(number)):
        text = f"`version` says {given} and If-Match says {number}."
        raise InvalidInput(text, fields={"version": [text]})
    return int(number)


# --- What goes out -------------------------------------------------------------------------------
# An empty column is null to the reader.
class OrNull(serializers.ChoiceField):
    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, read_only=True, allow_null=True, **kwargs)

    @override
    def to_representation(self, value: Any) -> Any:
        return value or None


class NameOrNull(serializers.CharField):
    @override
    def to_representation(self, value: Any) -> Any:
        return value or None


class AsOf(serializers.DateTimeField):
    @override
    def get_attribute(self, instance: Any) -> Any:
        return instance.as_of if instance.is_dated else None


# Only of what `BuildQuerySet.for_list` reads.
class BuildSummary(serializers.ModelSerializer[Build]):
    elite_specialization = NameOrNull(read_only=True, allow_null=True)
    wvw_style = OrNull(Build._meta.get_field("wvw_style").choices)
    role = OrNull(Build._meta.get_field("role").choices)
    owner = serializers.CharField(source="owner.username", read_only=True)
    stale = serializers.BooleanField(
        source="is_stale", read_only=True, help_text="The game has changed since: see `as_of`."
    )
    as_of = AsOf(
        read_only=True,
        allow_null=True,
        help_text="When it was published, or last changed here; null where its source gives no date.",
    )
    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    url = serializers.SerializerMethodField(help_text="The page of the build.")

    class Meta:
        model = Build
        fields = (
            "id", "name", "profession", "elite_specialization", "game_mode", "wvw_style", "role", "template_code",
            "owner", "origin", "source_label", "stale", "as_of", "updated_at", "tags", "url",
        )  # fmt: skip
        read_only_fields = fields

    @cached_property
    def request(self) -> Request:
        return self.context["request"]  # type: ignore[no-any-return]

    def get_url(self, build: Build) -> str:
        return self.request.build_absolute_uri(build.get_absolute_url())


class OwnBuildSummary(BuildSummary):
    class Meta(BuildSummary.Meta):
        fields = read_only_fields = (  # type: ignore[assignment]
            *BuildSummary.Meta.fields, "visibility", "hidden_at", "hidden_reason",
        )  # fmt: skip


class BuildDetail(BuildSummary):
    # "" where there is none, which a field of addresses would deny in the description.
    source_url = serializers.CharField(read_only=True)
    build = serializers.SerializerMethodField()

    class Meta(BuildSummary.Meta):
        fields = read_only_fields = (  # type: ignore[assignment]
            *BuildSummary.Meta.fields, "source_url", "description", "difficulty", "version", "created_at", "build",
        )  # fmt: skip

    @extend_schema_field(of(BuildDocument))
    def get_build(self, build: Build) -> dict[str, Any]:
        return build_json(build.value, current_catalogue())


class OwnBuild(BuildDetail):
    share_url = serializers.SerializerMethodField(
        help_text="Opens an unlisted build; null while it is private, or hidden by a moderator."
    )

    class Meta(BuildDetail.Meta):
        fields = read_only_fields = (  # type: ignore[assignment]
            *BuildDetail.Meta.fields, "visibility", "share_url", "hidden_at", "hidden_reason",
        )  # fmt: skip

    def get_share_url(self, build: Build) -> str | None:
        if build.visibility == Build.Visibility.PRIVATE or build.is_hidden:
            return None
        return self.request.build_absolute_uri(build.get_share_url())


class SavedBuild(OwnBuild):
    notes = serializers.SerializerMethodField(help_text="What was changed or left out on the way.")

    class Meta(OwnBuild.Meta):
        fields = read_only_fields = (*OwnBuild.Meta.fields, "notes")  # type: ignore[assignment]

    def get_notes(self, build: Build) -> list[str]:
        return list(self.context.get("notes", ()))


class RevisionSummary(serializers.ModelSerializer[BuildRevision]):
    author = serializers.CharField(
        source="author.username", read_only=True, allow_null=True, default=None, help_text="Null: the account is gone."
    )

    class Meta:
        model = BuildRevision
        fields = read_only_fields = ("number", "name", "note", "author", "created_at")


class RevisionDetail(RevisionSummary):
    build = serializers.SerializerMethodField()

    class Meta(RevisionSummary.Meta):
        fields = read_only_fields = (*RevisionSummary.Meta.fields, "description", "build")  # type: ignore[assignment]

    @extend_schema_field(of(BuildDocument))
    def get_build(self, revision: BuildRevision) -> dict[str, Any]:
        return build_json(revision.value, current_catalogue())


class _Page(serializers.Serializer[Any]):
    next = serializers.URLField(read_only=True, allow_null=True, help_text="The next page; null on the last one.")


class BuildPage(_Page):
    items = BuildSummary(many=True, read_only=True)


class OwnBuildPage(_Page):
    items = OwnBuildSummary(many=True, read_only=True)


class RevisionPage(_Page):
    items = RevisionSummary(many=True, read_only=True)
