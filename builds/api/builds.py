"""Builds: the library, one's own, each one's history. Thin: shape, access, service, answer."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.models import User
from builds.access import editable_build, readable_build, shared_build
from builds.api.schema import BuildDocument, Document, errors
from builds.api.serializers import (
    BuildChange,
    BuildDetail,
    BuildPage,
    BuildSource,
    LibraryQuery,
    NewBuild,
    Nothing,
    OwnBuild,
    OwnBuildPage,
    OwnQuery,
    PageQuery,
    RevisionDetail,
    RevisionPage,
    SavedBuild,
    Seen,
    asked,
    checked,
    parsed_source,
    seen_version,
)
from builds.catalogue import current_catalogue
from builds.models import Build, BuildRevision
from builds.pagination import BUILD_ORDERS, OWN_BUILDS, REVISIONS, Page, page_of
from builds.querysets import BuildQuerySet
from builds.search import says_something, search
from builds.services.builds import copy_build, create_build, delete_build, restore_revision, update_build
from builds.spec import build_json, parse_build
from gw2optimizer.errors import InvalidInput, NotFound
from gw2optimizer.ratelimits import rate_limited

writes = partial(rate_limited, group="api_write", methods=("POST", "PATCH", "DELETE"))
computes = partial(rate_limited, group="api_compute", cpu=0.1)

_IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the version you saw."
)
# One's own build fits both, which the package's "one of" would not allow.
_ANY_BUILD = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("OwnBuild", "BuildDetail")]}
_BESIDE = ("visibility", "description", "difficulty", "tags")


class ValidatedBuild(Document):
    """notes: what was changed or left out on the way."""

    build: BuildDocument
    notes: list[str]
    template_code: str


def player(request: Request) -> User:
    assert isinstance(request.user, User)  # a permission stands before every caller
    return request.user


def owns(request: Request, build: Build) -> bool:
    return request.user.is_authenticated and build.owner_id == request.user.pk


def page_answer(request: Request, serializer: type[Any], page: Page[Any]) -> Response:
    here = request.build_absolute_uri()
    following = replace_query_param(here, "cursor", page.next_cursor) if page.next_cursor else None
    return Response(serializer({"items": page.items, "next": following}, context={"request": request}).data)


def filtered(rows: BuildQuerySet, query: Mapping[str, Any]) -> BuildQuerySet:
    return rows.for_list().matching(
        profession=query.get("profession", ""),
        elite=query.get("elite", ""),
        mode=query.get("mode", ""),
        role=query.get("role", ""),
        text=query.get("q", ""),
    )


def build_answer(
    request: Request, build: Build, serializer: type[BuildDetail], *, status: int = 200, notes: Sequence[str] = ()
) -> Response:
    body = serializer(build, context={"request": request, "notes": notes}).data
    response = Response(body, status=status, headers={"ETag": f'"{build.version}"'})
    if status == 201:
        response["Location"] = request.build_absolute_uri(reverse("api-build", args=[build.pk]))
    return response


class Builds(APIView):
    @extend_schema(
        operation_id="builds_list",
        summary="The library of public builds",
        parameters=[LibraryQuery],
        responses={200: BuildPage, **errors(400, 422)},
    )
    def get(self, request: Request) -> Response:
        query = asked(LibraryQuery, request)
        words, cursor = query.get("q", ""), query.get("cursor", "")
        if says_something(words):
            filters = {name: query.get(name, "") for name in ("profession", "elite", "mode", "role")}
            found = search(words, filters, order=query.get("order", "best"), cursor=cursor, size=query["limit"])
            return page_answer(request, BuildPage, found.page)
        order = query.get("order", "newest")
        rows = filtered(Build.objects.public(), query)
        page = page_of(rows, BUILD_ORDERS["newest" if order == "best" else order], cursor, query["limit"])
        return page_answer(request, BuildPage, page)

    @extend_schema(
        operation_id="builds_create",
        summary="Save a build of your own",
        request=NewBuild,
        responses={201: SavedBuild, **errors(400, 401, 403, 422, 429)},
    )
    @writes()
    def post(self, request: Request) -> Response:
        data = checked(NewBuild, request.data)
        parsed = parsed_source(data, current_catalogue())
        build = create_build(
            owner=player(request),
            spec=parsed.spec,
            origin=Build.Origin.PASTED if "code" in data else Build.Origin.TYPED,
            **{field: data[field] for field in _BESIDE if field in data},
        )
        return build_answer(request, build, SavedBuild, status=201, notes=parsed.notes)


class OwnBuilds(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="builds_mine",
        summary="Your own builds, last saved first",
        parameters=[OwnQuery],
        responses={200: OwnBuildPage, **errors(400, 401, 422)},
    )
    def get(self, request: Request) -> Response:
        query = asked(OwnQuery, request)
        rows = filtered(Build.objects.filter(owner=player(request)), query)
        return page_answer(request, OwnBuildPage, page_of(rows, OWN_BUILDS, query.get("cursor", ""), query["limit"]))


class OneBuild(APIView):
    @extend_schema(
        operation_id="builds_retrieve",
        summary="A public build, or one of yours",
        description="Its owner is also told its visibility and its share link. The ETag is the version.",
        responses={200: _ANY_BUILD, **errors(404)},
    )
    def get(self, request: Request, build_id: uuid.UUID) -> Response:
        build = readable_build(request.user, build_id)
        return build_answer(request, build, OwnBuild if owns(request, build) else BuildDetail)

    @extend_schema(
        operation_id="builds_update",
        summary="Change a build of yours",
        parameters=[_IF_MATCH],
        request=BuildChange,
        responses={200: SavedBuild, **errors(400, 401, 403, 404, 409, 422, 429)},
    )
    @writes()
    def patch(self, request: Request, build_id: uuid.UUID) -> Response:
        build = editable_build(request.user, build_id)
        data = checked(BuildChange, request.data)
        version = seen_version(request, data.pop("version", None))
        if not data:
            raise InvalidInput(f"Nothing to change was sent. There are build, name, {', '.join(_BESIDE)}.")
        notes: tuple[str, ...] = ()
        if "build" in data:
            name = {"name": data.pop("name")} if "name" in data else {}
            parsed = parse_build({**data.pop("build"), **name}, current_catalogue())
            data["spec"], notes = parsed.spec, parsed.notes
        saved = update_build(build_id=build.pk, author=player(request), version=version, **data)
        return build_answer(request, saved, SavedBuild, notes=notes)

    @extend_schema(
        operation_id="builds_delete",
        summary="Delete a build of yours, with its history",
        responses={204: None, **errors(401, 403, 404, 429)},
    )
    @writes()
    def delete(self, request: Request, build_id: uuid.UUID) -> Response:
        delete_build(build=editable_build(request.user, build_id))
        return Response(status=204)


class CopyOfBuild(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="builds_copy",
        summary="Make a private build of your own from one that you may see",
        request=None,
        responses={201: OwnBuild, **errors(400, 401, 403, 404, 422, 429)},
    )
    @writes()
    def post(self, request: Request, build_id: uuid.UUID) -> Response:
        source = readable_build(request.user, build_id)
        checked(Nothing, request.data)
        return build_answer(request, copy_build(source=source, owner=player(request)), OwnBuild, status=201)


class Revisions(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="builds_revisions",
        summary="What a build of yours was, newest first",
        parameters=[PageQuery],
        responses={200: RevisionPage, **errors(400, 401, 404, 422)},
    )
    def get(self, request: Request, build_id: uuid.UUID) -> Response:
        build = editable_build(request.user, build_id)
        query = asked(PageQuery, request)
        rows = _revisions(build).only("number", "name", "note", "created_at", "author__username")
        return page_answer(request, RevisionPage, page_of(rows, REVISIONS, query.get("cursor", ""), query["limit"]))


class OneRevision(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="builds_revision",
        summary="A build of yours as it was",
        responses={200: RevisionDetail, **errors(401, 404)},
    )
    def get(self, request: Request, build_id: uuid.UUID, number: int) -> Response:
        revision = _revision(editable_build(request.user, build_id), number)
        return Response(RevisionDetail(revision).data)


class RestoredRevision(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="builds_restore",
        summary="Make a build what it was; what it is now stays in its history",
        parameters=[_IF_MATCH],
        request=Seen,
        responses={200: OwnBuild, **errors(400, 401, 403, 404, 409, 422, 429)},
    )
    @writes()
    def post(self, request: Request, build_id: uuid.UUID, number: int) -> Response:
        build = editable_build(request.user, build_id)
        version = seen_version(request, checked(Seen, request.data).get("version"))
        revision = _revision(build, number)
        restored = restore_revision(build_id=build.pk, number=revision.number, author=player(request), version=version)
        return build_answer(request, restored, OwnBuild)


def _revisions(build: Build) -> QuerySet[BuildRevision]:
    return BuildRevision.objects.filter(build=build).select_related("author")


def _revision(build: Build, number: int) -> BuildRevision:
    revision = _revisions(build).filter(number=number).first()
    if revision is None:
        raise NotFound("This build has no such revision.")
    return revision


class SharedBuild(APIView):
    @extend_schema(
        operation_id="builds_shared",
        summary="An unlisted or public build, by its secret link",
        responses={200: BuildDetail, **errors(404)},
    )
    def get(self, request: Request, share_key: str) -> Response:
        return build_answer(request, shared_build(share_key), BuildDetail)


class BuildCheck(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="builds_validate",
        summary="Check and complete a build without saving it",
        request=BuildSource,
        responses={200: ValidatedBuild, **errors(400, 403, 422, 429)},
    )
    @computes()
    def post(self, request: Request) -> Response:
        catalogue = current_catalogue()
        parsed = parsed_source(checked(BuildSource, request.data), catalogue)
        return Response(
            {
                "build": build_json(parsed.spec, catalogue),
                "notes": list(parsed.notes),
                "template_code": parsed.spec.template_code,
            }
        )
