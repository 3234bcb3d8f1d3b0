"""Who gets in where: every route, every method, asked by nobody, another user, the owner, a moderator and an admin.
The routes come from the table of addresses and the description of the API: a new one fails here until it is decided."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models.sessions import public_id
from accounts.services.tokens import make_token
from ai_agents.models import AgentRun
from builds.catalogue import current_catalogue
from builds.models import Build, GearRun
from builds.services.filters import save_filter
from builds.services.gear_runs import GearWish, queue_run
from builds.sharing import to_payload
from teams.layout import blank_team
from teams.services.rosters import create_roster
from teams.services.teams import create_team
from tests.api import description
from tests.factories import AdminFactory, BuildFactory, UserFactory
from tests.rosters import player, plays, roster_of
from tests.staff import log_in_staff

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = ("nobody", "another", "owner", "moderator", "admin")

# What each of ROLES meets. "in": the view answers, also with a complaint about an empty body. "login": a page sends
# there, the API says 401. "hidden": 404, as if it weren't there.
OPEN = ("in",) * 5
SIGNED_IN = ("login", "in", "in", "in", "in")
OWN = ("login", "hidden", "in", "hidden", "hidden")
"""The objects of the test are the owner's alone, so that another user stands for all others, admins too."""
OWN_OR_HIDDEN = ("hidden", "hidden", "in", "hidden", "hidden")
"""As OWN, for what anybody may open of others' public objects: nobody isn't told to log in."""
HIDDEN = ("hidden",) * 5
MODERATORS = ("login", "hidden", "hidden", "in", "in")
ADMINS = ("login", "hidden", "hidden", "hidden", "in")
CLOSED = ("login", "hidden", "hidden", "hidden", "hidden")
"""Of a private thing there is nothing to report, to decide or to ask for: not for its owner either."""
BY_TOKEN = ("login",) * 5
"""What asks for a token in its body or cookie, which the requests here don't have."""

Rule = tuple[str, ...]

