"""What the game is made of, for clients that build their own forms."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from django.utils.http import parse_etags, quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.api.schema import Document, errors, of
from builds.api.serializers import Choice, Strict, asked
from builds.catalogue import current_catalogue
from builds.gamedata import KINDS, Catalogue, UnknownName
from builds.gamedata.validation import LANGUAGES
from builds.icons import icon_url, stored_count
from gw2optimizer.errors import InvalidInput, NotFound

_KIND = OpenApiParameter("kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=KINDS)
_THING = OpenApiParameter("thing", OpenApiTypes.STR, OpenApiParameter.PATH, description="Its id or its English name.")
_SEEN = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the answer you have."
)
_SMALL = (
    "profession", "professions", "specialization", "elite", "tier", "type", "slot", "weapon_type", "rarity", "level",
    "code",
)  # fmt: skip
_APART = {"facts", "traited_facts", "splits", "wvw_overrides", "chat_link", "api_digest"}


class KindCount(Document):
    kind: str
    count: int


class CatalogueSummary(Document):
    """game_build: null for the snapshot that comes with the site. languages: of names, beside English."""

    game_build: int | None
    taken_on: date
    sources: list[str]
    languages: list[str]
    kinds: list[KindCount]


class CatalogueEntry(Document):
    """icon: a path on this site, null where the picture is not stored here. The rest stands where the kind has it."""

    id: int | str
    name: str
    icon: str | None
    profession: str | None = None
    professions: list[str] = []
    specialization: int | None = None
    elite: bool | None = None
    tier: int | None = None
    type: str | None = None
    slot: str | None = None
    weapon_type: str | None = None
    rarity: str | None = None
    level: int | None = None
    code: int | None = None


class CatalogueList(Document):
    items: list[CatalogueEntry]


class CatalogueThing(CatalogueEntry):
    """facts: as the official API gives them, of all modes. splits: per balance (pve, wvw) the facts that hold there
    instead. wvw_overrides: boon or condition to its seconds in WvW, or "omit". unverified: the game changed it since
    its splits, overrides or rules were gathered. fields: everything else that is known of this kind."""

    kind: str
    unverified: bool
    facts: list[dict[str, Any]] = []
    traited_facts: list[dict[str, Any]] = []
    splits: dict[str, Any] = {}
    wvw_overrides: dict[str, Any] = {}
    fields: dict[str, Any] = {}


class LanguageQuery(Strict):
    lang = Choice(
        required=False, choices=("en", *LANGUAGES), default="en", help_text="Of names; English where lacking."
    )


class SearchQuery(LanguageQuery):
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=100, default="", help_text="Words of the name."
    )
    profession = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=40,
        default="",
        help_text="Narrows skills, traits, specializations.",
    )
    limit = serializers.IntegerField(required=False, min_value=1, max_value=200, default=50)


def answer(request: Request, catalogue: Catalogue, body: Callable[[], Any]) -> Response:
    """304 for who has it already. The game data and the stored icons are all that an answer depends on."""
    etag = quote_etag(f"{catalogue.checksum[:20]}-{stored_count()}")
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    seen = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in seen or "*" in seen or f"W/{etag}" in seen:
        return Response(status=304, headers=headers)
    return Response(body(), headers=headers)


def known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound(f"There is no kind “{kind[:40]}” of game data; there are {', '.join(KINDS)}.")
    return kind


def known_profession(catalogue: Catalogue, given: str) -> str | None:
    if not given.strip():
        return None
    try:
        return str(catalogue.find("profession", given).id)
    except UnknownName as error:
        raise InvalidInput(str(error), fields={"profession": [str(error)]}) from error


def entry(catalogue: Catalogue, kind: str, thing: Any, language: str) -> dict[str, Any]:
    small = {field: getattr(thing, field, None) for field in _SMALL}
    if kind == "legend":
        # Of a legend it is a skill, and stands among its fields.
        del small["elite"]
    return {
        "id": thing.id,
        "name": catalogue.display_name(kind, thing.id, language),
        "icon": icon_url(getattr(thing, "icon", "")),
        **{field: value for field, value in small.items() if value not in (None, "", ())},
    }


def whole(catalogue: Catalogue, kind: str, thing: Any, language: str) -> dict[str, Any]:
    light = entry(catalogue, kind, thing, language)
    details: Mapping[str, Any] = getattr(thing, "details", {})
    own = {f.name: plain_value(getattr(thing, f.name)) for f in fields(thing)}
    rest = {**own, **{key: value for key, value in details.items() if key not in _APART}}
    return {
        **light,
        "kind": kind,
        "unverified": f"{kind}:{thing.id}" in catalogue.unverified,
        **{key: details[key] for key in ("facts", "traited_facts", "splits", "wvw_overrides") if key in details},
        "fields": {key: value for key, value in rest.items() if key not in {*light, "detail", "kind", "background"}},
    }


def plain_value(value: Any) -> Any:
    """Values of the catalogue as JSON has them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_value(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain_value(item) for item in value]
    return value


class Public(APIView):
    """The same for everyone: no session or token is looked at."""

    authentication_classes = []
    permission_classes = [AllowAny]


class CatalogueOverview(Public):
    @extend_schema(
        operation_id="catalogue_overview",
        summary="Which game data this site works with",
        parameters=[_SEEN],
        responses={200: of(CatalogueSummary), 304: None, **errors(429)},
    )
    def get(self, request: Request) -> Response:
        catalogue = current_catalogue()
        return answer(
            request,
            catalogue,
            lambda: {
                "game_build": catalogue.game_build,
                "taken_on": catalogue.taken_on,
                "sources": catalogue.sources,
                "languages": sorted(catalogue.names),
                "kinds": [{"kind": kind, "count": len(catalogue.table(kind))} for kind in KINDS],
            },
        )


class CatalogueOfKind(Public):
    @extend_schema(
        operation_id="catalogue_list",
        summary="Find things of the game by words of their name",
        parameters=[_KIND, SearchQuery, _SEEN],
        responses={200: of(CatalogueList), 304: None, **errors(404, 422, 429)},
    )
    def get(self, request: Request, kind: str) -> Response:
        catalogue, kind, query = current_catalogue(), known_kind(kind), asked(SearchQuery, request)
        profession = known_profession(catalogue, query["profession"])

        def body() -> dict[str, Any]:
            found = catalogue.search(
                kind, query["q"], profession=profession, language=query["lang"], limit=query["limit"]
            )
            return {"items": [entry(catalogue, kind, thing, query["lang"]) for thing in found]}

        return answer(request, catalogue, body)


class CatalogueOne(Public):
    @extend_schema(
        operation_id="catalogue_retrieve",
        summary="One thing of the game with all its facts",
        parameters=[_KIND, _THING, LanguageQuery, _SEEN],
        responses={200: of(CatalogueThing), 304: None, **errors(404, 422, 429)},
    )
    def get(self, request: Request, kind: str, thing: str) -> Response:
        catalogue, kind, query = current_catalogue(), known_kind(kind), asked(LanguageQuery, request)
        try:
            found = catalogue.find(kind, thing)
        except UnknownName as error:
            raise NotFound(str(error)) from error
        return answer(request, catalogue, lambda: whole(catalogue, kind, found, query["lang"]))
