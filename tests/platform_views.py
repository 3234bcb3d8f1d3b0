"""Views that do nothing but meet the edges of the platform."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gw2optimizer.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooManyRequests, Unavailable
from gw2optimizer.pages import render_partial

ERRORS = {
    "invalid": InvalidInput("why invalid", fields={"gear.helm": ["is not a hat"]}),
    "markup": InvalidInput("<script>"),
    "missing": NotFound("why missing"),
    "forbidden": NotAllowed("why forbidden"),
    "conflict": Conflict("why conflict"),
    "limited": TooManyRequests("why limited", retry_after=17),
    "away": Unavailable("why away"),
    "broken": RuntimeError("the secret detail"),
    "throttled": exceptions.Throttled(17),
    "fields": exceptions.ValidationError(
        {
            "name": ["too long"],
            "gear": {"helm": ["no hat"]},
            "sets": [{}, {"main": ["no sword"]}],
            "non_field_errors": ["as a whole"],
        }
    ),
    "model": ValidationError({"name": ["too short"]}),
}


def page(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST["name"])


def parts(request: HttpRequest) -> HttpResponse:
    return render_partial(request, "platform_parts.html", {"name": "Kim"}, partial="piece")


class Echo(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def post(self, request: Request) -> Response:
        return Response({"got": request.data})


class Fail(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request, kind: str) -> Response:
        raise ERRORS[kind]


class Members(APIView):
    permission_classes = (IsAuthenticated,)

    def get(self, request: Request) -> Response:
        return Response({})