# Each route, and of each method who gets in. A method that isn't named is 405, or refused before it is looked at.
DECISIONS: dict[str, dict[str, Rule]] = {
    "healthz": {"GET": OPEN},
    "readyz": {"GET": OPEN},
    # From this machine; test_platform_edges asks from others.
    "metrics": {"GET": OPEN},
    "api/v1/schema/": {"GET": OPEN},
    "api/v1/docs/": {"GET": OPEN},
    "api/v1/ai/recommend-build": {"POST": OPEN},
    "api/v1/ai/analyze-team-synergy": {"POST": OPEN},
    "api/v1/ai/optimize-team": {"POST": OPEN},
    "api/v1/ai/teams/command": {"POST": OPEN},
    "api/v1/ai/agents": {"GET": OPEN},
    "api/v1/ai/status": {"GET": OPEN},
    "api/v1/ai/runs": {"GET": SIGNED_IN},
    "api/v1/ai/runs/<uuid:agent_run_id>": {"GET": OWN_OR_HIDDEN, "DELETE": OWN_OR_HIDDEN},
    "api/v1/ai/runs/<uuid:agent_run_id>/events": {"GET": OWN_OR_HIDDEN},
    "api/v1/teams/": {"GET": OPEN, "POST": SIGNED_IN},
    "api/v1/teams/mine/": {"GET": SIGNED_IN},
    "api/v1/teams/compose": {"POST": OPEN},
    "api/v1/teams/shared/<slug:share_key>/": {"GET": HIDDEN},
    "api/v1/teams/rosters/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "api/v1/teams/rosters/<uuid:roster_id>/": {"GET": OWN, "PATCH": OWN, "DELETE": OWN},
    "api/v1/teams/rosters/<uuid:roster_id>/signup/": {"POST": OWN, "DELETE": OWN},
    "api/v1/teams/rosters/<uuid:roster_id>/players/": {"POST": OWN},
    "api/v1/teams/rosters/<uuid:roster_id>/players/<int:entry_id>/": {"PUT": OWN, "DELETE": OWN},
    "api/v1/teams/<uuid:team_id>/": {"GET": OWN_OR_HIDDEN, "PATCH": OWN, "DELETE": OWN},
    "api/v1/teams/<uuid:team_id>/copy": {"POST": OWN},
    "api/v1/teams/<uuid:team_id>/slots": {"GET": OWN_OR_HIDDEN, "POST": OWN},
    "api/v1/teams/<uuid:team_id>/newer": {"POST": OWN},
    "api/v1/teams/<uuid:team_id>/slots/<int:number>": {"GET": OWN_OR_HIDDEN, "PATCH": OWN, "DELETE": OWN},
    "api/v1/teams/<uuid:team_id>/slots/<int:number>/move": {"POST": OWN},
    "api/v1/teams/<uuid:team_id>/slots/<int:number>/newer": {"POST": OWN},
    "api/v1/teams/<uuid:team_id>/analysis": {"GET": OWN_OR_HIDDEN},
    "api/v1/teams/<uuid:team_id>/optimize": {"POST": OWN_OR_HIDDEN},
    "api/v1/teams/<uuid:team_id>/compare": {"GET": OWN_OR_HIDDEN},
    "api/v1/teams/<uuid:team_id>/export": {"GET": OWN_OR_HIDDEN},
    "api/v1/teams/<uuid:team_id>/hide": {"POST": CLOSED, "DELETE": CLOSED},
    "api/v1/teams/<uuid:team_id>/dismiss": {"POST": CLOSED},
    "api/v1/teams/<uuid:team_id>/report": {"POST": CLOSED},
    "api/v1/teams/<uuid:team_id>/appeal": {"POST": CLOSED},
    "api/v1/teams/<uuid:team_id>/history": {"GET": OWN},
    "api/v1/teams/<uuid:team_id>/history/<int:number>": {"GET": OWN},
    "api/v1/teams/<uuid:team_id>/history/<int:number>/restore": {"POST": OWN},
    "api/v1/auth/register": {"POST": OPEN},
    "api/v1/auth/token": {"POST": OPEN},
    "api/v1/auth/token/refresh": {"POST": BY_TOKEN},
    "api/v1/auth/logout": {"POST": BY_TOKEN},
    "api/v1/auth/logout-all": {"POST": SIGNED_IN},
    "api/v1/auth/verify-email": {"POST": OPEN},
    "api/v1/auth/password/forgot": {"POST": OPEN},
    "api/v1/auth/password/reset": {"POST": OPEN},
    "api/v1/auth/password/change": {"POST": SIGNED_IN},
    "api/v1/auth/email/change": {"POST": SIGNED_IN},
    "api/v1/users/me": {"GET": SIGNED_IN, "PATCH": SIGNED_IN, "DELETE": SIGNED_IN},
    "api/v1/users/me/login-history": {"GET": SIGNED_IN},
    "api/v1/users/me/sessions": {"GET": SIGNED_IN, "DELETE": SIGNED_IN},
    "api/v1/users/me/sessions/<uuid:session_id>": {"DELETE": OWN},
    "api/v1/builds/": {"GET": OPEN, "POST": SIGNED_IN},
    "api/v1/builds/mine/": {"GET": SIGNED_IN},
    "api/v1/builds/validate/": {"POST": OPEN},
    "api/v1/builds/<uuid:build_id>/": {"GET": OWN_OR_HIDDEN, "PATCH": OWN, "DELETE": OWN},
    "api/v1/builds/<uuid:build_id>/attributes": {"GET": OWN_OR_HIDDEN},
    "api/v1/builds/<uuid:build_id>/copy/": {"POST": OWN},
    "api/v1/builds/<uuid:build_id>/effects": {"GET": OWN_OR_HIDDEN},
    "api/v1/builds/<uuid:build_id>/optimize-gear": {"POST": OWN_OR_HIDDEN},
    "api/v1/builds/improve": {"POST": OPEN},
    "api/v1/builds/<uuid:build_id>/improve": {"POST": OWN_OR_HIDDEN},
    "api/v1/builds/<uuid:build_id>/hide": {"POST": CLOSED, "DELETE": CLOSED},
    "api/v1/builds/<uuid:build_id>/dismiss": {"POST": CLOSED},
    "api/v1/builds/<uuid:build_id>/report": {"POST": CLOSED},
    "api/v1/builds/<uuid:build_id>/appeal": {"POST": CLOSED},
    "api/v1/moderation/queue": {"GET": MODERATORS},
    "api/v1/gear-runs/<uuid:run_id>": {"GET": OWN_OR_HIDDEN, "DELETE": OWN_OR_HIDDEN},
    "api/v1/gear-runs/<uuid:run_id>/cancel": {"POST": OWN_OR_HIDDEN},
    "api/v1/builds/<uuid:build_id>/revisions/": {"GET": OWN},
    "api/v1/builds/<uuid:build_id>/revisions/<int:number>/": {"GET": OWN},
    "api/v1/builds/<uuid:build_id>/revisions/<int:number>/restore/": {"POST": OWN},
    "api/v1/shared/<slug:share_key>/": {"GET": HIDDEN},
    "api/v1/chatlinks/decode/": {"POST": OPEN},
    "api/v1/chatlinks/encode/": {"POST": OPEN},
    "api/v1/catalogue/": {"GET": OPEN},
    "api/v1/catalogue/<str:kind>/": {"GET": OPEN},
    "api/v1/catalogue/<str:kind>/<str:thing>/": {"GET": OPEN},
    "login/": {"GET": OPEN, "POST": OPEN},
    "logout/": {"POST": OPEN},
    "register/": {"GET": OPEN, "POST": OPEN},
    "verify/": {"POST": SIGNED_IN},
    # What comes by mail: whoever has the secret gets in, and the one of the test is no secret.
    "verify/<str:token>/": {"GET": HIDDEN, "POST": HIDDEN},
    "password/forgot/": {"GET": OPEN, "POST": OPEN},
    "password/reset/<str:token>/": {"GET": HIDDEN, "POST": HIDDEN},
    "account/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account/settings/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account/password/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account/email/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account/sessions/": {"GET": SIGNED_IN},
    "account/sessions/end/": {"POST": SIGNED_IN},
    "account/sessions/<uuid:session_id>/end/": {"POST": OWN},
    "account/tokens/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account/tokens/<uuid:token_id>/end/": {"POST": OWN},
    "account/logins/": {"GET": SIGNED_IN},
    "account/export/": {"GET": SIGNED_IN},
    "account/delete/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account/second-factor/": {"GET": ADMINS, "POST": ADMINS},
    "account/second-factor/codes/": {"GET": ADMINS, "POST": ADMINS},
    "account/second-factor/replace/": {"GET": ADMINS, "POST": ADMINS},
    "moderation/": {"GET": MODERATORS},
    "moderation/<str:target_kind>/<uuid:target_id>/": {"GET": CLOSED, "POST": CLOSED},
    "report/<str:target_kind>/<uuid:target_id>/": {"GET": CLOSED, "POST": CLOSED},
    "appeal/<str:target_kind>/<uuid:target_id>/": {"GET": CLOSED, "POST": CLOSED},
    "dashboard/": {"GET": SIGNED_IN},
    "about/": {"GET": OPEN},
    "legal/": {"GET": OPEN},
    "privacy/": {"GET": OPEN},
    "": {"GET": OPEN},
    "builds/": {"GET": OPEN},
    "builds/create/": {"GET": OPEN, "POST": OPEN},
    "builds/new/": {"GET": OPEN, "POST": OPEN},
    "builds/preview/": {"POST": OPEN},
    "builds/choices/": {"POST": OPEN},
    "builds/save/": {"POST": SIGNED_IN},
    "builds/compare/": {"GET": OPEN},
    "builds/filters/": {"POST": SIGNED_IN},
    "builds/filters/<int:filter_id>/delete/": {"POST": OWN},
    "builds/mine/": {"GET": SIGNED_IN},
    "builds/<uuid:build_id>/": {"GET": OWN_OR_HIDDEN},
    "builds/<uuid:build_id>/edit/": {"GET": OWN, "POST": OWN},
    "builds/<uuid:build_id>/copy/": {"POST": OWN},
    "builds/<uuid:build_id>/renew-link/": {"POST": OWN},
    "builds/<uuid:build_id>/delete/": {"GET": OWN, "POST": OWN},
    "builds/<uuid:build_id>/history/": {"GET": OWN},
    "builds/<uuid:build_id>/history/<int:number>/restore/": {"POST": OWN},
    "builds/<uuid:build_id>/optimize/": {"GET": OWN_OR_HIDDEN, "POST": OWN_OR_HIDDEN},
    "teams/rosters/": {"GET": SIGNED_IN},
    "teams/rosters/new/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "teams/rosters/<uuid:roster_id>/": {"GET": OWN},
    "teams/rosters/<uuid:roster_id>/change/": {"POST": OWN},
    "teams/rosters/<uuid:roster_id>/link/": {"POST": OWN},
    "teams/rosters/<uuid:roster_id>/delete/": {"GET": OWN, "POST": OWN},
    "teams/rosters/<uuid:roster_id>/players/": {"GET": OWN, "POST": OWN},
    "teams/rosters/<uuid:roster_id>/players/<int:entry_id>/": {"GET": OWN, "POST": OWN},
    "teams/rosters/<uuid:roster_id>/players/<int:entry_id>/remove/": {"POST": OWN},
    # By secret links, with or without an account; the one of the test opens nothing.
    "teams/signup/<str:key>/": {"GET": HIDDEN, "POST": HIDDEN},
    "teams/signup/mine/<str:key>/": {"GET": HIDDEN, "POST": HIDDEN},
    "teams/signup/mine/<str:key>/leave/": {"POST": HIDDEN},
    "teams/": {"GET": OPEN},
    "teams/mine/": {"GET": SIGNED_IN},
    "teams/new/": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "teams/compose/": {"GET": OPEN},
    "teams/compose/save/": {"POST": SIGNED_IN},
    "teams/compare/": {"GET": OPEN},
    "teams/<uuid:team_id>/": {"GET": OWN_OR_HIDDEN},
    "teams/<uuid:team_id>/change/": {"POST": OWN},
    "teams/<uuid:team_id>/mends/": {"GET": OWN_OR_HIDDEN},
    "teams/<uuid:team_id>/words/": {"POST": OWN},
    "teams/<uuid:team_id>/best/": {"POST": OWN},
    "teams/<uuid:team_id>/take/": {"POST": OWN},
    "teams/<uuid:team_id>/places/<int:number>/": {"GET": OWN, "POST": OWN},
    "teams/<uuid:team_id>/places/<int:number>/build/": {"GET": OWN, "POST": OWN},
    "teams/<uuid:team_id>/settings/": {"GET": OWN, "POST": OWN},
    "teams/<uuid:team_id>/copy/": {"POST": OWN},
    "teams/<uuid:team_id>/delete/": {"GET": OWN, "POST": OWN},
    "teams/<uuid:team_id>/renew-link/": {"POST": OWN},
    "teams/<uuid:team_id>/history/": {"GET": OWN},
    "teams/<uuid:team_id>/history/<int:number>/restore/": {"POST": OWN},
    "t/<str:share_key>/": {"GET": HIDDEN},
    "gear-runs/<uuid:run_id>/": {"GET": OWN_OR_HIDDEN},
    "gear-runs/<uuid:run_id>/cancel/": {"POST": OWN_OR_HIDDEN},
    "gear-runs/<uuid:run_id>/apply/": {"POST": OWN_OR_HIDDEN},
    "s/<str:share_key>/": {"GET": HIDDEN},
    # Files of pictures that are not stored in a test.
    r"^icons/(?P<name>[0-9]{1,10}-[0-9A-F]{16}\.png)$": {"GET": HIDDEN},
    "open/<str:payload>/": {"GET": OPEN},
    "open/<str:payload>/optimize/": {"GET": OPEN, "POST": OPEN},
}

