"""Who gets in where once a build is public, and once moderators have hidden it: every route that has to do with one,
every method, the same five as in test_edge_access."""

import pytest
from django.test import Client

from accounts.services.moderation import hide
from accounts.services.staff_acts import BY_COMMAND
from builds.models import Build
from builds.services.builds import update_build
from tests.test_edge_access import (
    DECISIONS,
    MODERATORS,
    ROLES,
    Objects,
    Rule,
    address,
    ask,
    everyone,
    objects,
)

__all__ = ["everyone", "objects"]

# What a route does with a build, which decides about it once that is public, and once it is hidden: "read" is for who
# may see it, "change" stays its owner's, "decide" is for moderators, "report" for others of what they see, "ask" for
# the owner of what is hidden, "link" for whoever has the link of what is not.
WITH_A_BUILD: dict[str, str] = {
    "api/v1/builds/<uuid:build_id>/attributes": "read",
    "api/v1/builds/<uuid:build_id>/copy/": "read",
    "api/v1/builds/<uuid:build_id>/effects": "read",
    "api/v1/builds/<uuid:build_id>/optimize-gear": "read",
    "api/v1/builds/<uuid:build_id>/improve": "read",
    "api/v1/builds/<uuid:build_id>/hide": "decide",
    "api/v1/builds/<uuid:build_id>/dismiss": "decide",
    "api/v1/builds/<uuid:build_id>/report": "report",
    "api/v1/builds/<uuid:build_id>/appeal": "ask",
    "api/v1/builds/<uuid:build_id>/revisions/": "change",
    "api/v1/builds/<uuid:build_id>/revisions/<int:number>/": "change",
    "api/v1/builds/<uuid:build_id>/revisions/<int:number>/restore/": "change",
    "api/v1/shared/<slug:share_key>/": "link",
    "moderation/<str:target_kind>/<uuid:target_id>/": "decide",
    "report/<str:target_kind>/<uuid:target_id>/": "report",
    "appeal/<str:target_kind>/<uuid:target_id>/": "ask",
    "builds/<uuid:build_id>/": "read",
    "builds/<uuid:build_id>/edit/": "change",
    "builds/<uuid:build_id>/copy/": "read",
    "builds/<uuid:build_id>/renew-link/": "change",
    "builds/<uuid:build_id>/delete/": "change",
    "builds/<uuid:build_id>/history/": "change",
    "builds/<uuid:build_id>/history/<int:number>/restore/": "change",
    "builds/<uuid:build_id>/optimize/": "read",
    "s/<str:share_key>/": "link",
}
# One address for both.
WITH_A_BUILD_BY_METHOD = {
    "api/v1/builds/<uuid:build_id>/": {"GET": "read", "PATCH": "change", "DELETE": "change"},
}
# A link of something else.
OTHERS = ("api/v1/teams/", "teams/", "t/")
BUILD_PARAMETERS = ("<uuid:build_id>", "<uuid:target_id>", "share_key>")

# The rest of each: what another user, the owner, a moderator and an admin meet. None: as of a private one.
RULES: dict[str, dict[str, Rule | None]] = {
    "public": {
        "read": ("in",) * 4,
        "change": None,
        "decide": MODERATORS[1:],
        "report": ("in", "hidden", "in", "in"),
        "ask": None,
        "link": ("in",) * 4,
    },
    "hidden": {
        "read": ("hidden", "in", "in", "in"),
        "change": None,
        "decide": MODERATORS[1:],
        "report": None,
        "ask": ("hidden", "in", "hidden", "hidden"),
        "link": None,
    },
}


def test_every_route_with_a_build_says_what_it_does_with_it() -> None:
    """So that it is asked about public and hidden ones, too."""
    named = {
        route for route in DECISIONS if any(part in route for part in BUILD_PARAMETERS) and not route.startswith(OTHERS)
    }
    assert named == WITH_A_BUILD.keys() | WITH_A_BUILD_BY_METHOD.keys()


def rule_of(state: str, route: str, method: str, private: Rule) -> Rule:
    kind = WITH_A_BUILD.get(route) or WITH_A_BUILD_BY_METHOD[route][method]
    others = RULES[state][kind]
    if others is None:
        return private
    # Who isn't logged in is told so wherever an account is needed, and sees what everybody sees elsewhere.
    return (private[0] if private[0] == "login" else others[0], *others)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("state", RULES)
def test_each_meets_what_was_decided_of_what_is_published(
    state: str, everyone: dict[str, Client], objects: Objects
) -> None:
    build = Build.objects.get(pk=objects["build_id"])
    update_build(build_id=build.pk, author=build.owner, version=None, visibility="public")
    if state == "hidden":
        hide(target=build, by=BY_COMMAND, reason="For the test")
    wrong = []
    for route in [*WITH_A_BUILD, *WITH_A_BUILD_BY_METHOD]:
        for method, private in DECISIONS[route].items():
            path = address(route, objects)
            got = tuple(ask(everyone[role], method, path) for role in ROLES)
            if got != (rule := rule_of(state, route, method, private)):
                wrong.append(f"{method} {path}: {got}, decided is {rule}")
    assert not wrong, "\n".join(wrong)