ADMIN = "admin/"
"""All beneath it is for admins: nobody else gets further than the log-in page, or is told that it isn't theirs."""


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, here)
        else:
            yield here, pattern


ROUTES = dict(routes())
DECIDED = {route: route for route in ROUTES if route in DECISIONS} | {
    # The same view once more, with the slash that other routes have.
    f"{route}/": route
    for route in DECISIONS
    if f"{route}/" in ROUTES and not route.endswith("/") and route.startswith("api/")
}
BENEATH_ADMIN = [route for route in ROUTES if route.startswith(ADMIN)]


def suggestion(route: str) -> str:
    return (
        f"Nobody has decided who may call /{route}. Add to DECISIONS in tests/test_edge_access.py, beside its like:\n"
        f'    "{route}": {{"GET": OPEN, "POST": SIGNED_IN}},\n'
        "with the methods that it takes, each with OPEN, SIGNED_IN, OWN, OWN_OR_HIDDEN, MODERATORS, ADMINS or HIDDEN; "
        "a new parameter of an address also needs its value in `objects`."
    )


def test_every_route_is_decided() -> None:
    open_questions = [route for route in ROUTES if route not in DECIDED and route not in BENEATH_ADMIN]
    assert open_questions == [], "\n" + "\n".join(map(suggestion, open_questions))


def as_described(route: str) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)


def test_every_method_that_the_api_describes_is_decided() -> None:
    described = {path: {method.upper() for method in operations} for path, operations in description()["paths"].items()}
    decided = {as_described(route): set(methods) for route, methods in DECISIONS.items() if route.startswith("api/v1/")}
    for path, methods in described.items():
        route = path.removeprefix("/")
        assert decided.get(path) == methods, f"{path} is described with {methods}: {suggestion(route)}"


def test_routes_of_the_api_that_are_not_described_are_known() -> None:
    """Whoever leaves a route out of the description does so here, too."""
    described = set(description()["paths"])
    left_out = {r for r in ROUTES if r.startswith("api/") and as_described(r).rstrip("/") not in described}
    left_out = {r for r in left_out if as_described(r) not in described}
    assert left_out == {"api/v1/schema/", "api/v1/docs/"}


Objects = dict[str, str]


@pytest.fixture
def everyone() -> dict[str, Client]:
    moderator = UserFactory(is_moderator=True)
    users = {"another": UserFactory(), "owner": UserFactory(), "moderator": moderator, "admin": AdminFactory()}
    assert [user.role for user in users.values()] == ["player", "player", "moderator", "admin"]
    clients = {"nobody": Client(), **{role: Client() for role in users}}
    for role, user in users.items():
        if user.is_staff:
            log_in_staff(clients[role], user)
        else:
            clients[role].force_login(user)
        clients[role].user = user  # type: ignore[attr-defined]
    for client in clients.values():
        client.raise_request_exception = False
    return clients


@pytest.fixture
def objects(everyone: dict[str, Client]) -> Objects:
    """A value for each parameter of an address: the owner's private things."""
    owner: Any = everyone["owner"].user  # type: ignore[attr-defined]
    build: Build = BuildFactory(owner=owner, visibility="private")
    run: GearRun = queue_run(owner=owner, caller="x", spec=build.value, wish=GearWish(), build=build)
    agent_run = AgentRun.objects.create(owner=owner, agent="recommender", inputs={}, language="en")
    team = create_team(owner=owner, spec=blank_team("Ours", "wvw", None, 2))
    roster = create_roster(owner=owner, spec=roster_of(player("Ann", plays("Druid"))))
    saved = save_filter(owner=owner, name="Ours", asked={"mode": "wvw"})
    token, _ = make_token(user=owner, name="script", scopes=["read"], days=30)
    session_key = everyone["owner"].session.session_key
    assert session_key
    return {
        "session_id": public_id(session_key),
        "token_id": str(token.pk),
        "token": "x" * 43,
        "build_id": str(build.pk),
        "roster_id": str(roster.pk),
        "entry_id": str(roster.entries.get().pk),
        "key": "x" * 32,
        "target_kind": "build",
        "target_id": str(build.pk),
        "run_id": str(run.pk),
        "agent_run_id": str(agent_run.pk),
        "filter_id": str(saved.pk),
        "team_id": str(team.pk),
        "number": "1",
        "share_key": build.share_key,
        "payload": to_payload(build.value),
        "kind": "profession",
        "thing": "Guardian",
        "name": "1-0123456789ABCDEF.png",
    }


def address(route: str, values: Objects) -> str:
    plain = re.sub(r"\(\?P<(\w+)>.*\)", r"<str:\1>", route).strip("^$")
    missing = [name for name in re.findall(r"<\w+:(\w+)>", plain) if name not in values]
    assert missing == [], f"/{route}: add a value for {missing} to the fixture `objects` in tests/test_edge_access.py"
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], plain)


def met(response: HttpResponse) -> str:
    status = response.status_code
    if status == 401 or (status == 302 and "/login/?next=" in response["Location"]):
        return "login"
    if status == 302 and response.request["PATH_INFO"].startswith(f"/{ADMIN}"):  # type: ignore[attr-defined]
        # The admin's way to say that there is no such row, or nothing to do.
        return "away"
    if status == 403:
        return "forbidden"
    if status == 404:
        return "hidden"
    if status == 405:
        return "no such method"
    return "in" if status < 500 else f"failure {status}"


def ask(client: Client, method: str, path: str) -> str:
    """What a request meets; nothing of what it did stays."""
    api = path.startswith("/api/")
    sent = {"data": b"{}", "content_type": "application/json"} if api and method not in {"GET", "DELETE"} else {}
    with transaction.atomic():
        response = client.generic(method, path, **sent)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return met(response)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("route", DECIDED)
def test_each_meets_what_was_decided(route: str, everyone: dict[str, Client], objects: Objects) -> None:
    path = address(route, objects)
    decided = DECISIONS[DECIDED[route]]
    for method, rule in decided.items():
        got = tuple(ask(everyone[role], method, path) for role in ROLES)
        assert dict(zip(ROLES, got, strict=True)) == dict(zip(ROLES, rule, strict=True)), f"{method} {path}"
    for method in [method for method in METHODS if method not in decided]:
        got = tuple(ask(everyone[role], method, path) for role in ROLES)
        assert set(got) <= {"no such method", "login", "hidden"}, (
            f"{method} {path} is answered and not decided: {dict(zip(ROLES, got, strict=True))}"
        )


@pytest.mark.django_db
def test_admin_pages_are_for_admins(everyone: dict[str, Client]) -> None:
    wrong: list[str] = []
    for route in [route for route in BENEATH_ADMIN if route != "admin/logout/"]:
        path = "/" + re.sub(r"<[\w:]+>|\(\?P<\w+>[^)]*\)", "1", route.replace("^", "")).strip("$")
        for role in ROLES[:4]:
            for method in ("GET", "POST"):
                got = ask(everyone[role], method, path)
                if got not in {"login", "away", "hidden", "forbidden", "no such method"}:
                    wrong.append(f"{role} {method} {path}: {got}")
    assert not wrong, "\n".join(wrong)
    assert ask(everyone["admin"], "GET", "/admin/") == "in"


@pytest.mark.django_db
def test_public_and_unlisted_builds_open_to_others_to_read_only(everyone: dict[str, Client]) -> None:
    owner: Any = everyone["owner"].user  # type: ignore[attr-defined]
    for visibility, by_id in (("public", "in"), ("unlisted", "hidden")):
        build = BuildFactory(owner=owner, visibility=visibility)
        for role in ("nobody", "another", "moderator", "admin"):
            for path in (f"/builds/{build.pk}/", f"/api/v1/builds/{build.pk}/"):
                assert ask(everyone[role], "GET", path) == by_id
            for path in (f"/s/{build.share_key}/", f"/api/v1/shared/{build.share_key}/"):
                assert ask(everyone[role], "GET", path) == "in"
            refused = {
                ask(everyone[role], "PATCH", f"/api/v1/builds/{build.pk}/"),
                ask(everyone[role], "DELETE", f"/api/v1/builds/{build.pk}/"),
                ask(everyone[role], "POST", f"/builds/{build.pk}/edit/"),
                ask(everyone[role], "POST", f"/builds/{build.pk}/delete/"),
            }
            assert refused == {"login" if role == "nobody" else "hidden"}
    assert Build.objects.count() == 2


def test_catalogue_value_of_the_matrix_exists() -> None:
    assert "Guardian" in {profession.name for profession in current_catalogue().professions.values()}
